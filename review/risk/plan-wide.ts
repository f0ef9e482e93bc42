/** What is seen of a plan as a whole: outputs, tags, and protection that only the code knows of. */
import { isForStacks } from "../../terraform/references";
import type { Finding, StackPlan } from "../model";
import { findingOf } from "./rules";
import { shown } from "./reading";

/** cdktf makes such an output only where another stack reads it. */
export function removedOutputs({ stack, outputs }: StackPlan): Finding[] {
  return outputs
    .filter(({ action }) => action === "destroy")
    .map(({ name }) => ({
      ...findingOf(
        {
          rule: "compute/output-removed",
          message: `The output ${name} goes${isForStacks(name) ? "; the stack that reads it must be applied in the same turn" : "; whoever reads it will not find it"}`,
        },
        { construct: stack, address: "" },
        stack,
      ),
      address: undefined,
    }));
}

/** Tags that rights, costs and tools go by. */
const MEANT =
  /^tags(?:_all)?(?:\.|\[")(Environment|Project|ManagedBy|Owner|CostCenter|Name|kubernetes\.io\/[\w./-]*|k8s\.io\/[\w./-]*|karpenter\.sh\/[\w./-]*)(?:"\])?$/;

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
  return [...found].map(([words, addresses]) =>
    findingOf(
      {
        rule: "identity/tags-changed",
        message: `${words} on ${addresses.length === 1 ? addresses[0] : `${new Set(addresses).size} resources`}`,
      },
      { construct: stack, address: addresses[0]! },
      stack,
    ),
  );
}

/** Resources that stay and that Terraform would no longer refuse to destroy. */
export function protectionLost({ stack, after, changes }: StackPlan, before: ReadonlySet<string>, now: ReadonlySet<string>): Finding[] {
  const moved = new Map(
    changes.filter(({ previousAddress }) => previousAddress).map(({ address, previousAddress }) => [address, previousAddress!]),
  );
  return after
    .filter(({ address }) => before.has(moved.get(address) ?? address) && !now.has(address))
    .map((resource) =>
      findingOf(
        { rule: "data/deletion-protection-off", message: "Terraform will no longer refuse to destroy it (`prevent_destroy` goes)" },
        resource,
        stack,
      ),
    );
}
