/** Where an environment is deployed. Only settings of providers and their lock file, backend and remote state may depend on it. */
import type { AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import type { S3BackendConfig } from "cdktf";
import type { Environment } from "../environments/schema";

export type Target =
  | { readonly kind: "aws" }
  /** The emulator of a rehearsal, at an address such as `http://127.0.0.1:5000`. */
  | {
      readonly kind: "emulator";
      readonly endpoint: string;
      /** The bucket of the states. @default REHEARSAL_STATE_BUCKET */
      readonly stateBucket?: string;
    };

/** cdktf 0.21 does not type the lock file of Terraform 1.10's S3 backend. */
export interface LockingS3BackendConfig extends S3BackendConfig {
  readonly useLockfile: true;
}

/** Services that the stacks speak to, by the provider's name of their endpoint. */
const SERVICES = [
  "accessanalyzer",
  "account",
  "acmpca",
  "appautoscaling",
  "autoscaling",
  "backup",
  "budgets",
  "cloudtrail",
  "ce",
  "cloudfront",
  "cloudwatch",
  "cloudwatchlogs",
  "configservice",
  "dynamodb",
  "ec2",
  "ecr",
  "ecs",
  "eks",
  "elasticache",
  "elbv2",
  "eventbridge",
  "guardduty",
  "iam",
  "inspector2",
  "kms",
  "lambda",
  "rds",
  "s3",
  "sagemaker",
  "s3control",
  "scheduler",
  "secretsmanager",
  "securityhub",
  "servicediscovery",
  "sns",
  "sqs",
  "ssm",
  "sts",
  "wafv2",
] as const;

/** The bucket in which a rehearsal keeps its states; `bootstrap` deploys the real one like any other bucket. */
export const REHEARSAL_STATE_BUCKET = "rehearsal-terraform-state";

/** Settings of one stack's AWS provider, for the environment's own region or another one. */
export function providerConfig(environment: Environment, target: Target, stack: string, region = environment.region): AwsProviderConfig {
  const { account, name, tags } = environment;
  const common: AwsProviderConfig = {
    region,
    allowedAccountIds: [account],
    defaultTags: [{ tags: { ...tags, Environment: name, ManagedBy: "cdktf" } }],
  };
  if (target.kind === "aws") return common;
  return {
    ...common,
    // moto takes a twelve-digit access key as the account, so that allowedAccountIds holds there too (design 4).
    accessKey: account,
    secretKey: "rehearsal",
    // By it the emulator knows whose calls they are, and a test who must be allowed them (test/rights/rehearsals).
    token: `${name}-${stack}`,
    s3UsePathStyle: true,
    // S3 Control puts the account before the host's name, which nobody can look up: the emulator answers as a proxy. What is on loopback goes there anyway.
    httpProxy: target.endpoint,
    httpsProxy: "",
    skipCredentialsValidation: true,
    skipMetadataApiCheck: "true",
    endpoints: [Object.fromEntries(SERVICES.map((service) => [service, target.endpoint]))],
  };
}

/** Settings of the state backend of one stack. */
export function backendConfig(environment: Environment, target: Target, stack: string): LockingS3BackendConfig {
  const { account, name, region, stateBucket } = environment;
  // No `encrypt`: it would ask S3 for its own key and so override the bucket's default, which is the bootstrap's KMS key.
  const common: LockingS3BackendConfig = {
    bucket: stateBucket,
    key: `${name}/${stack}.tfstate`,
    region,
    useLockfile: true,
    allowedAccountIds: [account],
  };
  if (target.kind === "aws") return common;
  return {
    ...common,
    bucket: target.stateBucket ?? REHEARSAL_STATE_BUCKET,
    accessKey: account,
    secretKey: "rehearsal",
    token: `${name}-${stack}`,
    usePathStyle: true,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    endpoints: { s3: target.endpoint, sts: target.endpoint, iam: target.endpoint },
  };
}
