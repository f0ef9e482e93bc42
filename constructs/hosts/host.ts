import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import type { BackupPlan } from "../backup/backup-plan";
import type { Line, Widget } from "../dashboards/widget";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import type { LogGroup } from "../logs/log-group";
import type { Network, Tier } from "../network/network";
import { type SecurityGroup } from "../network/security-group";
import type { Boot } from "./boot";
import { Converge } from "./converge";
import { HostAlarms } from "./host-alarms";
import type { HostBundle } from "./host-bundle";
import { HOST_TAG } from "./host-names";
import { hostMetric, type HostMetric, type HostMetricsOf } from "./host-metrics";
import { grantPatching, PATCH_TAG } from "./patch-groups";
import { Machine, type MachineImage, type SingleMachineProps } from "./machine";
import { MachineGroup, type MachineGroupProps } from "./machine-group";
import type { RecoveryMachineProps } from "./recovery-machine";
import { grantMetrics, grantSessionManager, grantStateManager } from "./session-manager";

export interface HostProps {
  /** What the host is called in metrics and settings: `windows`, `engine`, `worker`. */
  readonly kind: string;
  /** `Name` tag, and name of the association: `axia-windows-dev`. */
  readonly name: string;
  /** Physical name of role and instance profile. */
  readonly roleName: string;
  readonly description: string;
  /** Name of the environment: dimension of metrics. */
  readonly environment: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly network: Network;
  readonly tier: Tier;
  /** In the tier's first subnet; of one machine, not of a group. @default one that is free */
  readonly privateAddress?: string;
  /** @default false */
  readonly publicAddress?: boolean;
  readonly securityGroup: SecurityGroup;
  readonly instanceType: string;
  readonly image: MachineImage;
  /** Of the root volume, in GB. */
  readonly rootVolumeGigabytes: number;
  readonly boot: Boot;
  readonly bundle: HostBundle;
  /** Those that its agent writes to. */
  readonly logs: readonly LogGroup[];
  /** Of its own metrics (C-44). */
  readonly metricNamespace: string;
  /** Encrypts the volume. @default the account's AWS managed key (SEC-062) */
  readonly key?: EncryptionKey;
  /** Gets the security updates of this group. @default none */
  readonly patchGroup?: string;
  /** Refuse to be terminated. @default true */
  readonly protect?: boolean;
  /** Of one machine, see there. */
  readonly cpuCredits?: SingleMachineProps["cpuCredits"];
  /** A group that scales, in place of one machine. @default one machine */
  readonly scaling?: Pick<MachineGroupProps, "size" | "cpuPercent" | "rest">;
}

/** A machine that runs trading software: its role, its place, the bundle that it converges to, which makes a new one what the old one was (OPS-015). */
export class Host extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly role: Role;
  /** What runs it: one machine, or a group that scales. */
  readonly runs: Machine | MachineGroup;
  private readonly props: HostProps;

  constructor(scope: Construct, id: string, props: HostProps) {
    super(scope, id);
    const {
      kind,
      name,
      roleName,
      description,
      environment,
      region,
      account,
      network,
      tier,
      privateAddress,
      publicAddress,
      securityGroup,
      boot,
      bundle,
      logs,
      metricNamespace,
      patchGroup,
      protect,
      scaling,
    } = props;
    this.props = props;
    this.securityGroup = securityGroup;

    this.role = new Role(this, "role", { name: roleName, description, assumedBy: "ec2.amazonaws.com" });
    grantSessionManager(this.role);
    const { documentArn } = new Converge(this, "converge", { environment, kind, name, bundle, boot, tag: [HOST_TAG, name] });
    grantStateManager(this.role, { region, account, documentArn });
    bundle.grantFetch(this.role);
    for (const log of logs) log.grantWrite(this.role);
    grantMetrics(this.role, metricNamespace);
    if (patchGroup) grantPatching(this.role, { account, region });
    const instanceProfile = new IamInstanceProfile(this, "instance-profile", { name: roleName, role: this.role.name }).name;

    const common = {
      instanceType: props.instanceType,
      image: props.image,
      rootVolumeGigabytes: props.rootVolumeGigabytes,
      key: props.key,
      securityGroup,
      instanceProfile,
      userData: boot.userData,
      tags: { Name: name, [HOST_TAG]: name, ...(patchGroup && { [PATCH_TAG]: patchGroup }) },
      dependsOn: [bundle.ready],
    };
    this.runs = scaling
      ? new MachineGroup(this, "machines", { ...common, ...scaling, name, subnetIds: network.subnetIds(tier), rootDevice: boot.rootDevice })
      : new Machine(this, "machine", {
          ...common,
          subnetId: network.firstSubnetId(tier),
          privateAddress,
          publicAddress,
          protect,
          cpuCredits: props.cpuCredits,
        });
  }

  /** Takes requests of a load balancer. */
  joinTargetGroup(id: string, { arn, port }: { readonly arn: string; readonly port: number }): void {
    if (this.runs instanceof MachineGroup) this.runs.joinTargetGroup(arn);
    else new LbTargetGroupAttachment(this, id, { targetGroupArn: arn, targetId: this.runs.id, port });
  }

  /** Backs its volumes up, those of machines that a group adds too (OPS-023). */
  backUp(plan: BackupPlan): void {
    plan.addVolumes(this.props.kind, ["Name", this.props.name], this.props.key);
  }

  /** What a test of recovery makes a host like this one of; a Windows host's. */
  get recovered(): Omit<RecoveryMachineProps, "name"> {
    const { network, tier, ...like } = this.props;
    return { ...like, subnetId: network.firstSubnetId(tier) };
  }

  /** The alarms on this host, to be asked for one by one. */
  alarms(target: AlarmTarget, { nameSuffix, scheduled }: { readonly nameSuffix: string; readonly scheduled?: boolean }): HostAlarms {
    return new HostAlarms(this, "alarms", { target, nameSuffix, scheduled, ...this.metrics, ec2Dimensions: this.ec2Dimensions });
  }

  /** Its load, as EC2 and the agent see it (OBS-007, OBS-023). @param disk Windows reports what is free, Linux what is used */
  loadWidgets(disk: "DiskFreePercent" | "DiskUsedPercent"): readonly Widget[] {
    const { kind } = this.props;
    const ec2 = (metric: string, statistic: Metric["statistic"]): Line => ({
      figure: { namespace: "AWS/EC2", metric, dimensions: this.ec2Dimensions, statistic },
    });
    return [
      {
        kind: "graph",
        title: `${kind}: processor and memory (%)`,
        lines: [ec2("CPUUtilization", "Average"), this.line("MemoryUtilization")],
      },
      { kind: "graph", title: `${kind}: system disk (%)`, lines: [this.line(disk)] },
      { kind: "graph", title: `${kind}: network (bytes)`, lines: [ec2("NetworkIn", "Sum"), ec2("NetworkOut", "Sum")] },
    ];
  }

  /** A line of one of its own metrics. */
  line(metric: HostMetric, label?: string): Line {
    return { figure: hostMetric(this.metrics, metric), label };
  }

  private get metrics(): HostMetricsOf {
    const { environment, kind, metricNamespace } = this.props;
    return { namespace: metricNamespace, dimensions: { Environment: environment, Host: kind } };
  }

  private get ec2Dimensions(): Readonly<Record<string, string>> {
    return this.runs instanceof Machine ? { InstanceId: this.runs.id } : { AutoScalingGroupName: this.runs.name };
  }
}
