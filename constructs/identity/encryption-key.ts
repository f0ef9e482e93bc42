import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { policyDocument, type PolicyStatement } from "./policy";
import type { Grantee } from "./role";

export interface EncryptionKeyProps {
  /** What the key encrypts. */
  readonly description: string;
  /** Without the prefix `alias/`. */
  readonly alias: string;
  /** Twelve digits. */
  readonly account: string;
  /** AWS services that must use the key on their own behalf, such as `cloudwatch.amazonaws.com` for alarms. @default none */
  readonly services?: readonly string[];
  /** Auto Scaling's own role makes machines whose volumes the key encrypts. @default false */
  readonly volumesOfScalingGroups?: boolean;
  /** Further statements of the key policy, resource `*` (the key itself). @default none */
  readonly statements?: readonly PolicyStatement[];
  /** Refuse to be destroyed: what the key encrypted is lost with it. @default true */
  readonly protect?: boolean;
}

/** A customer-managed KMS key that rotates yearly, with a key policy of its own and a deletion window of 30 days (C-74, SEC-068). */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { description, alias, account, services = [], volumesOfScalingGroups = false, statements = [], protect = true } = props;
    const key = new KmsKey(this, "key", {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      lifecycle: protect ? { preventDestroy: true } : undefined,
      policy: policyDocument([
        {
          // Gives rights to IAM policies of this account; without it the key could never be managed again.
          sid: "AccountUsesIam",
          principals: { AWS: `arn:aws:iam::${account}:root` },
          actions: ["kms:*"],
          resources: ["*"], // in a key policy: this key
        },
        ...services.map((service): PolicyStatement => ({
          sid: `Service${service.split(".")[0]!.replace(/[^A-Za-z0-9]/g, "")}`,
          principals: { Service: service },
          actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
          resources: ["*"], // in a key policy: this key
          ...(knowsItsAccount(service) && { conditions: { StringEquals: { "aws:SourceAccount": account } } }),
        })),
        ...(volumesOfScalingGroups ? scalingGroupStatements(account) : []),
        ...statements,
      ]),
    });
    new KmsAlias(this, "alias", { name: `alias/${alias}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }

  /** Reads what the key encrypted. */
  grantDecrypt(grantee: Grantee): void {
    grantee.grant({ actions: ["kms:Decrypt"], resources: [this.arn] });
  }

  /** Writes and reads. */
  grantEncryptDecrypt(grantee: Grantee): void {
    grantee.grant({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [this.arn] });
  }

  /** Encrypts and reads the keys by which EKS encrypts Secrets. https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html */
  grantEnvelope(grantee: Grantee): void {
    grantee.grant({ actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"], resources: [this.arn] });
  }

  /** Makes tables of DynamoDB that the key encrypts. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
  grantTables(grantee: Grantee): void {
    this.grantCopying(grantee, ["kms:Encrypt"]);
  }

  /** Backs up and restores what the key encrypts, and copies it under another key. https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html */
  grantBackups(grantee: Grantee): void {
    this.grantCopying(grantee);
  }

  private grantCopying(grantee: Grantee, more: readonly string[] = []): void {
    grantee.grant({ actions: ["kms:CreateGrant"], resources: [this.arn], conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } } });
    grantee.grant({
      actions: [
        "kms:Decrypt",
        "kms:DescribeKey",
        ...more,
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      resources: [this.arn],
    });
  }

  /** Lets EC2 attach volumes that the key encrypts, when the grantee starts a machine. */
  grantVolumes(grantee: Grantee): void {
    grantee.grant({ actions: ["kms:CreateGrant"], resources: [this.arn], conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } } });
    grantee.grant({ actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], resources: [this.arn] });
  }
}

/**
 * Whether a service says for which account it acts. EventBridge does not when it publishes to a topic, so a condition would
 * keep its events away. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * Of AWS Backup, AWS shows the policy without one. https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
 */
export const knowsItsAccount = (service: string): boolean => !["backup.amazonaws.com", "events.amazonaws.com"].includes(service);

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html */
function scalingGroupStatements(account: string): PolicyStatement[] {
  const role = {
    principals: { AWS: `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling` },
    resources: ["*"],
  }; // in a key policy: this key
  return [
    { sid: "ScalingGroups", ...role, actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"] },
    { sid: "ScalingGroupVolumes", ...role, actions: ["kms:CreateGrant"], conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
  ];
}
