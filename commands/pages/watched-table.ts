/** The page on what the services are watched for, on each platform: docs/watched.md, written by `npm run docs`. */
import type { Environment } from "../../environments/schema";
import { CHART_RELEASE } from "../../constructs/kubernetes/names";
import { platformName } from "../../environments/reading/without-effect";
import type { Block, StackJson } from "../../terraform/assembly";
import type { StacksByName } from "../../terraform/references";
import { markdownTable } from "./markdown";

export interface Watched {
  /** What can go wrong, or be missed. */
  readonly what: string;
  /** Who tells, by name, without the suffix of the environment; `*` is a service or a cluster. */
  readonly by: readonly string[];
}

/** Every alarm and alert of the services is in one row. */
export const WATCHED: readonly Watched[] = [
  { what: "A service takes no requests", by: ["ALB-Unhealthy-*", "ALB-Own-Errors", "DayTradeServiceAbsent", "DayTradePodUnhealthy"] },
  // OBS-033
  { what: "A minute's answers are errors, more than a few percent", by: ["ALB-Errors-*", "DayTradeErrorsHigh"] },
  { what: "Nobody counts a service's errors", by: ["DayTradeErrorsUnknown"] },
  { what: "A service answers slowly", by: ["ALB-Slow-*", "DayTradeLatencyHigh"] },
  // OBS-022
  { what: "Predictions miss their target", by: ["DayTradeAccuracyBelowTarget", "DayTradeAccuracyUnknown"] },
  { what: "A service is at the end of its CPU", by: ["ECS-High-CPU-*", "DayTradeCpuHigh"] },
  { what: "A service is at the end of its memory", by: ["ECS-High-Memory-*", "DayTradeMemoryHigh"] },
  { what: "A task or pod stops by itself, or does not start", by: ["ECS-Stopped-Tasks", "DayTradePodRestarted", "DayTradePodCannotStart"] },
  { what: "A deployment fails", by: ["ECS-Failed-Deployments", "DayTradeDeploymentFailed"] },
  { what: "Pods find no node", by: ["EKS-Waiting-Pods"] },
  { what: "A node is lost", by: ["KubeNodeNotReady", "KubeNodeUnreachable"] },
  { what: "Prometheus falls silent", by: ["EKS-Prometheus-Silent"] },
  { what: "What services print is kept", by: ["/aws/ecs/*/services/*", "/aws/eks/*/pods/*"] },
  { what: "What they print is lost on its way", by: ["PodLogsLost"] },
];

/** @param name a physical one */
const isBy = (by: string, name: string, suffix: string): boolean => {
  const form = by.split("*").join("[^/]+");
  return new RegExp(`^${form}$`).test(name) || new RegExp(`^${form}${suffix}$`).test(name);
};

const blocksOf = (stack: StackJson | undefined, type: string): readonly Block[] => Object.values(stack?.resource?.[type] ?? {});
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Block | undefined)?.[key], value);

/** Names of the alerts of our chart, as its template has them. */
export const alertsOfChart = (template: string): readonly string[] => [
  ...new Set([...template.matchAll(/^ *- alert: (\w+)$/gm)].map(([, name]) => name!)),
];

/** Names of all that tells of an environment's services. */
function tellersOf({ name }: Environment, stacks: StacksByName, chartAlerts: readonly string[]) {
  const services = stacks[`${name}-services`];
  const valuesOf = (release: string): unknown => {
    const block = blocksOf(stacks[`${name}-workloads`], "helm_release").find((each) => each.name === release);
    return block && (JSON.parse((block.values as readonly string[])[0]!) as unknown);
  };
  const rules = at(valuesOf("fluent-bit"), "prometheusRule", "rules") as readonly { readonly alert: string }[] | undefined;
  const alarms = [
    ...blocksOf(services, "aws_cloudwatch_metric_alarm").map((alarm) => String(alarm.alarm_name)),
    ...blocksOf(services, "aws_cloudwatch_event_rule").map((rule) => String(rule.name)),
    ...(at(valuesOf(CHART_RELEASE), "monitoring", "prometheus", "enabled") === true ? chartAlerts : []),
    ...Object.keys((at(valuesOf("kube-prometheus-stack"), "customRules") as Block | undefined) ?? {}),
    ...(rules ?? []).map(({ alert }) => alert),
  ];
  return { alarms, logs: blocksOf(services, "aws_cloudwatch_log_group").map((group) => String(group.name)) };
}

/**
 * Who tells of what in an environment: an entry for each of WATCHED, empty where nobody does.
 * @throws for an alarm or alert that no row has
 */
export function watchedIn(environment: Environment, stacks: StacksByName, chartAlerts: readonly string[]): readonly (readonly string[])[] {
  const { nameSuffix } = environment;
  const { alarms, logs } = tellersOf(environment, stacks, chartAlerts);
  const unknown = alarms.find((alarm) => !WATCHED.some(({ by }) => by.some((each) => isBy(each, alarm, nameSuffix))));
  if (unknown !== undefined)
    throw new Error(`${environment.name}: no row of WATCHED in commands/pages/watched-table.ts says what ${unknown} tells of`);
  return WATCHED.map(({ by }) => by.filter((each) => [...alarms, ...logs].some((name) => isBy(each, name, nameSuffix))));
}

/**
 * @param stacks as they are synthesised, by name
 * @param template of the rules of our chart
 */
export function watchedTable(environments: readonly Environment[], stacks: StacksByName, template: string): string {
  const columns = environments.map((environment) => watchedIn(environment, stacks, alertsOfChart(template)));
  const words = { none: "nothing", ecs: "ECS", eks: "EKS", kubernetes: "Kubernetes" } as const;
  return [
    "# What the services are watched for",
    "Generated by `npm run docs` from what is synthesised for each environment: do not edit.",
    [
      "Names of alarms and rules of CloudWatch (without the end that an environment gives its names), and of alerts of Prometheus; `*` stands for each service.",
      "Both reach the same people by the same topic. Beside these, Prometheus has the rules that kube-prometheus-stack brings along.",
      "Queues, stores and hosts are watched the same on every platform.",
    ].join("\n"),
    markdownTable(
      ["what", ...environments.map((environment) => `${environment.name}: ${words[platformName(environment)]}`)],
      WATCHED.map(({ what }, row) => [what, ...columns.map((column) => column[row]!.map((by) => `\`${by}\``).join(", ") || "–")]),
    ),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}
