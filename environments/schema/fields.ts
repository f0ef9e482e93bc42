/**
 * The kinds of value that a literal holds, each with the words that say what it may be.
 *
 * The words end up behind `allowed:` in an error, so they name what to write, never what went wrong inside the schema.
 * None of these values may begin a Terraform template (`${`, `%{`): it would be evaluated, not deployed.
 */
import { z } from "zod";
import { isCidr } from "../facts/cidr";
import { DAILY_CRON, WEEKLY_CRON } from "../facts/cron";
import { DATABASE_CLASS_FAMILIES } from "../facts/database-classes";
import { CACHE_NODE_TYPES, INSTANCE_TYPES, NOTEBOOK_TYPES } from "../facts/machine-types";
import { REGIONS } from "../facts/regions";
import { sizedType } from "./sized-types";

/** A text that matches an expression. */
export const pattern = (expression: RegExp, allowed: string) => z.string({ error: allowed }).regex(expression, { error: allowed });

/** A whole number with both limits included. */
export function integer(minimum: number, maximum: number, unit: string) {
  const error = `a whole number of ${unit} from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

/** One line of free text, such as a description. */
export const text = (maximum: number) =>
  pattern(
    new RegExp(`^(?!.*[$%]\\{)[^\\p{Cc}]{1,${maximum}}$`, "u"),
    `1 to ${maximum} characters on one line, without \${ and %{ (they begin a Terraform template)`,
  );

/** Fields that hold the physical name of a resource. Rules look names up by it, so that a field needs no other mention than its mark. */
export const PHYSICAL_NAMES = z.registry<{
  /** Such as `bucket`; names of different kinds may be equal. */
  readonly kind: string;
  /** The name within the value. */
  readonly nameIn: (value: string) => string;
}>();

/**
 * Marks a field as the physical name of a resource.
 * @param nameIn the name within the value. @default all of it
 */
export function physicalName<Field extends z.ZodType<string>>(
  kind: string,
  field: Field,
  nameIn = (value: string): string => value,
): Field {
  PHYSICAL_NAMES.add(field, { kind, nameIn });
  return field;
}

/** The error of a discriminated union: which kinds there are. */
export const kinds = (key: string, ...names: string[]) => {
  const list = `one of ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  return { error: ({ code }: { code?: string }) => (code === "invalid_union" ? list : `an object whose ${key} is ${list}`) };
};

// --- AWS at large ---
export const accountId = pattern(/^\d{12}$/, "an AWS account id: twelve digits, in quotes");
export const region = z.enum(REGIONS, { error: "an AWS region such as ap-northeast-1" });
export const zone = pattern(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "an availability zone such as ap-northeast-1a");
/** AWS takes these characters in the tags of every service; `aws:` in any case is its own. */
export const tagKey = pattern(
  /^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu,
  "a tag key: 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
);
export const tagValue = pattern(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, "a tag value: at most 256 letters, digits, spaces and _.:/=+-@");
/** First part of every stack's name, and end of most physical names. */
export const environmentName = pattern(/^[a-z][a-z0-9]{1,11}$/, "2 to 12 of a-z and 0-9, a letter first");

// --- network ---
const cidrWords = "an IPv4 network in its shortest form such as 10.0.1.0/24, with no host bits set";
export const cidr = z.string({ error: cidrWords }).refine(isCidr, { error: cidrWords });
const addressWords = "an IPv4 address such as 10.0.2.10";
export const address = z.string({ error: addressWords }).refine((text) => isCidr(`${text}/32`), { error: addressWords });
export const port = (() => {
  const error = "a TCP port: a whole number from 1 to 65535";
  return z.int({ error }).min(1, { error }).max(65_535, { error });
})();
/** EC2: 1 to 255 characters; `sg-` (C-11) and the name `default` are taken, and spaces at the ends are cut off. */
export const securityGroupName = physicalName(
  "security group",
  pattern(
    /^(?!sg-|default$| )(?!.*[$%]\{)[a-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}(?<! )$/i,
    '1 to 255 of A-Z, a-z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$* without ${, not "default", not beginning with sg- (reserved by AWS)',
  ),
);

// --- messaging ---
/** SQS allows 80 characters, `.fifo` included. */
export const queueName = physicalName(
  "queue",
  pattern(/^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/, "1 to 80 of A-Z, a-z, 0-9, _ and -, with .fifo at the end of a FIFO queue"),
);
/** A FIFO topic is not built: neither alarms nor e-mail addresses can use one. */
export const topicName = physicalName("topic", pattern(/^[A-Za-z0-9_-]{1,256}$/, "1 to 256 of A-Z, a-z, 0-9, _ and -"));
/** Lambda takes 64 characters, as IAM does for the role, which is called LambdaExecutionRole-<name> (SEC-044). */
export const functionName = physicalName("function", pattern(/^[A-Za-z0-9_-]{1,40}$/, "1 to 40 of A-Z, a-z, 0-9, _ and -"));
export const email = (() => {
  const error = "an e-mail address of at most 254 characters, such as ops@example.com";
  return z.email({ error }).max(254, { error });
})();
const urlWords =
  "an https address such as https://alerts.example.com/hook, without user name, password or fragment (a secret does not belong here), without ${ and %{";
export const httpsUrl = z
  .url({ protocol: /^https$/, error: urlWords })
  .refine((address) => /^https:\/\/[^\s@#/?]+([/?][^\s#]*)?$/i.test(address) && !/[$%]\{/.test(address), { error: urlWords });

// --- storage ---
/** S3: no dots (a dot breaks the wildcard certificate of virtual-hosted addresses), none of the prefixes and suffixes it keeps for itself. */
export const bucketName = physicalName(
  "bucket",
  pattern(
    /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|--x-s3|--table-s3)$/,
    "3 to 63 of a-z, 0-9 and -, a letter or digit at both ends, none of S3's own prefixes (xn--, sthree-, amzn-s3-demo-) and suffixes (-s3alias, --ol-s3, --x-s3, --table-s3)",
  ),
);
export const bucketSuffix = pattern(/^(?=.{2,13}$)(-[a-z0-9]+)+$/, "a hyphen and 1 to 12 of a-z, 0-9 and single hyphens, such as -osaka");
const [TABLE_NAME, TABLE_NAME_WORDS] = [/^[A-Za-z0-9_.-]{3,255}$/, "3 to 255 of A-Z, a-z, 0-9, _, . and -"] as const;
export const tableName = physicalName("table", pattern(TABLE_NAME, TABLE_NAME_WORDS));
/** Within its table. */
export const indexName = pattern(TABLE_NAME, TABLE_NAME_WORDS);
export const attributeName = pattern(/^[A-Za-z0-9_.-]{1,255}$/, "1 to 255 of A-Z, a-z, 0-9, _, . and -");
export const secretName = physicalName(
  "secret",
  pattern(
    /^[A-Za-z0-9/_+=.@-]{1,512}(?<!-[A-Za-z0-9]{6})$/,
    "1 to 512 of A-Z, a-z, 0-9 and /_+=.@-, not ending in - and six characters (Secrets Manager adds such an end itself)",
  ),
);
/** Of a secret in the literal; its physical name is a value. */
export const secretId = pattern(/^[a-z][A-Za-z0-9]{0,63}$/, "1 to 64 letters and digits, a small letter first, such as marketDataApi");
export const secretKey = pattern(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "1 to 64 of A-Z, a-z, 0-9 and _, no digit first");

// --- cache ---
/** ElastiCache ids: a letter first, no double and no trailing hyphen. A replication group's id is limited to 40, a cluster's to 50. */
export const cacheId = physicalName(
  "cache",
  pattern(/^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "1 to 40 of a-z, 0-9 and -, a letter first, no -- and no trailing -"),
);
export const cacheNodeType = sizedType(CACHE_NODE_TYPES, "an ElastiCache node type such as cache.t3.micro");
export const cacheParameter = pattern(/^[a-z][a-z0-9-]*$/, "a Redis parameter such as maxmemory-policy");
export const cacheParameterValue = pattern(
  /^[A-Za-z0-9 ,._:-]{0,255}$/,
  'the parameter\'s value as text, such as "300": at most 255 of A-Z, a-z, 0-9, spaces and ,._:-',
);

// --- database ---
/** RDS keeps it in lower case; no double and no trailing hyphen. */
export const databaseId = physicalName(
  "database",
  pattern(/^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "1 to 63 of a-z, 0-9 and -, a letter first, no -- and no trailing -"),
);
export const databaseClass = sizedType(
  DATABASE_CLASS_FAMILIES,
  "an RDS instance class of a known memory (environments/facts/database-classes.ts), such as db.t3.medium",
);
/** PostgreSQL folds names to lower case; words that it or RDS keeps for itself are refused when the database is made. */
const RESERVED = "admin|all|database|db|default|public|rdsadmin|rdsrepladmin|rdstopmgr|session_user|template[01]|user";
const postgresWords =
  "1 to 63 of a-z, 0-9 and _, a letter first, not beginning with pg_ or rds_ and no reserved word such as admin or user";
export const postgresName = pattern(new RegExp(`^(?!(?:${RESERVED})$|pg_|rds_)[a-z][a-z0-9_]{0,62}$`), postgresWords);

// --- backup ---
export const backupVaultName = physicalName("backup vault", pattern(/^[A-Za-z0-9_-]{2,50}$/, "2 to 50 of A-Z, a-z, 0-9, _ and -"));

// --- windows of cache and database ---
/** `03:00-05:00`, UTC. */
export const dailyWindow = pattern(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "hh:mm-hh:mm in UTC, such as 03:00-05:00");
/** `sun:05:00-sun:06:00`, UTC. */
export const weeklyWindow = pattern(
  /^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/,
  "ddd:hh:mm-ddd:hh:mm in UTC, such as sun:05:00-sun:06:00",
);

// --- logs ---
/** The retention periods that CloudWatch Logs offers, in days. */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;
export const logRetentionDays = z.literal([...LOG_RETENTION_DAYS]);

// --- hosts ---
export const instanceType = sizedType(INSTANCE_TYPES, "an EC2 instance type such as t3.small");
export const notebookType = sizedType(NOTEBOOK_TYPES, "an instance type of SageMaker's notebooks such as ml.t3.medium");
export const imageId = pattern(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "an image id such as ami-0dafcef159b1fc745");
export const ssmParameter = pattern(
  /^(\/[A-Za-z0-9_.-]+)+$/,
  "the path of an SSM parameter such as /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
);
export const weeklyCron = pattern(
  WEEKLY_CRON,
  'minute, hour, *, * and days of the week, UTC: "0 22 * * MON-FRI", "30 6 * * SAT,SUN" or "0 18 * * *"',
);
export const dailyCron = pattern(DAILY_CRON, 'minute, hour, *, * and *, UTC: "0 18 * * *"');
/** Below the project's root, or absolute; what Windows refuses in a name is refused here. */
export const windowsPath = pattern(
  /^(?!.*[$%]\{)([A-Za-z]:\\)?[^\\/:*?"<>|\p{Cc}]+(\\[^\\/:*?"<>|\p{Cc}]+)*$/u,
  String.raw`a path of Windows such as src\app.py or C:\Program Files\MetaTrader 5\terminal64.exe`,
);
/** https://docs.aws.amazon.com/codecommit/latest/APIReference/API_RepositoryMetadata.html, without what it refuses at the end. */
export const codeCommitRepository = pattern(
  /^(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/,
  "the name of a CodeCommit repository: 1 to 100 of A-Z, a-z, 0-9, ., _ and -, not with .git at its end",
);
export const certificateArn = pattern(
  /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  "the ARN of a certificate in AWS Certificate Manager: arn:aws:acm:<region>:<account>:certificate/<id>",
);

// --- services ---
/** Also the end of names that take 32 characters, such as a target group's. */
export const serviceName = pattern(/^(?=.{1,15}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "1 to 15 of a-z, 0-9 and single hyphens, a letter first");
/** What both ECS and EKS take. */
export const clusterName = physicalName(
  "cluster",
  pattern(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, "1 to 100 of A-Z, a-z, 0-9, _ and -, a letter or digit first"),
);
/** A tag that says nothing of what it names is refused; tags are immutable. */
export const serviceImage = pattern(
  /^(?=[^:@]{2,256}[:@])[a-z][a-z0-9]*([._/-][a-z0-9]+)*(:(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$/,
  "a repository (a letter first, no registry before it) and a version: <repository>:<tag> with a tag other than latest, or <repository>@sha256:<64 hexadecimal digits>, such as day-trade-ml:1.4.2",
);
/** Of any registry, by its digest: a tag there may move. */
export const pinnedImage = pattern(
  /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(\/[a-z0-9][a-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?@sha256:[0-9a-f]{64}$/,
  "an image with its registry and digest, such as public.ecr.aws/docker/library/redis:7.4.5-alpine@sha256: and 64 digits",
);
export const portName = pattern(
  /^(?=.{1,15}$)(?!http$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  "1 to 15 of a-z, 0-9 and single hyphens, a letter first, not http (that is `port`)",
);
export const environmentVariable = pattern(
  /^(?!AWS_|ECS_)[A-Z][A-Z0-9_]{0,127}$/,
  "1 to 128 of A-Z, 0-9 and _, a letter first, not beginning with AWS_ or ECS_ (the platform's own)",
);
export const urlPath = pattern(/^\/[A-Za-z0-9_.~/-]{0,1023}$/, "a path of a URL such as /health: a slash, then letters, digits and _.~/-");
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
export const pathPattern = pattern(
  /^\/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$/,
  "a path pattern of at most 128 characters such as /ml/*: a slash, then letters, digits, _-.$/~\"'@:+& and the wildcards * and ?",
);
export const hostPattern = pattern(
  /^(?=.{1,128}$)(?=.*\.)[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)*\.[A-Za-z]+$/,
  "a host name of at most 128 characters such as ml.example.com, with the wildcards * and ?",
);

// --- web ---
export const hostName = pattern(
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  "a host name of at most 253 characters, in small letters, such as api.example.com",
);
/** ISO 3166-1, as CloudFront takes them. */
export const countryCode = pattern(/^[A-Z]{2}$/, "a country's code of two capital letters, such as JP");

// --- kubernetes ---
/** As its ARN ends: with its path, where it has one, such as that of a role of IAM Identity Center. */
export const iamRole = pattern(
  /^(?=.{1,576}$)([A-Za-z0-9_+=,.@-]+\/)*[A-Za-z0-9_+=,.@-]{1,64}$/,
  "the name of an IAM role such as tss-deploy-prod, with its path where it has one",
);
export const nodeGroupName = pattern(/^(?=.{1,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "1 to 20 of a-z, 0-9 and single hyphens, a letter first");
/** Those of other releases are theirs. */
export const namespace = pattern(
  /^(?=.{1,63}$)(?!kube-|default$|monitoring$|external-secrets$|cnpg-system$|keda$|logging$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  "1 to 63 of a-z, 0-9 and single hyphens, a letter first; not default, not beginning with kube-, and none of monitoring, external-secrets, cnpg-system, keda, logging (they hold other releases)",
);
/** Of a Helm repository, or of a registry that holds charts. */
export const chartRepository = pattern(
  /^(https|oci):\/\/[A-Za-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._~\/-]*)?$/,
  "an https:// or oci:// address such as oci://registry.example.com/charts, without user name and password",
);
/** Terraform runs in a folder of its own, so nothing relative. */
export const kubeconfigPath = pattern(/^(?!.*[$%]\{)(~?\/)[^\p{Cc}]{1,1023}$/u, "a path that begins with / or ~/ such as ~/.kube/config");

// --- observing ---
/** CloudWatch: `AWS/` is its own. */
export const metricNamespace = pattern(
  /^(?!AWS\/)[A-Za-z0-9._/#-]{1,255}$/,
  "1 to 255 of A-Z, a-z, 0-9 and ._/#-, not beginning with AWS/",
);

/** Of Azure: subscriptions, tenants and groups of Entra. */
export const guid = (what: string) =>
  pattern(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, `the id of ${what}, such as 0a1b2c3d-0000-4000-8000-000000000001`);
