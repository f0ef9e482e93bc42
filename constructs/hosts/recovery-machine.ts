import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import type { SecurityGroup } from "../network/security-group";
import type { Boot } from "./boot";
import { withStopFile } from "./boot";
import type { HostBundle } from "./host-bundle";
import { METADATA, ROOT_VOLUME, type MachineImage } from "./machine";
import { grantSessionManager } from "./session-manager";

export interface RecoveryMachineProps {
  /** Physical name of role, profile and template. */
  readonly name: string;
  readonly instanceType: string;
  readonly image: MachineImage;
  /** Of the root volume, in GB. */
  readonly rootVolumeGigabytes: number;
  /** A Windows host's. */
  readonly boot: Boot;
  readonly bundle: HostBundle;
  readonly securityGroup: SecurityGroup;
  readonly subnetId: string;
  /** Encrypts the volume. @default the account's AWS managed key */
  readonly key?: EncryptionKey;
}

/**
 * What a test of recovery makes a Windows host of, beside the one that trades (OPS-028, OPS-029: launch_recovery_instance). Nothing runs until it does.
 *
 * Made in the same way from image and bundle, it never trades: a stop file is there before anything is installed, and its role can read
 * neither the account at the broker nor the logon, takes no order, and writes no item, metric or log. It has no tag by which State Manager,
 * the kill switch or backups find a host.
 */
export class RecoveryMachine extends Construct {
  readonly role: Role;
  readonly templateId: string;
  readonly templateArn: string;
  readonly subnetId: string;

  constructor(scope: Construct, id: string, props: RecoveryMachineProps) {
    super(scope, id);
    const { name, instanceType, image, rootVolumeGigabytes, boot, bundle, securityGroup, subnetId, key } = props;
    this.subnetId = subnetId;
    this.role = new Role(this, "role", { name, description: "A host that a test of recovery makes", assumedBy: "ec2.amazonaws.com" });
    // Run Command too comes over these channels. https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
    grantSessionManager(this.role);
    bundle.grantFetch(this.role);
    const template = new LaunchTemplate(this, "template", {
      name,
      instanceType,
      // Read whenever a machine is made, as a group of machines does.
      imageId: "id" in image ? image.id : `resolve:ssm:${image.ssmParameter}`,
      vpcSecurityGroupIds: [securityGroup.id],
      iamInstanceProfile: { name: new IamInstanceProfile(this, "profile", { name, role: this.role.name }).name },
      metadataOptions: METADATA,
      blockDeviceMappings: [
        {
          deviceName: boot.rootDevice,
          ebs: { ...ROOT_VOLUME, encrypted: "true", deleteOnTermination: "true", volumeSize: rootVolumeGigabytes, kmsKeyId: key?.arn },
        },
      ],
      ebsOptimized: "true",
      userData: Buffer.from(withStopFile(boot)).toString("base64"),
      updateDefaultVersion: true,
    });
    this.templateId = template.id;
    this.templateArn = template.arn;
  }
}
