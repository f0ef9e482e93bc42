/** The page on what is told, and when: docs/alarms.md, the environments side by side, written by `npm run docs`. */
import { readAlarm } from "../../functions/alerts/alarm-facts";
import type { Environment } from "../../environments/schema";
import type { Block, StackJson } from "../../terraform/assembly";
import { markdownTable } from "./markdown";

export const ALARMS_PAGE = "docs/alarms.md";

interface Told {
  /** Without the environment's suffix. */
  readonly name: string;
  readonly environment: string;
  readonly facts: ReturnType<typeof readAlarm>;
}

const blocksOf = ({ resource = {} }: StackJson, type: string): Block[] => Object.values(resource[type] ?? {});

/** Alarms, alarms made of others, and events that are told like alarms. */
function told({ name: environment, nameSuffix }: Environment, json: StackJson): Told[] {
  const bare = (name: unknown) =>
    nameSuffix !== "" && String(name).endsWith(nameSuffix) ? String(name).slice(0, -nameSuffix.length) : String(name);
  const alarms = ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"].flatMap((type) =>
    blocksOf(json, type)
      .filter(({ alarm_actions: actions }) => actions !== undefined)
      .map(({ alarm_description: text, alarm_name: name }) => ({ name: bare(name), facts: readAlarm(String(text)) })),
  );
  const events = blocksOf(json, "aws_cloudwatch_event_target").flatMap(({ input_transformer: transformer, rule }) => {
    const id = /\.([\w-]+)\.name\}$/.exec(String(rule))?.[1];
    const found = id === undefined ? undefined : json.resource?.aws_cloudwatch_event_rule?.[id];
    const template = (transformer as Block | undefined)?.input_template;
    return found && typeof template === "string" ? [{ name: bare(found.name), facts: readAlarm(JSON.parse(template) as string) }] : [];
  });
  return [...alarms, ...events].filter(({ facts: { severity } }) => severity !== undefined).map((one) => ({ ...one, environment }));
}

/** @param environments in the order of the columns @param stacks of all of them, by name */
export function alarmsPage(environments: readonly Environment[], stacks: Readonly<Record<string, StackJson>>): string {
  const all = environments.flatMap((environment) =>
    Object.entries(stacks)
      .filter(([stack]) => stack.startsWith(`${environment.name}-`))
      .flatMap(([, json]) => told(environment, json)),
  );
  const names = [...new Set(all.map(({ name }) => name))].sort();
  const rows = names.map((name) => {
    const own = all.filter((one) => one.name === name);
    const { facts } = own[0]!;
    const page = facts.runbook!.replace(/^docs\//, "");
    const cells = environments.map(({ name: environment }) => own.find((one) => one.environment === environment)?.facts.text ?? "–");
    return [
      `\`${name}\``,
      facts.severity!,
      facts.owner!,
      ...cells.map((text) => text.replaceAll("|", "\\|").replaceAll("<", "\\<")),
      `[${page.split("/").at(-1)!.replace(".md", "")}](${page})`,
    ];
  });
  return [
    "# Alarms",
    "",
    "Generated from the synthesised stacks: do not edit, run `npm run docs`.",
    "",
    "What is told, and when, in each environment. Names end in the environment's suffix. [runbooks](runbooks/README.md) says what severities and owners are; what watches pods is Prometheus's ([kubernetes.md](kubernetes.md)). Each alarm is in the matrix of the dashboard `Trading-System`; those called `…-Impaired` are made of others.",
    "",
    markdownTable(["alarm", "severity", "owner", ...environments.map(({ name }) => name), "what to do"], rows),
    "",
  ].join("\n");
}
