/** What watches the account: all of it is charged by what it looks at, which no plan says. */
import type { Pricer, Pricers } from "../charges";
import { blocksOf } from "../known-values";

const byUse =
  (item: string, what: string): Pricer =>
  () => [{ item, formula: `not known: the price table has no ${what}` }];

/** A first copy of management events costs nothing; what is beside it does. */
const trail: Pricer = ({ values }) => [
  {
    item: "cloudtrail.management",
    formula: "not known: whether this is the account's only trail, whose management events cost nothing; a second copy is charged by event",
  },
  ...(blocksOf(values, "aws_cloudtrail.event_selector").length > 0
    ? [{ item: "cloudtrail.data", formula: "not known: the price table has no data event of CloudTrail" }]
    : []),
  ...(blocksOf(values, "aws_cloudtrail.insight_selector").length > 0
    ? [{ item: "cloudtrail.insights", formula: "not known: the price table has no event that CloudTrail Insights looks at" }]
    : []),
];

export const ACCOUNT: Pricers = {
  aws_cloudtrail: trail,
  aws_config_config_rule: byUse("config.evaluation", "evaluation by a rule of Config"),
  aws_config_configuration_recorder: byUse("config.item", "configuration item of Config"),
  aws_guardduty_detector: byUse("guardduty.events", "event or flow record that GuardDuty reads"),
  aws_guardduty_detector_feature: byUse("guardduty.feature", "feature of GuardDuty"),
  aws_inspector2_enabler: byUse("inspector.scan", "scan of Inspector"),
  aws_securityhub_account: byUse("securityhub.check", "check of Security Hub"),
  aws_securityhub_standards_subscription: byUse("securityhub.standard", "check of a standard of Security Hub"),
};
