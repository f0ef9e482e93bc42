/** Types of machines: those that AWS has are accepted, others are refused with what was probably meant. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { emulatorPackages, MACHINE_TYPES, machineTypes, NODE_ADDRESSES, nodeAddresses } from "../../commands/pages/machine-types";
import { CACHE_NODE_TYPES, INSTANCE_TYPES } from "../../environments/facts/machine-types";
import { sizedType } from "../../environments/schema/sized-types";
import { addressesOfNode, podLimit } from "../../environments/facts/eks-addresses";
import { edited, findingsOf } from "./edits";

const root = join(__dirname, "../..");
const packages = emulatorPackages(root);

(packages || process.env.CI ? it : it.skip)("environments/facts/machine-types.ts is current", () => {
  expect(existsSync(join(root, MACHINE_TYPES))).toBe(true);
  if (readFileSync(join(root, MACHINE_TYPES), "utf8") !== machineTypes(packages!))
    throw new Error(`${MACHINE_TYPES} is out of date: run \`npm run docs\` and commit it.`);
});

(packages || process.env.CI ? it : it.skip)("environments/facts/node-addresses.ts is current", () => {
  if (readFileSync(join(root, NODE_ADDRESSES), "utf8") !== nodeAddresses(packages!))
    throw new Error(`${NODE_ADDRESSES} is out of date: run \`npm run docs\` and commit it.`);
});

// https://github.com/aws/amazon-vpc-cni-k8s/blob/master/misc/eni-max-pods.txt, written for ap-northeast-1.
it.each([
  ["t3.small", 11],
  ["t3.large", 35],
  ["m7i.large", 29],
  ["m7i.xlarge", 58],
  ["m6i.xlarge", 58],
  ["c7g.medium", 8],
  ["g5.48xlarge", 345],
  ["m7i.48xlarge", 737],
  ["p5.48xlarge", 100],
])("%s has addresses for the %s pods that AWS counts", (type, pods) => {
  expect(podLimit(type)).toBe(pods);
});

// https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/eni-and-ip-target.md
it.each([
  ["fourteen pods on one interface, and one address kept warm on a second", ["m7i.xlarge"], 16, 14 + 1 + 2],
  ["as many as fill one interface", ["m7i.xlarge"], 15, 14 + 1],
  ["as few as a node has at the least", ["m7i.xlarge"], 4, 10 + 1],
  ["no more than there are", ["m7i.xlarge"], undefined, 56 + 4],
  ["the type that takes most", ["m7i.xlarge", "t3.large"], 15, 14 + 2],
])("a node takes %s", (_, instanceTypes, maxPods, addresses) => {
  expect(addressesOfNode({ instanceTypes, maxPods })).toBe(addresses);
});

it("knows more than a thousand instance types, and each node type's family once", () => {
  expect(Object.values(INSTANCE_TYPES).flatMap((sizes) => sizes.split(" ")).length).toBeGreaterThan(1000);
  for (const sizes of [...Object.values(INSTANCE_TYPES), ...Object.values(CACHE_NODE_TYPES)])
    expect(new Set(sizes.split(" ")).size).toBe(sizes.split(" ").length);
});

describe("a type", () => {
  const field = sizedType({ t3: "small medium large 2xlarge", m5: "large xlarge 2xlarge metal", "cache.t3": "micro medium" }, "a type");
  const words = (value: unknown) => field.safeParse(value).error?.issues[0]?.message;

  it.each(["t3.small", "t3.2xlarge", "m5.metal", "cache.t3.micro"])("%s is accepted", (type) => expect(words(type)).toBeUndefined());
  it.each<[unknown, string]>([
    ["m5.medium", "a type; m5 comes as large, xlarge, 2xlarge, metal"],
    ["t3.meduim", 'a type; did you mean "t3.medium"?'],
    ["t3.Medium", 'a type; did you mean "t3.medium"?'],
    ["t3.5xlarge", "a type; t3 comes as small, medium, large, 2xlarge"],
    ["t3.", "a type; t3 comes as small, medium, large, 2xlarge"],
    ["T3.medium", 'a type; did you mean "t3.medium"?'],
    ["mm5.large", 'a type; did you mean "m5.large"?'],
    ["cache.t33.micro", 'a type; did you mean "cache.t3.micro"?'],
    ["cahce.t3.mirco", 'a type; did you mean "cache.t3.micro"?'],
    ["t3", "a type"],
    ["", "a type"],
    [" t3.small", 'a type; did you mean "t3.small"?'],
    ["constructor.small", "a type"],
    ["a".repeat(10_000), "a type"],
    [5, "a type"],
    [undefined, "a type"],
  ])("%p is refused with what was probably meant", (type, expected) => expect(words(type)).toBe(expected));
});

it.each([
  [
    "windows.instanceType",
    "m5.medium",
    "an EC2 instance type such as t3.small; m5 comes as large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge, 24xlarge, metal",
  ],
  ["windows.instanceType", "t3.meduim", 'an EC2 instance type such as t3.small; did you mean "t3.medium"?'],
  ["linuxEngine.instanceType", "t4g.smal", 'an EC2 instance type such as t3.small; did you mean "t4g.small"?'],
  ["cluster.eks.nodeGroups.general.instanceTypes[0]", "m7i.xlrage", 'an EC2 instance type such as t3.small; did you mean "m7i.xlarge"?'],
  ["data.cache.nodeType", "cache.t3.mirco", 'an ElastiCache node type such as cache.t3.micro; did you mean "cache.t3.micro"?'],
  [
    "data.cache.nodeType",
    "cache.m7g.medium",
    "an ElastiCache node type such as cache.t3.micro; cache.m7g comes as large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge",
  ],
  [
    "data.rds.instanceClass",
    "db.t3.meduim",
    'an RDS instance class of a known memory (environments/facts/database-classes.ts), such as db.t3.medium; did you mean "db.t3.medium"?',
  ],
  [
    "data.rds.instanceClass",
    "db.m6g.micro",
    "an RDS instance class of a known memory (environments/facts/database-classes.ts), such as db.t3.medium; db.m6g comes as large, xlarge, 2xlarge, 4xlarge",
  ],
  ["region", "ap-northeast-11", 'an AWS region such as ap-northeast-1; did you mean "ap-northeast-1"?'],
  [
    "platform",
    "esk",
    '"none", "ecs", "eks" or { kind: "kubernetes", kubeconfig: a path that begins with / or ~/, context: a context in it }; did you mean "ecs"?',
  ],
])("%s = %p is refused: %s", (path, value, allowed) =>
  expect(findingsOf(edited("prod", { [path]: value })).find((finding) => finding.path === path)?.allowed).toBe(allowed),
);

describe("a number in quotes", () => {
  it.each([
    [
      "events.orderQueue.visibilityTimeoutSeconds",
      "90",
      "a whole number of seconds from 0 to 43200; a number is written without quotes: 90",
    ],
    ["services.ml.cpu", "1024", "one of 256, 512, 1024, 2048, 4096, 8192, 16384; a number is written without quotes: 1024"],
    ["services.ml.memory", "4096", "a whole number of MiB from 512 to 122880; a number is written without quotes: 4096"],
    ["services.ml.port", "8000", "a TCP port: a whole number from 1 to 65535; a number is written without quotes: 8000"],
    ["cost.usage.tableGigabytes", "0.5", "a number of GB from 0 to 1000000; a number is written without quotes: 0.5"],
    [
      "application.cacheExpiry.ohlcv",
      "90",
      '"new-york-close", or a whole number of seconds from 1 to 31536000; a number is written without quotes: 90',
    ],
    ["cluster.logRetentionDays", "30", expect.stringMatching(/3653; a number is written without quotes: 30$/) as string],
    ["events.orderQueue.visibilityTimeoutSeconds", "soon", "a whole number of seconds from 0 to 43200"],
    ["deletionProtection", "true", "true or false, without quotes"],
    // Where a text belongs, nothing is said of numbers.
    ["account", "1234", "an AWS account id: twelve digits, in quotes"],
    ["stage", "1", 'one of "development", "staging", "production"'],
  ])("%s = %p", (path, value, allowed) =>
    expect(findingsOf(edited("prod", { [path]: value })).find((finding) => finding.path === path)?.allowed).toEqual(allowed),
  );
});
