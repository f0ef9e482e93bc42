/** How actions are written wherever people read them. */
import type { Action } from "./model";

/** In the order in which a plan is usually told. */
export const TOLD: readonly Action[] = ["create", "update", "replace", "destroy", "move", "import", "forget"];

export const SYMBOLS: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  destroy: "−",
  move: "→",
  import: "↓",
  forget: "⊘",
};
/** After the event, as in "1 replaced". */
export const DONE: Readonly<Record<Action, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  destroy: "destroyed",
  move: "moved",
  import: "imported",
  forget: "forgotten",
};

/** `− destroys`: what happens in a part of a picture. A part is more than one resource, it is not itself what is destroyed. */
export const doing = (action: Action): string => `${SYMBOLS[action]} ${action}s`;
