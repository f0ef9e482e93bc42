/** What differs in the account from what Terraform last wrote there. */
import type { ResourceChange, StackPlan } from "../review/model";
import { isWithin } from "../review/plan/attributes";
import { withoutIndex } from "../review/plan/read";
import { ignoredIn, type StackJson } from "../terraform/assembly";
import { markdownText } from "./result";

export interface StackDrift {
  readonly stack: string;
  /** Why it could not be compared. */
  readonly failure?: string;
  readonly drift: readonly Pick<ResourceChange, "address" | "type" | "action" | "attributes">[];
}

/** `drift.json`: what a workflow decides by. */
export interface DriftReport {
  readonly version: 1;
  readonly environment: string;
  /** `unknown`: nothing was found, but not every stack could be compared. */
  readonly state: "none" | "drift" | "unknown";
  readonly stacks: readonly StackDrift[];
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

/** What the provider of Kubernetes reports of everything that it has made: a version that each write counts up, and nothing for empty after the first refresh. */
const isNoise = (type: string, { path, before, after }: ResourceChange["attributes"][number]): boolean =>
  type.startsWith("kubernetes_") && (path.endsWith("resource_version") || (isEmpty(before) && isEmpty(after)));

/** A stack that was compared, or why it was not. */
export interface Compared {
  readonly stack: string;
  /** Of `-refresh-only`. */
  readonly plan?: Pick<StackPlan, "drift">;
  /** As it was synthesised. */
  readonly json?: StackJson;
  readonly failure?: string;
}

/**
 * What is worth telling. A plan of `-refresh-only` also has what the code tells Terraform to leave as others set it, such as tasks that
 * a schedule takes away at night (`ignore_changes`: https://github.com/hashicorp/terraform/issues/28803).
 */
export function stackDrift({ stack, plan, json = {}, failure }: Compared): StackDrift {
  const ignored = ignoredIn(json);
  const drift = (plan?.drift ?? []).flatMap(({ address, type, action, attributes }) => {
    const left = ignored.get(withoutIndex(address)) ?? [];
    const told = attributes.filter((attribute) => !isNoise(type, attribute) && !left.some((path) => isWithin(attribute.path, path)));
    return action === "update" && attributes.length > 0 && told.length === 0 ? [] : [{ address, type, action, attributes: told }];
  });
  return { stack, ...(failure !== undefined && { failure }), drift };
}

export function driftReport(environment: string, found: readonly Compared[]): DriftReport {
  const stacks = found.map(stackDrift);
  const state = stacks.some(({ drift }) => drift.length > 0)
    ? "drift"
    : stacks.some(({ failure }) => failure !== undefined)
      ? "unknown"
      : "none";
  return { version: 1, environment, state, stacks };
}

const HAPPENED: Readonly<Partial<Record<ResourceChange["action"], string>>> = {
  destroy: "is gone",
  update: "was changed",
  create: "is new",
  move: "was moved",
};
const LONGEST_VALUE = 200;
const LONGEST = 60_000;

const shown = (value: unknown) => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "not set");
  return markdownText(text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text);
};

/** For an issue or a page; without values that readPlan took for secrets. */
export function driftMarkdown({ environment, state, stacks }: DriftReport): string {
  const heading = {
    none: `No drift in ${environment}`,
    drift: `Drift in ${environment}`,
    unknown: `Not all of ${environment} could be compared`,
  }[state];
  const lines = [
    `## ${heading}`,
    "",
    "What the account holds, compared with what Terraform last wrote there. The next deploy puts it back, or the change belongs into the code.",
    "",
  ];
  for (const { stack, failure, drift } of stacks) {
    if (failure === undefined && drift.length === 0) continue;
    lines.push(`### ${stack}`, "");
    if (failure !== undefined) lines.push(`Could not be compared: ${markdownText(failure)}`, "");
    for (const { address, action, attributes } of drift) {
      lines.push(`- **${markdownText(address)}** ${HAPPENED[action] ?? `is ${action}`}`);
      for (const { path, before, after } of attributes) lines.push(`  - ${markdownText(path)}: ${shown(before)} → ${shown(after)}`);
    }
    lines.push("");
  }
  const text = lines.join("\n");
  return text.length <= LONGEST ? text : `${text.slice(0, text.lastIndexOf("\n", LONGEST))}\n\nThe rest is in drift.json of the run.\n`;
}
