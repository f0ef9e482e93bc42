/** Changes of Azure's resources, and what is found in one and not in its neighbour. */
import type { StackPlan, Values } from "../../review/model";
import { resource, risks, rulesOf, type Given } from "./risk-builders";

export const SECURITY_RULE = "azurerm_network_security_rule";
export const SECURITY_GROUP = "azurerm_network_security_group";
export const SUBSCRIPTION = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000009";
export const GROUP = `${SUBSCRIPTION}/resourceGroups/day-trade`;
export const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/day-trade`;

/** A rule of a security group: machines of the network may manage it by SSH. */
export const rule = (values: Values = {}): Values => ({
  name: "ssh",
  network_security_group_name: "containers",
  access: "Allow",
  direction: "Inbound",
  protocol: "Tcp",
  priority: 100,
  destination_port_range: "22",
  source_address_prefix: "10.1.0.0/16",
  ...values,
});

export const created = (type: string, after: Values): Given => ({ type, after });
export const destroyed = (type: string, before: Values): Given => ({ type, before });
export const changed = (type: string, before: Values, after: Values): Given => ({ type, before, after });
export const replaced = (type: string, before: Values, after: Values): Given => ({ type, before, after, action: "replace" });
/** Rules that stand after the change. */
export const after = (...rules: Values[]): Partial<StackPlan> => ({
  after: rules.map((values, index) => resource(SECURITY_RULE, String(index), values)),
});

export interface Case {
  readonly what: string;
  readonly given: Given;
  readonly found: string;
  readonly neighbour: Given;
  /** @default nothing */
  readonly neighbourFound?: string;
  readonly rest?: Partial<StackPlan>;
}

/** What is found in a change, and not in the one next to it. */
export const one = (
  what: string,
  given: Given,
  found: string,
  neighbour: Given,
  neighbourFound?: string,
  rest?: Partial<StackPlan>,
): Case => ({ what, given, found, neighbour, ...(neighbourFound !== undefined && { neighbourFound }), ...(rest && { rest }) });

export const tried = (cases: readonly Case[]): void => {
  it.each(cases.map((each) => [each.what, each] as const))("%s", (_, { given, found, neighbour, neighbourFound, rest }) => {
    expect(rulesOf(risks([given], rest))).toEqual([found]);
    expect(rulesOf(risks([neighbour], rest))).toEqual(neighbourFound === undefined ? [] : [neighbourFound]);
  });
};
