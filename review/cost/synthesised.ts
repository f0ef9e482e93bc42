/** Resources of a synthesised stack, as far as they are known without a plan: whatever holds a reference is unknown. */
import { UNKNOWN, type Resource, type Values } from "../model";
import type { PlannedStack } from "./estimate";

/** One `cdk.tf.json`. */
export interface SynthesisedStack {
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Not arguments of the resource. */
const META = ["//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

function known(value: unknown): unknown {
  if (typeof value === "string") return value.includes("${") ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, known(entry)]));
}

/** The stack as if everything in it were there already. */
export function plannedStack(stack: string, json: SynthesisedStack): PlannedStack {
  const providers = ([json.provider?.aws ?? []].flat()) as readonly { readonly alias?: string; readonly region?: string }[];
  const regionOf = (provider: unknown): string | undefined => providers.find(({ alias }) => typeof provider === "string" && provider === `aws.${alias ?? ""}`)?.region;
  const resources = Object.entries(json.resource ?? {}).flatMap(([type, blocks]) => Object.entries(blocks).map(([id, block]): Resource => {
    const { "//": comment, provider, ...rest } = block as Readonly<Record<string, unknown>>;
    const path = (comment as { readonly metadata?: { readonly path?: string } } | undefined)?.metadata?.path;
    const region = regionOf(provider);
    const values = Object.fromEntries(Object.entries(rest).filter(([key]) => !META.includes(key)).map(([key, value]) => [key, known(value)])) as Values;
    return { address: `${type}.${id}`, type, provider: "", construct: path ?? `${type}.${id}`, values: { ...values, ...(region ? { region } : {}) } };
  }));
  return { stack, before: resources, after: resources, region: providers.find(({ alias }) => alias === undefined)?.region };
}
