/** Machines, their volumes, and the nodes of a cluster. */
import { weeklyTime, WEEKDAYS } from "../../../environments/facts/cron";
import { architectureOf } from "../../../environments/rules";
import { UNKNOWN, type Resource, type Values } from "../../model";
import { charge, HOURS, isInDefaultVpc, noPrice, sibling, use, type Context, type Part, type Pricer } from "../charges";
import { blocksOf, flagOf, NotKnown, numberOf, textOf, valueOf } from "../values";

const WEEK = 7 * 24;

/** Hours of a week between the starts and the stops of a schedule; the whole week where nothing stops it. */
export function weeklyHours({ stop, start }: { readonly stop: string; readonly start: string }): number {
  const minutes = (cron: string): number[] => {
    const { hour, minute, days } = weeklyTime(cron);
    return days.map((day) => (WEEKDAYS.indexOf(day) * 24 + hour) * 60 + minute);
  };
  const events = [...minutes(stop).map((at) => ({ at, runs: false })), ...minutes(start).map((at) => ({ at, runs: true }))].sort((a, b) => a.at - b.at);
  let running = 0;
  events.forEach(({ at, runs }, index) => {
    const next = index + 1 < events.length ? events[index + 1]!.at : events[0]!.at + WEEK * 60;
    if (runs) running += next - at;
  });
  return running / 60;
}

const isWindowsHost = ({ construct }: Resource, { environment }: Context): boolean => environment !== undefined && construct.split("/").includes("windows");

/** @throws NotKnown when nothing tells */
function systemOf(resource: Resource, context: Context): "Linux" | "Windows" {
  const { values } = resource;
  if (architectureOf(textOf(values, "instance_type")) === "arm64") return "Linux";
  const script = values.user_data;
  if (flagOf(values, "get_password_data") || (typeof script === "string" && /^\s*<(powershell|script)>/.test(script))) return "Windows";
  if (isWindowsHost(resource, context)) return "Windows";
  if (context.environment || (typeof script === "string" && /^\s*#(!|cloud-config)/.test(script))) return "Linux";
  throw new NotKnown("the plan does not tell Linux from Windows");
}

/** Of a month; a host that is stopped at times costs nothing meanwhile, but its volume does. */
function hoursOf(resource: Resource, context: Context): number {
  const schedule = isWindowsHost(resource, context) ? context.environment?.windows.schedule : undefined;
  return schedule ? (HOURS * weeklyHours(schedule)) / WEEK : HOURS;
}

/** Of one volume, as EC2 makes it where nothing else is said. */
export function volumeParts(context: Context, block: () => Values, count: () => number, what: string): Part[] {
  const many = (): (readonly [number, string])[] => (count() === 1 ? [] : [[count(), "volumes"]]);
  const kind = (): string => textOf(block(), "volume_type", "gp2");
  let item = "ebs.gp3";
  try {
    item = `ebs.${kind()}`;
  } catch (error) {
    if (error instanceof NotKnown) return [noPrice(item, `not known: ${error.message} (${what})`)];
    throw error;
  }
  const above = (key: string, included: number): number => Math.max(0, numberOf(block(), key, included) - included);
  const storage = charge(context, item, what, () => [...many(), [numberOf(block(), "volume_size"), "GB"]]);
  if (item !== "ebs.gp3") return [storage];
  const extras = [
    charge(context, "ebs.gp3.iops", `${what}, above 3000`, () => [...many(), [above("iops", 3000), "IOPS"]]),
    charge(context, "ebs.gp3.throughput", `${what}, above 125`, () => [...many(), [above("throughput", 125), "MiB/s"]]),
  ];
  return [storage, ...extras.filter(({ dollars }) => dollars !== 0)];
}

/** GB, where no size is set: what the images of Amazon Linux bring, which alone are started so. */
const IMAGE_GIGABYTES = 8;

const instance: Pricer = (resource, context) => {
  const { values } = resource;
  const type = textSafely(values, "instance_type");
  const parts: Part[] = [];
  try {
    const system = systemOf(resource, context);
    parts.push(charge(context, `ec2.${type}`, system === "Windows" ? `${type}, Windows, the machine` : `${type}, Linux`, () => [[hoursOf(resource, context), "h"]]));
    if (system === "Windows") parts.push(charge(context, `windows.${type}`, `${type}, Windows, the licence`, () => [[hoursOf(resource, context), "h"]]));
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    parts.push(noPrice(`ec2.${type}`, `not known: ${error.message}`));
  }
  // What nobody sets is the image's, and a plan knows it after apply.
  const root = Object.fromEntries(Object.entries(blocksSafely(values, "root_block_device")[0] ?? {}).filter(([, value]) => value !== UNKNOWN && value !== null));
  parts.push(...volumeParts(context, () => ({ volume_type: "gp3", volume_size: IMAGE_GIGABYTES, ...root }), () => 1, root.volume_size === undefined ? "volume, as large as the image's" : "volume"));
  for (const block of blocksSafely(values, "ebs_block_device")) parts.push(...volumeParts(context, () => block, () => 1, "volume"));
  // An interface of its own brings its own address; where nothing is said the subnet decides.
  const hasInterface = blocksSafely(values, "network_interface").length > 0;
  parts.push(charge(context, "ipv4", "public address", () => [[!hasInterface && flagOf(values, "associate_public_ip_address") ? hoursOf(resource, context) : 0, "h"]]));
  parts.push(charge(context, "transfer.internet", "to the Internet", () => [[use(context, "hostGigabytes"), "GB"]]));
  parts.push(charge(context, "metric", "EC2's and the host's metrics", () => [[flagOf(values, "monitoring") ? use(context, "detailedMetrics") + use(context, "hostMetrics") : 0, "metrics"]]));
  return parts.filter(({ dollars }) => dollars !== 0);
};

function textSafely(values: Values, key: string): string {
  try {
    return textOf(values, key);
  } catch (error) {
    if (error instanceof NotKnown) return "unknown";
    throw error;
  }
}

function blocksSafely(values: Values, key: string): readonly Values[] {
  try {
    return blocksOf(values, key);
  } catch (error) {
    if (error instanceof NotKnown) return [];
    throw error;
  }
}

/** At least so many run, day and night; the autoscaler adds others, and removes them. */
const nodeGroup: Pricer = (resource, context) => {
  const { values } = resource;
  const count = (): number => {
    const [scaling] = blocksOf(values, "scaling_config");
    if (!scaling) throw new NotKnown("scaling_config is not set");
    return numberOf(scaling, "min_size");
  };
  const nodes = () => [count(), "nodes"] as const;
  // EKS takes the first type while it is to be had.
  const types = valueOf(values, "instance_types");
  const type = Array.isArray(types) && typeof types[0] === "string" ? types[0] : "t3.medium";
  const template = (): Values => sibling(resource, "aws_launch_template", context).values;
  const volume = (): Values => {
    const [mapping] = blocksOf(template(), "block_device_mappings");
    const [ebs] = mapping ? blocksOf(mapping, "ebs") : [];
    return ebs ?? { volume_type: "gp3", volume_size: 20 };
  };
  const isMonitored = (): boolean => blocksOf(template(), "monitoring").some((block) => flagOf(block, "enabled"));
  const parts = [
    charge(context, `ec2.${type}`, `${type}, Linux`, () => [nodes(), [HOURS, "h"]]),
    ...(isInDefaultVpc(context) ? [charge(context, "ipv4", "public addresses", () => [nodes(), [HOURS, "h"]])] : []),
  ];
  try {
    volume();
    parts.push(...volumeParts(context, volume, count, "volumes of the nodes"));
    if (isMonitored()) parts.push(charge(context, "metric", "EC2's metrics of the nodes", () => [nodes(), [use(context, "detailedMetrics"), "metrics"]]));
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    parts.push(noPrice("ebs.gp3", `not known: ${error.message}`));
  }
  return parts;
};

/** Each machine as its template describes it, so many as are wanted. */
const machineGroup: Pricer = (resource, context) => {
  const { values } = resource;
  try {
    const template = sibling(resource, "aws_launch_template", context);
    const count = numberOf(values, "desired_capacity", numberOf(values, "min_size", 0));
    const [mapping] = blocksOf(template.values, "block_device_mappings");
    const isMonitored = blocksOf(template.values, "monitoring").some((block) => flagOf(block, "enabled"));
    const machine = { ...resource, values: { instance_type: template.values.instance_type, monitoring: isMonitored, associate_public_ip_address: isInDefaultVpc(context), root_block_device: mapping ? blocksOf(mapping, "ebs") : [] } };
    return instance(machine, context).map((part) => (part.dollars === undefined ? part : { ...part, dollars: part.dollars * count, formula: count === 1 ? part.formula : `${count} × ${part.formula}` }));
  } catch (error) {
    if (error instanceof NotKnown) return [noPrice("ec2", `not known: ${error.message}`)];
    throw error;
  }
};

const volume: Pricer = ({ values }, context) => volumeParts(context, () => ({ ...values, volume_type: values.type, volume_size: values.size }), () => 1, "volume");

export const MACHINES: Readonly<Record<string, Pricer>> = { aws_instance: instance, aws_autoscaling_group: machineGroup, aws_eks_node_group: nodeGroup, aws_ebs_volume: volume };
