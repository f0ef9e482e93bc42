import { UNKNOWN } from "../../review/model";
import { risksOf, RULES } from "../../review/risk";
import { protectedIn } from "../../terraform/assembly";
import { AZURE_GUARDS, AZURE_LISTS, AZURE_RATCHETS, AZURE_WATCHES } from "../../review/risk/azure";
import { BACKUP_GUARDS, BACKUP_LISTS, BACKUP_RATCHETS, BACKUP_WATCHES } from "../../review/risk/backups";
import { COMPUTE_GUARDS, COMPUTE_LISTS, COMPUTE_RATCHETS, COMPUTE_WATCHES } from "../../review/risk/compute-guards";
import { DATA_GUARDS, DATA_LISTS, DATA_RATCHETS, DATA_WATCHES } from "../../review/risk/data-guards";
import { NETWORK_GUARDS, NETWORK_LISTS, NETWORK_WATCHES } from "../../review/risk/network-guards";
import { SAFEGUARDS } from "../../review/risk/safeguards";
import { pathOf, typeOf, type Attribute } from "../../review/provider-names";
import { BACKUP_CASES } from "./risk-backup-cases";
import { CASES as OTHER_CASES } from "./risk-cases";
import { change, nested, planOf, resource, risks, rulesOf } from "./risk-builders";

/** What is seen of an environment as a whole (reach, test/mutation/harmful), and what no rule understood (risk-unjudged). */
const ELSEWHERE: readonly string[] = [
  "identity/foreign-account",
  "data/foreign-bucket",
  "network/foreign-address",
  "compute/foreign-source",
  "runs/provisioner",
  "runs/external-data",
  "runs/provider",
  "runs/backend",
  "runs/ignored-changes",
  "runs/helm",
  "runs/host-commands",
  "data/consumed-late",
  "notification/reach-cut",
  "network/reach-cut",
  "identity/unjudged",
  "notification/unjudged",
];

const CASES = [...OTHER_CASES, ...BACKUP_CASES];

describe("a rule", () => {
  it.each(CASES.map((one) => [one.what, one] as const))(
    "sees %s, and not its neighbour",
    (_, { given, rest, protected: addresses, found, neighbour, neighbourRest = rest, neighbourFound = [] }) => {
      expect(rulesOf(risks(given, rest, addresses)).sort()).toEqual([...found].sort());
      expect(rulesOf(risks(neighbour, neighbourRest, addresses)).sort()).toEqual([...neighbourFound].sort());
    },
  );

  it("of every name is tried out here or below", () => {
    const tried = new Set([
      ...CASES.flatMap(({ found, neighbourFound = [] }) => [...found, ...neighbourFound].map((text) => text.split(" ")[1]!)),
      ...TABLES.map(({ rule }) => rule),
      ...ELSEWHERE,
    ]);
    expect(Object.keys(RULES).filter((rule) => !tried.has(rule))).toEqual([]);
  });

  it("has its class and severity from the table, and is told with its construct and address", () => {
    expect(risks([{ type: "aws_s3_bucket", name: "raw", construct: "prod-data/raw/bucket", before: {} }])).toEqual([
      {
        rule: "data/destroyed",
        severity: "refusal",
        riskClass: "data",
        stack: "prod-data",
        construct: "prod-data/raw/bucket",
        address: "aws_s3_bucket.raw",
        message: "It is destroyed, with objects",
      },
    ]);
  });
});

/** Values of which a guard holds some for safe and some not. */
const VALUES: readonly unknown[] = [
  true,
  false,
  "enabled",
  "Enabled",
  "NONE",
  "OVERRIDE",
  30,
  0,
  "ALL",
  "REJECT",
  "aws:kms",
  "AES256",
  "KMS",
  "required",
  "optional",
  "IMMUTABLE",
  "MUTABLE",
  "BucketOwnerEnforced",
  "ObjectWriter",
  "ACTIVE",
  "INACTIVE",
  "Retain",
  "Delete",
  "1.2.3",
  "3.x",
  "LATEST",
  "1.4.0",
  "ENABLED",
  "DISABLED",
  "Enabled",
  "Disabled",
  "API",
  "CONFIG_MAP",
  "https-only",
  "allow-all",
  "private",
  "public-read",
  "AWS_IAM",
  "monitor",
  "defensive",
  "TLSv1.2_2021",
  "always",
  "host",
  "task",
  "preferred",
  "arn:aws:kms:x",
  "TLS1_2",
  "Tls12",
  "TLSv1_2",
  "1.2",
  "AppGwSslPolicy20150501",
  "Allow",
  "blob",
  "Public",
  "Plaintext",
  "Detection",
  "Off",
  "Free",
  "loadBalancer",
  "AllAllowed",
  "1.0",
];
const GUARDS = [...SAFEGUARDS, ...DATA_GUARDS, ...BACKUP_GUARDS, ...NETWORK_GUARDS, ...COMPUTE_GUARDS, ...AZURE_GUARDS];
const RATCHETS = [...DATA_RATCHETS, ...BACKUP_RATCHETS, ...COMPUTE_RATCHETS, ...AZURE_RATCHETS];
const LISTS = [...DATA_LISTS, ...BACKUP_LISTS, ...NETWORK_LISTS, ...COMPUTE_LISTS, ...AZURE_LISTS];
const WATCHES = [...DATA_WATCHES, ...BACKUP_WATCHES, ...NETWORK_WATCHES, ...COMPUTE_WATCHES, ...AZURE_WATCHES];
const TABLES = [...GUARDS, ...RATCHETS, ...LISTS, ...WATCHES];
const named = <T extends { readonly attributes: readonly Attribute[] }>(rows: readonly T[]) =>
  rows.flatMap((row) => row.attributes.map((attribute) => [attribute, typeOf(attribute), { ...row, path: pathOf(attribute) }] as const));
const ofRule = (type: string, rule: string, before: object | undefined, after: object | undefined) =>
  risks([{ type, ...(before && { before: before as never }), ...(after && { after: after as never }) }]).filter(
    (finding) => finding.rule === rule,
  );

describe("an attribute that protects:", () => {
  it.each(named(GUARDS))("%s", (_, type, { rule, path, safe, onCreate = true, severity = RULES[rule].severity }) => {
    const good = VALUES.find((value) => safe(value)) ?? undefined;
    const bad = [...VALUES, undefined].find((value) => !safe(value));
    expect([good, bad].filter((value) => value === undefined).length).toBeLessThan(2);
    const [safely, badly] = [nested(path, good), nested(path, bad)];
    const found = ofRule(type, rule, safely, badly).map((finding) => finding.severity);
    expect(found).toContain(severity);
    expect(ofRule(type, rule, badly, badly)).toEqual([]);
    expect(ofRule(type, rule, badly, safely).filter((finding) => finding.message.includes(`\`${path}\``))).toEqual([]);
    expect(ofRule(type, rule, undefined, badly).some(({ message }) => message.includes(`\`${path}\``))).toBe(onCreate);
    // Not known is not off; where a value stood, somebody must look.
    expect(
      ofRule(type, rule, safely, nested(path, UNKNOWN))
        .filter(({ message }) => message.includes(`\`${path}\``))
        .map((finding) => finding.severity),
    ).toEqual(["notice"]);
    expect(ofRule(type, rule, nested(path, UNKNOWN), nested(path, UNKNOWN))).toEqual([]);
  });
});

describe("a number that should not move the wrong way:", () => {
  it.each(named(RATCHETS))("%s", (_, type, { rule, path, bad, endless, severity = RULES[rule].severity }) => {
    const [from, to] = bad === "lower" ? [10, 9] : [9, 10];
    expect(ofRule(type, rule, nested(path, from), nested(path, to)).map((finding) => finding.severity)).toEqual([severity]);
    expect(ofRule(type, rule, nested(path, to), nested(path, from))).toEqual([]);
    expect(ofRule(type, rule, nested(path, from), nested(path, UNKNOWN)).map((finding) => finding.severity)).toContain("notice");
    if (endless !== undefined) {
      expect(ofRule(type, rule, nested(path, endless), nested(path, 3653)).map((finding) => finding.severity)).toEqual([severity]);
      expect(ofRule(type, rule, nested(path, 3653), nested(path, endless))).toEqual([]);
    }
  });
});

describe("a list that should not move the wrong way:", () => {
  it.each(named(LISTS))("%s", (_, type, { rule, path, bad }) => {
    const [from, to] = bad === "shrinks" ? [["a", "b"], ["a"]] : [["a"], ["a", "b"]];
    expect(ofRule(type, rule, nested(path, from), nested(path, to)).length).toBeGreaterThan(0);
    const other = ofRule(type, rule, nested(path, to), nested(path, from)).filter(
      ({ message }) => message.includes("loses") || message.includes("gets"),
    );
    expect(other).toEqual([]);
  });
});

describe("a value that a reviewer must see change:", () => {
  it.each(named(WATCHES))("%s", (_, type, { rule, path }) => {
    expect(ofRule(type, rule, nested(path, "a"), nested(path, "b"))).toHaveLength(1);
    expect(ofRule(type, rule, nested(path, "a"), { ...nested(path, "a"), elsewhere: 1 })).toEqual([]);
  });
});

describe("what stays as it is", () => {
  it("is no finding, however open it stands", () => {
    const open = resource("aws_vpc_security_group_ingress_rule", "rdp", { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" });
    expect(risksOf(planOf([], { before: [open], after: [open] }), { protected: new Set() })).toEqual([]);
  });

  it("counts when its protection goes from the code", () => {
    const table = resource("aws_dynamodb_table", "orders", {});
    const plan = planOf([], { before: [table], after: [table] });
    expect(rulesOf(risksOf(plan, { protected: new Set([table.address]), protectedAfter: new Set() }))).toEqual([
      "refusal data/deletion-protection-off",
    ]);
    expect(risksOf(plan, { protected: new Set([table.address]), protectedAfter: new Set([table.address]) })).toEqual([]);
    expect(risksOf(planOf([], { before: [table] }), { protected: new Set([table.address]), protectedAfter: new Set() })).toEqual([]);
  });

  it("is no loss where it was protected only while it was imported", () => {
    const json = (more: object) => ({
      resource: {
        aws_dynamodb_table: { orders: { lifecycle: { prevent_destroy: true } }, positions: { lifecycle: { prevent_destroy: true } } },
      },
      ...more,
    });
    expect([...protectedIn(json({}))]).toEqual(["aws_dynamodb_table.orders", "aws_dynamodb_table.positions"]);
    expect([...protectedIn(json({ import: [{ to: "aws_dynamodb_table.orders", id: "orders" }] }))]).toEqual([
      "aws_dynamodb_table.positions",
    ]);
  });

  it("keeps its protection under another address", () => {
    const table = resource("aws_dynamodb_table", "new", {});
    const moved = change({
      type: "aws_dynamodb_table",
      name: "new",
      before: {},
      after: {},
      action: "move",
      previousAddress: "aws_dynamodb_table.old",
    });
    expect(
      risksOf(planOf([moved], { after: [table] }), {
        protected: new Set(["aws_dynamodb_table.old"]),
        protectedAfter: new Set(["aws_dynamodb_table.new"]),
      }),
    ).toEqual([]);
    expect(
      rulesOf(risksOf(planOf([moved], { after: [table] }), { protected: new Set(["aws_dynamodb_table.old"]), protectedAfter: new Set() })),
    ).toEqual(["refusal data/deletion-protection-off"]);
  });
});
