/** What a plan says besides changes of resources, of which older Terraform knew nothing. */
import { isList, isObject } from "../json-values";
import type { PlanNote } from "../model";
import type { Json } from "./parse";
import { redactText } from "./redact";

/** Parts of a plan in format 1.x that are read, or say nothing of what will happen. */
const KNOWN: ReadonlySet<string> = new Set([
  "format_version",
  "terraform_version",
  "variables",
  "planned_values",
  "proposed_unknown",
  "resource_drift",
  "resource_changes",
  "deferred_changes",
  "output_changes",
  "prior_state",
  "configuration",
  "relevant_attributes",
  "checks",
  "timestamp",
  "applyable",
  "complete",
  "errored",
  "action_invocations",
  "deferred_action_invocations",
]);

export function notesIn(json: Json): PlanNote[] {
  return [
    ...failedChecks(json.checks),
    ...actionsRun(json.action_invocations),
    ...actionsRun(json.deferred_action_invocations),
    ...unknownParts(json),
  ];
}

/** `check` blocks, conditions and validations that do not hold; one that is known after the apply only is none yet. */
const failedChecks = (checks: unknown): PlanNote[] =>
  objectsIn(checks)
    .filter(({ status }) => status === "fail" || status === "error")
    .map(({ address, status, instances }): PlanNote => {
      const said = objectsIn(instances)
        .flatMap(({ problems }) => objectsIn(problems))
        .map(({ message }) => textOf(message))
        .filter((text) => text !== "");
      const what = status === "error" ? "could not be evaluated" : "failed";
      return {
        rule: "plan/check-failed",
        address: nameOf(address),
        message: `Terraform's check ${nameOf(address)} ${what}${said.length > 0 ? `: ${said.join(" ")}` : "."}`,
      };
    });

/** Since Terraform 1.14: what a provider does beside its resources, such as calling a function. */
const actionsRun = (invocations: unknown): PlanNote[] =>
  objectsIn(invocations)
    .map((one) => (isObject(one.action_invocation) ? one.action_invocation : one))
    .map(({ address }) => ({
      rule: "plan/action-run",
      address: textOf(address),
      message: `Terraform will run the action ${textOf(address) || "without a name"}: what it does is not in the plan.`,
    }));

/** What a newer Terraform writes, and nobody here has read. */
const unknownParts = (json: Json): PlanNote[] =>
  Object.entries(json)
    .filter(([key, value]) => !KNOWN.has(key) && /^[a-z_]{1,60}$/.test(key) && !isEmpty(value))
    .map(([key]) => ({
      rule: "plan/not-looked-at",
      address: key,
      message: `The plan has a part that this review does not know and has not looked at: \`${key}\`.`,
    }));

const objectsIn = (value: unknown): Json[] => (isList(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string => (typeof value === "string" ? redactText(value) : "");
const nameOf = (address: unknown): string =>
  (isObject(address) ? textOf(address.to_display) || textOf(address.name) : textOf(address)) || "without a name";
const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === "boolean" || (typeof value === "object" && Object.keys(value).length === 0);
