/** What a review marks in the picture of an environment. */
import { ACTIONS, type Action, type StackPlan } from "./model";

/** Said in the picture, with a sign beside the colour. A part is more than one resource: it is not itself what is replaced. */
export const MARKS: Readonly<Record<Action, { readonly text: string; readonly fill: string; readonly color: string }>> = {
  destroy: { text: "− destroys", fill: "#fbdcd9", color: "#b3261e" },
  replace: { text: "± replaces", fill: "#fde2c8", color: "#a34a00" },
  forget: { text: "⊘ forgets", fill: "#fbdcd9", color: "#b3261e" },
  update: { text: "~ updates", fill: "#fbf0c4", color: "#7a5b00" },
  create: { text: "+ creates", fill: "#d8f0dc", color: "#1b6e34" },
  import: { text: "↓ imports", fill: "#d8f0dc", color: "#1b6e34" },
  move: { text: "→ moves", fill: "#e4e7fb", color: "#3c4aa8" },
};

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
