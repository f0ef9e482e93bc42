import { GuarddutyDetector } from "@cdktf/provider-aws/lib/guardduty-detector";
import { GuarddutyDetectorFeature } from "@cdktf/provider-aws/lib/guardduty-detector-feature";
import { Construct } from "constructs";
import { DETECTOR_FEATURES } from "../../environments/schema/account";

export type DetectorFeature = (typeof DETECTOR_FEATURES)[number];

export interface ThreatDetectionProps {
  /** Beside what GuardDuty always reads: CloudTrail, flow logs and queries of names. Each is charged by what it reads. */
  readonly features: readonly DetectorFeature[];
}

/** GuardDuty in one region (SEC-075). What it finds is an event of that region. */
export class ThreatDetection extends Construct {
  constructor(scope: Construct, id: string, { features }: ThreatDetectionProps) {
    super(scope, id);
    const detector = new GuarddutyDetector(this, "detector", { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" });
    // A new detector has all of them on.
    for (const name of DETECTOR_FEATURES)
      new GuarddutyDetectorFeature(this, name.toLowerCase().replaceAll("_", "-"), {
        detectorId: detector.id,
        name,
        status: features.includes(name) ? "ENABLED" : "DISABLED",
      });
  }
}
