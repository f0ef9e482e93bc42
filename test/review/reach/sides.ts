/** The example prod before and after an edit of what is synthesised, as a review sees both. */
import type { StackJson } from "../../../terraform/assembly";
import { comparePlan, constructsOf } from "../../../review/plan/compare";
import { readPlan } from "../../../review/plan/read";
import { reachOf, type PlannedSides } from "../../../review/risk";
import type { Finding } from "../../../review/model";
import { loadEnvironment } from "../../fixtures/environments";
import { synthEnvironments } from "../../helpers/synth";

/** Arguments of a resource, to be changed in place. */
export type Editable = Record<string, unknown>;
export type Edit = (stacks: Stacks) => void;

let prod: Readonly<Record<string, StackJson>> | undefined;
const synthesised = () =>
  (prod ??= synthEnvironments({ target: { kind: "aws" }, environments: [loadEnvironment("prod")] }) as Readonly<Record<string, StackJson>>);

/** The stacks of prod, to be edited. */
export class Stacks {
  readonly json = structuredClone(synthesised()) as Record<string, StackJson>;

  /** @param path the construct's, or its beginning; of prod */
  resource(stack: string, type: string, path: string): Editable {
    return this.blocks(stack, type)[this.named(stack, type, path)]!;
  }

  add(stack: string, type: string, name: string, values: object): void {
    this.blocks(stack, type)[name] = { ...values };
  }

  remove(stack: string, type: string, path: string): void {
    delete this.blocks(stack, type)[this.named(stack, type, path)];
  }

  /** Changes a policy, or another JSON text. */
  policy(stack: string, type: string, path: string, change: (statements: Editable[]) => Editable[], argument = "policy"): void {
    const block = this.resource(stack, type, path);
    const document = JSON.parse(block[argument] as string) as { Statement: Editable[] };
    block[argument] = JSON.stringify({ ...document, Statement: change(document.Statement) });
  }

  private blocks(stack: string, type: string): Record<string, Editable> {
    return this.json[`prod-${stack}`]!.resource![type] as Record<string, Editable>;
  }

  /** A resource's name in the code. */
  named(stack: string, type: string, path: string): string {
    const found = Object.keys(this.blocks(stack, type)).filter((name) => name.startsWith(path));
    if (found.length !== 1)
      throw new Error(`${found.length} ${type} of prod-${stack} begin with ${path}: ${Object.keys(this.blocks(stack, type)).join(", ")}`);
    return found[0]!;
  }
}

/** What a review says of an edit's reach. */
export function reachAfter(edit: Edit): Finding[] {
  const stacks = new Stacks();
  edit(stacks);
  return reachOf(Object.entries(synthesised()).map(([stack, before]) => sideOf(stack, before, stacks.json[stack]!)));
}

const unchanged = new Map<string, PlannedSides>();
/** Most stacks stay as they are, and are read once. */
function sideOf(stack: string, before: StackJson, after: StackJson): PlannedSides {
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  const known = isSame ? unchanged.get(stack) : undefined;
  const side = known ?? { plan: readPlan(comparePlan(before, after), { stack, constructs: constructsOf(before) }), before, after };
  if (isSame) unchanged.set(stack, side);
  return side;
}
