/**
 * Every field of the schema takes effect on every platform: another value changes what is synthesised. What has no effect is refused, or
 * stands in environments/reading/without-effect.ts with its reason.
 *
 * PROPERTY_RUNS  2000 and more: every field on every platform; else those that have nothing to do with the services on EKS alone
 * SHARE          0 to 5: a sixth of the fields; empty: all
 */
import { TerraformStack } from "cdktf";
import { EnvironmentError, parseEnvironment } from "../../environments/reading/parse";
import { environmentSchema, type Environment } from "../../environments/schema";
import { platformName, whyWithoutEffect, type PlatformName } from "../../environments/reading/without-effect";
import { createApp } from "../../stacks/environment";
import { edited, findingsOf, GONE, type Base, type Edits } from "../environments/edits";
import { at, leavesOf, others, pathOf, placesOf, withAt, type Keys, type Leaf } from "../helpers/leaves";
import { shareOf } from "../helpers/share";

jest.setTimeout(600_000);

const ALL = Number(process.env.PROPERTY_RUNS ?? 300) >= 2000;
const PLATFORMS: Readonly<Record<PlatformName, unknown>> = {
  eks: "eks",
  ecs: "ecs",
  kubernetes: { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "k3s" },
  none: "none",
};
const NAMES = Object.keys(PLATFORMS) as PlatformName[];

// --- examples ---
const BUCKETS = ["rawMarketData", "processedMarketData", "backtestResults"];
const SCHEDULE = [
  { cron: "30 8 * * MON-FRI", min: 8 },
  { cron: "0 16 * * MON-FRI", min: 3 },
];
const SCALING = { min: 3, max: 20, queue: { name: "orderQueue", messagesPerTask: 20 } };
const SPOT = { onDemandBase: 2 };
const IMAGE_ID = { id: "ami-0dafcef159b1fc745", architecture: "arm64" };
const CACHE = {
  kind: "cluster",
  id: "cache-staging",
  nodeType: "cache.t3.micro",
  maintenanceWindow: "sun:05:00-sun:06:00",
  snapshotWindow: "03:00-05:00",
  snapshotRetentionDays: 1,
  parameters: {},
  shards: 1,
  replicasPerShard: 1,
};
const secret = (name: string) => ({ name, description: "Of an API", keys: ["key1", "key2"] });
const QUEUE = {
  name: "Reports",
  fifo: false,
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 345_600,
  receiveWaitTimeSeconds: 20,
  deadLetter: { name: "Reports_DLQ", maxReceiveCount: 3, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 1_209_600 },
};
const CONTACT = { name: "Trading operations", title: "On call", email: "ops@example.com", phone: "+81 3 1234 5678" };
const EMAILS = ["ops@example.com"];
const PERSON = { users: { arns: ["arn:aws:iam::777788889999:user/ann"] }, permissionSets: ["Desk"] };
/** All that an account has once and makes itself, beside what production's literal has of it. */
const ACCOUNT_WIDE: Edits = {
  "accountWide.settings.contacts": { billing: CONTACT, operations: CONTACT, security: CONTACT },
  "accountWide.people": { operations: PERSON, readOnly: PERSON },
  "accountWide.trail.dataEvents": ["rawMarketData"],
  "accountWide.securityHub": { existing: false, standards: ["cis-3.0"] },
  "accountWide.privateCa": { commonName: "Trading system", organization: "Example", years: 5 },
  "accountWide.inspector": { existing: false, scans: ["EC2"] },
  "accountWide.budget.emails": EMAILS,
  "accountWide.budget.action": { percent: 90 },
  "cost.budget.emails": EMAILS,
};
/** A monitor that the account has already. */
const MONITOR = { existing: true, arn: "arn:aws:ce::444455556666:anomalymonitor/12345678-1234-1234-1234-123456789012" };
/** What only ECS knows. */
const OF_ECS: Edits = {
  "services.ml.healthCommand": ["true"],
  "services.ml.spot": SPOT,
  "services.ml.scaling": { ...SCALING, schedule: [{ ...SCHEDULE[0], max: 15 }, SCHEDULE[1]] },
};

/** Together they hold every field that a platform takes. */
const EXAMPLES: readonly (readonly [Base, Edits, (readonly PlatformName[])?])[] = [
  [
    "prod",
    {
      "services.ml.ports": { grpc: 50_051 },
      "services.ml.environment": { LOG_LEVEL: "info" },
      "services.ml.secrets": { LOGIN: { secret: "api1", key: "key1" } },
      "services.ml.scratchGigabytes": 30,
      "services.ml.route.hosts": ["ml.example.com"],
      "services.ml.scaling": { ...SCALING, schedule: SCHEDULE },
      "cluster.kubernetes.keda": true,
      "data.serviceSecrets": { api1: secret("TSS/api1"), api2: secret("TSS/api2") },
      "cluster.eks.access.operations": ["operators"],
      "cluster.eks.access.readOnly": ["readers"],
      "cluster.eks.publicEndpointCidrs": ["203.0.113.0/24"],
      "cluster.eks.nodeGroups.general.max": 4,
      "cluster.eks.nodeGroups.arm": { instanceTypes: ["m7g.large"], min: 1, max: 3, maxPods: 20 },
      "cluster.kubernetes.existing": ["metrics-server"],
      "cluster.kubernetes.chartRepository": "oci://registry.example.com/charts",
      "events.queues": { reports: QUEUE },
      "events.slack": { critical: { mention: "channel" }, warning: { mention: "here" }, info: { mention: "U0123456" } },
      "windows.scaling": { min: 1, max: 2, desired: 1 },
      "network.interfaceEndpoints": ["ecr.api", "git-codecommit", "logs", "sagemaker.api"],
      "research.codeRepository": "strategies",
      "windows.adminCidrs": ["203.0.113.0/24"],
      ...ACCOUNT_WIDE,
      "web.service.replicas": GONE,
      "web.service.scaling": { min: 2, max: 4, cpuPercent: 50, memoryPercent: 60, schedule: [{ ...SCHEDULE[0], max: 15 }] },
      "web.service.spot": SPOT,
      "web.service.scratchGigabytes": 30,
      "web.service.healthCommand": ["true"],
      "web.service.environment": { LOG_LEVEL: "info" },
      "web.countries": ["JP"],
      "web.corsOrigins": ["https://tools.example.com"],
      ...Object.fromEntries(BUCKETS.map((bucket) => [`data.buckets.${bucket}.documentedName`, bucket])),
    },
  ],
  // One machine where there is a group, the other form of each image, tasks of a fixed number, one node of the cache.
  [
    "staging",
    {
      "services.ml.scaling": GONE,
      "services.ml.replicas": 2,
      "windows.image": { id: "ami-0dafcef159b1fc745", architecture: "x86_64" },
      "linuxEngine.image": IMAGE_ID,
      "linuxEngine.privateAddresses": GONE,
      schedule: {
        stop: "0 23 * * FRI",
        start: "0 20 * * SUN-THU",
        holidays: ["2027-01-11"],
        services: { stop: "0 22 * * FRI", start: "0 21 * * SUN-THU" },
      },
    },
  ],
  [
    "staging",
    {
      "network.nat.image": IMAGE_ID,
      "data.cache": CACHE,
      "web.backend": GONE,
      "web.database": GONE,
      "web.apiOrigin": "api.example.com",
      "accountWide.anomalies": { monitor: MONITOR, name: "anomalies", thresholdDollars: 20 },
    },
  ],
  // A service of a fixed number of tasks.
  ["prod", { "web.service.replicas": 3 }, ["eks"]],
  // What only development may do without.
  [
    "dev",
    {
      "web.tier": "free",
      "web.backend.adminCidrs": ["203.0.113.7/32"],
      "web.backend.image": { ...IMAGE_ID, architecture: "x86_64" },
      "web.database.maxAllocatedStorageGigabytes": 100,
    },
  ],
  ["prod", { database: "in-cluster", "data.rds": GONE, servicesCache: "in-cluster" }, ["eks", "kubernetes"]],
];

interface Example {
  readonly environment: Environment;
  /** The stacks' JSON, by which of them comes first. */
  readonly synthesised: Map<string, readonly string[]>;
}

/** An environment; undefined where it is refused. */
function parsed(literal: unknown): Environment | undefined {
  try {
    return parseEnvironment(literal, "environments/example.ts");
  } catch (error) {
    if (error instanceof EnvironmentError) return undefined;
    throw error;
  }
}

function examplesOf(platform: PlatformName): Example[] {
  return EXAMPLES.filter(([, , on]) => !on || on.includes(platform)).map(([base, edits], index) => {
    const environment = parseEnvironment(
      edited(base, { ...edits, ...(platform === "ecs" && index === 0 && OF_ECS), platform: PLATFORMS[platform] }),
      "environments/example.ts",
    );
    // Without the keys that are left out.
    return { environment: JSON.parse(JSON.stringify(environment)) as Environment, synthesised: new Map() };
  });
}

// --- what is synthesised ---
/** Which stack is likeliest to show a field, by how its path begins. */
const SHOWN_BY: readonly (readonly [beginning: RegExp, stack: string])[] = [
  [/^(services|cluster|platform|alarms\.services)/, "workloads"],
  [/^(backup|patching|schedule|cost)/, "operations"],
  [/^(data|database)/, "data"],
  [/^events/, "events"],
  [/^(windows|linuxEngine|mt5|collector|metricNamespace|alarms|application)/, "trading"],
  [/^bootstrap/, "bootstrap"],
  [/^research/, "research"],
  [/^accountWide/, "account"],
  [/^web/, "web"],
];
const shownBy = (pattern: string): string => SHOWN_BY.find(([beginning]) => beginning.test(pattern))?.[1] ?? "network";

/** The stacks' JSON, one by one: a stack that refers to others changes their outputs, so the order is the same for all that is compared. */
function* stacksOf(environment: Environment, first: string): Generator<string> {
  const stacks = createApp({ environments: [environment], target: { kind: "aws" } }).node.children.filter(
    (child) => child instanceof TerraformStack,
  );
  for (const stack of stacks) stack.prepareStack();
  const place = ({ node }: TerraformStack) => (node.id.endsWith(`-${first}`) ? 0 : node.id.endsWith("-services") ? 1 : 2);
  for (const stack of [...stacks].sort((one, other) => place(one) - place(other))) yield JSON.stringify(stack.toTerraform());
}

function changes({ environment, synthesised }: Example, changed: Environment, first: string): boolean {
  if (!synthesised.has(first)) synthesised.set(first, [...stacksOf(environment, first)]);
  const before = synthesised.get(first)!;
  let index = 0;
  for (const text of stacksOf(changed, first)) if (text !== before[index++]) return true;
  return index !== before.length;
}

// --- fields ---
const leaves = leavesOf(environmentSchema);
/** Values that are tried before a field counts as one without effect. */
const TRIES = 2;

interface Change {
  readonly keys: Keys;
  readonly changed: unknown;
}

/** The environment with other values in one field, as far as the parser takes them; a few that it does not where it takes none. */
function changesOf(
  environment: unknown,
  { pattern, options }: Leaf,
): { readonly accepted: readonly Change[]; readonly refused: readonly Change[] } {
  const refused: Change[] = [];
  const accepted: Change[] = [];
  for (const keys of placesOf(pattern, environment)) {
    let found = 0;
    for (const value of others(at(environment, keys), options)) {
      const changed = withAt(environment, keys, value);
      if (!parsed(changed)) {
        if (refused.length < TRIES) refused.push({ keys, changed });
      } else {
        accepted.push({ keys, changed });
        if (++found === TRIES) break;
      }
    }
  }
  return { accepted, refused };
}

/** "effect", or what was found in its place. */
function verdict(leaf: Leaf, examples: readonly Example[]): string {
  const first = shownBy(leaf.pattern);
  const isShown =
    (example: Example) =>
    ({ changed }: Change) =>
      changes(example, changed as Environment, first);
  const found: { readonly example: Example; readonly refused: readonly Change[] }[] = [];
  let isAccepted = false;
  for (const example of examples) {
    const { accepted, refused } = changesOf(example.environment, leaf);
    if (accepted.some(isShown(example))) return "effect";
    isAccepted ||= accepted.length > 0;
    found.push({ example, refused });
  }
  if (isAccepted) return "no effect";
  // A field that the parser lets change only together with others shows by itself all the same.
  if (found.some(({ example, refused }) => refused.some(isShown(example)))) return "effect";
  const all = found.flatMap(({ refused }) => refused);
  if (all.length === 0) return "in no example";
  return all.every(({ keys, changed }) => findingsOf(changed).some(({ path }) => path === pathOf(keys))) ? "refused" : "no effect";
}

/** What a platform does not take at all, so that no example holds it: a value, and where it is refused. */
const REFUSED: Readonly<Record<string, readonly [Edits, path: string]>> = {
  "services.*.healthCommand": [{ "services.ml.healthCommand": ["true"] }, "services.ml.healthCommand"],
  "services.*.spot": [{ "services.ml.spot": SPOT }, "services.ml.spot"],
  "services.*.scaling.schedule.*.max": [
    { "services.ml.scaling": { ...SCALING, schedule: [{ ...SCHEDULE[0], max: 15 }] }, "cluster.kubernetes.keda": true },
    "services.ml.scaling.schedule[0].max",
  ],
};
const isRefused = (pattern: string, platform: PlatformName): boolean => {
  const [, [edits, path] = [{}, ""]] = Object.entries(REFUSED).find(([beginning]) => pattern.startsWith(beginning)) ?? [];
  return findingsOf(edited("prod", { ...edits, platform: PLATFORMS[platform] })).some((finding) => finding.path === path);
};

/** Of what the services are made, and what they stand on. */
const OF_SERVICES =
  /^(services|cluster|alarms\.services|stage|database$|servicesCache|data\.(cache|rds|serviceSecrets)|network\.(kind|subnets))/;
/** Nothing else can stand in these than on their own platform; that each has another outcome is a test of its own. */
const isPlatform = ({ pattern }: Leaf, platform: PlatformName): boolean =>
  pattern === "platform" || pattern === "platform.kind" || (pattern.startsWith("platform.") && platform !== "kubernetes");

describe.each(NAMES)("on %s", (platform) => {
  let examples: Example[];
  beforeAll(() => {
    examples = examplesOf(platform);
  });
  // cdktf keeps what it made for as long as the process lives.
  afterAll(() => {
    examples = [];
  });
  const { tried, title } = shareOf(
    leaves.filter((leaf) => !isPlatform(leaf, platform) && (ALL || platform === "eks" || OF_SERVICES.test(leaf.pattern))),
  );

  it(`every field takes effect, or is refused, or has a reason (${title})`, () => {
    const wrong = tried
      .filter(({ pattern }) => whyWithoutEffect(pattern, platform) === undefined)
      .flatMap((leaf) => {
        const found = verdict(leaf, examples);
        return found === "effect" || found === "refused" || (found === "in no example" && isRefused(leaf.pattern, platform))
          ? []
          : [`${leaf.pattern}: ${found}`];
      });
    expect(wrong).toEqual([]);
  });

  const { tried: listed, title: some } = shareOf(leaves.filter(({ pattern }) => whyWithoutEffect(pattern, platform) !== undefined));
  it(`no field with a reason takes effect (${some})`, () => {
    const all = examples.map((example) => {
      const changed = listed.reduce<{ literal: unknown; count: number }>(
        ({ literal, count }, leaf) => {
          const [first] = changesOf(literal, leaf).accepted;
          return { literal: first?.changed ?? literal, count: count + (first ? 1 : 0) };
        },
        { literal: example.environment, count: 0 },
      );
      return { count: changed.count, isChanged: changes(example, changed.literal as Environment, "workloads") };
    });
    expect(all.map(({ isChanged }) => isChanged)).toEqual(examples.map(() => false));
    expect(Math.max(...all.map(({ count }) => count))).toBeGreaterThan(listed.length / 4);
  });
});

it("the platform itself makes four different environments", () => {
  const texts = NAMES.map((platform) =>
    [...stacksOf(parseEnvironment(edited("staging", { platform: PLATFORMS[platform] }), "environments/example.ts"), "network")].join(),
  );
  expect(new Set(texts).size).toBe(NAMES.length);
  expect(NAMES.map((platform) => platformName({ platform: PLATFORMS[platform] as Environment["platform"] }))).toEqual(NAMES);
});
