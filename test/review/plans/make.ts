/** Makes small plan files: parts of real ones, edited. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceChange, StackPlan } from "../../../review/model";

export interface RawChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly module_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly provider_name: string;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: unknown;
    readonly before_sensitive: unknown;
    readonly after_sensitive: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: { readonly id?: string };
  };
}
export interface RawPlan {
  readonly [key: string]: unknown;
  readonly resource_changes?: readonly RawChange[];
  readonly resource_drift?: readonly RawChange[];
}

/** One plan of the corpus. */
export interface Case {
  readonly name: string;
  readonly plan: RawPlan;
  /** What {@link told} must say. */
  readonly told: readonly string[];
  /** Texts that must not stand anywhere in what is read. */
  readonly hidden?: readonly string[];
  /** Texts that must stay readable. */
  readonly shown?: readonly string[];
}

export const seed = (name: string): RawPlan => JSON.parse(readFileSync(join(__dirname, "seeds", `${name}.json`), "utf8")) as RawPlan;
export const SEEDS: Readonly<Record<string, RawPlan>> = {
  "events-create": seed("events-create"),
  "events-change": seed("events-change"),
  "data-change": seed("data-change"),
};

/** A plan of these changes, with the states that belong to them. */
export function planOf(changes: readonly RawChange[], more: Readonly<Record<string, unknown>> = {}): RawPlan {
  const state = (when: "before" | "after") =>
    changes
      .filter(({ change, mode, deposed }) => change[when] && mode === "managed" && !deposed)
      .map(({ address, mode, type, name, provider_name: provider, change }) => ({
        address,
        mode,
        type,
        name,
        provider_name: provider,
        schema_version: 0,
        values: change[when],
        sensitive_values: change[`${when}_sensitive`] || {},
      }));
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: changes,
    output_changes: {},
    planned_values: { root_module: { resources: state("after") } },
    prior_state: { format_version: "1.0", values: { root_module: { resources: state("before") } } },
    configuration: {
      provider_config: {
        aws: {
          name: "aws",
          full_name: "registry.terraform.io/hashicorp/aws",
          expressions: { region: { constant_value: "ap-northeast-1" } },
        },
      },
    },
    applyable: true,
    complete: true,
    errored: false,
    ...more,
  };
}

/** A change of a resource that is not in the seeds. */
export function changeOf(
  type: string,
  actions: readonly string[],
  before: RawChange["change"]["before"],
  after: RawChange["change"]["after"],
  more: Partial<RawChange["change"]> = {},
  address = `${type}.it`,
): RawChange {
  return {
    address,
    mode: "managed",
    type,
    name: "it",
    provider_name: `registry.terraform.io/hashicorp/${type.split("_")[0]!}`,
    change: {
      actions,
      before,
      after,
      after_unknown: {},
      before_sensitive: before ? {} : false,
      after_sensitive: after ? {} : false,
      ...more,
    },
  };
}

const toldOf = (prefix: string, { action, address, previousAddress, deposed, importId, attributes }: ResourceChange): string =>
  [
    `${prefix}${action} ${address}`,
    previousAddress && `from ${previousAddress}`,
    deposed && `deposed ${deposed}`,
    importId !== undefined && `import ${importId}`,
    attributes.length > 0 && `: ${attributes.map(({ path, forcesReplacement }) => `${path}${forcesReplacement ? "!" : ""}`).join(" ")}`,
  ]
    .filter(Boolean)
    .join(" ")
    .replace(" : ", ": ");

/** What a plan says, a line for each change: `replace aws_sqs_queue.it: name!`. */
export const told = ({ changes, drift, outputs, isComplete }: StackPlan): string[] => [
  ...changes.map((change) => toldOf("", change)),
  ...drift.map((change) => toldOf("drift ", change)),
  ...outputs.map(({ action, name }) => `output ${action} ${name}`),
  ...(isComplete ? [] : ["incomplete"]),
];
