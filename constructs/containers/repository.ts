import { DataAwsEcrImage } from "@cdktf/provider-aws/lib/data-aws-ecr-image";
import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";

export interface RepositoryProps {
  /** Physical name, such as `day-trade-ml`. */
  readonly name: string;
  /** Encrypts the images. @default the AWS managed key of ECR */
  readonly key?: EncryptionKey;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Of an image: exactly one of the two. */
export interface ImageVersion {
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
}

/** An image that is known to be there. */
export interface Image {
  /** As a task definition names it. */
  readonly uri: string;
  /** Fails the plan, or the apply of a repository that is just being made, when nobody has pushed the image. */
  readonly pushed: ITerraformDependable;
}

/** Images that are kept (containers.md, open points). */
const KEPT_IMAGES = 30;

/** Images of one service: a tag never moves to another image, each is scanned when it is pushed, the last 30 are kept. */
export class Repository extends Construct {
  /** Where images are pushed to, without a tag. */
  readonly url: string;
  private readonly repository: EcrRepository;

  constructor(scope: Construct, id: string, props: RepositoryProps) {
    super(scope, id);
    const { name, key, protect = true } = props;
    this.repository = new EcrRepository(this, "repository", {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS", kmsKey: key?.arn }],
      forceDelete: !protect,
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    this.url = this.repository.repositoryUrl;
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: this.repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: `Keep ${KEPT_IMAGES} images`,
            selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
            action: { type: "expire" },
          },
        ],
      }),
    });
  }

  /** An image of this repository. */
  image({ tag, digest }: ImageVersion): Image {
    const { name } = this.repository;
    return {
      uri: digest ? `${this.url}@${digest}` : `${this.url}:${tag}`,
      pushed: new DataAwsEcrImage(this, "pushed", { repositoryName: name, ...(digest ? { imageDigest: digest } : { imageTag: tag }) }),
    };
  }

  /** Pulls images of this repository. */
  grantPull(grantee: Grantee): void {
    grantee.grant({ actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }); // without-resource-level.ts says why
    grantee.grant({
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [this.repository.arn],
    });
  }
}
