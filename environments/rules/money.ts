/** Rules of budgets. */
import type { Environment } from "../schema";
import { repeated, type Finding, type Rule } from "./finding";

type Told = Pick<NonNullable<Environment["cost"]["budget"]>, "timeUnit" | "actualPercent" | "forecastPercent" | "emails">;
/** https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html */
const MOST_NOTIFICATIONS = 10;

/** The environment's budget and the account's, with their paths. */
const budgets = ({ accountWide, cost }: Environment): readonly (readonly [path: string, told: Told])[] => [
  ...(cost?.budget ? [["cost.budget", cost.budget] as const] : []),
  ...(accountWide?.budget ? [["accountWide.budget", accountWide.budget] as const] : []),
];
const budgetRule = (name: string, check: (path: string, told: Told) => readonly Finding[]): Rule => ({
  name,
  reads: ["cost", "accountWide"],
  check: (environment) => budgets(environment).flatMap(([path, told]) => check(path, told)),
});

export const MONEY_RULES: readonly Rule[] = [
  // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create.html: a day has no forecast.
  budgetRule("a daily budget has no forecast", (path, { timeUnit, forecastPercent }) =>
    timeUnit === "DAILY" && forecastPercent.length > 0
      ? [
          {
            path: `${path}.forecastPercent`,
            value: forecastPercent,
            allowed: "[], because timeUnit is DAILY and AWS has no forecast of a day",
          },
        ]
      : [],
  ),
  budgetRule("a budget tells of something, and of no more than AWS takes", (path, { actualPercent, forecastPercent }) => {
    const count = actualPercent.length + forecastPercent.length;
    return count >= 1 && count <= MOST_NOTIFICATIONS
      ? []
      : [
          {
            path: `${path}.actualPercent`,
            value: actualPercent,
            allowed: `1 to ${MOST_NOTIFICATIONS} entries together with forecastPercent`,
          },
        ];
  }),
  budgetRule("a budget tells of each thing once", (path, { actualPercent, forecastPercent, emails }) => [
    ...repeated(`${path}.actualPercent`, actualPercent),
    ...repeated(`${path}.forecastPercent`, forecastPercent),
    ...repeated(`${path}.emails`, emails),
  ]),
  {
    name: "cost allocation tags and those who are told of the bill stand once",
    reads: ["accountWide"],
    check: ({ accountWide }) => [
      ...repeated("accountWide.costAllocationTags", accountWide?.costAllocationTags ?? []),
      ...repeated("accountWide.billingAlarm.emails", accountWide?.billingAlarm?.emails ?? []),
    ],
  },
  {
    // A host that is lost is made anew by a deploy: that waits for no administrator who takes a policy off.
    name: "no bill decides by itself what production makes",
    reads: ["accountWide", "stage"],
    check: ({ accountWide, stage }) =>
      accountWide?.budget?.action?.approval === "AUTOMATIC" && stage === "production"
        ? [{ path: "accountWide.budget.action.approval", value: "AUTOMATIC", allowed: `"MANUAL", because stage is ${stage}` }]
        : [],
  },
  {
    name: "a monitor of anomalies is of the environment's own account",
    reads: ["account", "accountWide"],
    check: ({ account, accountWide }) => {
      const monitor = accountWide?.anomalies?.monitor;
      return monitor?.existing && !monitor.arn.includes(`::${account}:`)
        ? [{ path: "accountWide.anomalies.monitor.arn", value: monitor.arn, allowed: `an ARN with account ${account}` }]
        : [];
    },
  },
];
