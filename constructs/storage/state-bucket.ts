import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
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

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const { name, key, noncurrentVersionDays, protect = true } = props;
    this.arn = new Bucket(this, "states", { name, key, noncurrentVersionDays, protect }).arn;
    this.key = key;
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
