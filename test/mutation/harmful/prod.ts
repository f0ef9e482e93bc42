/** All that a review finds in the example prod after an edit of what is synthesised. */
import { findingsOf } from "../findings";
import type { Finding } from "../../../review/model";
import { loadEnvironment } from "../../fixtures/environments";
import { type Edit, type Editable, Stacks } from "../../review/reach/sides";

export type { Edit, Editable, Stacks };

/** A resource, or with `data.` a data source, that stands nowhere yet. */
export function make(stacks: Stacks, stack: string, type: string, values: object, name = "added"): void {
  const json = stacks.json[`prod-${stack}`] as unknown as Record<string, Record<string, Record<string, object>>>;
  const [kind, plain] = type.startsWith("data.") ? ["data", type.slice("data.".length)] : ["resource", type];
  ((json[kind] ??= {})[plain!] ??= {})[name] = values;
}

/** @returns `severity rule type of the address` of each finding, each once */
export const told = (findings: readonly Finding[]): string[] =>
  [
    ...new Set(findings.map(({ severity, rule, address = "" }) => `${severity} ${rule} ${address.replace(/^data\./, "").split(".")[0]!}`)),
  ].sort();

/** As it stands; nobody changes it. */
let standing: Stacks | undefined;

/** What a review of prod finds after the edit, with all rules and across stacks. */
export function findingsAfter(edit: Edit): Finding[] {
  const before = (standing ??= new Stacks()).json;
  const edited = new Stacks();
  edit(edited);
  const after = Object.entries(edited.json).map(
    ([stack, json]) => [stack, JSON.stringify(json) === JSON.stringify(before[stack]) ? before[stack]! : json] as const,
  );
  return findingsOf(new Map(Object.entries(before)), new Map(after), loadEnvironment("prod"), [
    loadEnvironment("dev"),
    loadEnvironment("staging"),
  ]);
}
