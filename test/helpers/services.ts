/** The services stack of an environment, and ways to look at who may reach what. */
import type { Environment } from "../../environments/schema";
import { synthEnvironments, policyOf, resourcesOf, type Block, type StackJson } from "./synth";
import { named } from "./trading";

/** @throws when the environment has none */
export function synthServices(literal: Environment): StackJson {
  const json = synthEnvironments({ environments: [literal], target: { kind: "aws" } })[`${literal.name}-services`];
  if (!json) throw new Error(`${literal.name} has no stack of services`);
  return json;
}

/** References of this stack and of others: `ml`, `load-balancer`, `cache`; anything else as it stands. */
const groupOf = (reference: unknown) =>
  /aws_security_group\.?(?:service-([\w-]+?)_identity_security-group|([\w-]+?)_security-group)/
    .exec(String(reference))
    ?.slice(1)
    .find(Boolean) ?? reference;

/** Rules in a direction: whose, port, and the other side; sorted. */
export const waysOf = (json: StackJson, direction: "ingress" | "egress") =>
  resourcesOf(json, `aws_vpc_security_group_${direction}_rule`)
    .map(
      ({ security_group_id, from_port, cidr_ipv4, referenced_security_group_id }) =>
        [groupOf(security_group_id), from_port ?? "all", cidr_ipv4 ?? groupOf(referenced_security_group_id)] as const,
    )
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));

/** The container of a service, references as they stand. */
export const containerOfService = (json: StackJson, service: string): Block =>
  (JSON.parse(named(json, "aws_ecs_task_definition", `service-${service}_`).container_definitions as string) as Block[])[0]!;

/** Variables of a service, each with its value or, for a secret, with its reference. */
export function variablesOf(json: StackJson, service: string, kind: "environment" | "secrets" = "environment"): Record<string, string> {
  const listed = containerOfService(json, service)[kind] as { name: string; value?: string; valueFrom?: string }[];
  return Object.fromEntries(listed.map(({ name, value, valueFrom }) => [name, (value ?? valueFrom)!]));
}

/** Statements of a role: `rightsOfRole(json, "ml", "task")`. */
export const rightsOfRole = (json: StackJson, service: string, role: "task" | "execution") =>
  resourcesOf(json, "aws_iam_role_policy")
    .filter(({ role: owner }) => String(owner).includes(`.service-${service}_identity_${role}-role_`))
    .flatMap((block) => policyOf(block, "policy").Statement);
