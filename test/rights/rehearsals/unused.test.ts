/**
 * What the deploy role and the plan role may do and no rehearsal used: it stands with its reason in unused.ts, or is taken away. Roles of hosts and
 * services are not held against calls, since nothing of theirs runs in a rehearsal; test/rights/{hosts,services,pods}.test.ts try what they need.
 *
 * REHEARSAL_CALLS as for rehearsals.test.ts, with the calls of every environment: together they show what Terraform does for these stacks.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { environmentNames, loadEnvironments } from "../../../environments/index";
import { loadEnvironments as loadExamples } from "../../../environments";
import { grantsOf, json, policyNamed } from "../../helpers/bootstrap";
import type { Statement } from "../policy";
import { readReference, serviceOf, type Reference } from "../reference";
import { allowedBy, faultsOf, hiddenIn, neededBy, patternsOf, type Rights } from "./needed";
import { readRecording } from "./recording";
import { UNUSED, type RoleKind, type Unused } from "./unused";

jest.setTimeout(5 * 60_000);

const statements: Readonly<Record<RoleKind, readonly Statement[]>> = {
  deploy: [
    ...grantsOf(json, "deploy-prod_role"),
    ...["foundation", "images", "platform"].flatMap((part) => policyNamed(json, `tss-deploy-prod-${part}`)),
  ],
  plan: grantsOf(json, "plan-prod_role"),
};
const kinds: readonly RoleKind[] = ["deploy", "plan"];

let reference: Reference;
beforeAll(async () => {
  reference = await readReference([...new Set(Object.values(statements).flatMap(patternsOf).map(serviceOf))]);
});

describe("as the table stands", () => {
  it("names each action that changes something, once", () => {
    expect(hiddenIn(UNUSED)).toEqual([]);
  });

  it.each(kinds)("holds nothing that the %s role does not have", (kind) => {
    const allowed = allowedBy(statements[kind], reference);
    const faults = faultsOf(UNUSED, kind, { allowed, needed: new Set() });
    expect(faults.filter((fault) => fault.includes("take "))).toEqual([]);
  });

  it("roles that change something name each action", () => {
    const looks = /:(Describe|Get|List)/;
    const patterns = patternsOf(statements.deploy).filter((pattern) => pattern.includes("*") && !looks.test(pattern));
    expect(patterns).toEqual([]);
  });
});

const folder = process.env.REHEARSAL_CALLS;
/** Why nothing can be said of what is used; undefined where it can. */
function untold(): string | undefined {
  if (folder === undefined) return "REHEARSAL_CALLS names no folder";
  const missing = environmentNames.filter((name) => !existsSync(join(folder, `${name}.jsonl`)));
  if (missing.length > 0) return `no calls of ${missing.join(", ")}`;
  // Another literal uses other rights: a service on EKS none of ECS.
  return isDeepStrictEqual(loadEnvironments(), loadExamples()) ? undefined : "the table speaks of the environments as the project came";
}
const why = untold();

(why === undefined ? it : it.skip).each(kinds)(
  `every right of the %s role is used, or has its reason${why === undefined ? "" : `: ${why}`}`,
  (kind) => {
    const used = environmentNames.flatMap((name) => {
      const { calls, requests } = readRecording(folder!, name);
      return requests(calls[kind]).map(([{ action }]) => action);
    });
    const needed = neededBy([...new Set(used)], reference);
    expect(faultsOf(UNUSED, kind, { allowed: allowedBy(statements[kind], reference), needed })).toEqual([]);
  },
);

describe("a right", () => {
  const row = (actions: readonly string[], roles: readonly RoleKind[] = ["deploy"]): Unused => ({ roles, actions, reason: "for later" });
  const rights: Rights = { allowed: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:ListQueues"], needed: new Set(["sqs:createqueue"]) };
  const faults = (...table: readonly Unused[]) => faultsOf(table, "deploy", rights);

  it("that is not used asks for a row, and says which", () => {
    expect(faults(row(["sqs:List*"]))).toEqual([
      'The deploy role may sqs:DeleteQueue, which no rehearsal used. Take it away (constructs/identity), or write in test/rights/rehearsals/unused.ts, with why it stays: { roles: ["deploy"], actions: ["sqs:DeleteQueue"], reason: "…" },',
    ]);
    expect(faults(row(["sqs:List*", "sqs:DeleteQueue"]))).toEqual([]);
    expect(faults(row(["sqs:List*"]), row(["sqs:DeleteQueue"], ["plan"]))).toHaveLength(1);
  });

  it("that is used, or not there, is in no row", () => {
    const named = (action: string, why: string) =>
      `test/rights/rehearsals/unused.ts: take "${action}" of the deploy role out of the row "for later": ${why}.`;
    expect(faults(row(["sqs:List*", "sqs:DeleteQueue", "sqs:CreateQueue"]))).toEqual([named("sqs:CreateQueue", "a rehearsal uses it")]);
    expect(faults(row(["sqs:List*", "sqs:DeleteQueue", "sqs:PurgeQueue"]))).toEqual([named("sqs:PurgeQueue", "the role does not have it")]);
  });

  it("is needed where a used one depends on it by AWS's reference, without Verified Access", () => {
    const needed = neededBy(["wafv2:AssociateWebACL"], reference);
    expect([...needed].filter((action) => /^(ec2|elasticloadbalancing|wafv2):/.test(action)).sort()).toEqual([
      "elasticloadbalancing:createwebaclassociation",
      "elasticloadbalancing:setwebacl",
      "wafv2:associatewebacl",
      "wafv2:getpermissionpolicy",
      "wafv2:putpermissionpolicy",
    ]);
  });

  it("that changes something hides behind no pattern, and stands once", () => {
    expect(hiddenIn([row(["sqs:Describe*", "sqs:Delete*"]), row(["sqs:Describe*"], ["deploy", "plan"])])).toEqual([
      "sqs:Delete* changes something: name each action",
      "sqs:Describe* of the deploy role stands twice",
    ]);
  });

  it("is every action that a pattern allows", () => {
    const allowed = allowedBy([{ Effect: "Allow", Action: ["sqs:*Queue", "sqs:listqueuetags"], Resource: "*" }], reference);
    expect(allowed).toEqual([
      "sqs:CreateQueue",
      "sqs:DeleteQueue",
      "sqs:ListQueueTags",
      "sqs:PurgeQueue",
      "sqs:TagQueue",
      "sqs:UntagQueue",
    ]);
  });
});
