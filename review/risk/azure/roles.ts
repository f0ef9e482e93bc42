/** What a role of one's own may do on Azure: operations of two planes, in blocks of which each leaves out its own. */
import { isHidden, type Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { covers, meet } from "../glob";
import { at, blocks } from "../reading";
import type { Look, Verdict } from "../rules";

/** Of one block, what it allows on one plane and what it leaves out of that. */
interface Grant {
  readonly plane: string;
  readonly actions: readonly string[];
  readonly left: readonly string[];
}

/** Of resources themselves, and of the data in them; one allows nothing on the other. */
const PLANES: readonly (readonly [plane: string, actions: Attribute, left: Attribute])[] = [
  ["actions", "azurerm_role_definition.permissions.actions", "azurerm_role_definition.permissions.not_actions"],
  ["data actions", "azurerm_role_definition.permissions.data_actions", "azurerm_role_definition.permissions.not_data_actions"],
];

/** Texts without regard to case, as Azure compares them; what is not known is left out. */
const texts = (values: Values, attribute: Attribute) =>
  at(values, attribute).flatMap((value) => (typeof value === "string" && !isHidden(value) ? [value.toLowerCase()] : []));

const grantsOf = (values: Values | undefined): readonly Grant[] =>
  blocks(values, "azurerm_role_definition.permissions").flatMap((block) =>
    PLANES.map(([plane, actions, left]) => ({ plane, actions: texts(block, actions), left: texts(block, left) })),
  );

/** Whether all that one block allows by an operation, another allows too. */
const allows = (other: Grant, action: string, { plane, left }: Grant) =>
  other.plane === plane &&
  other.actions.some((one) => covers(one, action)) &&
  other.left.every((one) => !meet(one, action) || left.some((mine) => covers(mine, one)));

/** By which a role gives rights, to itself too. */
const GIVE_RIGHTS: readonly string[] = [
  "microsoft.authorization/elevateaccess/action",
  "microsoft.authorization/roleassignments/write",
  "microsoft.authorization/roleassignmentschedulerequests/write",
  "microsoft.authorization/roledefinitions/write",
  "microsoft.authorization/roleeligibilityschedulerequests/write",
];

const isGiving = (action: string, { plane, left }: Grant) =>
  plane === "actions" && GIVE_RIGHTS.some((one) => covers(action, one) && !left.some((out) => covers(out, one)));

/** The operation by which a role gives rights, where it has one. */
export const givingRights = (values: Values | undefined): string | undefined =>
  grantsOf(values)
    .flatMap((grant) => grant.actions.filter((action) => isGiving(action, grant)))
    .at(0);

const EVERYTHING: readonly string[] = ["*", "*/*", "*/write", "*/action"];

/** Operations that a role's definition adds. */
export const definitions: Look = ({ type, action, before, after }): readonly Verdict[] => {
  if (type !== "azurerm_role_definition" || action === "destroy" || action === "forget" || !after) return [];
  const was = grantsOf(before);
  const added = grantsOf(after).flatMap((grant) =>
    grant.actions.filter((one) => !was.some((other) => allows(other, one, grant))).map((one) => ({ one, grant })),
  );
  const everything = added.find(({ one }) => EVERYTHING.includes(one));
  if (everything)
    return [
      { rule: "identity/admin-granted", message: `The role may do everything (\`${everything.one}\` of its ${everything.grant.plane}).` },
    ];
  const giving = added.find(({ one, grant }) => isGiving(one, grant))?.one;
  if (giving !== undefined && before !== undefined)
    return [{ rule: "identity/admin-granted", message: `The role may give rights to everybody, to itself too (\`${giving}\`).` }];
  if (before === undefined)
    return [
      {
        rule: "identity/policy-added",
        message: `A new role comes with ${added.length} operations${giving === undefined ? "" : `, of which one gives rights (\`${giving}\`)`}.`,
      },
    ];
  if (added.length > 0)
    return [{ rule: "identity/policy-widened", message: `The role may do more: ${added.map(({ one }) => `\`${one}\``).join(", ")}.` }];
  const isUnread = (values: Values) =>
    [at(values, "azurerm_role_definition.permissions"), ...PLANES.map(([, actions]) => at(values, actions))].flat().some(isHidden);
  return isUnread(after) && !isUnread(before)
    ? [{ rule: "identity/policy-unknown", message: "What the role may do is only known after it is applied." }]
    : [];
};
