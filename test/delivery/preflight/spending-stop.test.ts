/** The budget's stop on the deploy role, before a deploy (CST-030), in IAM's own words. */
import { needsOf } from "../../../delivery/preflight";
import type { SynthesisedStack } from "../../../terraform/assembly";
import { environment, type Edits } from "../../environments/edits";
import { answeringAws, type AnsweringAws } from "../../helpers/aws-answers";
import { synthEnvironments } from "../../helpers/synth";

let iam: AnsweringAws;
let attached: readonly string[];
let asked: string;

beforeAll(async () => {
  iam = await answeringAws((body) => {
    asked = body;
    const members = attached.map((name) => `<member><PolicyName>${name}</PolicyName><PolicyArn>arn</PolicyArn></member>`).join("");
    return {
      body: `<ListAttachedRolePoliciesResponse><ListAttachedRolePoliciesResult><AttachedPolicies>${members}</AttachedPolicies></ListAttachedRolePoliciesResult></ListAttachedRolePoliciesResponse>`,
    };
  });
});
afterAll(() => {
  iam.close();
});

function needs(edits: Edits) {
  const literal = environment("prod", edits);
  const json = synthEnvironments({ environments: [literal], target: { kind: "aws" } })["prod-account"]!;
  const stacks = [{ name: "prod-account", json } as unknown as SynthesisedStack];
  return needsOf({ environment: literal, stacks, aws: () => iam.aws }).filter(({ kind }) => kind === "spending stop");
}

it("is asked for where the budget has an action", () => expect(needs({})).toEqual([]));

it("is told before a deploy that would end what it cannot make again", async () => {
  const [need, ...others] = needs({ "accountWide.budget.action": { percent: 90 } });
  expect([need!.name, need!.stacks, others]).toEqual(["tss-deploy-prod", ["prod-account"], []]);
  attached = ["tss-deploy-prod-foundation"];
  expect(await need!.ask()).toMatchObject({ state: "there" });
  expect(asked).toContain("Action=ListAttachedRolePolicies&Version=2010-05-08&RoleName=tss-deploy-prod");
  attached = ["tss-deploy-prod-foundation", "tss-spending-stop"];
  expect(await need!.ask()).toMatchObject({ state: "advised", why: expect.stringContaining("tss-spending-stop") as string });
});
