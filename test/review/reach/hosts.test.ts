/** What runs must still reach database, cache, AWS's services and the Internet after a change. */
import { reachAfter, type Edit, type Stacks } from "./sides";

interface Case {
  readonly what: string;
  readonly edit: Edit;
  /** Type of the address, and what the message must say. */
  readonly found: readonly (readonly [type: string, ...words: readonly string[]])[];
  readonly neighbour: Edit;
}

const set =
  (stack: string, type: string, path: string, values: object): Edit =>
  (stacks) =>
    void Object.assign(stacks.resource(stack, type, path), values);
const remove =
  (stack: string, type: string, path: string): Edit =>
  (stacks) =>
    stacks.remove(stack, type, path);
const rule = (stacks: Stacks, name: string, values: object) => stacks.add("network", "aws_network_acl_rule", name, values);
const acl = (stacks: Stacks, path: string) => ({
  network_acl_id: `\${aws_network_acl.${stacks.named("network", "aws_network_acl", path)}.id}`,
});
const EGRESS = "aws_vpc_security_group_egress_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";

const CASES: readonly Case[] = [
  {
    what: "a group that lets nobody out to the cache",
    edit: remove("trading", EGRESS, "windows-security-group_to-cache"),
    found: [
      [EGRESS, "`prod-trading/windows/machine/instance` reaches `prod-data/cache/replication-group` no more", "lets it out on port 6379"],
    ],
    neighbour: remove("trading", EGRESS, "windows-security-group_to-internet-80"),
  },
  {
    what: "a cache that lets the engine in on another port",
    edit: set("trading", INGRESS, "engine-security-group_cache", { from_port: 6380, to_port: 6380 }),
    found: [[INGRESS, "no more: no rule of redis lets it in on port 6379"]],
    neighbour: set("trading", INGRESS, "engine-security-group_cache", { from_port: 6370, to_port: 6380 }),
  },
  {
    what: "a database that lets another group in",
    edit: (stacks) =>
      void Object.assign(stacks.resource("services", INGRESS, "cluster_nodes_database"), {
        referenced_security_group_id: stacks.resource("services", INGRESS, "cluster_control-plane_from-network").security_group_id,
      }),
    found: [[INGRESS, "no rule of database lets it in on port 5432"]],
    neighbour: (stacks) => void Object.assign(stacks.resource("services", INGRESS, "cluster_nodes_database"), { description: "x" }),
  },
  {
    what: "a host that may not go out to the Internet",
    edit: remove("trading", EGRESS, "windows-security-group_to-internet-443"),
    found: [[EGRESS, "and 3 more no more: no rule of ec2-private lets it out on port 443"]],
    neighbour: remove("trading", EGRESS, "windows-security-group_to-internet-993"),
  },
  {
    what: "endpoints that let nobody in",
    edit: set("network", INGRESS, "endpoints", { cidr_ipv4: "10.0.2.0/24" }),
    found: [[INGRESS, "ecr.api"]],
    neighbour: set("network", INGRESS, "endpoints", { cidr_ipv4: "10.0.0.0/8" }),
  },
  {
    what: "a route to the Internet that goes",
    edit: remove("network", "aws_route", "network_private-a-outbound"),
    found: [["aws_route", "no route leads from"]],
    neighbour: (stacks) =>
      void Object.assign(stacks.resource("network", "aws_route", "network_private-a-outbound"), {
        nat_gateway_id: stacks.resource("network", "aws_route", "network_private-c-outbound").nat_gateway_id,
      }),
  },
  {
    what: "a subnet with the routes of the database",
    edit: (stacks) =>
      void Object.assign(stacks.resource("network", "aws_route_table_association", "network_private-a"), {
        route_table_id: `\${aws_route_table.${stacks.named("network", "aws_route_table", "network_database-routes")}.id}`,
      }),
    found: [["aws_route", "no route leads from"]],
    neighbour: (stacks) =>
      void Object.assign(stacks.resource("network", "aws_route_table_association", "network_private-a"), {
        route_table_id: `\${aws_route_table.${stacks.named("network", "aws_route_table", "network_private-c-routes")}.id}`,
      }),
  },
  {
    what: "the route of the NAT gateways",
    edit: remove("network", "aws_route", "network_public-internet"),
    found: [["aws_route", "no route leads from", "the Internet"]],
    neighbour: remove("network", "aws_route_table_association", "network_database-routes-a"),
  },
  {
    what: "a denial before the rule that allows",
    edit: (stacks) =>
      rule(stacks, "denied", {
        ...acl(stacks, "acls_database"),
        egress: false,
        rule_number: 50,
        rule_action: "deny",
        protocol: "tcp",
        from_port: 6379,
        to_port: 6379,
        cidr_block: "10.0.0.0/16",
      }),
    found: [["aws_network_acl_rule", "denies it by its rule 50"]],
    neighbour: (stacks) =>
      rule(stacks, "denied", {
        ...acl(stacks, "acls_database"),
        egress: false,
        rule_number: 150,
        rule_action: "deny",
        protocol: "tcp",
        from_port: 6379,
        to_port: 6379,
        cidr_block: "10.0.0.0/16",
      }),
  },
  {
    what: "an ACL that lets no answers in",
    edit: set("network", "aws_network_acl_rule", "acls_private-from-internet-answers", { from_port: 60_000 }),
    found: [["aws_network_acl_rule", "port of answers"]],
    neighbour: set("network", "aws_network_acl_rule", "acls_private-from-internet-answers", { from_port: 32_768 }),
  },
];

describe("what runs", () => {
  it.each(CASES.map((one) => [one.what, one] as const))(
    "is seen cut off by %s, and not by its neighbour",
    (_, { edit, found, neighbour }) => {
      const findings = reachAfter(edit);
      expect(findings.map(({ severity, rule: name, address = "" }) => `${severity} ${name} ${address.split(".")[0]!}`)).toEqual(
        found.map(([type]) => `refusal network/reach-cut ${type}`),
      );
      found.forEach(([, ...words], index) => words.forEach((text) => expect(findings[index]!.message).toContain(text)));
      expect(reachAfter(neighbour).map(({ message }) => message)).toEqual([]);
    },
  );
});
