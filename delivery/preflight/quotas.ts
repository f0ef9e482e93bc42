/** Quotas of the account: what is used, what a deploy adds, what is allowed. */
import { AwsError, at, listAt, textAt, type Answered, type Aws } from "../aws";
import type { Block } from "../../terraform/assembly";
import { blocksIn, defaultTags, isLiteral, type Answer, type Found, type Need, type Subject } from "./need";

/** https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html; codes are the same in every region. */
interface Quota {
  readonly service: "ec2" | "lambda" | "vpc";
  readonly code: string;
  readonly title: string;
}
const ADDRESSES: Quota = { service: "ec2", code: "L-0263D0A3", title: "Elastic IP addresses" };
const VPCS: Quota = { service: "vpc", code: "L-F678F1CE", title: "VPCs per region" };
const CONCURRENCY: Quota = { service: "lambda", code: "L-B99A9384", title: "concurrent executions of functions" };
/** What Lambda leaves to functions that reserve none, and what it gives an account that is not new. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED = 100;
const USUAL_CONCURRENCY = 1000;
/** vCPUs of running on-demand instances, by what their types begin with. https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
const FAMILIES: readonly (Quota & { readonly of: RegExp })[] = [
  {
    of: /^(a|c|d|h|i|im|is|m|r|t|z)\d/,
    service: "ec2",
    code: "L-1216C47A",
    title: "vCPUs of standard instances (A, C, D, H, I, M, R, T, Z)",
  },
  { of: /^(g|gr|vt)\d/, service: "ec2", code: "L-DB2E81BA", title: "vCPUs of G and VT instances" },
  { of: /^p\d/, service: "ec2", code: "L-417A185B", title: "vCPUs of P instances" },
  { of: /^inf\d/, service: "ec2", code: "L-1945791B", title: "vCPUs of Inf instances" },
];

export const quotas = (subject: Subject): Need[] => [
  ...counted(subject, ADDRESSES, "aws_eip", (aws) => aws.query("ec2", "DescribeAddresses"), [
    "DescribeAddressesResponse",
    "addressesSet",
    "item",
  ]),
  ...counted(subject, VPCS, "aws_vpc", (aws) => aws.query("ec2", "DescribeVpcs"), ["DescribeVpcsResponse", "vpcSet", "item"]),
  ...processors(subject),
  ...reservedConcurrency(subject),
];

/** Things of which each is one. */
function counted(subject: Subject, quota: Quota, type: string, ask: (aws: Aws) => Promise<Answered>, path: readonly string[]): Need[] {
  return byRegion(blocksIn(subject, type)).map((found) => {
    const [{ access }] = found as [Found<Block>];
    return {
      ...of(quota, access.region, found),
      ask: async () => {
        const aws = subject.aws(access);
        const there = listAt(await ask(aws), ...path);
        return compared(aws, quota, { used: there.length, ours: there.filter(isOurs(subject)).length, wanted: found.length });
      },
    };
  });
}

/** Lambda refuses a reservation that leaves too little to the rest. What functions of others reserve is not asked. */
function reservedConcurrency(subject: Subject): Need[] {
  const reserving = blocksIn(subject, "aws_lambda_function").filter(({ block }) => Number(block.reserved_concurrent_executions ?? 0) > 0);
  return byRegion(reserving).map((found) => {
    const [{ access }] = found as [Found<Block>];
    return {
      ...of(CONCURRENCY, access.region, found),
      ask: async () => {
        const aws = subject.aws(access);
        const reserved = found.reduce((sum, { block }) => sum + Number(block.reserved_concurrent_executions), 0);
        const allowed = await allowedBy(aws, CONCURRENCY);
        const words = `functions reserve ${reserved} of ${allowed}, and Lambda keeps ${UNRESERVED} for those that reserve none`;
        if (reserved + UNRESERVED <= allowed) return { state: "there", note: words };
        const make = increase(aws, CONCURRENCY, Math.max(USUAL_CONCURRENCY, reserved + UNRESERVED));
        return { state: "missing", why: words, make: `${make}, or events.functions.reservedConcurrency: null in the literal` };
      },
    };
  });
}

interface Machines {
  readonly type: string;
  readonly count: number;
}

/** Instances that a deploy starts: each by itself, those that a group wants, nodes of a cluster. */
function processors(subject: Subject): Need[] {
  const machines = blocksIn(subject, "aws_instance", "aws_autoscaling_group", "aws_eks_node_group").flatMap((found): Found<Machines>[] => {
    const value = machinesOf(subject, found);
    return value && value.count > 0 ? [{ ...found, value }] : [];
  });
  return byRegion(machines).flatMap((inRegion) =>
    FAMILIES.flatMap((quota): Need[] => {
      const found = inRegion.filter(({ value }) => quota.of.test(value.type));
      if (found.length === 0) return [];
      const [{ access }] = found as [Found<Machines>];
      return [{ ...of(quota, access.region, found), ask: () => comparedProcessors(subject, quota, found) }];
    }),
  );
}

function machinesOf(subject: Subject, { type, block, stack }: Found<Block>): Machines | undefined {
  if (type === "aws_instance") return isLiteral(block.instance_type) ? { type: block.instance_type, count: 1 } : undefined;
  if (type === "aws_eks_node_group") {
    // Spot machines count against another quota, and wait where there is no room.
    const [first] = (block.instance_types ?? []) as readonly unknown[];
    return isLiteral(first) && block.capacity_type !== "SPOT"
      ? { type: first, count: Number(at(block.scaling_config, "desired_size") ?? 0) }
      : undefined;
  }
  const text = JSON.stringify(block);
  const template = blocksIn(subject, "aws_launch_template").find(
    (one) => one.stack === stack && text.includes(`aws_launch_template.${one.id}.`),
  );
  const instanceType = template?.block.instance_type;
  return isLiteral(instanceType) ? { type: instanceType, count: Number(block.desired_capacity ?? block.min_size ?? 0) } : undefined;
}

async function comparedProcessors(
  subject: Subject,
  quota: Quota & { readonly of: RegExp },
  found: readonly Found<Machines>[],
): Promise<Answer> {
  const aws = subject.aws(found[0]!.access);
  const wanted = found.map(({ value }) => value);
  const running = (await instances(aws)).map((one) => ({ type: textAt(one, "instanceType"), count: 1, isOurs: isOurs(subject)(one) }));
  const counting = running.filter(({ type }) => quota.of.test(type));
  const types = [...new Set([...wanted, ...counting].map(({ type }) => type))];
  let described: Answered;
  try {
    const named = types.map((type, index) => [`InstanceType.${index + 1}`, type]);
    described = await aws.query("ec2", "DescribeInstanceTypes", Object.fromEntries(named) as Readonly<Record<string, string>>);
  } catch (error) {
    if (error instanceof AwsError && error.code === "InvalidInstanceType")
      return { state: "missing", why: `${aws.region} does not offer all of ${types.join(", ")}`, make: "name another type in the literal" };
    throw error;
  }
  const sizes = new Map(
    listAt(described, "DescribeInstanceTypesResponse", "instanceTypeSet", "item").map((type) => [
      textAt(type, "instanceType"),
      Number(textAt(type, "vCpuInfo", "defaultVCpus")),
    ]),
  );
  const sum = (machines: readonly Machines[]) => machines.reduce((total, { type, count }) => total + count * (sizes.get(type) ?? 0), 0);
  return compared(aws, quota, { used: sum(counting), ours: sum(counting.filter((one) => one.isOurs)), wanted: sum(wanted) });
}

/** Those that run, on demand: only they count. Spot instances have a quota of their own. */
async function instances(aws: Aws): Promise<readonly Answered[]> {
  const found: Answered[] = [];
  const running = { "Filter.1.Name": "instance-state-name", "Filter.1.Value.1": "pending", "Filter.1.Value.2": "running" };
  let next = "";
  do {
    const answered = await aws.query("ec2", "DescribeInstances", { ...running, ...(next && { NextToken: next }) });
    const reservations = listAt(answered, "DescribeInstancesResponse", "reservationSet", "item");
    found.push(...reservations.flatMap((reservation) => listAt(reservation, "instancesSet", "item")));
    next = textAt(answered, "DescribeInstancesResponse", "nextToken");
  } while (next !== "");
  return found.filter((one) => textAt(one, "instanceLifecycle") !== "spot");
}

/** Whether an earlier deploy of the environment made it: by its provider's tags, or by the group or the cluster that started it. */
function isOurs(subject: Subject): (thing: Answered) => boolean {
  const own = subject.stacks.map(({ json }) => Object.entries(defaultTags(json))).find((tags) => tags.length > 0) ?? [];
  const groups = [
    ...blocksIn(subject, "aws_autoscaling_group").map(({ block }) => ["aws:autoscaling:groupName", block.name] as const),
    ...blocksIn(subject, "aws_eks_cluster").map(({ block }) => ["eks:cluster-name", block.name] as const),
  ];
  return (thing) => {
    const tags = new Map(listAt(thing, "tagSet", "item").map((tag) => [textAt(tag, "key"), textAt(tag, "value")]));
    return (
      (own.length > 0 && own.every(([key, value]) => tags.get(key) === value)) || groups.some(([key, value]) => tags.get(key) === value)
    );
  };
}

async function compared(
  aws: Aws,
  quota: Quota,
  { used, ours, wanted }: { readonly used: number; readonly ours: number; readonly wanted: number },
): Promise<Answer> {
  const allowed = await allowedBy(aws, quota);
  const added = Math.max(0, wanted - ours);
  const words = `${used} of ${allowed} are used, a deploy adds ${added}`;
  if (used + added <= allowed) return { state: "there", note: words };
  return { state: "missing", why: words, make: increase(aws, quota, used + added) };
}

const increase = ({ region }: Aws, { service, code }: Quota, desired: number): string =>
  `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${desired}`;

/** A quota that was never raised may be known by its default alone. */
async function allowedBy(aws: Aws, { service, code }: Quota): Promise<number> {
  const members = { ServiceCode: service, QuotaCode: code };
  const answered = await aws.json("servicequotas", "GetServiceQuota", members).catch((error: unknown) => {
    if (error instanceof AwsError && error.code === "NoSuchResourceException")
      return aws.json("servicequotas", "GetAWSDefaultServiceQuota", members);
    throw error;
  });
  return Number(at(answered, "Quota", "Value"));
}

const of = ({ title }: Quota, region: string, found: readonly Found<unknown>[]) => ({
  kind: "quota",
  name: `${title}, ${region}`,
  stacks: [...new Set(found.map(({ stack }) => stack))],
});

function byRegion<T>(found: readonly Found<T>[]): (readonly Found<T>[])[] {
  const regions = [...new Set(found.map(({ access }) => access.region))];
  return regions.map((region) => found.filter(({ access }) => access.region === region));
}
