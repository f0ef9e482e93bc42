/** What a deploy did: for machines, for the terminal, and for the page of a workflow run. */
import type { Link } from "./links";

/**
 * `applied`; `unchanged`: nothing to do; `stopped`: its plan had more than was reviewed; `failed`: Terraform ended with an error;
 * `not reached`: one before it stopped; `left out`: not asked for, or an administrator's.
 */
export type Outcome = "applied" | "unchanged" | "stopped" | "failed" | "not reached" | "left out";

export interface StackResult {
  readonly stack: string;
  readonly outcome: Outcome;
  /** Resources that Terraform reports. */
  readonly created: number;
  readonly changed: number;
  readonly destroyed: number;
  readonly seconds: number;
  /** What was not reviewed, in sentences without secrets; or why it is left out. */
  readonly notes: readonly string[];
}

export interface DeployResult {
  readonly version: 1;
  readonly ok: boolean;
  readonly environment: string;
  readonly commit: string;
  readonly images: string;
  readonly stacks: readonly StackResult[];
  /** What a plan after the deploy still wants to change: nothing, when all is well. Undefined when it did not come to that. */
  readonly remaining?: readonly string[];
  readonly links: readonly Link[];
  /** Why it ended, when it did not end well. */
  readonly reason?: string;
}

/** A table cell, or text of a list, of what may hold anything. */
export const markdownText = (text: string): string => text.replace(/[\\`*_{}[\]<>|~#@&]/g, "\\$&").replace(/\s*\n\s*/g, " ");

/** The result as Markdown. */
export function resultMarkdown({ environment, commit, images, stacks, remaining, links, reason, ok }: DeployResult): string {
  const rows = stacks.map(
    ({ stack, outcome, created, changed, destroyed, seconds }) =>
      `| ${stack} | ${outcome} | ${created} | ${changed} | ${destroyed} | ${Math.round(seconds)} s |`,
  );
  const notes = stacks
    .filter((stack) => stack.notes.length > 0)
    .flatMap(({ stack, outcome, notes: lines }) => [`### ${stack}: ${outcome}`, "", ...lines.map((line) => `- ${markdownText(line)}`), ""]);
  return [
    `## ${ok ? "Deployed" : "Not deployed in full"}: ${environment}`,
    "",
    `Commit \`${commit.slice(0, 12)}\`${images === "" ? "" : `, images \`${images}\``}.`,
    "",
    ...(reason === undefined ? [] : [markdownText(reason), ""]),
    "| stack | outcome | created | changed | destroyed | time |",
    "| --- | --- | --: | --: | --: | --: |",
    ...rows,
    "",
    ...notes,
    ...(remaining === undefined
      ? []
      : remaining.length === 0
        ? ["Planned again: nothing is left to change.", ""]
        : ["### Planned again, and not empty", "", ...remaining.map((line) => `- ${markdownText(line)}`), ""]),
    ...(links.length === 0 ? [] : ["### Links", "", ...links.map(({ title, url }) => `- [${markdownText(title)}](${url})`), ""]),
  ].join("\n");
}
