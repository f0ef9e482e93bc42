import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { CloudwatchQueryDefinition } from "@cdktf/provider-aws/lib/cloudwatch-query-definition";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";
import type { EncryptionKey } from "../identity/encryption-key";
import type { PolicyStatement } from "../identity/policy";
import { Role } from "../identity/role";
import { LogGroup } from "../logs/log-group";
import { Bucket, type AccessLogTarget } from "../storage/bucket";
import { TrailAlarm } from "./trail-alarm";
import { suspicions, type Suspicion } from "./suspicions";

export interface TrailProps {
  /** Physical name of the trail. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  /** The trail's home, such as `ap-northeast-1`; it records every region. */
  readonly region: string;
  /** Physical name of the bucket that keeps what was recorded. */
  readonly bucketName: string;
  /** Days that it is kept there. */
  readonly retentionDays: number;
  /** Days in which nothing of it can be deleted, but by who may lift a lock. @default none */
  readonly lockDays?: number;
  /** Days that the log group keeps it, which the alarms read. */
  readonly logRetentionDays: number;
  /** Tells of unusual numbers of calls and of errors; charged by what it looks at. @default false */
  readonly insights?: boolean;
  /** ARNs of buckets whose objects are recorded as they are read and written; charged by event. @default none */
  readonly dataEventsOf?: readonly string[];
  /** Must let CloudTrail and CloudWatch Logs use it: `trailKeyStatements()`, `logGroupKeyStatement()`. */
  readonly key?: EncryptionKey;
  readonly accessLogs: AccessLogTarget;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Put together by hand: bucket and key must know whom they let write before the trail is there. */
const trailArn = ({ account, name, region }: Pick<TrailProps, "account" | "name" | "region">): string =>
  `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;

export const trailLogGroup = (name: string): string => `/aws/cloudtrail/${name}`;

/** Who did what in the account, in every region (SEC-072), into a bucket that keeps it and a log group that is watched. */
export class Trail extends Construct {
  private readonly logs: LogGroup;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { name, account, bucketName, retentionDays, lockDays, logRetentionDays, key, accessLogs, protect } = props;
    const { dataEventsOf = [], insights = false } = props;
    const arn = trailArn(props);
    const bucket = new Bucket(this, "bucket", {
      name: bucketName,
      expirationDays: retentionDays,
      lockDays,
      key,
      accessLogs,
      protect,
    });
    const writes = { principals: { Service: "cloudtrail.amazonaws.com" }, conditions: { StringEquals: { "aws:SourceArn": arn } } };
    bucket.addToPolicy({ sid: "TrailLooks", ...writes, actions: ["s3:GetBucketAcl"], resources: [bucket.arn] });
    bucket.addToPolicy({ sid: "TrailWrites", ...writes, actions: ["s3:PutObject"], resources: [`${bucket.arn}/AWSLogs/${account}/*`] });

    this.logs = new LogGroup(this, "logs", { name: trailLogGroup(name), retentionDays: logRetentionDays, key });
    const role = new Role(this, "role", {
      name,
      description: "Writes the trail into its log group",
      assumedBy: [{ ...writes, actions: ["sts:AssumeRole"] }],
    });
    this.logs.grantAppend(role);
    new Cloudtrail(this, "trail", {
      name,
      s3BucketName: bucket.name,
      kmsKeyId: key?.arn,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      cloudWatchLogsGroupArn: `${this.logs.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      insightSelector: insights ? [{ insightType: "ApiCallRateInsight" }, { insightType: "ApiErrorRateInsight" }] : undefined,
      eventSelector:
        dataEventsOf.length > 0
          ? [
              {
                readWriteType: "All",
                includeManagementEvents: true,
                dataResource: [{ type: "AWS::S3::Object", values: dataEventsOf.map((of) => `${of}/`) }],
              },
            ]
          : undefined,
      // CloudTrail tries bucket and log group when the trail is made.
      dependsOn: [bucket.policy, ...role.granted],
    });
  }

  /** On each thing that should not happen, or not unnoticed. */
  alarmOnSuspicions(
    target: AlarmTarget,
    props: Parameters<typeof suspicions>[0] & { readonly nameSuffix: string; readonly namespace: string },
  ): void {
    const { nameSuffix, namespace } = props;
    for (const [id, suspicion] of Object.entries<Suspicion>(suspicions(props)))
      new TrailAlarm(this, id, { ...suspicion, logGroup: this.logs.name, nameSuffix, namespace, target });
  }

  /** Who read which secret, by person, role and day (SEC-056). */
  saveQueries(nameSuffix: string): void {
    new CloudwatchQueryDefinition(this, "secret-readers", {
      name: `account/secret-readers${nameSuffix}`,
      logGroupNames: [this.logs.name],
      queryString: [
        'filter eventSource = "secretsmanager.amazonaws.com" and eventName = "GetSecretValue"',
        "stats count(*) as reads, latest(@timestamp) as last by requestParameters.secretId as secret, userIdentity.arn as reader, errorCode",
        "sort last desc",
      ].join("\n| "),
    });
  }
}

/** Lets the trail encrypt what it records. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
export function trailKeyStatements(props: Pick<TrailProps, "account" | "name" | "region">): PolicyStatement[] {
  const ofTrail = { principals: { Service: "cloudtrail.amazonaws.com" }, resources: ["*"] }; // in a key policy: this key
  const conditions = { StringEquals: { "aws:SourceArn": trailArn(props) } };
  return [
    { sid: "TrailDescribes", ...ofTrail, actions: ["kms:DescribeKey"], conditions },
    {
      sid: "TrailEncrypts",
      ...ofTrail,
      actions: ["kms:GenerateDataKey*"],
      conditions: {
        ...conditions,
        StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${props.account}:trail/*` },
      },
    },
  ];
}
