import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";

type TimeUnit = "DAILY" | "MONTHLY" | "QUARTERLY" | "ANNUALLY";

export interface BudgetProps {
  /** Within the account. */
  readonly name: string;
  /** US dollars a month. */
  readonly dollars: number;
  readonly timeUnit: TimeUnit;
  /** Percent of what was spent. */
  readonly actualPercent: readonly number[];
  /** Percent of what AWS expects at the end of the period; none for `DAILY`. */
  readonly forecastPercent: readonly number[];
  /** Told by mail, beside the topic. */
  readonly emails: readonly string[];
  /** A tag with its value, which must be active for cost allocation. @default the whole account */
  readonly tag?: { readonly key: string; readonly value: string };
  readonly target: AlarmTarget;
}

/** Periods of a month's money: a day is the 365th part of a year. */
const MONTHS: Readonly<Record<TimeUnit, number>> = { DAILY: 12 / 365, MONTHLY: 1, QUARTERLY: 3, ANNUALLY: 12 };

/**
 * Tells of money that is spent, or will be (CST-030). AWS brings its figures up to date some times a day, so it tells and stops nothing.
 * Costs nothing. https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 */
export class Budget extends Construct {
  /** As whatever must wait for the budget names it. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const { name, dollars, timeUnit, actualPercent, forecastPercent, emails, tag, target } = props;
    const told = { subscriberEmailAddresses: emails.length > 0 ? [...emails] : undefined, subscriberSnsTopicArns: [target.arn] };
    const notification = (notificationType: "ACTUAL" | "FORECASTED") => (threshold: number) => ({
      notificationType,
      comparisonOperator: "GREATER_THAN",
      threshold,
      thresholdType: "PERCENTAGE",
      ...told,
    });
    this.name = new BudgetsBudget(this, "budget", {
      name,
      budgetType: "COST",
      timeUnit,
      limitAmount: (dollars * MONTHS[timeUnit]).toFixed(2).replace(/\.00$/, ".0"),
      limitUnit: "USD",
      costFilter: tag && [{ name: "TagKeyValue", values: [`user:${tag.key}$${tag.value}`] }],
      notification: [...actualPercent.map(notification("ACTUAL")), ...forecastPercent.map(notification("FORECASTED"))],
    }).name;
  }
}
