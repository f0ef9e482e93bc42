/** What a small tier may cost (CST-015, CST-028, OPS-056): each way to spend money is refused with its price, and its neighbour passes. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ALLOWANCES } from "../../environments/facts/free-tier";
import { parseEnvironment } from "../../environments/reading/parse";
import { excessOf, FREE_TIER_RULES, sharesOf } from "../../environments/rules/free-tier";
import { AGENT_METRICS } from "../../environments/rules/web-charges";
import { edited, environment, findingsOf, GONE, type Edits } from "./edits";
import { testRules, type Case } from "./rule-cases";

const PROMISE = "what is promised to cost nothing costs nothing";
/** Two secrets, which a database brings, and nothing else: images of half a GB. */
const LEGACY: Edits = { "web.freeTier": "legacy", "web.beyondFreeTierDollars": 0.8, "cost.usage.imageGigabytes": 0.5 };
/** With a database whose price is known, and a machine that rests on weekends. */
const CREDITS: Edits = { "web.freeTier": "credits", "web.database.instanceClass": "db.t4g.micro" };
const NAT = {
  kind: "dedicated",
  cidr: "10.0.0.0/16",
  zones: ["ap-northeast-1a", "ap-northeast-1c"],
  subnets: {
    public: ["10.0.1.0/24", "10.0.4.0/24"],
    private: ["10.0.2.0/24", "10.0.5.0/24"],
    database: ["10.0.3.0/24", "10.0.6.0/24"],
    containers: ["10.0.10.0/24", "10.0.20.0/24"],
  },
  nat: { kind: "gateway", perZone: false },
};

/** An edit of a literal that keeps its promise, where it is refused and with which price, and the edit beside it that passes. */
type Way = readonly [edit: Edits, path: string, allowed: string | RegExp, neighbour: Edits];
const WAYS: readonly Way[] = [
  [
    { "web.backend.instanceType": "t3.small", schedule: GONE },
    "web.backend.instanceType",
    '"t3.micro", because web.freeTier is legacy: EC2 t3.small, 730 × $0.0272, is $19.86 a month; nothing of it is free',
    // Whatever the hours: 750 are more than a month has.
    { "web.backend.instanceType": "t3.micro", schedule: GONE },
  ],
  [
    { "web.database.instanceClass": "db.t3.small" },
    "web.database.instanceClass",
    '"db.t3.micro", because web.freeTier is legacy: RDS db.t3.small has no known price (rds.postgres.db.t3.small); nothing of it is free',
    { "web.database.instanceClass": "db.t4g.micro" },
  ],
  [
    { "web.database.multiAz": true },
    "web.database.multiAz",
    /^false, because web\.freeTier is legacy: RDS db\.t3\.micro in two zones has no known price/,
    { "web.database.multiAz": false },
  ],
  [
    { "web.database.allocatedStorageGigabytes": 30 },
    "web.database.allocatedStorageGigabytes",
    "less storage, because web.freeTier is legacy: storage of the database, 10 × $0.138, is $1.38 a month; 30 of 20 GB free (150 %) are used of storage of databases",
    { "web.database.allocatedStorageGigabytes": 20 },
  ],
  [
    // RDS would enlarge it by itself.
    { "web.tier": "free", "web.database.maxAllocatedStorageGigabytes": 40 },
    "web.database.maxAllocatedStorageGigabytes",
    /storage that the database may grow to, 20 × \$0\.138, is \$2\.76 a month; 40 of 20 GB free \(200 %\)/,
    { "web.tier": "free" },
  ],
  [
    { "web.backend.rootVolumeGigabytes": 31 },
    "web.backend.rootVolumeGigabytes",
    "a smaller volume, because web.freeTier is legacy: its volume, 1 × $0.096, is $0.10 a month; 31 of 30 GB free (103 %) are used of volumes of machines",
    { "web.backend.rootVolumeGigabytes": 30 },
  ],
  [
    { "web.webAcl": { requestsPerFiveMinutes: 100 } },
    "web.webAcl.requestsPerFiveMinutes",
    "no web.webAcl, because web.freeTier is legacy: a web ACL, 1 × $5, is $5.00 a month; nothing of it is free",
    { "web.webAcl": GONE },
  ],
  [
    { customerManagedKeys: true },
    "customerManagedKeys",
    "false, because web.freeTier is legacy: key of the data, 1 × $1, is $1.00 a month; nothing of it is free",
    { customerManagedKeys: false },
  ],
  [
    { "web.beyondFreeTierDollars": 0.79 },
    "web.backend.databaseSecret",
    "nothing, and no web.database, because web.freeTier is legacy: the secret with the database's address, 1 × $0.4, is $0.40 a month; nothing of it is free",
    { "web.beyondFreeTierDollars": GONE, "web.database": GONE, "web.backend.databaseSecret": GONE },
  ],
  [
    { "web.backend.logRetentionDays": 90, "web.database.logRetentionDays": 90 },
    "web.database.logRetentionDays",
    /the database's logs, kept, 1 × \$0\.033, is \$0\.03 a month; 6 of 5 GB free \(120 %\) are used of logs, taken in and kept$/,
    { "web.backend.logRetentionDays": 90 },
  ],
  [
    { "cost.usage.detailedMetrics": 8 },
    "cost.usage.detailedMetrics",
    /metrics of the machine, 1 × \$0\.3, is \$0\.30 a month; 11 of 10 metrics free \(110 %\)/,
    { "cost.usage.detailedMetrics": 7 },
  ],
  [
    { network: NAT },
    "network.nat.kind",
    /^network\.kind "default", where the machine has an address, because web\.freeTier is legacy: NAT gateways, 730 × \$0\.062, is \$45\.26 a month; nothing of it is free$/,
    {},
  ],
  [
    { "web.domain": { names: ["kabu.example.com"], zone: "example.com" } },
    "web.domain.zone",
    "no web.domain, because web.freeTier is legacy: its zone, 1 × $0.5, is $0.50 a month; nothing of it is free",
    { "web.domain": GONE },
  ],
  [
    { "cost.usage.imageGigabytes": 2 },
    "cost.usage.imageGigabytes",
    /images of the API, 1\.5 × \$0\.1, is \$0\.15 a month; 2 of 0\.5 GB free \(400 %\)/,
    { "cost.usage.imageGigabytes": 0.5 },
  ],
  [
    { "cost.usage.otherBucketGigabytes": 2 },
    "cost.usage.otherBucketGigabytes",
    /bucket kabu-trade-frontend-111122223333-dev, 1 × \$0\.025, is \$0\.03 a month; 6 of 5 GB free \(120 %\)/,
    { "cost.usage.otherBucketGigabytes": 2, "web.backupBucket": GONE, "web.database.longKeeping": GONE },
  ],
  [
    { "cost.usage.edgeGigabytes": 1001 },
    "cost.usage.edgeGigabytes",
    /what CloudFront sends, 1 × \$0\.114, is \$0\.11 a month; 1001 of 1000 GB free \(100 %\)/,
    { "cost.usage.edgeGigabytes": 1000 },
  ],
];

const CASES: readonly Case[] = [
  ...WAYS.map(([edit, path, allowed, neighbour]): Case => ({
    rule: PROMISE,
    base: "dev",
    refused: { ...LEGACY, ...edit },
    path,
    allowed,
    accepted: { ...LEGACY, ...neighbour },
  })),
  {
    // Without a rest the same month is dearer than a sixth of the credits.
    rule: PROMISE,
    base: "dev",
    refused: { ...CREDITS, schedule: GONE },
    path: "web.freeTier",
    allowed:
      /^what costs \$33\.33 a month or less, so that \$200 last 6 months; this costs \$\d\d\.\d\d: RDS db\.t4g\.micro \$18\.25, EC2 t3\.micro \$9\.93, a public IPv4 address \$3\.65, /,
    accepted: CREDITS,
  },
  {
    rule: PROMISE,
    base: "dev",
    refused: { ...CREDITS, "web.database.instanceClass": "db.t3.micro" },
    path: "web.database.instanceClass",
    allowed: /^something whose price is known: RDS db\.t3\.micro has no known price/,
    accepted: { ...CREDITS, "web.database": GONE, "web.backend.databaseSecret": GONE },
  },
  {
    rule: PROMISE,
    base: "dev",
    refused: { ...CREDITS, schedule: GONE, "web.beyondFreeTierDollars": 2 },
    path: "web.freeTier",
    allowed: /^what costs \$35\.33 a month or less/,
    accepted: { ...CREDITS, schedule: GONE, "web.beyondFreeTierDollars": 5 },
  },
  ...(["personal", "free"] as const).map((tier): Case => ({
    rule: "a small tier says what its account has for nothing",
    base: "dev",
    refused: { "web.tier": tier, "web.freeTier": GONE },
    path: "web.freeTier",
    allowed: `"credits", "legacy" or "none", because web.tier is ${tier}`,
    accepted: { "web.tier": tier, "web.freeTier": "none" },
  })),
  {
    rule: "a small tier says what its account has for nothing",
    base: "prod",
    refused: { "web.freeTier": "none" },
    path: "web.freeTier",
    allowed: "nothing, because web.tier is standard, which nobody promises to cost nothing",
    accepted: {},
  },
  {
    rule: "what is accepted beyond the free tier stands where something is free",
    base: "dev",
    refused: { "web.beyondFreeTierDollars": 1 },
    path: "web.beyondFreeTierDollars",
    allowed: /^nothing, because web\.freeTier is neither "credits" nor "legacy"/,
    accepted: LEGACY,
  },
];

describe("rules", () => testRules(FREE_TIER_RULES, CASES));

it("twelve ways and more are tried, all from one literal that keeps the promise", () => {
  expect(findingsOf(edited("dev", LEGACY))).toEqual([]);
  expect(new Set(WAYS.map(([, path]) => path)).size).toBeGreaterThanOrEqual(12);
});

it("with nothing free nothing is refused, and everything is charged (CST-015)", () => {
  const { name } = parseEnvironment(edited("dev", { "web.webAcl": {} }), "environments/dev.ts");
  expect(name).toBe("dev");
  const charged = (plan: "credits" | "legacy" | "none") => excessOf(environment("dev", {}), plan).map(({ charge }) => charge.what);
  expect(charged("legacy")).toEqual([
    "images of the API",
    "the secret with the database's address",
    "the secret with the master user's password",
  ]);
  expect(charged("credits")).toContain("EC2 t3.micro");
});

it("counts hours, gigabytes and metrics of the documents' personal tier as they do (CST-011 … CST-014, OBS-012)", () => {
  const personal = environment("dev", {
    schedule: GONE,
    "cost.usage.otherBucketGigabytes": 1,
    "web.backupBucket": GONE,
    "web.database.longKeeping": GONE,
  });
  const used = Object.fromEntries(sharesOf(personal).map(({ name, used, free, unit }) => [name, `${used} of ${free} ${unit}`]));
  expect(used).toMatchObject({
    machines: "730 of 750 h",
    databases: "730 of 750 h",
    // The frontend's, and the access logs that the documents do not have.
    buckets: "2 of 5 GB",
    // 50 when the documents were written.
    edgeTransfer: "3 of 1000 GB",
    metrics: "10 of 10 metrics",
    alarms: "8 of 10 alarms",
    addresses: "730 of 750 h",
  });
});

it("knows the metrics that the machine's agent sends", () => {
  interface Agent {
    metrics: { metrics_collected: Record<string, { measurement: unknown[] }>; aggregation_dimensions: string[][] };
  }
  const file = resolve(__dirname, "..", "..", "hosts", "linux", "web", "cloudwatch-agent.json");
  const { metrics } = JSON.parse(readFileSync(file, "utf8")) as Agent;
  const own = Object.values(metrics.metrics_collected).reduce((sum, { measurement }) => sum + measurement.length, 0);
  // A disk has more dimensions than those by which its metric is summed up, and is sent twice.
  expect(metrics.aggregation_dimensions).toHaveLength(1);
  expect(own + metrics.metrics_collected.disk!.measurement.length).toBe(AGENT_METRICS);
});

it.each(Object.entries(ALLOWANCES))("allowance %s has an amount and a source", (_, { free, source, unit }) => {
  expect(free).toBeGreaterThan(0);
  expect(unit).not.toBe("");
  expect(source).toMatch(/^https:\/\/\S+/);
});
