/** What is seen of a plan as a whole: outputs, tags, and protection that only the code knows of. */
import type { Finding, StackPlan } from "../model";
import { findingOf } from "./rules";
import { shown } from "./reading";

/** cdktf makes such an output only where another stack reads it. */
export function removedOutputs({ stack, outputs }: StackPlan): Finding[] {
  return outputs.filter(({ action }) => action === "destroy").map(({ name }) => ({
    ...findingOf({ rule: "compute/output-removed", message: `The output ${name} goes${name.startsWith("cross-stack-output-") ? "; the stack that reads it must be applied in the same turn" : "; whoever reads it will not find it"}` }, { construct: stack, address: "" }, stack), address: undefined,
  }));
}

/** Tags that rights, costs and tools go by. */
const MEANT = /^tags(?:_all)?(?:\.|\[")(Environment|Project|ManagedBy|Owner|CostCenter|Name|kubernetes\.io\/[\w./-]*|k8s\.io\/[\w./-]*|karpenter\.sh\/[\w./-]*)(?:"\])?$/;

/** One finding for each tag and value, not one for each resource. */
export function tagsOfRights({ stack, changes }: StackPlan): Finding[] {
  const found = new Map<string, string[]>();
  for (const { action, attributes, address } of changes) {
    if (action !== "update" && action !== "replace") continue;
    for (const { path, before, after } of attributes) {
      const name = MEANT.exec(path)?.[1];
      if (!name || name === "Name") continue;
      const key = `The tag ${name} changes from ${shown(before)} to ${shown(after)}`;
      found.set(key, [...(found.get(key) ?? []), address]);
    }
  }
  return [...found].map(([words, addresses]) => findingOf({ rule: "identity/tags-changed", message: `${words} on ${addresses.length === 1 ? addresses[0] : `${new Set(addresses).size} resources`}` }, { construct: stack, address: addresses[0]! }, stack));
}

/** Resources that stay and that Terraform would no longer refuse to destroy. */
export function protectionLost({ stack, after, changes }: StackPlan, before: ReadonlySet<string>, now: ReadonlySet<string>): Finding[] {
  const moved = new Map(changes.filter(({ previousAddress }) => previousAddress).map(({ address, previousAddress }) => [address, previousAddress!]));
  return after.filter(({ address }) => before.has(moved.get(address) ?? address) && !now.has(address))
    .map((resource) => findingOf({ rule: "data/deletion-protection-off", message: "Terraform will no longer refuse to destroy it (`prevent_destroy` goes)" }, resource, stack));
}

/** Addresses under prevent_destroy in a synthesised stack; without those that are protected only while they are imported (docs/importing.md). */
export function protectedIn(json: { readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>; readonly import?: readonly { readonly to: string }[] }): Set<string> {
  const imported = new Set((json.import ?? []).map(({ to }) => to));
  const isProtected = (resource: unknown) => {
    const { lifecycle } = resource as { lifecycle?: { prevent_destroy?: unknown } | readonly { prevent_destroy?: unknown }[] };
    return (Array.isArray(lifecycle) ? (lifecycle as readonly { prevent_destroy?: unknown }[]) : [lifecycle as { prevent_destroy?: unknown } | undefined]).some((block) => block?.prevent_destroy === true);
  };
  return new Set(Object.entries(json.resource ?? {}).flatMap(([type, named]) => Object.entries(named).filter(([, resource]) => isProtected(resource)).map(([name]) => `${type}.${name}`).filter((address) => !imported.has(address))));
}
