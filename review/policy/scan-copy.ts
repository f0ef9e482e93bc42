/** What checkov gets to see of a plan: a copy with less in it. */
import { SENSITIVE } from "../model";
import { isObject, listOf } from "../json-values";
import { withoutIndex } from "../plan/read";
import { configuredPart } from "../plan/configured";
import type { StackJson } from "../../terraform/assembly";

export interface ScanCopy {
  /** JSON in the format of `terraform show -json`. */
  readonly text: string;
  /** Resources of the copy, with modules. */
  readonly addresses: readonly string[];
}

interface Plan {
  readonly format_version?: unknown;
  readonly terraform_version?: unknown;
  readonly planned_values?: { readonly root_module?: ModuleValues };
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change?: { readonly actions?: unknown; readonly after_unknown?: unknown };
  }[];
  readonly configuration?: { readonly root_module?: unknown };
}

interface ModuleValues {
  readonly address?: string;
  readonly resources?: readonly ResourceValues[];
  readonly child_modules?: readonly ModuleValues[];
}

interface ResourceValues {
  readonly address: string;
  readonly mode?: string;
  readonly type: string;
  readonly name: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly sensitive_values?: unknown;
}

/**
 * - without nulls: checkov reads a null as a value, and passes an ingress rule from everywhere because its `prefix_list_ids` is null
 * - without what was before, outputs, variables, data sources and providers' settings, which no check of resources asks for
 * - without values that Terraform calls sensitive, of which checks only ask whether they are set; an empty one is not
 * - with the code's text where a value is not known yet: a policy that names a queue to be made is read like any other
 * - without what is not known and not asked for either: checkov takes unknown for set, such as a key that the provider will say is none
 * - of our own code, without what it does not say and a state has: what a provider filled in is no choice of the code's, and the same stack is
 *   judged the same whether it was deployed before or not
 * @param raw text of `terraform show -json`
 * @throws SyntaxError when the text is no JSON
 */
export function scanCopy(raw: string, synthesised: StackJson = {}): ScanCopy {
  const plan = JSON.parse(raw) as Plan;
  const changes = new Map((plan.resource_changes ?? []).map(({ address, change }) => [address, change]));
  const addresses: string[] = [];
  const expressions = expressionsIn(plan.configuration?.root_module);
  const unknowns = new Map<string, unknown>();
  const resourceOf = ({ address, type, name, values = {}, sensitive_values: sensitive }: ResourceValues): unknown => {
    addresses.push(address);
    const code = synthesised.resource?.[type]?.[name];
    const unknown = changes.get(address)?.after_unknown;
    unknowns.set(address, saidUnknown(unknown, code ?? expressions.get(withoutIndex(address))));
    const filled =
      isObject(code) && isObject(unknown)
        ? Object.fromEntries(Object.entries(code).filter(([key, value]) => unknown[key] === true && typeof value === "string"))
        : {};
    const told = masked(isObject(code) ? configuredPart(values, code) : values, sensitive) as object;
    return { address, mode: "managed", type, name, values: { ...told, ...filled } };
  };
  const moduleOf = ({ address, resources = [], child_modules: children = [] }: ModuleValues): unknown => ({
    address,
    resources: resources.filter(({ mode }) => mode !== "data").map(resourceOf),
    child_modules: children.map(moduleOf),
  });
  const root = moduleOf(plan.planned_values?.root_module ?? {});
  const copied = new Set(addresses);
  const copy = withoutNulls({
    format_version: plan.format_version ?? "1.2",
    // checkov takes a file without it for something else and passes it over.
    terraform_version: plan.terraform_version ?? "1.0.0",
    planned_values: { root_module: root },
    configuration: { root_module: plan.configuration?.root_module },
  }) as object;
  const resource_changes = [...changes]
    .filter(([address]) => copied.has(address))
    .map(([address, change]) => ({
      // Two nulls that checkov insists on.
      address,
      change: { actions: change?.actions ?? ["no-op"], before: null, after: null, after_unknown: withoutNulls(unknowns.get(address)) },
    }));
  return { text: JSON.stringify({ ...copy, resource_changes }), addresses };
}

/** Address without index → arguments that the configuration has. */
function expressionsIn(module: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (one: unknown): void => {
    if (!isObject(one)) return;
    for (const resource of listOf(one.resources))
      if (isObject(resource) && typeof resource.address === "string") found.set(resource.address, resource.expressions ?? {});
    for (const call of Object.values(isObject(one.module_calls) ? one.module_calls : {})) if (isObject(call)) visit(call.module);
  };
  visit(module);
  return found;
}

/**
 * The mask of unknown values, without those that nobody asked for.
 * @param said what the code has at that place, or the configuration's expressions; undefined at the top where neither is known
 */
function saidUnknown(unknown: unknown, said: unknown, isTop = true): unknown {
  if (said === undefined) return isTop ? unknown : undefined;
  // A reference stands for all below it.
  if (typeof said === "string" || (isObject(said) && ("references" in said || "constant_value" in said))) return unknown;
  if (Array.isArray(unknown)) return unknown.map((one, index) => saidUnknown(one, listOf(said)[index], false) ?? {});
  if (isObject(unknown))
    return Object.fromEntries(
      Object.entries(unknown).map(([key, one]) => [key, saidUnknown(one, isObject(said) ? said[key] : undefined, false)]),
    );
  return unknown;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== null).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

/** With Terraform's mask of sensitive values laid over it. */
function masked(value: unknown, mask: unknown): unknown {
  if (mask === true) return value === "" ? null : typeof value === "boolean" || value === null ? value : SENSITIVE;
  if (Array.isArray(value)) return value.map((one, index) => masked(one, Array.isArray(mask) ? mask[index] : undefined));
  if (isObject(value) && isObject(mask))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, mask[key])]));
  return value;
}
