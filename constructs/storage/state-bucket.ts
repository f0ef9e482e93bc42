import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { environmentRoles } from "../identity/github-names";
import type { Grantee } from "../identity/role";
import { Bucket } from "./bucket";

export interface StateBucketProps {
  /** Physical name, 3 to 63 characters. */
  readonly name: string;
  /** Encrypts the states. @default SSE-S3 */
  readonly key?: EncryptionKey;
  /** Days after which an overwritten state goes. */
  readonly noncurrentVersionDays: number;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** The Terraform states of an account, each environment's below its own name, with their lock objects: `<environment>/<stack>.tfstate[.tflock]`. */
export class StateBucket extends Construct {
  readonly arn: string;
  readonly key?: EncryptionKey;
  private readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const { name, key, noncurrentVersionDays, protect = true } = props;
    this.bucket = new Bucket(this, "states", { name, key, noncurrentVersionDays, protect });
    this.arn = this.bucket.arn;
    this.key = key;
  }

  /**
   * Keeps an environment's roles to its own states, whatever rights on buckets they have. The bucket says so, and not their boundary: only
   * here do "all objects but those below one prefix" end at this bucket.
   */
  reserve(environment: string, account: string): void {
    this.bucket.addToPolicy({
      effect: "Deny",
      principals: "*",
      actions: ["s3:*"],
      resources: { allBut: [this.arn, `${this.arn}/${environment}/*`] },
      conditions: { ArnLike: { "aws:PrincipalArn": environmentRoles(account, environment) } },
    });
  }

  /** Reads an environment's states, holding their locks meanwhile: all that a plan needs. */
  grantPlan(grantee: Grantee, environment: string): void {
    grantee.grant({ actions: ["s3:ListBucket"], resources: [this.arn] });
    grantee.grant({ actions: ["s3:GetObject"], resources: [`${this.arn}/${environment}/*`] });
    grantee.grant({ actions: ["s3:DeleteObject", "s3:PutObject"], resources: [`${this.arn}/${environment}/*.tfstate.tflock`] });
    // A lock is written under the key too.
    this.key?.grantEncryptDecrypt(grantee);
  }

  /** Writes them as well. */
  grantDeploy(grantee: Grantee, environment: string): void {
    this.grantPlan(grantee, environment);
    grantee.grant({ actions: ["s3:PutObject"], resources: [`${this.arn}/${environment}/*.tfstate`] });
  }
}
