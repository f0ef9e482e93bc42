import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import type { Runbook } from "../alarms/runbooks";
import type { Widget } from "../dashboards/widget";
import type { EncryptionKey } from "../identity/encryption-key";
import type { PolicyStatement } from "../identity/policy";
import { Role, type Grantee } from "../identity/role";
import { LogGroup } from "../logs/log-group";
import { DeadLetterQueue } from "../messaging/dead-letter-queue";
import type { Queue } from "../messaging/queue";
import type { Filter, Topic } from "../messaging/topic";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import type { Secret } from "../storage/secret";
import { functionCode } from "./function-code";

/** When a secret is rotated. https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html */
export interface RotationSchedule {
  /** A `cron()` of Secrets Manager, UTC: its minute is 0, its year any. */
  readonly expression: string;
  /** The window is open for so long, and ends within the day. */
  readonly hours: number;
  /** Twelve digits: whose Secrets Manager calls. */
  readonly account: string;
}

export interface FunctionProps {
  /** Physical name, 1 to 40 of A-Z, a-z, 0-9, _ and -. */
  readonly name: string;
  readonly description: string;
  /** Folder under `functions/`. */
  readonly code: string;
  /** What the code finds as JSON in the variable SETTINGS; no secrets, only names of some. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** MB, 128 to 10240: processor time comes with it. */
  readonly memoryMegabytes: number;
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  /** Copies that may run at once, taken out of the account's; `null` takes none out. */
  readonly reservedConcurrency: number | null;
  /** One of those that CloudWatch Logs offers. */
  readonly logRetentionDays: number;
  /** Of the log group and of the variables. @default those of AWS */
  readonly key?: EncryptionKey;
  /** Where it stands: in the private subnets (NET-015, RMP-009). @default outside of every VPC */
  readonly network?: Network;
  /** Told of what goes wrong. */
  readonly alerts: AlarmTarget;
  /** Page of its alarms. @default "function-failures" */
  readonly runbook?: Runbook;
  /** Where Lambda publishes what the function returns to a topic that it is subscribed to. @default nowhere */
  readonly publishTo?: Topic;
}

/** SQS's messages that a function is handed at once, and seconds that a batch may wait to fill. */
const BATCH = { size: 10, windowSeconds: 2 };
/** Copies that read a queue: the least that Lambda takes. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export const QUEUE_READERS = 2;
/** Of an event that a function did not take: a few hours, in which Lambda tries again. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const EVENT = { retries: 2, hours: 6, alarmMinutes: 10 };

/** Whom its alarms are for (OPS-035). */
const RESPONSIBLE = { severity: "warning", owner: "DevOps" } as const;

const RUNBOOK: Runbook = "function-failures";

/** A function of its own role, log group and security group, which tells of its failures and loses no event (SEC-044, design 35). */
export class Function extends Construct implements Grantee {
  readonly name: string;
  readonly arn: string;
  private readonly role: Role;
  private readonly props: FunctionProps;
  private readonly resource: LambdaFunction;
  private deadLetters?: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: FunctionProps) {
    super(scope, id);
    this.props = props;
    const { name, description, code, settings, memoryMegabytes, timeoutSeconds, reservedConcurrency, logRetentionDays, key, network } =
      props;
    this.role = new Role(this, "role", {
      name: `LambdaExecutionRole-${name}`,
      description: `What ${name} may do`,
      assumedBy: "lambda.amazonaws.com",
    });
    const logs = new LogGroup(this, "logs", { name: logGroupName(name), retentionDays: logRetentionDays, key });
    logs.grantAppend(this.role);
    key?.grantDecrypt(this.role);
    const { path, runtime, sha256 } = functionCode(code);
    const asset = new TerraformAsset(this, "code", { path, assetHash: sha256 });
    this.resource = new LambdaFunction(this, "function", {
      functionName: name,
      description,
      role: this.role.arn,
      runtime,
      architectures: ["arm64"],
      handler: "index.handler",
      filename: asset.path,
      sourceCodeHash: Buffer.from(sha256, "hex").toString("base64"),
      memorySize: memoryMegabytes,
      timeout: timeoutSeconds,
      reservedConcurrentExecutions: reservedConcurrency ?? undefined,
      environment: settings && { variables: { SETTINGS: JSON.stringify(settings) } },
      kmsKeyArn: settings && key?.arn,
      // OBS-005
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      vpcConfig: network && this.placeIn(network),
      // Without its rights Lambda can neither make nor take away what stands in the VPC for it.
      dependsOn: [...this.role.granted],
    });
    this.name = name;
    this.arn = this.resource.arn;
    this.alarmOnFailures();
  }

  grant(statement: PolicyStatement): void {
    this.role.grant(statement);
  }

  /** Takes messages out of a queue, some at a time; those that the function names as failed stay in it, and become its dead letters. */
  consume(id: string, queue: Queue): void {
    queue.grantPoll(this.role);
    const { reservedConcurrency } = this.props;
    new LambdaEventSourceMapping(this, id, {
      eventSourceArn: queue.arn,
      functionName: this.arn,
      batchSize: BATCH.size,
      maximumBatchingWindowInSeconds: BATCH.windowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      // Else more readers take messages than there are copies, and each that finds none counts as a failure of its messages.
      scalingConfig: reservedConcurrency === null ? undefined : { maximumConcurrency: QUEUE_READERS },
      dependsOn: [...this.role.granted],
    });
  }

  /** Is told what a topic publishes; what it fails on, or what does not reach it, is left in a queue of its own. */
  subscribe(id: string, topic: Topic, filter?: Filter): void {
    const deadLetters = (this.deadLetters ??= this.keepDeadLetters());
    deadLetters.allowDeliveryFrom(id, topic.arn);
    new LambdaPermission(this, `${id}-permission`, {
      functionName: this.resource.functionName,
      action: "lambda:InvokeFunction",
      principal: "sns.amazonaws.com",
      sourceArn: topic.arn,
    });
    topic.deliverToFunction(this.node.id, this.arn, deadLetters.arn, filter);
  }

  /** Changes what a secret holds, whenever its time has come (SEC-056). */
  rotate(id: string, secret: Secret, schedule: RotationSchedule): void {
    secret.grantRotate(this.role);
    const permission = new LambdaPermission(this, `${id}-permission`, {
      functionName: this.resource.functionName,
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceArn: secret.arn,
      sourceAccount: schedule.account,
    });
    new SecretsmanagerSecretRotation(this, id, {
      secretId: secret.arn,
      rotationLambdaArn: this.arn,
      // Else a first deploy would rotate at once, before the host stands; Secrets Manager then only tries the function's step testSecret.
      rotateImmediately: false,
      rotationRules: { scheduleExpression: schedule.expression, duration: `${schedule.hours}h` },
      dependsOn: [permission, ...this.role.granted],
    });
  }

  /** How often it ran and failed, and for how long (OBS-009). */
  widgets(title: string): readonly Widget[] {
    return [
      {
        kind: "graph",
        title,
        lines: [
          { figure: this.metric("Invocations", "Sum") },
          { figure: this.metric("Errors", "Sum") },
          { figure: this.metric("Duration", "Maximum"), label: "Duration, the longest (ms)", right: true },
        ],
      },
    ];
  }

  private keepDeadLetters(): DeadLetterQueue {
    const { alerts, publishTo, runbook = RUNBOOK } = this.props;
    const deadLetters = new DeadLetterQueue(this, "dead-letters", { name: `${this.name}_DLQ` });
    deadLetters.grantSend(this.role);
    publishTo?.grantPublish(this.role);
    deadLetters.alarmOnMessages(alerts, { name: `SQS-DLQ-${this.name}`, period: 60 });
    new LambdaFunctionEventInvokeConfig(this, "events", {
      functionName: this.resource.functionName,
      maximumRetryAttempts: EVENT.retries,
      maximumEventAgeInSeconds: EVENT.hours * 3600,
      destinationConfig: {
        onFailure: { destination: deadLetters.arn },
        onSuccess: publishTo && { destination: publishTo.arn },
      },
      dependsOn: [...this.role.granted],
    });
    new Alarm(this, "age-alarm", {
      ...this.metric("AsyncEventAge", "Maximum"),
      name: `Lambda-Age-${this.name}`,
      ...RESPONSIBLE,
      runbook,
      description: `Events have waited for the function for more than ${EVENT.alarmMinutes} minutes`,
      comparison: "GreaterThanThreshold",
      threshold: EVENT.alarmMinutes * 60_000,
      period: 60,
      target: alerts,
    });
    return deadLetters;
  }

  /** OBS-031, and what Lambda did not even start. */
  private alarmOnFailures(): void {
    const { alerts, name, publishTo, runbook = RUNBOOK } = this.props;
    for (const [metric, description] of [
      ["Errors", "The function failed"],
      ["Throttles", "The function was not started, because as many copies run as may"],
      // To Lambda that is a success: it is told nowhere else.
      ...(publishTo ? [["DestinationDeliveryFailures", "What the function returned did not reach its topic"] as const] : []),
    ] as const)
      new Alarm(this, `${metric.toLowerCase()}-alarm`, {
        ...this.metric(metric, "Sum"),
        name: `Lambda-${metric}-${name}`,
        ...RESPONSIBLE,
        runbook,
        description,
        logs: metric === "Errors" ? logGroupName(name) : undefined,
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        period: 300,
        target: alerts,
      });
  }

  private metric(metric: string, statistic: Metric["statistic"]): Metric {
    return { namespace: "AWS/Lambda", metric, statistic, dimensions: { FunctionName: this.name } };
  }

  /** In the private subnets, with a way to whatever speaks HTTPS: Slack's addresses change. */
  private placeIn(network: Network) {
    const { name } = this.props;
    const group = new SecurityGroup(this, "security-group", { name: `lambda-${name}`, description: `Function ${name}`, network });
    group.allowTo("https", { peer: { cidr: "0.0.0.0/0" }, ports: 443, description: "AWS services and Slack" });
    // Lambda makes the interfaces in the role's name. Calls of the function's own code say which function they come from, and are not allowed.
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    this.role.grant({ actions: NETWORK_ACTIONS, resources: ["*"], conditions: { Null: { "lambda:SourceFunctionArn": "true" } } });
    return { subnetIds: network.subnetIds("private"), securityGroupIds: [group.id] };
  }
}

/** Where a function writes. */
export const logGroupName = (functionName: string): string => `/aws/lambda/${functionName}`;

const NETWORK_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];
