/**
 * Plans a stack whose upstream must be applied first.
 *
 * It reads outputs that its upstream does not have yet, or will have another value for. Terraform would refuse the plan, or plan with
 * the old value. Here such an output stands as a value that is known only after apply, which is what it is.
 */
import { OUTPUT_OF_STACK } from "../../terraform/references";
import type { StackJson } from "../../terraform/assembly";

/** Stands for every value that is not known yet; Terraform's own type, which needs no provider. */
const TYPE = "terraform_data";
const NAME = "known-after-its-upstream";

/** Whether a resource of a plan is the stand-in and no change of anybody's. */
export const isStandIn = (address: string): boolean => address.startsWith(`${TYPE}.${NAME}`);

/** Whether an output of a stack has a value that will stay, before anything is applied. */
export type IsSettled = (output: string) => boolean;

export interface Deferral {
  readonly json: StackJson;
  /** Outputs that are not known yet, by the stack that has them. */
  readonly unknown: ReadonlyMap<string, readonly string[]>;
}

/** @param settledIn of another stack; undefined where that one is not planned, and is taken to be applied as it stands */
export function deferUnknown(json: StackJson, settledIn: (stack: string) => IsSettled | undefined): Deferral {
  const unknown = new Map<string, Set<string>>();
  const text = JSON.stringify(json).replace(OUTPUT_OF_STACK, (reference, stack: string, output: string) => {
    const isSettled = settledIn(stack);
    if (!isSettled || isSettled(output)) return reference;
    unknown.set(stack, (unknown.get(stack) ?? new Set()).add(output));
    return output.endsWith("ids") ? `[${TYPE}.${NAME}.id]` : `${TYPE}.${NAME}.id`;
  });
  if (unknown.size === 0) return { json, unknown: new Map() };
  const changed = JSON.parse(text) as StackJson;
  // A state that nobody asks any more is not read: it may not be there yet.
  const kept = Object.entries(changed.data?.terraform_remote_state ?? {}).filter(([name]) =>
    text.includes(`data.terraform_remote_state.${name}.`),
  );
  // Terraform takes no empty block for none.
  const data = Object.fromEntries(
    Object.entries({ ...changed.data, terraform_remote_state: Object.fromEntries(kept) }).filter(
      ([, blocks]) => Object.keys(blocks).length > 0,
    ),
  );
  return {
    json: {
      ...changed,
      data: Object.keys(data).length > 0 ? data : undefined,
      resource: { ...changed.resource, [TYPE]: { ...changed.resource?.[TYPE], [NAME]: {} } },
    },
    unknown: new Map([...unknown].map(([stack, outputs]) => [stack, [...outputs].sort()])),
  };
}
