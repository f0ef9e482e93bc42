/** Machines, their volumes, and the nodes of a cluster. */
import { servicesRest } from "../../../environments/schema/schedule";
import { architectureOf } from "../../../environments/rules";
import type { Resource, Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { charge, isInDefaultVpc, noPrice, sibling, use, type Context, type Part, type Pricer, type Pricers } from "../charges";
import { blocksOf, flagOf, isKnown, isSet, NotKnown, numberOf, textOf, textOr, valueOf } from "../known-values";
import { monthlyHours } from "../../../environments/facts/hours";

const isWindowsHost = ({ construct }: Resource, { environment }: Context): boolean =>
  environment !== undefined && construct.split("/").includes("windows");

/** A machine as a price sees it; each part may not be known. */
interface Machine {
  readonly type: Attribute;
  /** What its type and script are read from. */
  readonly values: Values;
  readonly isMonitored: () => boolean;
  readonly hasPublicAddress: () => boolean;
  readonly root: VolumeNames;
  readonly others: readonly Volume[];
}

/** @throws NotKnown when nothing tells */
function systemOf(resource: Resource, { values, type }: Machine, context: Context): "Linux" | "Windows" {
  if (architectureOf(textOf(values, type)) === "arm64") return "Linux";
  const script = textOr(values, "aws_instance.user_data", "");
  if (flagOf(values, "aws_instance.get_password_data") || /^\s*<(powershell|script)>/.test(script)) return "Windows";
  if (isWindowsHost(resource, context)) return "Windows";
  if (context.environment || /^\s*#(!|cloud-config)/.test(script)) return "Linux";
  throw new NotKnown("the plan does not tell Linux from Windows");
}

/** Of a month; a machine that is stopped at times costs nothing meanwhile, but its volume does. */
const hoursOf = (context: Context): number => monthlyHours(context.environment?.schedule);

/** A volume, each part read when a price asks for it: it may not be known. */
export interface Volume {
  readonly kind: () => string;
  readonly gigabytes: () => number;
  /** @default what comes with the volume */
  readonly iops?: () => number;
  /** MiB/s. @default what comes with the volume */
  readonly throughput?: () => number;
}

/** Where a type says what its volume is. */
type VolumeNames = Readonly<Record<"kind" | "gigabytes" | "iops" | "throughput", Attribute>>;
const ROOT: VolumeNames = {
  kind: "aws_instance.root_block_device.volume_type",
  gigabytes: "aws_instance.root_block_device.volume_size",
  iops: "aws_instance.root_block_device.iops",
  throughput: "aws_instance.root_block_device.throughput",
};
const FURTHER: VolumeNames = {
  kind: "aws_instance.ebs_block_device.volume_type",
  gigabytes: "aws_instance.ebs_block_device.volume_size",
  iops: "aws_instance.ebs_block_device.iops",
  throughput: "aws_instance.ebs_block_device.throughput",
};
const MAPPED: VolumeNames = {
  kind: "aws_launch_template.block_device_mappings.ebs.volume_type",
  gigabytes: "aws_launch_template.block_device_mappings.ebs.volume_size",
  iops: "aws_launch_template.block_device_mappings.ebs.iops",
  throughput: "aws_launch_template.block_device_mappings.ebs.throughput",
};
const OWN: VolumeNames = {
  kind: "aws_ebs_volume.type",
  gigabytes: "aws_ebs_volume.size",
  iops: "aws_ebs_volume.iops",
  throughput: "aws_ebs_volume.throughput",
};

const volumeOf = (values: Values, names: VolumeNames): Volume => ({
  kind: () => textOf(values, names.kind, "gp2"),
  gigabytes: () => numberOf(values, names.gigabytes),
  iops: () => numberOf(values, names.iops, INCLUDED.iops),
  throughput: () => numberOf(values, names.throughput, INCLUDED.throughput),
});

/** The disk that a machine starts from: what nobody sets is the image's, and a plan knows it after apply. */
function rootVolumeOf(values: Values, names: VolumeNames): Volume {
  const volume = volumeOf(values, names);
  return {
    kind: () => (isKnown(values, names.kind) ? volume.kind() : "gp3"),
    gigabytes: () => (isKnown(values, names.gigabytes) ? volume.gigabytes() : IMAGE_GIGABYTES),
    iops: () => (isKnown(values, names.iops) ? volume.iops!() : INCLUDED.iops),
    throughput: () => (isKnown(values, names.throughput) ? volume.throughput!() : INCLUDED.throughput),
  };
}

export const gp3 = (gigabytes: number): Volume => ({ kind: () => "gp3", gigabytes: () => gigabytes });

/** What gp3 includes in its price. */
const INCLUDED = { iops: 3000, throughput: 125 };

/** Of one volume, as EC2 makes it where nothing else is said. */
export function volumeParts(context: Context, volume: () => Volume, count: () => number, what: string): Part[] {
  const many = (): (readonly [number, string])[] => (count() === 1 ? [] : [[count(), "volumes"]]);
  let item = "ebs.gp3";
  try {
    item = `ebs.${volume().kind()}`;
  } catch (error) {
    if (error instanceof NotKnown) return [noPrice(item, `not known: ${error.message} (${what})`)];
    throw error;
  }
  const above = (key: keyof typeof INCLUDED): number => Math.max(0, (volume()[key]?.() ?? INCLUDED[key]) - INCLUDED[key]);
  const storage = charge(context, item, what, () => [...many(), [volume().gigabytes(), "GB"]]);
  if (item !== "ebs.gp3") return [storage];
  const extras = [
    charge(context, "ebs.gp3.iops", `${what}, above 3000`, () => [...many(), [above("iops"), "IOPS"]]),
    charge(context, "ebs.gp3.throughput", `${what}, above 125`, () => [...many(), [above("throughput"), "MiB/s"]]),
  ];
  return [storage, ...extras.filter(({ dollars }) => dollars !== 0)];
}

/** GB, where no size is set: what the images of Amazon Linux bring, which alone are started so. */
const IMAGE_GIGABYTES = 8;
/** GB, as EKS gives a node of Linux where its template says nothing (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html). */
const NODE_GIGABYTES = 20;

function machineParts(resource: Resource, machine: Machine, context: Context): readonly Part[] {
  const { values, root, others, isMonitored, hasPublicAddress } = machine;
  const type = textOr(values, machine.type, "unknown");
  const parts: Part[] = [];
  try {
    const system = systemOf(resource, machine, context);
    parts.push(
      charge(context, `ec2.${type}`, system === "Windows" ? `${type}, Windows, the machine` : `${type}, Linux`, () => [
        [hoursOf(context), "h"],
      ]),
    );
    if (system === "Windows")
      parts.push(charge(context, `windows.${type}`, `${type}, Windows, the licence`, () => [[hoursOf(context), "h"]]));
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    parts.push(noPrice(`ec2.${type}`, `not known: ${error.message}`));
  }
  parts.push(
    ...volumeParts(
      context,
      () => rootVolumeOf(values, root),
      () => 1,
      isKnown(values, root.gigabytes) ? "volume" : "volume, as large as the image's",
    ),
  );
  for (const volume of others)
    parts.push(
      ...volumeParts(
        context,
        () => volume,
        () => 1,
        "volume",
      ),
    );
  parts.push(charge(context, "ipv4", "public address", () => [[hasPublicAddress() ? hoursOf(context) : 0, "h"]]));
  parts.push(charge(context, "transfer.internet", "to the Internet", () => [[use(context, "hostGigabytes"), "GB"]]));
  parts.push(
    charge(context, "metric", "EC2's and the host's metrics", () => [
      [isMonitored() ? use(context, "detailedMetrics") + use(context, "hostMetrics") : 0, "metrics"],
    ]),
  );
  return parts.filter(({ dollars }) => dollars !== 0);
}

const instance: Pricer = (resource, context) => {
  const { values } = resource;
  return machineParts(
    resource,
    {
      values,
      type: "aws_instance.instance_type",
      root: ROOT,
      others: blocksSafely(values, "aws_instance.ebs_block_device").map((block) => volumeOf(block, FURTHER)),
      isMonitored: () => flagOf(values, "aws_instance.monitoring"),
      // An interface of its own brings its own address; where nothing is said the subnet decides.
      hasPublicAddress: () =>
        blocksSafely(values, "aws_instance.network_interface").length === 0 && flagOf(values, "aws_instance.associate_public_ip_address"),
    },
    context,
  );
};

function blocksSafely(values: Values, attribute: Attribute): readonly Values[] {
  try {
    return blocksOf(values, attribute);
  } catch (error) {
    if (error instanceof NotKnown) return [];
    throw error;
  }
}

/** At least so many run while the services do not rest; the autoscaler adds others, and removes them. */
const nodeGroup: Pricer = (resource, context) => {
  const { values } = resource;
  const count = (): number => {
    if (!isSet(values, "aws_eks_node_group.scaling_config")) throw new NotKnown("scaling_config is not set");
    return numberOf(values, "aws_eks_node_group.scaling_config.min_size");
  };
  const nodes = () => [count(), "nodes"] as const;
  const hours = () => monthlyHours(servicesRest(context.environment?.schedule));
  // EKS takes the first type while it is to be had.
  const types = valueOf(values, "aws_eks_node_group.instance_types");
  const type = Array.isArray(types) && typeof types[0] === "string" ? types[0] : "t3.medium";
  const template = (): Values => sibling(resource, "aws_launch_template", context).values;
  const volume = (): Volume =>
    isSet(template(), "aws_launch_template.block_device_mappings.ebs") ? volumeOf(template(), MAPPED) : gp3(NODE_GIGABYTES);
  const parts = [
    charge(context, `ec2.${type}`, `${type}, Linux`, () => [nodes(), [hours(), "h"]]),
    ...(isInDefaultVpc(context) ? [charge(context, "ipv4", "public addresses", () => [nodes(), [hours(), "h"]])] : []),
  ];
  try {
    volume();
    parts.push(...volumeParts(context, volume, count, "volumes of the nodes"));
    if (flagOf(template(), "aws_launch_template.monitoring.enabled"))
      parts.push(charge(context, "metric", "EC2's metrics of the nodes", () => [nodes(), [use(context, "detailedMetrics"), "metrics"]]));
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
    const template = sibling(resource, "aws_launch_template", context).values;
    const count = numberOf(values, "aws_autoscaling_group.desired_capacity", numberOf(values, "aws_autoscaling_group.min_size", 0));
    const machine: Machine = {
      values: template,
      type: "aws_launch_template.instance_type",
      root: MAPPED,
      others: [],
      isMonitored: () => flagOf(template, "aws_launch_template.monitoring.enabled"),
      hasPublicAddress: () => isInDefaultVpc(context),
    };
    return machineParts(resource, machine, context).map((part) =>
      part.dollars === undefined
        ? part
        : { ...part, dollars: part.dollars * count, formula: count === 1 ? part.formula : `${count} × ${part.formula}` },
    );
  } catch (error) {
    if (error instanceof NotKnown) return [noPrice("ec2", `not known: ${error.message}`)];
    throw error;
  }
};

/** Its hours depend on who works on it, and no public file was found that quotes SageMaker's prices in Tokyo. */
const notebook: Pricer = ({ values }) => [
  noPrice(
    "sagemaker",
    `not known: the price table has no notebooks (${textOr(values, "aws_sagemaker_notebook_instance.instance_type", "of some type")})`,
  ),
];

const volume: Pricer = ({ values }, context) =>
  volumeParts(
    context,
    () => volumeOf(values, OWN),
    () => 1,
    "volume",
  );

export const MACHINES: Pricers = {
  aws_instance: instance,
  aws_autoscaling_group: machineGroup,
  aws_sagemaker_notebook_instance: notebook,
  aws_eks_node_group: nodeGroup,
  aws_ebs_volume: volume,
};
