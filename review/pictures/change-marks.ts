/** What a review marks in the picture of an environment: by part, what happens there. */
import { ACTIONS, type Action, type StackPlan } from "../model";

/** The gravest action in each part, a construct of the first level of its stack. Resources without a construct's path are left out. */
export function gravestByPart(plans: readonly StackPlan[]): ReadonlyMap<string, Action> {
  const found = new Map<string, Action>();
  for (const { changes } of plans) {
    for (const { construct, action } of changes) {
      const [stack, part] = construct.split("/");
      if (stack === undefined || part === undefined) continue;
      const known = found.get(`${stack}/${part}`);
      if (known === undefined || ACTIONS.indexOf(action) < ACTIONS.indexOf(known)) found.set(`${stack}/${part}`, action);
    }
  }
  return found;
}
