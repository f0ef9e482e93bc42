/** What gives rights or makes other resources in words of its own, past all that rules read: told when it comes, with what is in it. */
import type { Values } from "../../model";
import { isEqual } from "../../json-values";
import { at, textAt } from "../reading";
import type { Look, Verdict } from "../rules";

/** Of Entra's directory, of other tenants, of resources in another language; rules of their own read those that are left out. */
const POWERS =
  /^(azapi_|azuread_|azurerm_lighthouse_|azurerm_\w*(template_deployment|federated_identity_credential|_role_(assignment|binding))$)/;
const READ: readonly string[] = [
  "azurerm_federated_identity_credential",
  "azurerm_pim_active_role_assignment",
  "azurerm_pim_eligible_role_assignment",
];

/** Types of Azure's resources, as templates and azapi name them. */
const INNER = /"(?:type|Type)"\s*:\s*"(microsoft\.[^"]+)"/gi;

function innerTypes(values: Values): readonly string[] {
  const { type } = values;
  const template = JSON.stringify(values).replaceAll('\\"', '"');
  return [...new Set([...(typeof type === "string" ? [type] : []), ...[...template.matchAll(INNER)].map(([, inner = ""]) => inner)])];
}

export const powers: Look = ({ type, action, after }): readonly Verdict[] => {
  if (action !== "create" || !after || !POWERS.test(type) || READ.includes(type)) return [];
  const inner = innerTypes(after);
  const what = inner.length === 0 ? "" : ` It makes or changes ${inner.map((one) => `\`${one}\``).join(", ")}.`;
  return [{ rule: "identity/unjudged", message: `It gives rights, or makes what no rule reads: nobody judged this.${what}` }];
};

const modeOf = (values: Values | undefined) => textAt(values, "azurerm_resource_group_template_deployment.deployment_mode");

/**
 * With this mode Azure deletes what stands in the group and not in the template, whoever made it. What the template says besides is nobody's
 * to judge: its attribute is not named, so that every change of it is told.
 */
export const completeTemplates: Look = ({ type, action, before, after }) =>
  type === "azurerm_resource_group_template_deployment" &&
  action !== "destroy" &&
  action !== "forget" &&
  modeOf(after) === "Complete" &&
  (modeOf(before) !== "Complete" || !isEqual(before?.template_content, after?.template_content))
    ? [{ rule: "data/destroyed", message: "Azure deletes everything in the resource group that is not in the template (mode `Complete`)." }]
    : [];

/** Another tenant's people, who get rights here. */
export const otherTenants: Look = ({ type, action, before, after }) => {
  if (type !== "azurerm_lighthouse_definition" || action === "destroy" || action === "forget") return [];
  const tenant = textAt(after, "azurerm_lighthouse_definition.managing_tenant_id");
  return isEqual(at(before, "azurerm_lighthouse_definition.authorization"), at(after, "azurerm_lighthouse_definition.authorization"))
    ? []
    : [
        {
          rule: "identity/trust-widened",
          message: `Principals of another tenant (\`${tenant ?? "not known"}\`) get rights here, or others do.`,
        },
      ];
};
