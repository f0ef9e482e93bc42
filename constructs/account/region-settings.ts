import { EbsEncryptionByDefault } from "@cdktf/provider-aws/lib/ebs-encryption-by-default";
import { EbsSnapshotBlockPublicAccess } from "@cdktf/provider-aws/lib/ebs-snapshot-block-public-access";
import { Ec2ImageBlockPublicAccess } from "@cdktf/provider-aws/lib/ec2-image-block-public-access";
import { Ec2InstanceMetadataDefaults } from "@cdktf/provider-aws/lib/ec2-instance-metadata-defaults";
import { SsmServiceSetting } from "@cdktf/provider-aws/lib/ssm-service-setting";
import { Construct } from "constructs";

export interface RegionSettingsProps {
  /** Twelve digits. */
  readonly account: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
}

/** What EC2 and Systems Manager do in a region where nobody says otherwise: encrypt disks, ask for IMDSv2, and share nothing with the public. */
export class RegionSettings extends Construct {
  constructor(scope: Construct, id: string, { account, region }: RegionSettingsProps) {
    super(scope, id);
    new EbsEncryptionByDefault(this, "disks", { enabled: true });
    // Whatever launches a machine without saying so: ours say it themselves.
    new Ec2InstanceMetadataDefaults(this, "metadata", { httpTokens: "required" });
    new EbsSnapshotBlockPublicAccess(this, "snapshots", { state: "block-all-sharing" });
    new Ec2ImageBlockPublicAccess(this, "images", { state: "block-new-sharing" });
    new SsmServiceSetting(this, "documents", {
      settingId: `arn:aws:ssm:${region}:${account}:servicesetting/ssm/documents/console/public-sharing-permission`,
      settingValue: "Disable",
    });
  }
}
