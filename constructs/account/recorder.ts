import { ConfigConfigRule } from "@cdktf/provider-aws/lib/config-config-rule";
import { ConfigConfigurationRecorder } from "@cdktf/provider-aws/lib/config-configuration-recorder";
import { ConfigConfigurationRecorderStatus } from "@cdktf/provider-aws/lib/config-configuration-recorder-status";
import { ConfigDeliveryChannel } from "@cdktf/provider-aws/lib/config-delivery-channel";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { CONFIG_RULES } from "../../environments/schema/account";
import type { Bucket } from "../storage/bucket";

type ConfigRule = (typeof CONFIG_RULES)[number];

export interface RecorderProps {
  /** Of recorder and delivery channel; a region has one of each. */
  readonly name: string;
  /** Records IAM and other things without a region, which one region of an account is to do. */
  readonly globalTypes: boolean;
  /** Where the history goes, which may be of another region. */
  readonly bucket: Bucket;
  /** AWS's role for Config. */
  readonly roleArn: string;
  /** What must be there first. */
  readonly after: readonly ITerraformDependable[];
  readonly rules: readonly ConfigRule[];
}

/** AWS Config in one region (SEC-074): what is there and how it was, and rules that look at it. */
export class Recorder extends Construct {
  constructor(scope: Construct, id: string, props: RecorderProps) {
    super(scope, id);
    const { name, globalTypes, bucket, roleArn, after, rules } = props;
    const recorder = new ConfigConfigurationRecorder(this, "recorder", {
      name,
      roleArn,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: globalTypes },
      dependsOn: [...after],
    });
    const channel = new ConfigDeliveryChannel(this, "channel", {
      name,
      s3BucketName: bucket.name,
      s3KmsKeyArn: bucket.key?.arn,
      dependsOn: [recorder, bucket.policy],
    });
    // A recorder is made stopped.
    const status = new ConfigConfigurationRecorderStatus(this, "status", { name: recorder.name, isEnabled: true, dependsOn: [channel] });
    for (const rule of rules)
      new ConfigConfigRule(this, rule.toLowerCase().replaceAll("_", "-"), {
        name: `tss-${rule.toLowerCase().replaceAll("_", "-")}`,
        source: { owner: "AWS", sourceIdentifier: rule },
        dependsOn: [status],
      });
  }
}
