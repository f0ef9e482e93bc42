/** The bootstrap stack as synthesised, and as much of IAM's evaluation as its policies use. */
import { Testing } from "cdktf";
import { parseEnvironment } from "../../environments/reading/parse";
import type { EnvironmentLiteral } from "../../environments/schema";
import { BootstrapStack } from "../../stacks/bootstrap";
import { prod } from "../fixtures/environments/prod";
import { staging } from "../fixtures/environments/staging";
import { policyOf, resourcesOf, type Block, type StackJson } from "./synth";

export const ACCOUNT = "777788889999";
export const REPOSITORY = "example-org/trading-system-infrastructure";
export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/tss-boundary-prod`;
export const STATES = "arn:aws:s3:::states";
export const ISSUER = "token.actions.githubusercontent.com";

export const makeApp = () => Testing.app({ context: { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" } });
export function synth(literal: EnvironmentLiteral, localState?: boolean): StackJson {
  const environment = parseEnvironment(literal, "test");
  return JSON.parse(
    Testing.synth(
      new BootstrapStack(makeApp(), { environment, target: { kind: "aws" }, bootstrap: environment.bootstrap!, localState }),
      true,
    ),
  ) as StackJson;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}
export const list = (items: string | string[]) => [items].flat();

/** A policy as AWS sees it: references replaced by what they stand for. */
export const resolved = (block: Block): Statement[] =>
  policyOf(
    {
      policy: (block.policy as string)
        .replace(/\$\{aws_s3_bucket\.[^}]*}/g, STATES)
        .replace(/\$\{aws_kms_key\.[^}]*}/g, `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`)
        .replace(/\$\{aws_iam_policy\.boundary-(\w+?)_[^}]*}/g, `arn:aws:iam::${ACCOUNT}:policy/tss-boundary-$1`),
    },
    "policy",
  ).Statement as unknown as Statement[];

export const roleOf = (json: StackJson, name: string) => resourcesOf(json, "aws_iam_role").find((role) => role.name === name)!;
export const grantsOf = (json: StackJson, kind: string) =>
  resolved(resourcesOf(json, "aws_iam_role_policy").find(({ role }) => String(role).includes(`.${kind}_`))!);
export const policyNamed = (json: StackJson, name: string) =>
  resolved(resourcesOf(json, "aws_iam_policy").find((policy) => policy.name === name)!);

/** As much of IAM's evaluation as these policies use: a call is allowed when a statement allows it and none denies it. */
export function allows(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): boolean {
  const matches = (patterns: string | string[], value: string) =>
    list(patterns).some((pattern) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(value));
  const holds = ({ Condition = {} }: Statement) =>
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => {
        const value = context[key];
        if (operator === "StringNotEquals") return value === undefined || !list(values).includes(value);
        if (operator === "StringEquals" || operator === "Bool") return value !== undefined && list(values).includes(value);
        if (operator === "StringLike") return value !== undefined && matches(values, value);
        throw new Error(`no such operator here: ${operator}`);
      }),
    );
  const speaksOf = ({ Resource, NotResource }: Statement, value: string) =>
    Resource ? matches(Resource, value) : !matches(NotResource!, value);
  const applying = statements.filter((statement) => matches(statement.Action, action) && speaksOf(statement, resource) && holds(statement));
  return applying.some(({ Effect }) => Effect === "Allow") && !applying.some(({ Effect }) => Effect === "Deny");
}

export const json = synth(prod);
/** One account with two environments. */
export const shared = synth({ ...staging, bootstrap: { ...staging.bootstrap!, environments: ["staging", "demo"] } });
