/** The text of a plan as JSON, or an error that says what the file is instead and what to run. No message tells what stands in it. */
import { isList, isObject } from "../json-values";

export type Json = Readonly<Record<string, unknown>>;

export const SHOW = "terraform show -json plan.tfplan";
/** Major version of the format, since Terraform 1.1. */
const MAJOR = "1";

interface Text {
  readonly text: string;
  readonly start: string;
}

/** Other things that are taken for a plan, before it is parsed. */
const TEXTS: readonly { readonly rule: string; readonly when: (file: Text) => boolean; readonly message: string }[] = [
  { rule: "empty", when: ({ start }) => start === "", message: `is empty. Terraform writes a plan with: ${SHOW}` },
  { rule: "binary", when: ({ text }) => text.startsWith("PK"), message: `is the binary plan itself. Give what this writes: ${SHOW}` },
  {
    rule: "utf-16",
    when: ({ text }) => /^(?:\uFFFD\uFFFD|\uFEFF?.\0.\0|\0.\0.)/s.test(text),
    message:
      "is UTF-16, as PowerShell's > writes it. Write it as UTF-8: terraform show -json plan.tfplan | Out-File -Encoding utf8 plan.json",
  },
  {
    rule: "html",
    when: ({ start }) => start.startsWith("<"),
    message: `is a page (HTML or XML), perhaps of a failed download. A plan is what this writes: ${SHOW}`,
  },
  {
    rule: "for people",
    when: ({ text }) =>
      /^[^{[]*(?:Terraform (?:will perform|used the selected providers)|No changes\. |Plan: \d+ to add)/s.test(text.slice(0, 20_000)),
    message: `is the plan as people read it. Give what this writes: ${SHOW}`,
  },
  {
    rule: "lines",
    when: ({ start }) => isLineOfPlan(start),
    message: `is the log of terraform plan -json, a message in each line. Plan with -out=plan.tfplan, then: ${SHOW}`,
  },
];

/** Other JSON that is taken for a plan. */
const DOCUMENTS: readonly { readonly rule: string; readonly when: (json: Json) => boolean; readonly message: string }[] = [
  {
    rule: "state file",
    when: (json) => "lineage" in json || ("serial" in json && "resources" in json),
    message: `is a state, not a plan. A plan is what this writes: ${SHOW}`,
  },
  {
    rule: "shown state",
    when: (json) =>
      "format_version" in json &&
      !("planned_values" in json) &&
      !("resource_changes" in json) &&
      !("configuration" in json) &&
      ("values" in json || Object.keys(json).length <= 2),
    message: `is what terraform show -json writes of a state. Name the plan: ${SHOW}`,
  },
  {
    rule: "configuration",
    when: (json) => !("format_version" in json) && ("terraform" in json || "resource" in json || "provider" in json),
    message: `is a configuration, not a plan. A plan is what this writes: ${SHOW}`,
  },
  {
    rule: "no format",
    when: ({ format_version: version }) => typeof version !== "string",
    message: `has no format_version, so that it is no plan. A plan is what this writes: ${SHOW}`,
  },
];

/** @throws with the file's name, for anything but a plan of format 1.x */
export function parsePlan(raw: string, file: string): Json {
  const text = raw.replace(/^\uFEFF/, "");
  const start = text.trimStart().slice(0, 4000);
  const wrong = TEXTS.find(({ when }) => when({ text, start }));
  if (wrong) throw new Error(`${file} ${wrong.message}`);
  const json = parseJson(text, file);
  if (!isObject(json)) throw new Error(`${file} is JSON, but no plan (an object was expected). A plan is what this writes: ${SHOW}`);
  const other = DOCUMENTS.find(({ when }) => when(json));
  if (other) throw new Error(`${file} ${other.message}`);
  const version = json.format_version as string;
  if (version.split(".")[0] !== MAJOR)
    throw new Error(
      `${file} is in plan format ${/^\d[\d.]{0,10}$/.test(version) ? version : "(unreadable)"}; format ${MAJOR}.x is read, which Terraform writes since 1.1.`,
    );
  return json;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message quotes the text around the place, which may hold a secret.
    const { message } = error as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    const isCut = /end of JSON|Unterminated/.test(message) || (position !== undefined && Number(position) >= text.trimEnd().length);
    throw new Error(
      isCut
        ? `${file} ends in the middle: it is cut off after ${text.length} characters. Write it again with: ${SHOW}`
        : `${file} is not JSON${position === undefined ? "" : ` (it breaks at character ${position} of ${text.length})`}. A plan is what this writes: ${SHOW}`,
    );
  }
}

function isLineOfPlan(start: string): boolean {
  const line = /^\{.*\}(?=\s*(?:\n|$))/.exec(start)?.[0];
  return line !== undefined && line.includes('"@level"');
}

/** One thing in `resource_changes`, `resource_drift` or `deferred_changes`, as far as its shape is checked. */
export interface RawChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  readonly provider_name?: string;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    /** Not Terraform's: what compare.ts cannot know without a provider. */
    readonly before_unknown?: unknown;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    /** By an id, or since Terraform 1.12 by an identity; neither is there where it is known after the apply only. */
    readonly importing?: { readonly id?: string | null; readonly identity?: unknown };
  };
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isTextOrNone = (value: unknown): boolean => value === undefined || value === null || typeof value === "string";
const isStep = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

/** What must be there for a change to be read. */
const SHAPES: readonly { readonly rule: string; readonly when: (change: Json) => boolean; readonly message: string }[] = [
  { rule: "address", when: ({ address }) => !isText(address), message: "has no address" },
  { rule: "type", when: ({ type }) => !isText(type), message: "has no type" },
  {
    rule: "words",
    when: ({ previous_address: previous, mode, provider_name: provider, deposed, action_reason: reason }) =>
      ![previous, mode, provider, deposed, reason].every(isTextOrNone),
    message: "has a mode, provider, reason or key that is no text",
  },
  { rule: "change", when: ({ change }) => !isObject(change), message: "has no change" },
  {
    rule: "actions",
    when: ({ change }) => isObject(change) && !(isList(change.actions) && change.actions.length > 0 && change.actions.every(isText)),
    message: "has no list of actions",
  },
  {
    rule: "values",
    when: ({ change }) =>
      isObject(change) && ![change.before, change.after].every((value) => value === undefined || value === null || isObject(value)),
    message: "has values that are no object",
  },
  {
    rule: "replace_paths",
    when: ({ change }) =>
      isObject(change) &&
      change.replace_paths !== undefined &&
      change.replace_paths !== null &&
      !(isList(change.replace_paths) && change.replace_paths.every((path) => isList(path) && path.every(isStep))),
    message: "has replace_paths that are no paths",
  },
  {
    rule: "importing",
    when: ({ change }) =>
      isObject(change) &&
      change.importing !== undefined &&
      change.importing !== null &&
      !(isObject(change.importing) && isTextOrNone(change.importing.id)),
    message: "has an import without a readable id",
  },
];

/** The list of changes under a key of the plan. @throws with the file's name and the place */
export function changesIn(json: Json, key: "resource_changes" | "resource_drift" | "deferred_changes", file: string): RawChange[] {
  const list = json[key] ?? [];
  if (!isList(list)) throw new Error(`${file} is no complete plan: ${key} is no list.`);
  return list.map((entry, index) => {
    const change = key === "deferred_changes" && isObject(entry) ? entry.resource_change : entry;
    const wrong = isObject(change) ? SHAPES.find(({ when }) => when(change))?.message : "is no object";
    if (wrong !== undefined) throw new Error(`${file} is no complete plan: ${key}[${index}] ${wrong}.`);
    return change as unknown as RawChange;
  });
}
