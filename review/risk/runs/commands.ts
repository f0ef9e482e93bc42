/** The lines that hosts run by what is planned: user data, documents and associations of Systems Manager, hooks and post-renderers of Helm. */
import type { Block } from "../../../terraform/assembly";
import { isBase64, isObject, listOf } from "../../json-values";
import { isHidden } from "../../model";
import type { RuleName } from "../rules";

export interface Commands {
  readonly rule: RuleName;
  /** What a person calls it: `user data`. */
  readonly what: string;
  /** Without what changes from day to day; by which two are compared, and how it is shown. */
  readonly lines: ReadonlyMap<string, string>;
}

/** Arguments of whatever type that hold what a machine runs, and those of some types. */
const USER_DATA = /^user_data(_base64)?$/;
const OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  aws_ssm_document: ["content"],
  aws_ssm_association: ["name", "parameters"],
  aws_ssm_maintenance_window_task: ["task_arn", "task_invocation_parameters"],
  aws_imagebuilder_component: ["data"],
  azurerm_virtual_machine_extension: ["settings"],
  google_compute_instance: ["metadata_startup_script"],
};
/** Of a document of Systems Manager, what is run: its other texts are for people, or name on what it works. */
const RUN = /^(action|runCommand|commands?|script|sourceInfo|sourceType|documentName|documentPath|executable|handler)$/i;

export function commandsIn(type: string, block: Block): Commands[] {
  const named = Object.entries(block).filter(([argument]) => USER_DATA.test(argument) || OF_TYPE[type]?.includes(argument) === true);
  return [
    ...named.map(([argument, value]): Commands => ({
      rule: "runs/host-commands",
      what: argument,
      lines: linesOf(argument === "content" ? stepsIn(value) : value),
    })),
    ...(type === "helm_release" ? helmIn(block) : []),
  ].filter(({ lines }) => lines.size > 0);
}

function helmIn(block: Block): Commands[] {
  const renderers = listOf(block.postrender).map((one) =>
    isObject(one) ? [one.binary_path, ...listOf(one.args)].filter(Boolean).join(" ") : String(one),
  );
  const hooks = textsIn([block.values, block.set, block.set_list])
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.includes("helm.sh/hook"));
  return [
    { rule: "runs/helm", what: "postrender", lines: linesOf(renderers.join("\n")) },
    { rule: "runs/helm", what: "hooks", lines: linesOf(hooks.join("\n")) },
  ];
}

/** The texts of a document that are run; all of one that is not JSON. */
function stepsIn(value: unknown): unknown {
  if (typeof value === "string") {
    try {
      return stepsIn(JSON.parse(value) as unknown);
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) return value.filter((one) => typeof one !== "string").map(stepsIn);
  return isObject(value)
    ? Object.entries(value).map(([key, one]) => (RUN.test(key) ? one : typeof one === "string" ? undefined : stepsIn(one)))
    : undefined;
}

/** Every text in a value; JSON is taken apart, base64 is read. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (isObject(value)) return Object.values(value).flatMap(textsIn);
  if (typeof value !== "string" || isHidden(value)) return [];
  if (/^\s*[[{]/.test(value)) {
    try {
      return textsIn(JSON.parse(value) as unknown);
    } catch {
      return [value];
    }
  }
  return [decoded(value) ?? value];
}

/** Base64 as a text; undefined where it is none, as a digest is not. */
function decoded(text: string): string | undefined {
  if (!isBase64(text, 40)) return undefined;
  const found = Buffer.from(text, "base64").toString("utf8");
  return /^[\t\n\r\x20-\x7e\u00a0-\ufffc]*$/.test(found) ? found : undefined;
}

/** Figures and digests change from day to day (a version, a time limit), references with a construct's name: the rules of configuration speak of those. */
const plain = (line: string): string =>
  line
    .replace(/\$\{[^{}]*\}/g, "#")
    .replace(/\b[\da-f]{16,}\b/gi, "#")
    .replace(/\d+/g, "#");

function linesOf(value: unknown): Map<string, string> {
  const lines = textsIn(value)
    .flatMap((text) => text.split("\n"))
    .map((line) => line.trim())
    // A comment runs nothing, unless it says by which program the rest is run.
    .filter((line) => line !== "" && (!line.startsWith("#") || /^#(!|cloud|include|part|upstart)/.test(line)));
  return new Map(lines.map((line) => [plain(line), line]));
}
