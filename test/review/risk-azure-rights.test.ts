/** Rights on Azure beyond the first look: what a role really allows, who gives it to whom, and what gives rights in words of its own. */
import { UNKNOWN, type Values } from "../../review/model";
import { changed, created, destroyed, GROUP, one, replaced, SUBSCRIPTION, tried } from "./risk-azure-builders";
import { risksOf } from "../../review/risk";
import { change, planOf, resource, risks, rulesOf } from "./risk-builders";

const SERVER = "azurerm_mssql_server";
const ROLE = "azurerm_role_definition";
const GIVEN = "azurerm_role_assignment";
const ADMIN = "refusal identity/admin-granted";
const UNJUDGED = "notice identity/unjudged";

/** Azure fills in a login where nobody gives one, and takes no password by it. */
const server = (only: unknown): Values => ({
  administrator_login: "CloudSA12345678",
  azuread_administrator: only === undefined ? [] : [{ azuread_authentication_only: only, object_id: "o" }],
});
const role = (...permissions: object[]): Values => ({ name: "plan", assignable_scopes: [SUBSCRIPTION], permissions });
const owner = (values: Values = {}): Values => ({ role_definition_name: "Owner", scope: GROUP, principal_id: "p", ...values });
const OWNERS_ID = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;
const template = (values: Values = {}): Values => ({
  deployment_mode: "Incremental",
  template_content: '{"resources":[{"type":"Microsoft.Authorization/roleAssignments"}]}',
  ...values,
});

describe("a database server:", () => {
  tried([
    one(
      "takes passwords from now on",
      changed(SERVER, server(true), server(false)),
      "refusal identity/trust-widened",
      changed(SERVER, server(false), server(true)),
    ),
    one(
      "loses its administrator of Entra's",
      changed(SERVER, server(true), server(undefined)),
      "refusal identity/trust-widened",
      changed(SERVER, server(undefined), server(true)),
    ),
    one(
      "may take them",
      changed(SERVER, server(true), server(UNKNOWN)),
      "notice identity/trust-widened",
      changed(SERVER, server(UNKNOWN), server(true)),
    ),
  ]);
});

describe("a role of one's own:", () => {
  tried([
    one(
      "what it did with data, it does with resources",
      changed(ROLE, role({ actions: [], data_actions: ["*"] }), role({ actions: ["*"], data_actions: ["*"] })),
      ADMIN,
      changed(ROLE, role({ actions: ["*"], data_actions: ["*"] }), role({ actions: [], data_actions: ["*"] })),
    ),
    one(
      "another block leaves nothing out",
      changed(
        ROLE,
        role({ actions: ["a/*"], not_actions: ["a/delete"] }),
        role({ actions: ["a/*"], not_actions: ["a/delete"] }, { actions: ["a/*"] }),
      ),
      "refusal identity/policy-widened",
      changed(ROLE, role({ actions: ["a/read", "b/*"], not_actions: ["b/delete"] }), role({ actions: ["a/read"], not_actions: [] })),
    ),
    one(
      "is no longer known",
      changed(ROLE, role({ actions: ["a/read"] }), role({ actions: UNKNOWN })),
      "notice identity/policy-unknown",
      changed(ROLE, role({ actions: ["a/read", "b/read"] }), role({ actions: ["b/read", "a/read"] })),
    ),
    one(
      "writes roles",
      changed(ROLE, role({ actions: ["a/read"] }), role({ actions: ["a/read", "Microsoft.Authorization/roleDefinitions/write"] })),
      ADMIN,
      changed(ROLE, role({ actions: ["a/read"] }), role({ actions: ["a/read", "Microsoft.Authorization/roleDefinitions/read"] })),
      "refusal identity/policy-widened",
    ),
  ]);
});

describe("a role that is given:", () => {
  tried([
    one(
      "an owner's condition binds nothing but roles",
      created(GIVEN, owner({ condition: "x" })),
      ADMIN,
      created(GIVEN, owner({ condition: "x", scope: `${GROUP}/providers/a/b/c` })),
      "notice identity/admin-granted",
    ),
    one(
      "on less than before",
      replaced(GIVEN, owner(), owner({ scope: SUBSCRIPTION })),
      ADMIN,
      replaced(GIVEN, owner({ scope: SUBSCRIPTION }), owner({ role_definition_name: null, role_definition_id: OWNERS_ID })),
      "notice identity/access-granted",
    ),
    one(
      "for a while",
      created("azurerm_pim_eligible_role_assignment", { scope: GROUP, role_definition_id: OWNERS_ID, principal_id: "p" }),
      ADMIN,
      created("azurerm_pim_active_role_assignment", {
        scope: GROUP,
        role_definition_id: "/acdd72a7-3385-48ef-bd42-f606fba81ae7",
        principal_id: "p",
      }),
      "notice identity/access-granted",
    ),
  ]);

  const giving = resource(ROLE, "giving", role({ actions: ["Microsoft.Authorization/*/write"] }));
  const reading = resource(ROLE, "reading", { ...role({ actions: ["*/read"] }), name: "reader" });
  const given = (values: Values = {}) => created(GIVEN, { scope: GROUP, role_definition_id: UNKNOWN, principal_id: "p", ...values });

  it("is the plan's own, gives rights and is bound by nothing", () => {
    expect(rulesOf(risks([given()], { after: [giving] }))).toEqual([ADMIN]);
    expect(rulesOf(risks([given({ condition: "x" })], { after: [giving] }))).toEqual(["notice identity/access-granted"]);
    expect(rulesOf(risks([given()], { after: [reading] }))).toEqual(["notice identity/access-granted"]);
    expect(rulesOf(risks([given({ role_definition_name: "plan" })], { after: [giving, reading] }))).toEqual([ADMIN]);
    const known = { ...giving, values: { ...giving.values, role_definition_id: "0f" } };
    expect(rulesOf(risks([given({ role_definition_id: "/roleDefinitions/0F" })], { after: [known] }))).toEqual([ADMIN]);
    expect(rulesOf(risks([given({ role_definition_id: "/roleDefinitions/1f" })], { after: [known] }))).toEqual([
      "notice identity/access-granted",
    ]);
  });

  it("is the one that the code names", () => {
    const refers = (construct: string) => ({
      protected: new Set<string>(),
      names: { ofId: () => undefined, referredBy: (_: string, address: string) => (address === `${GIVEN}.thing` ? [construct] : []) },
    });
    const plan = planOf([change(given())], { after: [giving, reading] });
    expect(rulesOf(risksOf(plan, refers(giving.construct)))).toEqual([ADMIN]);
    expect(risksOf(plan, refers(reading.construct))[0]?.message).not.toContain("Look");
  });

  it("may be one that gives rights, where nobody knows yet which it is", () => {
    const [found] = risks([given()], { after: [giving, reading] });
    expect(found).toMatchObject({
      rule: "identity/access-granted",
      message: expect.stringContaining("Look whether it is `plan`") as unknown,
    });
  });
});

describe("what gives rights in words of its own:", () => {
  tried([
    one(
      "a template for a group",
      created("azurerm_resource_group_template_deployment", template()),
      UNJUDGED,
      created("azurerm_user_assigned_identity", {}),
    ),
    one(
      "a template for a subscription",
      created("azurerm_subscription_template_deployment", template()),
      UNJUDGED,
      created("azurerm_policy_definition", {}),
    ),
    one(
      "a template that deletes what is not in it",
      changed("azurerm_resource_group_template_deployment", template(), template({ deployment_mode: "Complete" })),
      "refusal data/destroyed",
      changed("azurerm_resource_group_template_deployment", template(), template({ template_content: "{}" })),
      UNJUDGED,
    ),
    one(
      "another tenant",
      changed(
        "azurerm_lighthouse_definition",
        { managing_tenant_id: "t", authorization: [] },
        { managing_tenant_id: "t", authorization: [{ principal_id: "p" }] },
      ),
      "refusal identity/trust-widened",
      created("azurerm_lighthouse_assignment", { scope: SUBSCRIPTION }),
      UNJUDGED,
    ),
    one(
      "any resource, made",
      created("azapi_resource", { type: "Microsoft.Sql/servers@2022" }),
      UNJUDGED,
      created("azurerm_federated_identity_credential", { subject: "a", issuer: "b" }),
      "notice identity/access-granted",
    ),
    one(
      "any resource, destroyed",
      destroyed("azapi_resource", { type: "Microsoft.Sql/servers@2022" }),
      UNJUDGED,
      destroyed(GIVEN, owner()),
    ),
    one(
      "a role of the directory",
      created("azuread_directory_role_assignment", { principal_object_id: "p" }),
      UNJUDGED,
      destroyed(GIVEN, owner()),
    ),
    one(
      "whose tokens an application takes",
      created("azuread_application_flexible_federated_identity_credential", {}),
      UNJUDGED,
      created("azurerm_policy_definition", {}),
    ),
  ]);

  it("is told with the resources that it makes", () => {
    const [found] = risks([created("azurerm_tenant_template_deployment", template())]);
    expect(found?.message).toContain("`Microsoft.Authorization/roleAssignments`");
  });
});
