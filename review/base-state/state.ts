/**
 * The state that a deploy of a stack would leave: what the real provider plans, and where that is known only after the apply, what a
 * mocked apply made up, if the configuration sets it or something refers to it.
 */
import { createHash } from "node:crypto";
import { isList, isObject } from "../json-values";
import { single, type Block } from "./answers";
import { referredTo } from "./mock";
import type { StackJson } from "../../terraform/assembly";

/** As `terraform test -json -verbose` prints them, as far as they are read. */
export interface TestPlan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly index?: string | number;
    readonly provider_name: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly after: unknown;
      readonly after_unknown: unknown;
      readonly after_sensitive: unknown;
    };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[]; readonly after?: unknown }>>;
  readonly provider_schemas?: Readonly<
    Record<string, { readonly resource_schemas?: Readonly<Record<string, { readonly block: Schema }>> }>
  >;
}
export interface TestState {
  readonly root_module?: {
    readonly resources?: readonly { readonly address: string; readonly schema_version: number; readonly values: Block }[];
  };
  readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly type?: unknown; readonly sensitive: boolean }>>;
}

/** A block of the provider's schema. */
interface Schema {
  readonly attributes?: Readonly<Record<string, { readonly type?: unknown; readonly computed?: boolean; readonly sensitive?: boolean }>>;
  readonly block_types?: Readonly<Record<string, { readonly nesting_mode: string; readonly block: Schema }>>;
}

interface Instance {
  readonly schema_version: number;
  readonly attributes: Block;
  readonly sensitive_attributes: unknown;
  readonly index_key?: string | number;
}
interface StateResource {
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly instances: Instance[];
}

/** @returns the text of a state file, format 4, the same for the same arguments */
export function stateOf(json: StackJson, plan: TestPlan, made: TestState): string {
  const madeOf = new Map((made.root_module?.resources ?? []).map((resource) => [resource.address, resource]));
  const referred = referredTo(json);
  const resources = new Map<string, StateResource>();
  for (const { address, mode, type, name, index, provider_name: provider, change } of plan.resource_changes ?? []) {
    if (mode !== "managed") continue;
    const block = json.resource?.[type]?.[name] ?? {};
    const { values = {}, schema_version: version = 0 } = madeOf.get(address) ?? {};
    const wanted = new Set([...Object.keys(block), ...(referred.get(`${type}.${name}`) ?? []).map(([attribute]) => attribute!)]);
    const attributes = Object.fromEntries(
      [...new Set([...Object.keys(asObject(change.after)), ...Object.keys(asObject(change.after_unknown))])].map((key) => [
        key,
        known(asObject(change.after)[key], asObject(change.after_unknown)[key], wanted.has(key) ? values[key] : undefined),
      ]),
    );
    const schema = plan.provider_schemas?.[provider]?.resource_schemas?.[type]?.block ?? {};
    const resource = resources.get(`${type}.${name}`) ?? {
      mode: "managed",
      type,
      name,
      provider: configurationOf(provider, block),
      instances: [],
    };
    resources.set(`${type}.${name}`, resource);
    resource.instances.push({
      schema_version: version,
      attributes: filled(attributes, schema),
      sensitive_attributes: marked(change.after_sensitive),
      ...(index !== undefined && { index_key: index }),
    });
  }
  const valueOf = (text: unknown): unknown => {
    const reference = typeof text === "string" ? single(text) : undefined;
    const [instance, ...others] = reference ? (resources.get(`${reference.type}.${reference.name}`)?.instances ?? []) : [];
    return instance && others.length === 0 ? follow(instance.attributes, reference!.path) : undefined;
  };
  const outputs = Object.fromEntries(
    Object.entries(made.outputs ?? {}).map(([name, { value, type, sensitive }]) => [
      name,
      { value: valueOf(json.output?.[name]?.value) ?? value, type, ...(sensitive && { sensitive }) },
    ]),
  );
  return JSON.stringify({
    version: 4,
    terraform_version: "1.10.0",
    serial: 1,
    lineage: lineageOf(JSON.stringify(json)),
    outputs,
    resources: [...resources.values()],
    check_results: null,
  });
}

/**
 * The state after a plan that only updates, known values as the provider plans them, the others as they stand.
 * @returns undefined where the plan does anything else
 */
export function withUpdates(state: string, { resource_changes: changes = [], output_changes: outputs = {} }: TestPlan): string | undefined {
  const result = JSON.parse(state) as {
    outputs: Record<string, Record<string, unknown>>;
    resources: { type: string; name: string; instances: { attributes: Block; index_key?: unknown }[] }[];
  };
  for (const {
    mode,
    type,
    name,
    index,
    change: { actions, after, after_unknown: unknown },
  } of changes) {
    if (mode !== "managed" || actions[0] === "no-op") continue;
    const instance = result.resources
      .find((one) => one.type === type && one.name === name)
      ?.instances.find((one) => one.index_key === index);
    if (actions[0] !== "update" || !instance) return undefined;
    instance.attributes = known(after, unknown, instance.attributes) as Block;
  }
  for (const [name, { actions, after }] of Object.entries(outputs)) {
    if (actions[0] !== "no-op" && result.outputs[name] && after !== undefined) result.outputs[name].value = after;
  }
  return JSON.stringify(result);
}

const asObject = (value: unknown): Block => (isObject(value) ? value : {});

/** A value with what is not known of it taken from another; null where that has none either. */
function known(value: unknown, unknown: unknown, other: unknown): unknown {
  if (unknown === true) return other ?? null;
  if (isList(unknown)) {
    const [values, others] = [isList(value) ? value : [], isList(other) ? other : []];
    return Array.from({ length: Math.max(values.length, unknown.length) }, (_, index) =>
      known(values[index], unknown[index], others[index]),
    );
  }
  if (isObject(unknown) && (isObject(value) || Object.keys(unknown).length > 0)) {
    return Object.fromEntries(
      [...new Set([...Object.keys(asObject(value)), ...Object.keys(unknown)])].map((key) => [
        key,
        known(asObject(value)[key], unknown[key], asObject(other)[key]),
      ]),
    );
  }
  return value ?? null;
}

/**
 * Providers write a collection that they computed, and a block that there is none of, as empty. A text that they computed has some value: were
 * it none, those that plan to keep what stands would plan what is not known, and some replace a resource for that. A secret is one only where it is set.
 */
function filled(values: Block, { attributes = {}, block_types: blocks = {} }: Schema): Block {
  const result: Record<string, unknown> = { ...values };
  for (const [name, { type, computed, sensitive }] of Object.entries(attributes)) {
    const kind: unknown = isList(type) ? type[0] : type;
    if (!computed || (result[name] ?? null) !== null) continue;
    if (isList(type)) result[name] = kind === "map" || kind === "object" ? {} : [];
    else if (type === "string" && !sensitive) result[name] = "";
  }
  for (const [name, { nesting_mode: nesting, block }] of Object.entries(blocks)) {
    const value = result[name] ?? null;
    if (isList(value)) result[name] = value.map((one) => (isObject(one) ? filled(one, block) : one));
    else if (value === null && (nesting === "list" || nesting === "set")) result[name] = [];
  }
  return result;
}

/** Where sensitive values stand, as a state names them. */
function marked(sensitive: unknown, path: readonly object[] = []): unknown[] {
  if (sensitive === true) return [path];
  if (isList(sensitive))
    return sensitive.flatMap((one, index) => marked(one, [...path, { type: "index", value: { value: index, type: "number" } }]));
  if (isObject(sensitive))
    return Object.entries(sensitive).flatMap(([key, one]) => marked(one, [...path, { type: "get_attr", value: key }]));
  return [];
}

/** `provider["registry.terraform.io/hashicorp/aws"].osaka` */
function configurationOf(provider: string, { provider: named }: Block): string {
  const alias = typeof named === "string" ? /^\$?\{?\w+\.([\w-]+)\}?$/.exec(named)?.[1] : undefined;
  return `provider["${provider}"]${alias === undefined ? "" : `.${alias}`}`;
}

function follow(value: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  return isList(value) ? follow(value[Number(step)], rest) : isObject(value) ? follow(value[step], rest) : undefined;
}

/** A state's lineage is a UUID; this one is worked out, so that the same base has the same. */
function lineageOf(text: string): string {
  const digits = createHash("sha256").update(text).digest("hex");
  return [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`, digits.slice(20, 32)].join("-");
}
