/** Rules of Azure's security groups and databases, box by box: what one holds more or less than the other. */
import { UNKNOWN, type Values } from "../../review/model";
import { isPlaceIn, isSpanIn, spanOf } from "../../review/risk/azure/spans";
import { after, changed, created, destroyed, one, replaced, rule, SECURITY_GROUP, SECURITY_RULE, tried } from "./risk-azure-builders";

const web = (values: Values = {}) => rule({ source_address_prefix: "Internet", destination_port_range: "443", ...values });
const deny = (values: Values = {}) => rule({ name: "rest", access: "Deny", source_address_prefix: "*", ...values });
const out = (values: Values = {}) =>
  rule({ direction: "Outbound", source_address_prefix: "*", destination_address_prefix: "Internet", ...values });
const group = (...rules: Values[]): Values => ({ name: "containers", security_rule: rules });
const half = deny({ source_address_prefix: "10.0.0.0/8" });
const range = (start_ip_address: string, end_ip_address = start_ip_address): Values => ({ start_ip_address, end_ip_address });
const DATABASE = "azurerm_mssql_firewall_rule";
const OPENED = "refusal network/ingress-opened";
const OUTWARDS = "notice network/egress-opened";

describe("a rule that lets in:", () => {
  tried([
    one(
      "ports by their ranges",
      changed(SECURITY_RULE, web({ destination_port_range: "22" }), web({ destination_port_range: "20-25" })),
      OPENED,
      changed(SECURITY_RULE, web({ destination_port_range: "0-65535" }), web({ destination_port_range: "1500" })),
    ),
    one(
      "networks by what they hold",
      changed(SECURITY_RULE, web({ source_address_prefix: "203.0.113.7/32" }), web({ source_address_prefix: "203.0.113.0/24" })),
      OPENED,
      changed(SECURITY_RULE, web({ source_address_prefix: "203.0.113.0/24" }), web({ source_address_prefix: "203.0.113.7/32" })),
    ),
    one(
      "where it leads",
      changed(SECURITY_RULE, web({ destination_address_prefix: "10.40.1.0/24" }), web({ destination_address_prefix: "VirtualNetwork" })),
      OPENED,
      changed(SECURITY_RULE, web({ destination_address_prefix: "10.40.0.0/16" }), web({ destination_address_prefix: "10.40.1.4" })),
    ),
    one(
      "where it comes from, by port",
      changed(SECURITY_RULE, web({ source_port_range: "1234" }), web({ source_port_range: "*" })),
      OPENED,
      changed(SECURITY_RULE, web({ source_port_range: "*" }), web({ source_port_range: "1234" })),
    ),
    one(
      "somebody who is not known",
      changed(SECURITY_RULE, rule(), rule({ source_address_prefix: UNKNOWN })),
      "notice network/ingress-opened",
      created(SECURITY_RULE, rule({ source_address_prefix: UNKNOWN, destination_port_range: "443" })),
      "notice network/ingress-added",
    ),
    one(
      "outwards, to a network or service on the Internet",
      created(SECURITY_RULE, out({ destination_address_prefix: "203.0.113.0/24" })),
      OUTWARDS,
      created(SECURITY_RULE, out({ destination_address_prefix: "10.1.0.0/16" })),
    ),
  ]);
});

describe("a rule that holds back:", () => {
  tried([
    one(
      "fewer networks",
      changed(SECURITY_RULE, deny(), deny({ source_address_prefix: "10.9.0.0/16" })),
      OPENED,
      changed(SECURITY_RULE, deny({ source_address_prefix: "10.9.0.0/16" }), deny()),
    ),
    one(
      "fewer ports",
      changed(SECURITY_RULE, deny({ destination_port_range: "*" }), deny({ destination_port_range: "22" })),
      OPENED,
      changed(SECURITY_RULE, deny({ destination_port_range: "22" }), deny({ destination_port_range: "20-30" })),
    ),
    one(
      "one protocol",
      changed(SECURITY_RULE, deny({ protocol: "*" }), deny({ protocol: "Udp" })),
      OPENED,
      changed(SECURITY_RULE, deny({ protocol: "Udp" }), deny({ protocol: "*" })),
    ),
    one(
      "in front of less",
      changed(SECURITY_RULE, deny({ destination_address_prefix: "*" }), deny({ destination_address_prefix: "10.0.0.1" })),
      OPENED,
      changed(SECURITY_RULE, deny({ destination_address_prefix: "10.0.0.1" }), deny({ destination_address_prefix: "10.0.0.0/24" })),
    ),
    one(
      "in another group",
      replaced(SECURITY_RULE, deny(), deny({ network_security_group_name: "data" })),
      OPENED,
      replaced(SECURITY_RULE, deny(), deny({ name: "other" })),
      "notice network/unjudged",
    ),
    one(
      "one of two, of which the other holds back less",
      changed(
        SECURITY_GROUP,
        group(deny({ name: "a" }), deny({ name: "b", source_address_prefix: "10.9.0.0/16" })),
        group(deny({ name: "b", source_address_prefix: "10.9.0.0/16" })),
      ),
      OPENED,
      changed(
        SECURITY_GROUP,
        group(deny({ name: "a" }), deny({ name: "b", source_address_prefix: "10.9.0.0/16" })),
        group(deny({ name: "a" })),
      ),
    ),
    one(
      "in two parts, of which one is asked after a rule that lets in",
      changed(
        SECURITY_GROUP,
        group(deny(), web({ priority: 200 })),
        group(half, web({ priority: 200 }), deny({ name: "late", priority: 300 })),
      ),
      OPENED,
      changed(
        SECURITY_GROUP,
        group(deny(), web({ priority: 200 })),
        group(half, web({ priority: 200 }), deny({ name: "early", priority: 150 })),
      ),
      undefined,
      after(web({ priority: 200 })),
    ),
    one("outwards, and goes", destroyed(SECURITY_RULE, out({ access: "Deny" })), OUTWARDS, destroyed(SECURITY_RULE, out())),
    one(
      "outwards, and lets out from now on",
      changed(SECURITY_RULE, out({ access: "Deny" }), out()),
      OUTWARDS,
      changed(SECURITY_RULE, out(), out({ access: "Deny" })),
    ),
    one(
      "outwards, to fewer places",
      changed(
        SECURITY_RULE,
        out({ access: "Deny", destination_address_prefix: "*" }),
        out({ access: "Deny", destination_address_prefix: "10.0.0.0/8" }),
      ),
      OUTWARDS,
      changed(
        SECURITY_RULE,
        out({ access: "Deny", destination_address_prefix: "10.0.0.0/8" }),
        out({ access: "Deny", destination_address_prefix: "*" }),
      ),
    ),
    one(
      "outwards, after one that lets out",
      changed(SECURITY_RULE, out({ access: "Deny" }), out({ access: "Deny", priority: 4000 })),
      OUTWARDS,
      changed(SECURITY_RULE, out({ access: "Deny" }), out({ access: "Deny", priority: 150 })),
      undefined,
      after(out({ name: "all", priority: 200 }), rule({ name: "in", priority: 120 })),
    ),
  ]);
});

describe("a database's own firewall:", () => {
  tried([
    one(
      "from inside to far outside",
      created(DATABASE, range("10.0.0.0", "200.0.0.0")),
      OPENED,
      created(DATABASE, range("10.0.0.0", "10.0.0.9")),
      "notice network/ingress-added",
    ),
    one("who is not known", created(DATABASE, range(UNKNOWN)), "notice network/ingress-opened", destroyed(DATABASE, range("203.0.113.7"))),
    one(
      "a range that grows",
      changed(DATABASE, range("203.0.113.7"), range("203.0.113.7", "203.0.113.9")),
      OPENED,
      changed(DATABASE, range("203.0.113.0", "203.0.113.255"), range("203.0.113.7")),
    ),
    one(
      "all of Azure",
      changed(DATABASE, range("0.0.0.0", "255.255.255.255"), range("0.0.0.0")),
      OPENED,
      changed(DATABASE, range("0.0.0.0"), range("0.0.0.0")),
    ),
  ]);
});

it.each([
  ["10.1.0.0/16", "10.0.0.0/8", true],
  ["10.0.0.0/8", "10.1.0.0/16", false],
  ["203.0.113.7", "Internet", true],
  ["Storage.JapanEast", "Internet", true],
  ["VirtualNetwork", "Internet", false],
  ["10.1.0.0/16", "virtualnetwork", true],
  ["10.1.0.0/16", "Internet", false],
  ["Internet", "203.0.113.0/24", false],
])("%s in %s is %s", (inner, outer, expected) => {
  expect(isPlaceIn(inner, outer)).toBe(expected);
});

it.each([
  ["443", ["*"], true],
  ["1000-2000", ["900-1500", "1501-2500"], true],
  ["1000-2000", ["900-1500", "1502-2500"], false],
  ["*", ["0-65534"], false],
])("ports %s in %s is %s", (inner, outer, expected) => {
  expect(isSpanIn(spanOf(inner), outer.map(spanOf))).toBe(expected);
});
