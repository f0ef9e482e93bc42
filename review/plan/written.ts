/** Which arguments of a resource somebody wrote: all others are the provider's, and change because something else does. */
import type { StackJson } from "../../terraform/assembly";
import { listOf } from "../json-values";

const INDEX = /\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]/g;

interface Module {
  readonly resources?: readonly { readonly address: string; readonly expressions?: Readonly<Record<string, unknown>> }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: Module }>>;
}

/**
 * @param raw the text of `terraform show -json`, whose configuration says it
 * @param code what is planned, where it is at hand: a comparison has no configuration
 * @returns a test of an address and an argument; of what neither knows, every argument counts as written
 * @throws SyntaxError when the text is no JSON
 */
export function argumentsIn(raw: string, code?: StackJson): (address: string, argument: string) => boolean {
  const { configuration } = JSON.parse(raw) as { readonly configuration?: { readonly root_module?: Module } };
  const known = new Map<string, ReadonlySet<string>>();
  const visit = ({ resources, module_calls: calls = {} }: Module, prefix: string): void => {
    for (const { address, expressions = {} } of listOf(resources) as NonNullable<Module["resources"]>)
      known.set(`${prefix}${address}`, new Set(Object.keys(expressions)));
    for (const [name, { module }] of Object.entries(calls)) if (module) visit(module, `${prefix}module.${name}.`);
  };
  visit(configuration?.root_module ?? {}, "");
  for (const [type, blocks] of Object.entries(code?.resource ?? {}))
    for (const [name, block] of Object.entries(blocks)) known.set(`${type}.${name}`, new Set(Object.keys(block)));
  return (address, argument) => known.get(address.replace(INDEX, ""))?.has(argument) ?? true;
}
