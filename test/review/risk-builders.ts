/** Changes and plans, as short as a test needs them. */
import type { AttributeChange, Finding, Resource, ResourceChange, StackPlan, Values } from "../../review/model";
import { comparePlan } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { risksOf } from "../../review/risk";

export interface Given {
  readonly type: string;
  /** @default "thing" */
  readonly name?: string;
  /** @default "prod-data/part/<name>" */
  readonly construct?: string;
  readonly before?: Values;
  readonly after?: Values;
  /** @default by what there is before and after */
  readonly action?: ResourceChange["action"];
  readonly attributes?: readonly AttributeChange[];
  readonly deposed?: string;
  readonly reason?: string;
  readonly previousAddress?: string;
}

export function change({
  type,
  name = "thing",
  construct = `prod-data/part/${name}`,
  before,
  after,
  action = before && after ? "update" : before ? "destroy" : "create",
  attributes,
  deposed,
  reason,
  previousAddress,
}: Given): ResourceChange {
  const address = `${type}.${name}`;
  return {
    address,
    type,
    provider: "registry.terraform.io/hashicorp/aws",
    construct,
    action,
    createBeforeDestroy: false,
    attributes: attributes ?? (before && after ? attributesOf(type, before, after) : []),
    ...(before && { before }),
    ...(after && { after }),
    ...(deposed && { deposed }),
    ...(reason && { reason }),
    ...(previousAddress && { previousAddress }),
  };
}

/** What the plan's own reader says of two states. */
function attributesOf(type: string, before: Values, after: Values): readonly AttributeChange[] {
  const json = (values: Values) => ({ resource: { [type]: { thing: values } } });
  return readPlan(comparePlan(json(before), json(after)), { stack: "x" }).changes[0]?.attributes ?? [];
}

export const resource = (type: string, name: string, values: Values, construct = `prod-data/part/${name}`): Resource => ({
  address: `${type}.${name}`,
  type,
  provider: "registry.terraform.io/hashicorp/aws",
  construct,
  values,
});

export const planOf = (changes: readonly ResourceChange[], rest: Partial<StackPlan> = {}): StackPlan => ({
  stack: "prod-data",
  changes,
  drift: [],
  outputs: [],
  before: [],
  after: [],
  isComplete: true,
  ...rest,
});

export const risks = (changes: readonly Given[], rest: Partial<StackPlan> = {}, protectedAddresses: readonly string[] = []): Finding[] =>
  risksOf(planOf(changes.map(change), rest), { protected: new Set(protectedAddresses) });

/** `refusal data/destroyed`, one for each finding. */
export const rulesOf = (findings: readonly Finding[]): string[] => findings.map(({ rule, severity }) => `${severity} ${rule}`);

/** `{ a: { b: value } }` of `a.b`. */
export const nested = (path: string, value: unknown): Values =>
  path.split(".").reduceRight<unknown>((inner, key) => (inner === undefined ? {} : { [key]: inner }), value) as Values;
export const policy = (...statements: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
