import { SecurityhubAccount } from "@cdktf/provider-aws/lib/securityhub-account";
import { SecurityhubStandardsSubscription } from "@cdktf/provider-aws/lib/securityhub-standards-subscription";
import { Construct } from "constructs";
import type { STANDARDS } from "../../environments/schema/account";

type Standard = (typeof STANDARDS)[number];

const PATHS: Readonly<Record<Standard, string>> = {
  "cis-3.0": "cis-aws-foundations-benchmark/v/3.0.0",
  "foundational-1.0": "aws-foundational-security-best-practices/v/1.0.0",
};

export interface SecurityHubProps {
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  readonly standards: readonly Standard[];
}

/** Security Hub in one region, with the standards that were asked for and none that it would bring by itself, such as CIS 1.2. It reads what Config records. */
export class SecurityHub extends Construct {
  constructor(scope: Construct, id: string, { region, standards }: SecurityHubProps) {
    super(scope, id);
    const account = new SecurityhubAccount(this, "account", { enableDefaultStandards: false });
    for (const standard of standards)
      new SecurityhubStandardsSubscription(this, `standard-${standard.replaceAll(".", "-")}`, {
        standardsArn: `arn:aws:securityhub:${region}::standards/${PATHS[standard]}`,
        dependsOn: [account],
      });
  }
}
