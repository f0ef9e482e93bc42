import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import type { SecurityGroup } from "../network/security-group";
import { literalText } from "./host-files";

/** A machine image: pinned by id, or the one that a public SSM parameter names on the day the instance is created. */
export type MachineImage = { readonly id: string } | { readonly ssmParameter: string };

export interface MachineProps {
  readonly instanceType: string;
  readonly image: MachineImage;
  /** Of the root volume, in GB. */
  readonly rootVolumeGigabytes: number;
  readonly securityGroup: SecurityGroup;
  /** Name of the instance profile. */
  readonly instanceProfile: string;
  /** For the first boot. */
  readonly userData: string;
  /** Of instance and volume. */
  readonly tags: Readonly<Record<string, string>>;
  /** Encrypts the volume. @default the account's AWS managed key (SEC-062) */
  readonly key?: EncryptionKey;
}

export interface SingleMachineProps extends MachineProps {
  readonly subnetId: string;
  /** @default one that is free */
  readonly privateAddress?: string;
  /** @default false */
  readonly publicAddress?: boolean;
  /** Refuse to be terminated. @default true */
  readonly protect?: boolean;
  /**
   * What a type with a budget of processor time does when it is used up: `standard` ones are slow, `unlimited` ones are charged for more.
   * @default that of the account, which AWS has set to unlimited. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html
   */
  readonly cpuCredits?: "standard" | "unlimited";
  /** What a first boot needs. */
  readonly dependsOn?: ITerraformDependable[];
}

/** WIN-007: gp3 at its baseline, in IOPS and MB/s. */
export const ROOT_VOLUME = { volumeType: "gp3", iops: 3000, throughput: 125, encrypted: true, deleteOnTermination: true } as const;
/** Instance metadata by token only, and out of reach of anything behind one more hop, such as a container. */
export const METADATA = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 } as const;

/** One EC2 instance: encrypted, watched by the minute (OBS-007), with no key pair; administered through Session Manager. */
export class Machine extends Construct {
  readonly id: string;
  readonly arn: string;
  /** For `replaceTriggeredBy` of what goes with this very machine. */
  readonly idReference: string;
  /** Inside the VPC. */
  readonly privateDnsName: string;

  constructor(scope: Construct, id: string, props: SingleMachineProps) {
    super(scope, id);
    const {
      instanceType,
      image,
      rootVolumeGigabytes,
      securityGroup,
      instanceProfile,
      userData,
      tags,
      key,
      subnetId,
      privateAddress,
      publicAddress = false,
      protect = true,
      cpuCredits,
      dependsOn,
    } = props;
    const instance = new Instance(this, "instance", {
      instanceType,
      ami: imageId(this, image),
      subnetId,
      privateIp: privateAddress,
      vpcSecurityGroupIds: [securityGroup.id],
      associatePublicIpAddress: publicAddress,
      iamInstanceProfile: instanceProfile,
      metadataOptions: METADATA,
      rootBlockDevice: { ...ROOT_VOLUME, volumeSize: rootVolumeGigabytes, kmsKeyId: key?.arn, tags: { ...tags } },
      creditSpecification: cpuCredits && { cpuCredits },
      ebsOptimized: true,
      monitoring: true,
      disableApiTermination: protect,
      userData: literalText(userData),
      tags: { ...tags },
      dependsOn,
      lifecycle: {
        // User data runs on the first boot only, and a change of it would stop the machine: later versions come by State Manager.
        // A parameter names a newer image every few weeks; a new image is a deliberate change (design 12).
        ignoreChanges: ["user_data", ...("id" in image ? [] : ["ami"])],
      },
    });
    this.id = instance.id;
    this.arn = instance.arn;
    this.idReference = `aws_instance.${instance.friendlyUniqueId}.id`;
    this.privateDnsName = instance.privateDns;
  }
}

/** The image's id. */
export function imageId(scope: Construct, image: MachineImage): string {
  return "id" in image ? image.id : new DataAwsSsmParameter(scope, "image", { name: image.ssmParameter }).insecureValue;
}
