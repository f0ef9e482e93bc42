import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SagemakerNotebookInstance } from "@cdktf/provider-aws/lib/sagemaker-notebook-instance";
import { SagemakerNotebookInstanceLifecycleConfiguration } from "@cdktf/provider-aws/lib/sagemaker-notebook-instance-lifecycle-configuration";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import { EventAlert } from "../alarms/event-alert";
import { hostMetric, type HostMetric } from "../hosts/host-metrics";
import { errorLog, type Line, type Widget } from "../dashboards/widget";
import { Bundle } from "../hosts/bundle";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import type { LogGroup } from "../logs/log-group";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import type { Bucket } from "../storage/bucket";
import { encoded, notebookFiles, onStartScript } from "./lifecycle";

export interface NotebookProps {
  /** Physical name, 1 to 63 letters, digits and hyphens. */
  readonly name: string;
  /** Physical name. */
  readonly roleName: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** The environment's name: a dimension of the metrics. */
  readonly environment: string;
  readonly metricNamespace: string;
  /** RES-002. */
  readonly instanceType: string;
  readonly volumeGigabytes: number;
  /** Stops once nobody has used it for so long. */
  readonly idleMinutes: number;
  /** Name of a CodeCommit repository of the same account and region. @default none */
  readonly codeRepository?: string;
  readonly network: Network;
  readonly securityGroup: { readonly name: string; readonly documentedName: string };
  /** The group that SageMaker itself writes to, `NOTEBOOK_LOG_GROUP`. */
  readonly log: LogGroup;
  /** Where bundle and wheels are, and its plain name, which the script needs. */
  readonly software: { readonly bucket: Bucket; readonly name: string };
  /** What whoever works on the notebook needs to know of the stacks; no secret. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Encrypts the volume. @default SageMaker's own */
  readonly key?: EncryptionKey;
}

/** SageMaker's own name for it, one an account and region. */
export const NOTEBOOK_LOG_GROUP = "/aws/sagemaker/NotebookInstances";
type NotebookMetric = Extract<HostMetric, `Notebook${string}`>;
/** The platform; hashicorp/aws 5.100.0 takes no newer one (stacks/providers/versions.tf.json). */
const PLATFORM = "notebook-al2-v3";
/** The dimension Host of its metrics. */
const HOST = "notebook";
/** How long after its time an idle notebook may still run: two runs of the program that stops it, and the stop. */
const STOP_MINUTES = 20;

/**
 * A notebook of SageMaker: in a private subnet, without the Internet and without root, stopped when nobody uses it (RES-001 … RES-004).
 *
 * It reaches AWS by endpoints of the VPC only. What it may read and connect to is granted from outside.
 */
export class Notebook extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly role: Role;
  readonly securityGroup: SecurityGroup;
  private readonly props: NotebookProps;

  constructor(scope: Construct, id: string, props: NotebookProps) {
    super(scope, id);
    this.props = props;
    const { name, account, region, codeRepository, instanceType, key, network, volumeGigabytes } = props;
    this.name = name;
    // By hand, because its role must have its rights before it is made.
    this.arn = `arn:aws:sagemaker:${region}:${account}:notebook-instance/${name}`;
    this.role = this.addRole();
    this.securityGroup = this.addSecurityGroup();
    const lifecycle = this.addLifecycle();
    new SagemakerNotebookInstance(this, "instance", {
      name,
      instanceType,
      platformIdentifier: PLATFORM,
      roleArn: this.role.arn,
      // One machine, so it stands in one zone (NET-005, C-09).
      subnetId: network.firstSubnetId("private"),
      securityGroups: [this.securityGroup.id],
      directInternetAccess: "Disabled",
      rootAccess: "Disabled",
      volumeSize: volumeGigabytes,
      kmsKeyId: key?.arn,
      lifecycleConfigName: lifecycle.name,
      defaultCodeRepository: codeRepository && `https://git-codecommit.${region}.amazonaws.com/v1/repos/${codeRepository}`,
      instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "2" },
      // Its first start already fetches the bundle, and a start that fails leaves no notebook.
      dependsOn: [...this.role.granted, ...this.securityGroup.rules],
    });
  }

  /** Reports what nobody sees who does not look: a start that failed, programs that failed, and a notebook that is paid for and not used. */
  alarms(target: AlarmTarget, { nameSuffix }: { readonly nameSuffix: string }): void {
    const { idleMinutes, name } = this.props;
    const common = { severity: "warning", owner: "CloudArchitecture", runbook: "notebook", target } as const;
    new Alarm(this, "idle-alarm", {
      ...common,
      ...this.metric("NotebookIdleMinutes"),
      name: `Notebook-Not-Stopped${nameSuffix}`,
      description: `The notebook runs on, although nobody has used it for ${idleMinutes + STOP_MINUTES} minutes`,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: idleMinutes + STOP_MINUTES,
      period: 300,
    });
    new Alarm(this, "faults-alarm", {
      ...common,
      ...this.metric("NotebookFaults"),
      name: `Notebook-Faults${nameSuffix}`,
      description: "The notebook's environment could not be built, or nobody can tell whether it is used",
      comparison: "GreaterThanThreshold",
      threshold: 0,
      period: 300,
    });
    // https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sagemaker.html
    new EventAlert(this, "failure-alert", {
      ...common,
      name: `${name}-failed`,
      description: "The notebook could not be made or started",
      pattern: {
        source: ["aws.sagemaker"],
        "detail-type": ["SageMaker Notebook Instance State Change"],
        detail: { NotebookInstanceName: [name], NotebookInstanceStatus: ["Failed"] },
      },
      values: { name: "$.detail.NotebookInstanceName" },
      message: "The notebook <name> has failed",
    });
  }

  widgets(): readonly Widget[] {
    const line = (metric: NotebookMetric): Line => ({ figure: this.metric(metric) });
    return [
      { kind: "graph", title: "Notebook: minutes without use", lines: [line("NotebookIdleMinutes")] },
      { kind: "graph", title: "Notebook: faults", lines: [line("NotebookFaults")] },
      errorLog("Errors of the notebook", [this.props.log.name]),
    ];
  }

  private metric(metric: NotebookMetric): Metric {
    const { environment, metricNamespace: namespace } = this.props;
    return hostMetric({ namespace, dimensions: { Environment: environment, Host: HOST } }, metric);
  }

  /** SEC-043, RES-007: what every notebook needs; AWS documents no condition by which SageMaker would say for which notebook it takes the role. */
  private addRole(): Role {
    const { account, codeRepository, log, region, roleName, software } = this.props;
    const role = new Role(this, "role", {
      name: roleName,
      description: "Notebook: analysis, backtests and model work",
      assumedBy: "sagemaker.amazonaws.com",
    });
    log.grantWrite(role);
    software.bucket.grantRead(role);
    role.grant({ actions: ["sagemaker:StopNotebookInstance"], resources: [this.arn] });
    if (codeRepository !== undefined)
      role.grant({ actions: ["codecommit:GitPull"], resources: [`arn:aws:codecommit:${region}:${account}:${codeRepository}`] });
    return role;
  }

  /** Out to the endpoints of the VPC and to nothing else; in from nowhere: people come by SageMaker's own address. */
  private addSecurityGroup(): SecurityGroup {
    const { network, securityGroup } = this.props;
    const group = new SecurityGroup(this, "security-group", { ...securityGroup, description: "SageMaker notebook for research", network });
    group.allowTo("endpoints", { peer: { cidr: network.cidr }, ports: 443, description: "Interface endpoints of AWS services" });
    group.allowTo("s3", { peer: { prefixListId: network.s3PrefixListId }, ports: 443, description: "Amazon S3" });
    group.allowTo("dynamodb", { peer: { prefixListId: network.dynamodbPrefixListId }, ports: 443, description: "Amazon DynamoDB" });
    return group;
  }

  private addLifecycle() {
    const { environment, idleMinutes, log, metricNamespace, name, region, settings, software } = this.props;
    const { object, key, sha256 } = new Bundle(this, "bundle", { kind: "research", files: notebookFiles(), bucket: software.bucket });
    const forPeople = new S3Object(this, "settings", {
      bucket: software.bucket.name,
      key: "research/settings.json",
      content: JSON.stringify(settings, undefined, 2),
      contentType: "application/json",
    });
    const script = onStartScript({
      key,
      sha256,
      settings: {
        ...{ notebook: name, environment, host: HOST, region, softwareBucket: software.name },
        ...{ logGroup: NOTEBOOK_LOG_GROUP, metricNamespace, idleMinutes },
      },
    });
    return new SagemakerNotebookInstanceLifecycleConfiguration(this, "lifecycle", {
      name,
      onStart: encoded(script),
      dependsOn: [object, forPeople, log.resource],
    });
  }
}
