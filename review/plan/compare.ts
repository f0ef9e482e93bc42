/**
 * A plan worked out from two syntheses of a stack, for stacks that no provider can plan here. It has the format of `terraform show -json`,
 * so that it goes through `readPlan` like any other. What only a provider knows is missing: which change forces a replacement, defaults,
 * what the account really has. References and functions are known after it is applied.
 */
import type { Block, StackJson } from "../../terraform/assembly";
import { isEqual, isList, isObject } from "../json-values";
import { parsedJson } from "./redact";
/** Of a block, but no attributes. */
const META_ARGUMENTS: ReadonlySet<string> = new Set([
  "//",
  "lifecycle",
  "depends_on",
  "provider",
  "connection",
  "provisioner",
  "count",
  "for_each",
]);

/** Address → path in the construct tree, for resources that a construct made. */
export function constructsOf(json: StackJson): Map<string, string> {
  const found = new Map<string, string>();
  for (const { address, block } of resourcesOf(json)) {
    const metadata = isObject(block["//"]) ? block["//"].metadata : undefined;
    if (isObject(metadata) && typeof metadata.path === "string") found.set(address, metadata.path);
  }
  return found;
}

interface Found {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly block: Block;
}

function resourcesOf({ resource, terraform }: StackJson): Found[] {
  return Object.entries(resource ?? {}).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, block]) => ({
      address: `${type}.${name}`,
      type,
      name,
      provider: providerOf(type.split("_")[0]!, terraform?.required_providers),
      block,
    })),
  );
}

/** A source without a host is the public registry's, one without a namespace is HashiCorp's. */
function providerOf(name: string, required: Readonly<Record<string, { readonly source?: string }>> = {}): string {
  const parts = (required[name]?.source ?? name).split("/");
  return ["registry.terraform.io", "hashicorp"]
    .slice(0, 3 - parts.length)
    .concat(parts)
    .join("/");
}

/** Values, and a mask of those that a reference stands for. */
interface Known {
  readonly values: unknown;
  readonly unknown: unknown;
}

const REFERENCE = /(?<!\$)(?:\$\$)*\$\{|(?<!%)(?:%%)*%\{/;
const unescaped = (text: string): string => text.replaceAll("$${", "${").replaceAll("%%{", "%{");

/**
 * A text with a reference keeps it as its value and is masked: equal references are equal, a different one is a change.
 * JSON with references inside stays readable: only the references in it are not known, and they say so themselves.
 */
function known(value: unknown): Known {
  if (typeof value === "string") {
    if (!REFERENCE.test(value)) return { values: unescaped(value), unknown: false };
    return { values: value, unknown: parsedJson(value) === undefined };
  }
  if (isList(value)) {
    const inner = value.map(known);
    return { values: inner.map(({ values }) => values), unknown: inner.map(({ unknown }) => unknown) };
  }
  if (isObject(value)) {
    const inner = Object.entries(value).map(([key, one]) => [key, known(one)] as const);
    return {
      values: Object.fromEntries(inner.map(([key, { values }]) => [key, values])),
      unknown: Object.fromEntries(inner.map(([key, { unknown }]) => [key, unknown])),
    };
  }
  return { values: value, unknown: false };
}

const argumentsOf = (block: Block): Block => Object.fromEntries(Object.entries(block).filter(([key]) => !META_ARGUMENTS.has(key)));
const attributesOf = (block: Block): Known => known(argumentsOf(block));

/** What Terraform leaves as it is, whatever the code says. */
function withIgnored(was: Block, is: Block): Block {
  const lifecycle: unknown = isList(is.lifecycle) ? is.lifecycle[0] : is.lifecycle;
  const ignored: unknown = isObject(lifecycle) ? lifecycle.ignore_changes : undefined;
  if (ignored === "all") return argumentsOf(was);
  const names = new Set((isList(ignored) ? ignored : []).filter((name) => typeof name === "string"));
  const keep = (block: Block, kept: boolean) => Object.fromEntries(Object.entries(block).filter(([key]) => names.has(key) === kept));
  return { ...keep(argumentsOf(is), false), ...keep(argumentsOf(was), true) };
}

/**
 * @param before the stack as it is deployed; undefined where there is none
 * @param after the stack as it shall be; undefined where it is no longer synthesised
 * @returns the text of a plan
 */
export function comparePlan(before: StackJson | undefined, after: StackJson | undefined): string {
  const was = new Map(resourcesOf(before ?? {}).map((one) => [one.address, one]));
  const is = new Map(resourcesOf(after ?? {}).map((one) => [one.address, one]));
  const moves = new Map(
    (after?.moved ?? [])
      .filter(({ from, to }) => was.has(from) && !is.has(from) && is.has(to) && !was.has(to))
      .map(({ from, to }) => [to, from]),
  );
  const imports = new Map((after?.import ?? []).map(({ to, id }) => [to, id]));
  const forgotten = new Set((after?.removed ?? []).filter(({ lifecycle }) => destroys(lifecycle) === false).map(({ from }) => from));
  const movedFrom = new Set(moves.values());

  const changes = [
    ...[...is.values()].map((one) =>
      change(was.get(moves.get(one.address) ?? one.address), one, { previous: moves.get(one.address), id: imports.get(one.address) }),
    ),
    ...[...was.values()]
      .filter(({ address }) => !is.has(address) && !movedFrom.has(address))
      .map((one) => change(one, undefined, { isForgotten: forgotten.has(one.address) })),
  ];
  return JSON.stringify({
    format_version: "1.2",
    planned_values: { root_module: { resources: states(is.values()) } },
    resource_changes: changes,
    output_changes: outputChanges(before, after),
    prior_state: { format_version: "1.0", values: { root_module: { resources: states(was.values()) } } },
    configuration: { provider_config: providerConfig(after ?? before ?? {}) },
    complete: true,
  });
}

/** cdktf writes a block as an object or a list of one. */
const destroys = (lifecycle: unknown): unknown => {
  const block: unknown = isList(lifecycle) ? lifecycle[0] : lifecycle;
  return isObject(block) ? block.destroy : undefined;
};

interface Circumstances {
  readonly previous?: string;
  readonly id?: string;
  readonly isForgotten?: boolean;
}

function change(was: Found | undefined, is: Found | undefined, { previous, id, isForgotten }: Circumstances): object {
  const one = (is ?? was)!;
  const [before, after] = [was && attributesOf(was.block), is && attributesOf(was ? withIgnored(was.block, is.block) : is.block)];
  const isSame = before !== undefined && after !== undefined && isEqual(before.values, after.values);
  // What is imported has values in the account that nobody knows here.
  const action = !is ? (isForgotten ? "forget" : "delete") : isSame || (!was && id !== undefined) ? "no-op" : was ? "update" : "create";
  return {
    address: one.address,
    ...(previous === undefined ? {} : { previous_address: previous }),
    mode: "managed",
    type: one.type,
    name: one.name,
    provider_name: one.provider,
    change: {
      actions: [action],
      before: before?.values ?? null,
      before_unknown: before?.unknown ?? {},
      after: after?.values ?? null,
      after_unknown: after?.unknown ?? {},
      before_sensitive: false,
      after_sensitive: false,
      ...(id === undefined || was ? {} : { importing: { id } }),
    },
  };
}

const states = (found: Iterable<Found>): object[] =>
  [...found].map(({ address, type, name, provider, block }) => ({
    address,
    mode: "managed",
    type,
    name,
    provider_name: provider,
    values: attributesOf(block).values,
    sensitive_values: {},
  }));

function outputChanges(before: StackJson | undefined, after: StackJson | undefined): object {
  const [was, is] = [before?.output ?? {}, after?.output ?? {}];
  return Object.fromEntries(
    [...new Set([...Object.keys(was), ...Object.keys(is)])].map((name) => {
      const [old, now] = [was[name], is[name]];
      const [from, to] = [known(old?.value ?? null), known(now?.value ?? null)];
      const isSame = JSON.stringify(old?.value) === JSON.stringify(now?.value);
      const sensitive = old?.sensitive === true || now?.sensitive === true;
      return [
        name,
        {
          actions: [!old ? "create" : !now ? "delete" : isSame ? "no-op" : "update"],
          before: from.values,
          before_unknown: from.unknown,
          after: to.values,
          after_unknown: to.unknown,
          before_sensitive: sensitive,
          after_sensitive: sensitive,
        },
      ];
    }),
  );
}

/** Names of providers as Terraform writes them: `aws`, `aws.osaka`; of their arguments only a constant region. */
function providerConfig({ provider }: StackJson): object {
  return Object.fromEntries(
    Object.entries(provider ?? {}).flatMap(([name, blocks]) =>
      (isList(blocks) ? blocks : [blocks])
        .filter(isObject)
        .map(({ alias, region }) => [
          typeof alias === "string" ? `${name}.${alias}` : name,
          { name, expressions: typeof region === "string" && !REFERENCE.test(region) ? { region: { constant_value: region } } : {} },
        ]),
    ),
  );
}
