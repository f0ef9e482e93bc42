/**
 * What the code says of a resource, among all that is known of it. A provider fills in the rest once the resource is made: what is judged or
 * priced with it would come out otherwise for each kind of state that the same code was planned on.
 */
import type { Resource, Values } from "../model";
import { isList, isObject, listOf } from "../json-values";
import { withoutIndex } from "./read";
import type { StackJson } from "../../terraform/assembly";

/** Resources with the values that their code has; those without code of ours as they are. */
export function asConfigured(resources: readonly Resource[], { resource: blocks = {} }: StackJson): Resource[] {
  return resources.map((resource) => {
    const [type = "", name = ""] = withoutIndex(resource.address).split(".");
    const code = blocks[type]?.[name];
    return code ? { ...resource, values: configuredPart(resource.values, code) as Values } : resource;
  });
}

/**
 * What the code has of a value, by its keys: a block stands there once as an object, in a plan as a list. The elements of a set stand in
 * another order, so that what one of them says is taken to be said of all.
 */
export function configuredPart(value: unknown, code: unknown): unknown {
  if (isList(value)) return value.map((one) => configuredPart(one, code));
  const blocks = listOf(code);
  if (!isObject(value) || !blocks.every(isObject)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const said = (blocks as readonly Readonly<Record<string, unknown>>[]).flatMap((block) =>
        Object.hasOwn(block, key) ? listOf(block[key]) : [],
      );
      return said.length > 0 ? [[key, configuredPart(inner, said)]] : [];
    }),
  );
}
