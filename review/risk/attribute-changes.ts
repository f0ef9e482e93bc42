/** What becomes of an attribute in a change, and whether that only follows from something else. */
import { UNKNOWN, type AttributeChange, type ResourceChange, type Values, isHidden } from "../model";
import { pathOf, type Attribute } from "../provider-names";
import { at } from "./reading";
import { textsIn } from "./related-resources";
import type { Context } from "./rules";
import { isEqual } from "../json-values";

/** Texts and lists of them, such as the machine in a schedule's input, that are not known because what they name is replaced by the same plan. */
function followsReplacement({ before, after }: Pick<AttributeChange, "before" | "after">, { plan }: Context): boolean {
  if (after !== UNKNOWN) return false;
  const spoken = [...textsIn(before)];
  return plan.changes.some(
    ({ action, before: old }) =>
      action === "replace" &&
      typeof old?.id === "string" &&
      !isHidden(old.id) &&
      old.id.length > 8 &&
      spoken.some((text) => text.includes(old.id as string)),
  );
}

/** A change's attributes at a dotted path or below it. */
export const attributesAt = ({ attributes }: ResourceChange, path: string): readonly AttributeChange[] =>
  attributes.filter((attribute) => `${attribute.path.replace(/\[[^\]]*\]/g, "")}.`.startsWith(`${path}.`));

/**
 * Whether what stands at a path becomes another thing, and not only because what it names is replaced. Two references that differ are
 * both unknown, and still a change.
 */
export function changesAt(
  change: ResourceChange,
  attribute: Attribute,
  before: Values | undefined,
  after: Values | undefined,
  context: Context,
): boolean {
  const named = attributesAt(change, pathOf(attribute));
  return named.length === 0
    ? !isEqual(at(before, attribute), at(after, attribute))
    : !named.every((one) => followsReplacement(one, context));
}
