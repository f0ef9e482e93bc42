import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";

export interface SecretProps {
  /** Such as `TSS/mt5/live`, 1 to 512 characters. */
  readonly name: string;
  readonly description: string;
  /** Keys of the JSON object that a person fills in: shown as the tag `Keys`. */
  readonly keys: readonly string[];
  /** @default the AWS managed key of Secrets Manager (SEC-067) */
  readonly key?: EncryptionKey;
  /** Refuse to be destroyed, and be restorable for 30 days if it happens all the same. @default true */
  readonly protect?: boolean;
}

/** Days within which a deleted secret can be restored, and its name cannot be used again; 0 deletes at once. */
const RECOVERY_WINDOW_DAYS = { protected: 30, unprotected: 0 };

/** An empty entry of Secrets Manager: its value never passes through the code or the state (SEC-049, C-38, design 11). */
export class Secret extends Construct {
  readonly name: string;
  readonly arn: string;
  private readonly key?: EncryptionKey;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    const { name, description, keys, key, protect = true } = props;
    const secret = new SecretsmanagerSecret(this, "secret", {
      name,
      description,
      // Tag values hold no comma.
      tags: { Keys: keys.join(" ") },
      kmsKeyId: key?.arn,
      recoveryWindowInDays: protect ? RECOVERY_WINDOW_DAYS.protected : RECOVERY_WINDOW_DAYS.unprotected,
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    this.name = secret.name;
    this.arn = secret.arn;
    this.key = key;
  }

  /** Reads the value (SEC-040). */
  grantRead(grantee: Grantee): void {
    grantee.grant({ actions: ["secretsmanager:GetSecretValue"], resources: [this.arn] });
    this.key?.grantDecrypt(grantee);
  }

  /** Makes the next value beside the one that is current, and makes it the current one (SEC-056). */
  grantRotate(grantee: Grantee): void {
    grantee.grant({
      actions: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      resources: [this.arn],
    });
    this.key?.grantEncryptDecrypt(grantee);
  }
}
