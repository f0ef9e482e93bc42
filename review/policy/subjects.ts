/** Resources as policy rules look at them: with what the code says where the plan does not know yet, and with who refers to whom. */
import { UNKNOWN, type Resource, type StackPlan } from "../model";

/** One `cdk.tf.json`, as far as rules need it. */
export interface Synthesised {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly provider?: Readonly<Record<string, unknown>>;
}

/** A resource after the plan. */
export interface Subject extends Resource {
  /** Addresses of resources, without module and index, that an argument refers to as far as the plan or the code tells; by argument. */
  readonly references: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a rule may look at besides the resource itself. */
export interface Surroundings {
  readonly subjects: readonly Subject[];
  /** Names of the tags that every provider which sets tags puts onto all that it makes. */
  readonly defaultTags: readonly string[];
}

/** Module, index and keys are no part of what code refers to. */
export const plainAddress = (address: string): string => address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "").split(".").slice(-2).join(".");

/**
 * @param raw the text of `terraform show -json`: its configuration says what refers to what
 * @param synthesised the stack's code: says what the plan leaves as unknown, such as a policy that names a queue which is yet to be made
 * @throws SyntaxError when the text is no JSON
 */
export function surroundingsOf(plan: StackPlan, raw: string, synthesised: Synthesised = {}): Surroundings {
  const configuration = configurationOf(raw);
  const subjects = plan.after.map((resource): Subject => {
    const plain = plainAddress(resource.address);
    const [type = "", name = ""] = plain.split(".");
    const code = synthesised.resource?.[type]?.[name];
    const texts = Object.entries(isObject(code) ? code : {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    const references = new Map<string, Set<string>>(configuration.references.get(plain));
    for (const [argument, text] of texts) {
      const found = [...text.matchAll(/\$\{[^}]*?((?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*)\.\w/g)].map(([, address]) => address!);
      if (found.length > 0) references.set(argument, new Set([...references.get(argument) ?? [], ...found]));
    }
    const known = Object.fromEntries(texts.filter(([argument]) => resource.values[argument] === UNKNOWN));
    return { ...resource, values: { ...resource.values, ...known }, references };
  });
  return { subjects, defaultTags: configuration.defaultTags };
}

/** Those of a type whose argument names the resource: by reference, or by what it is called, once that is known. */
export function pointingAt(target: Subject, type: string, argument: string, { subjects }: Surroundings): Subject[] {
  const names = ["arn", "id", "url", "bucket", "name"].map((key) => target.values[key]).filter((name) => typeof name === "string" && name !== UNKNOWN);
  return subjects.filter((subject) => subject.type === type && (subject.references.get(argument)?.has(plainAddress(target.address)) || names.includes(subject.values[argument])));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);

interface Configuration {
  /** Address → argument → addresses. */
  readonly references: ReadonlyMap<string, ReadonlyMap<string, Set<string>>>;
  readonly defaultTags: readonly string[];
}

function configurationOf(raw: string): Configuration {
  const { configuration } = JSON.parse(raw) as { readonly configuration?: { readonly root_module?: Module; readonly provider_config?: Readonly<Record<string, { readonly expressions?: Readonly<Record<string, unknown>> }>> } };
  const references = new Map<string, Map<string, Set<string>>>();
  const visit = ({ resources = [], module_calls: calls = {} }: Module): void => {
    for (const { address, expressions = {} } of resources) {
      const known = references.get(address) ?? new Map<string, Set<string>>();
      for (const [argument, expression] of Object.entries(expressions)) {
        const found = isObject(expression) && Array.isArray(expression.references) ? (expression.references as readonly string[]).filter((reference) => reference.includes(".")).map(addressIn) : [];
        if (found.length > 0) known.set(argument, new Set(found));
      }
      references.set(address, known);
    }
    for (const { module } of Object.values(calls)) if (module) visit(module);
  };
  visit(configuration?.root_module ?? {});
  const tags = Object.values(configuration?.provider_config ?? {}).flatMap(({ expressions = {} }) => listOf(expressions.default_tags).filter(isObject).map((block) => block.tags).filter(isObject).map(({ constant_value: value }) => value).filter(isObject));
  // The plan does not say of each resource which of the providers made it.
  const defaultTags = tags.length === 0 ? [] : Object.keys(tags[0]!).filter((key) => tags.every((one) => key in one)).sort();
  return { references, defaultTags };
}

interface Module {
  readonly resources?: readonly { readonly address: string; readonly expressions?: Readonly<Record<string, unknown>> }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: Module }>>;
}

/** `aws_sqs_queue.orders.arn` → `aws_sqs_queue.orders`. */
const addressIn = (reference: string): string => reference.replace(/\[[^\]]*\]/g, "").split(".").slice(0, reference.startsWith("data.") ? 3 : 2).join(".");

/** Blocks of that name: an object, or a list of objects; unknown ones are left out. */
export const blocks = (values: unknown, name: string): Readonly<Record<string, unknown>>[] => (isObject(values) ? listOf(values[name]).filter(isObject) : []);

/** An object or list in a JSON text; undefined where it is none, or not known yet. */
export function jsonIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
export { isObject, listOf };
