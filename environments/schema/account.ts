/** What a literal says of the account as a whole (SEC-048, SEC-056, SEC-072, SEC-074, SEC-075; docs/account.md). Part of schema.ts. */
import { z } from "zod";
import { budgetTold } from "./cost";
import { bucketName, email, integer, logRetentionDays, pattern, physicalName, tagKey, text, topicName } from "./fields";

/** The account has one already, such as its organisation's, and none is made beside it. */
const existing = z.strictObject({ existing: z.literal(true) });

/** Either what exists already, or what is to be made. */
const ownOr = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.discriminatedUnion("existing", [existing, z.strictObject({ existing: z.literal(false), ...shape })], {
    error: "an object whose existing is true (and nothing else in it), or false",
  });

const nameWords = "1 to 64 of A-Z, a-z, 0-9, _ and -, a letter first";
const named = (kind: string) => physicalName(kind, pattern(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, nameWords));
const days = integer(1, 36_500, "days");

/** https://docs.aws.amazon.com/accounts/latest/reference/API_AlternateContact.html */
const contact = z
  .strictObject({
    name: text(64),
    title: text(50),
    email,
    phone: pattern(/^[\s0-9()+-]{1,25}$/, "a telephone number: 1 to 25 of 0-9, spaces and ()+-"),
  })
  .optional();

/** The buckets whose objects a trail may record: never its own, whose events would be written into it without end. */
export const RECORDED_BUCKETS = ["rawMarketData", "processedMarketData", "backtestResults"] as const;

/** Beside what GuardDuty always reads; https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html */
export const DETECTOR_FEATURES = [
  "EBS_MALWARE_PROTECTION",
  "EKS_AUDIT_LOGS",
  "LAMBDA_NETWORK_LOGS",
  "RDS_LOGIN_EVENTS",
  "S3_DATA_EVENTS",
] as const;

/** AWS's own rules that what the stacks make keeps; docs/account.md says of each what to do where something breaks it. */
export const CONFIG_RULES = [
  "DYNAMODB_PITR_ENABLED",
  "EC2_IMDSV2_CHECK",
  "ENCRYPTED_VOLUMES",
  "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
  "RDS_STORAGE_ENCRYPTED",
  "S3_BUCKET_PUBLIC_READ_PROHIBITED",
  "S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
  "S3_BUCKET_SSL_REQUESTS_ONLY",
  "S3_BUCKET_VERSIONING_ENABLED",
] as const;

/** https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html */
export const STANDARDS = ["cis-3.0", "foundational-1.0"] as const;

/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html */
const monitorName = pattern(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,255}$/, "1 to 256 of A-Z, a-z, 0-9, space and ._-, a letter or digit first");
const monitorArn = pattern(
  /^arn:aws:ce::\d{12}:anomalymonitor\/[0-9a-f-]{36}$/,
  "the ARN of a monitor such as arn:aws:ce::111122223333:anomalymonitor/12345678-1234-1234-1234-123456789012",
);

/** IAM's own words of names and paths. https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html */
const userArn = pattern(
  /^arn:aws:iam::\d{12}:(root|user\/([A-Za-z0-9_+=,.@-]+\/)*[A-Za-z0-9_+=,.@-]{1,64})$/,
  "the ARN of a user such as arn:aws:iam::111122223333:user/ann, or arn:aws:iam::111122223333:root for whom that account lets",
);
/** https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PermissionSet.html */
const permissionSet = pattern(/^[A-Za-z0-9_+=,.@-]{1,32}$/, "the name of a permission set: 1 to 32 of A-Z, a-z, 0-9 and _+=,.@-");

const peopleRole = z
  .strictObject({
    /** Users of IAM, who show a second factor when they take the role. A role is none of them: what it calls carries no second factor. */
    users: z
      .strictObject({
        arns: z.array(userArn).min(1).max(20),
        /** How long ago the second factor may have been shown. */
        mfaMinutes: integer(15, 720, "minutes").default(60),
      })
      .optional(),
    /** Permission sets of IAM Identity Center, which asks for the second factor itself: AWS says nothing of it to the account. */
    permissionSets: z.array(permissionSet).min(1).max(20).optional(),
    /** The longest session; AWS ends that of whoever comes by Identity Center after an hour. */
    sessionHours: integer(1, 12, "hours").default(1),
  })
  .optional();

/**
 * The account's own things, once an account: they stand in the literal that has its `bootstrap`, and nowhere else. What is left out is off.
 * What has an `existing` may be there already, of the organisation or of somebody's hands: a second copy of management events is billed, and
 * a region has one recorder and one detector.
 */
export const accountWide = z.strictObject({
  /** What holds where nobody says otherwise, such as encrypted disks, and what nobody may open to the public. */
  settings: z
    .strictObject({
      /** Characters of a user's password; people come by roles, so that nobody should have one (SEC-048). */
      passwordLength: integer(14, 128, "characters").default(14),
      /** Whom AWS writes to besides the address of the root. */
      contacts: z.strictObject({ billing: contact, operations: contact, security: contact }).prefault({}),
    })
    .optional(),
  /** Roles that people take (SEC-048): no right of theirs is to read a secret, an object or an order. A shell on a host is another matter (docs/account.md). */
  people: z
    .strictObject({
      /** Looks, runs the environment's runbooks, opens sessions on its hosts, starts and stops them. */
      operations: peopleRole,
      /** Looks at logs, metrics, alarms and what runs. */
      readOnly: peopleRole,
    })
    .optional(),
  /** Who did what in the account (SEC-072), and alarms on what should not happen. */
  trail: ownOr({
    /** Also the name of the role that writes it into its log group. */
    name: named("trail"),
    bucketName,
    /** Days that what was recorded is kept in the bucket. */
    retentionDays: days.default(731),
    /** Days in which nothing of it can be deleted, but by who may lift a lock (Object Lock, governance mode). Left out: no lock. */
    lockDays: days.optional(),
    /** Days that the log group keeps it, which alarms and queries read. */
    logRetentionDays: logRetentionDays.default(365),
    /** Whether unusual numbers of calls and of errors are told of; charged by the calls that are looked at. */
    insights: z.boolean().default(false),
    /** Buckets whose objects are recorded as they are read and written; charged by event. */
    dataEvents: z.array(z.enum(RECORDED_BUCKETS)).default([]),
    /** Refused calls in five minutes at which somebody is told. */
    refusedCalls: integer(1, 100_000, "calls").default(20),
  }).optional(),
  /** Tells who outside of the account can reach something in it (SEC-048); free, in every region that the environment uses. */
  accessAnalyzer: ownOr({
    name: physicalName("analyzer", pattern(/^[A-Za-z][A-Za-z0-9_.-]{0,254}$/, "1 to 255 of A-Z, a-z, 0-9 and _.-, a letter first")),
  }).optional(),
  /** GuardDuty, in every region that the environment uses (SEC-075). */
  guardDuty: ownOr({
    features: z.array(z.enum(DETECTOR_FEATURES)),
    /** From which severity on a finding is critical; from 4 on, which is "medium", it is a warning. */
    criticalFrom: integer(5, 10, "of GuardDuty's severities").default(7),
  }).optional(),
  /** AWS Config, in every region that the environment uses (SEC-074). */
  config: ownOr({
    name: named("recorder"),
    /** A bucket of its own: Config delivers to none that locks what it holds. */
    bucketName,
    /** Days that the history is kept. */
    retentionDays: days.default(731),
    rules: z.array(z.enum(CONFIG_RULES)),
    /** Shows what the regions record in one place, the environment's own region; free, and only for looking. */
    aggregator: named("aggregator").optional(),
    /** AWS's role for Config is there already, because somebody used Config in the account before; IAM refuses to make it again. */
    existingRole: z.boolean().default(false),
  }).optional(),
  /** Security Hub, with these standards and none that it would bring by itself; it reads what Config records. */
  securityHub: ownOr({ standards: z.array(z.enum(STANDARDS)).min(1) }).optional(),
  /** Inspector looks for known weaknesses in machines, images and functions, in every region that the environment uses; charged by each. */
  inspector: ownOr({ scans: z.array(z.enum(["EC2", "ECR", "LAMBDA"])).min(1) }).optional(),
  /** A private certificate authority (SEC-079, RMP-004), in the environment's region. Left out: none; it is charged by the month whether it issues anything or not. */
  privateCa: z
    .strictObject({
      /** As it stands in its certificate. https://docs.aws.amazon.com/privateca/latest/APIReference/API_ASN1Subject.html */
      commonName: text(64),
      organization: text(64).optional(),
      /** `general` signs certificates of any time, those of ACM too; `shortLived` only such of seven days at the most, for an eighth of the price. It can never be changed. */
      mode: z.enum(["general", "shortLived"]).default("general"),
      /** Of its own certificate. */
      years: integer(1, 30, "years").default(10),
    })
    .optional(),
  /** What the account as a whole may cost, whatever carries a tag and whatever does not (CST-030). */
  budget: z
    .strictObject({
      ...budgetTold,
      dollars: integer(1, 1_000_000, "US dollars a month"),
      /** What happens once so much is spent: workflows make nothing new that is charged by the hour. Left out: nothing; it is told alone (docs/money.md). */
      action: z
        .strictObject({
          /** Of the amount, what was spent. */
          percent: integer(1, 1000, "percent").default(100),
          /** Whether a person lets it happen in the console, or it happens by itself. */
          approval: z.enum(["MANUAL", "AUTOMATIC"]).default("MANUAL"),
        })
        .optional(),
    })
    .optional(),
  /** Tells of a service that costs more than it used to (CST-031), once a day; free. */
  anomalies: z
    .strictObject({
      /** AWS allows one monitor of services an account: by its ARN, where there is one. New accounts have one by themselves. */
      monitor: z.discriminatedUnion(
        "existing",
        [z.strictObject({ existing: z.literal(true), arn: monitorArn }), z.strictObject({ existing: z.literal(false), name: monitorName })],
        { error: "an object whose existing is true, with its arn, or false, with a name" },
      ),
      /** Of the subscription. */
      name: monitorName,
      /** US dollars that something costs above what was expected, before anybody is told. */
      thresholdDollars: integer(1, 1_000_000, "US dollars"),
    })
    .optional(),
  /** Keys of tags by which costs are told apart (CST-032). AWS knows a key about a day after something first carries it, and none sooner (docs/money.md). */
  costAllocationTags: z.array(tagKey).max(50).optional(),
  /** An alarm on what the account has cost since the month began (CST-034, OBS-034): in us-east-1, where alone AWS says it, with a topic there. */
  billingAlarm: z
    .strictObject({
      name: physicalName(
        "alarm",
        pattern(/^(?!.*[$%]\{)[\x21-\x7e][\x20-\x7e]{0,254}$/, "1 to 255 printable characters, without ${ and %{"),
      ),
      topicName,
      dollars: integer(1, 1_000_000, "US dollars"),
      emails: z.array(email).min(1, { error: "1 to 10 addresses" }).max(10, { error: "1 to 10 addresses" }),
    })
    .optional(),
});
