/** Budgets, anomalies, tags and the billing alarm (CST-030 … CST-034). */
import { AnomalyDetection } from "../../constructs/money/anomaly-detection";
import { BillingAlarm } from "../../constructs/money/billing-alarm";
import { Budget, type BudgetProps } from "../../constructs/money/budget";
import { CostAllocationTags } from "../../constructs/money/cost-allocation-tags";
import { environment } from "../environments/edits";
import { onlyResource, plain, policyOf, resourcesOf, synthConstructs, synthEnvironments } from "../helpers/synth";

const target = { arn: "arn:aws:sns:ap-northeast-1:111122223333:alerts" };
const BUDGET: BudgetProps = {
  name: "month",
  dollars: 130,
  timeUnit: "MONTHLY",
  actualPercent: [50, 80],
  forecastPercent: [100],
  emails: [],
  target,
};
const budgetOf = (props: Partial<BudgetProps>) =>
  onlyResource(
    synthConstructs((stack) => new Budget(stack, "budget", { ...BUDGET, ...props })),
    "aws_budgets_budget",
  );

it("a budget tells the topic, and addresses where there are any", () => {
  const told = { comparison_operator: "GREATER_THAN", threshold_type: "PERCENTAGE", subscriber_sns_topic_arns: [target.arn] };
  expect(budgetOf({})).toMatchObject({
    name: "month",
    budget_type: "COST",
    time_unit: "MONTHLY",
    limit_amount: "130.0",
    limit_unit: "USD",
    notification: [
      { notification_type: "ACTUAL", threshold: 50, ...told },
      { notification_type: "ACTUAL", threshold: 80, ...told },
      { notification_type: "FORECASTED", threshold: 100, ...told },
    ],
  });
  expect(budgetOf({})).not.toHaveProperty("cost_filter");
  expect(budgetOf({ forecastPercent: [], actualPercent: [90], emails: ["a@example.com"] }).notification).toEqual([
    { notification_type: "ACTUAL", threshold: 90, ...told, subscriber_email_addresses: ["a@example.com"] },
  ]);
});

it("of a tag is of what carries it", () =>
  expect(budgetOf({ tag: { key: "Environment", value: "prod" } }).cost_filter).toEqual([
    { name: "TagKeyValue", values: ["user:Environment$prod"] },
  ]));

it.each([
  ["DAILY", "4.27"],
  ["MONTHLY", "130.0"],
  ["QUARTERLY", "390.0"],
  ["ANNUALLY", "1560.0"],
] as const)("of a month's money, %s allows $%s", (timeUnit, amount) => expect(budgetOf({ timeUnit }).limit_amount).toBe(amount));

it("anomalies are looked for by one monitor of services, from a sum on", () => {
  const json = synthConstructs(
    (stack) =>
      new AnomalyDetection(stack, "anomalies", {
        monitor: { existing: false, name: "services" },
        name: "told",
        thresholdDollars: 20,
        target,
      }),
  );
  expect(onlyResource(json, "aws_ce_anomaly_monitor")).toMatchObject({
    name: "services",
    monitor_type: "DIMENSIONAL",
    monitor_dimension: "SERVICE",
  });
  expect(plain(onlyResource(json, "aws_ce_anomaly_subscription"))).toMatchObject({
    name: "told",
    frequency: "IMMEDIATE",
    monitor_arn_list: ["anomalies_monitor.arn"],
    subscriber: [{ type: "SNS", address: target.arn }],
    threshold_expression: { dimension: { key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE", match_options: ["GREATER_THAN_OR_EQUAL"], values: ["20"] } },
  });
});

it("a monitor that exists is not made again", () => {
  const arn = "arn:aws:ce::111122223333:anomalymonitor/12345678-1234-1234-1234-123456789012";
  const json = synthConstructs(
    (stack) => new AnomalyDetection(stack, "anomalies", { monitor: { existing: true, arn }, name: "told", thresholdDollars: 20, target }),
  );
  expect(resourcesOf(json, "aws_ce_anomaly_monitor")).toEqual([]);
  expect(onlyResource(json, "aws_ce_anomaly_subscription").monitor_arn_list).toEqual([arn]);
});

it("tags are active", () => {
  const json = synthConstructs((stack) => new CostAllocationTags(stack, "tags", { keys: ["Environment", "Cost Centre"] }));
  expect(resourcesOf(json, "aws_ce_cost_allocation_tag")).toEqual([
    expect.objectContaining({ tag_key: "Cost Centre", status: "Active" }),
    expect.objectContaining({ tag_key: "Environment", status: "Active" }),
  ]);
});

it("the billing alarm tells a topic of its own region", () => {
  const json = synthConstructs(
    (stack) =>
      new BillingAlarm(stack, "billing", {
        name: "Overspend",
        topicName: "billing",
        account: "111122223333",
        dollars: 1600,
        emails: ["a@example.com"],
      }),
  );
  expect(plain(onlyResource(json, "aws_cloudwatch_metric_alarm"))).toMatchObject({
    namespace: "AWS/Billing",
    metric_name: "EstimatedCharges",
    dimensions: { Currency: "USD" },
    statistic: "Maximum",
    period: 21_600,
    threshold: 1600,
    comparison_operator: "GreaterThanThreshold",
    alarm_actions: ["billing_topic.arn"],
  });
  expect(policyOf(onlyResource(json, "aws_sns_topic_policy"), "policy").Statement[0]).toMatchObject({
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
  });
  expect(onlyResource(json, "aws_sns_topic_subscription")).toMatchObject({ protocol: "email", endpoint: "a@example.com" });
});

describe("in their stacks", () => {
  const stacks = synthEnvironments({ environments: [environment("prod")], target: { kind: "aws" } });

  it("the environment's budget is of its tag, the account's of everything", () => {
    expect(onlyResource(stacks["prod-operations"]!, "aws_budgets_budget")).toMatchObject({
      name: "tss-month",
      limit_amount: "1400.0",
      cost_filter: [{ values: ["user:Environment$prod"] }],
    });
    expect(onlyResource(stacks["prod-account"]!, "aws_budgets_budget")).not.toHaveProperty("cost_filter");
  });
  it("alarm, topic and key of the bill stand in us-east-1", () => {
    const inVirginia = (type: string) => {
      const [found, ...others] = resourcesOf(stacks["prod-account"]!, type).filter(({ provider }) => provider === "aws.us-east-1");
      expect([found === undefined, others]).toEqual([false, []]);
      return found!;
    };
    expect(inVirginia("aws_cloudwatch_metric_alarm").alarm_name).toBe("Billing-Overspend");
    expect(inVirginia("aws_sns_topic").kms_master_key_id).toMatch(/aws_kms_key\.virginia_billing-key/);
    expect(inVirginia("aws_kms_key").policy).toContain("cloudwatch.amazonaws.com");
  });
});
