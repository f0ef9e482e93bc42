/** What watches the account: all of it is charged by what it looks at, which no plan says. */
import { charge, noPrice, type Context, type Part, type Pricer, type Pricers } from "../charges";
import { blocksOf, textOr } from "../known-values";
import { plain } from "../../numbers";
import { dollarsFor } from "../../../environments/facts/prices";

/** What is charged by use: the price of one where it is known, and that nobody knows how many. @param what of one, such as `evaluation by a rule` */
function byUse({ region }: Context, item: string, what: string): Part {
  const each = dollarsFor(item, region);
  return noPrice(
    item,
    each === undefined
      ? `not known: the price table has no ${what} in ${region}`
      : `not known: how many there will be, at $${plain(each)} for each ${what}`,
  );
}
const charged =
  (...items: readonly (readonly [item: string, what: string])[]): Pricer =>
  (_, context) =>
    items.map(([item, what]) => byUse(context, item, what));

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

/** What a budget with actions costs a day, beyond those that are free, is in no source that was found. */
const budgetAction: Pricer = () => [noPrice("budget.action", "not known: the price table has no budget with an action")];

/** Analysers of external access cost nothing, unlike those of unused access. */
const analyser: Pricer = ({ values }, context) =>
  /_UNUSED_ACCESS$/.test(textOr(values, "aws_accessanalyzer_analyzer.type", "ACCOUNT"))
    ? [byUse(context, "analyser.unused", "role or user whose unused access is looked for")]
    : [];

/** By its mode; what it issues is charged for each. */
const authority: Pricer = ({ values }, context) => {
  const isShortLived = textOr(values, "aws_acmpca_certificate_authority.usage_mode", "GENERAL_PURPOSE") === "SHORT_LIVED_CERTIFICATE";
  return [
    charge(context, isShortLived ? "authority.shortLived" : "authority.general", "authority", () => [[1, ""]]),
    noPrice("authority.certificate", "not known: how many certificates there will be, each charged once"),
  ];
};

export const ACCOUNT: Pricers = {
  aws_acmpca_certificate_authority: authority,
  aws_accessanalyzer_analyzer: analyser,
  aws_budgets_budget_action: budgetAction,
  aws_cloudtrail: trail,
  aws_config_config_rule: charged(["config.evaluation", "evaluation by a rule of Config"]),
  aws_config_configuration_recorder: charged(["config.item", "configuration item of Config"]),
  aws_guardduty_detector: charged(
    ["guardduty.event", "management event that GuardDuty reads"],
    ["guardduty.gigabyte", "GB of flow records that GuardDuty reads"],
  ),
  aws_guardduty_detector_feature: charged(["guardduty.feature", "feature of GuardDuty"]),
  aws_inspector2_enabler: charged(["inspector.scan", "scan of Inspector"]),
  aws_securityhub_account: charged(["securityhub.check", "check of Security Hub"]),
  aws_securityhub_standards_subscription: charged(["securityhub.check", "check of a standard of Security Hub"]),
};
