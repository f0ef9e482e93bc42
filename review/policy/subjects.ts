/** Resources as policy rules look at them: with what the code says where the plan does not know yet, and with who refers to whom. */
import type { StackJson } from "../../terraform/assembly";
import { UNKNOWN, type Resource, type StackPlan, type Values } from "../model";
import { isBase64, isObject, listOf } from "../json-values";
import { shown } from "../plan/hidden";
import { withoutIndex } from "../plan/read";
import { Redaction } from "../plan/redact";
import { pathOf, typeOf, type Attribute } from "../provider-names";

/** A resource after the plan. */
export interface Subject extends Resource {
  /** Addresses of resources, without module and index, that an argument refers to as far as the plan or the code tells; by argument, of blocks with every step. */
  readonly references: ReadonlyMap<string, ReadonlySet<string>>;
  /** The block that the code has for it, redacted as plans are, its references as `${…}`; undefined where there is no code of ours. */
  readonly code?: Values;
}

/** What a machine runs at its first boot, by the names of a type that has both. */
export const USER_DATA: readonly string[] = (
  ["aws_instance.user_data", "aws_instance.user_data_base64"] satisfies readonly Attribute[]
).map(pathOf);

/** What a rule may look at besides the resource itself. */
export interface Surroundings {
  readonly subjects: readonly Subject[];
  /** Names of the tags that every provider which sets tags puts onto all that it makes. */
  readonly defaultTags: readonly string[];
}

/**
 * @param raw the text of `terraform show -json`: its configuration says what refers to what
 * @param synthesised the stack's code: says what the plan leaves as unknown, such as a policy that names a queue which is yet to be made
 * @throws SyntaxError when the text is no JSON
 */
export function surroundingsOf(plan: StackPlan, raw: string, synthesised: StackJson = {}): Surroundings {
  const configuration = configurationOf(raw);
  const redaction = new Redaction();
  const subjects = plan.after.map((resource): Subject => {
    const plain = withoutIndex(resource.address);
    const [type = "", name = ""] = plain.split(".");
    const block = blockOf(synthesised, type, name);
    const code = block && (shown(redaction.mark(type, { ...block, ...bootScripts(block) }, undefined, undefined)) as Values);
    const references = new Map<string, Set<string>>(configuration.references.get(plain));
    for (const [argument, text] of textsIn(block ?? {})) {
      const found = [...text.matchAll(/\$\{[^}]*?((?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*)\.\w/g)].map(([, address]) => address!);
      if (found.length > 0) references.set(argument, new Set([...(references.get(argument) ?? []), ...found]));
    }
    const said = code ? Object.keys(code) : configuration.said.get(plain);
    const values = Object.fromEntries(
      Object.entries(resource.values)
        // What nobody asked for and the provider will fill in is not set; only tags come by the provider's settings.
        .filter(([argument, value]) => value !== UNKNOWN || argument === "tags_all" || !said || said.includes(argument))
        .map(([argument, value]) => [argument, value === UNKNOWN && typeof code?.[argument] === "string" ? code[argument] : value]),
    );
    return { ...resource, values, code, references };
  });
  return { subjects, defaultTags: synthesised.provider ? tagsOfAll(tagsInCode(synthesised.provider)) : configuration.defaultTags };
}

/** What a machine runs at its first boot, in plain text: in Base64 nobody would see what it holds. */
function bootScripts(block: Values): Values {
  return Object.fromEntries(
    USER_DATA.flatMap((argument) => {
      const value = block[argument];
      return typeof value === "string" && isBase64(value, 16) ? [[argument, Buffer.from(value, "base64").toString("utf8")]] : [];
    }),
  );
}

/** Texts of arguments, and of the blocks that stand in it, by their paths such as `destination_config.on_failure.destination`. */
const textsIn = (block: Values, above = ""): (readonly [path: string, text: string])[] =>
  Object.entries(block).flatMap(([argument, value]) => {
    if (typeof value === "string") return [[`${above}${argument}`, value] as const];
    return listOf(value)
      .filter(isObject)
      .flatMap((inner) => textsIn(inner, `${above}${argument}.`));
  });

const blockOf = ({ resource }: StackJson, type: string, name: string): Readonly<Record<string, unknown>> | undefined => {
  const block = resource?.[type]?.[name];
  if (!isObject(block)) return undefined;
  return Object.fromEntries(Object.entries(block).filter(([key]) => key !== "//"));
};

type Tags = Readonly<Record<string, unknown>>;

/** The plan does not say of each resource which of the providers made it. */
const tagsOfAll = (tags: readonly Tags[]): string[] =>
  tags.length === 0
    ? []
    : Object.keys(tags[0]!)
        .filter((key) => tags.every((one) => key in one))
        .sort();

const tagsInCode = (providers: Readonly<Record<string, unknown>>): Tags[] =>
  Object.values(providers)
    .flatMap(listOf)
    .filter(isObject)
    .flatMap(({ default_tags: blocks }) =>
      listOf(blocks)
        .filter(isObject)
        .map(({ tags }) => tags)
        .filter(isObject),
    );

/** Those whose argument names the resource: by reference, or by what it is called, once that is known. */
export function pointingAt(target: Subject, attribute: Attribute, { subjects }: Surroundings): Subject[] {
  const [type, argument] = [typeOf(attribute), pathOf(attribute)];
  const names = ["arn", "id", "url", "bucket", "name"]
    .map((key) => target.values[key])
    .filter((name) => typeof name === "string" && name !== UNKNOWN);
  return subjects.filter(
    (subject) =>
      subject.type === type &&
      (subject.references.get(argument)?.has(withoutIndex(target.address)) || names.includes(subject.values[argument])),
  );
}

interface Configuration {
  /** Address → argument → addresses. */
  readonly references: ReadonlyMap<string, ReadonlyMap<string, Set<string>>>;
  /** Address → arguments that the code has. */
  readonly said: ReadonlyMap<string, readonly string[]>;
  readonly defaultTags: readonly string[];
}

function configurationOf(raw: string): Configuration {
  const { configuration } = JSON.parse(raw) as {
    readonly configuration?: {
      readonly root_module?: Module;
      readonly provider_config?: Readonly<Record<string, { readonly expressions?: Readonly<Record<string, unknown>> }>>;
    };
  };
  const references = new Map<string, Map<string, Set<string>>>();
  const said = new Map<string, readonly string[]>();
  const visit = ({ resources = [], module_calls: calls = {} }: Module): void => {
    for (const { address, expressions = {} } of resources) {
      const known = references.get(address) ?? new Map<string, Set<string>>();
      for (const [argument, found] of referencesIn(expressions)) known.set(argument, new Set(found));
      references.set(address, known);
      said.set(address, Object.keys(expressions));
    }
    for (const { module } of Object.values(calls)) if (module) visit(module);
  };
  visit(configuration?.root_module ?? {});
  const tags = Object.values(configuration?.provider_config ?? {}).flatMap(({ expressions = {} }) =>
    listOf(expressions.default_tags)
      .filter(isObject)
      .map((block) => block.tags)
      .filter(isObject)
      .map(({ constant_value: value }) => value)
      .filter(isObject),
  );
  return { references, said, defaultTags: tagsOfAll(tags) };
}

/** What arguments refer to, by their paths as in {@link textsIn}. A block is an object of expressions, or a list of such. */
const referencesIn = (expressions: Readonly<Record<string, unknown>>, above = ""): (readonly [path: string, addresses: string[]])[] =>
  Object.entries(expressions).flatMap(([argument, expression]) => {
    if (isObject(expression) && Array.isArray(expression.references)) {
      const found = (expression.references as readonly string[]).filter((reference) => reference.includes(".")).map(addressIn);
      return found.length > 0 ? [[`${above}${argument}`, found] as const] : [];
    }
    return listOf(expression)
      .filter(isObject)
      .filter((inner) => !("constant_value" in inner))
      .flatMap((inner) => referencesIn(inner, `${above}${argument}.`));
  });

interface Module {
  readonly resources?: readonly { readonly address: string; readonly expressions?: Readonly<Record<string, unknown>> }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: Module }>>;
}

/** `aws_sqs_queue.orders.arn` → `aws_sqs_queue.orders`. */
const addressIn = (reference: string): string =>
  reference
    .replace(/\[[^\]]*\]/g, "")
    .split(".")
    .slice(0, reference.startsWith("data.") ? 3 : 2)
    .join(".");

/** An object or list in a JSON text; undefined where it is none, or not known yet. */
export function jsonIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
