/** What the kill switch's documents hold and what its two roles may, as they are synthesised. */
import { documentContent } from "../../constructs/hosts/kill-switch-documents";
import { HOST_ACTIONS, killSwitchRoleArn } from "../../constructs/identity/github-names";
import { environment, GONE } from "../environments/edits";
import { policyOf, resourcesOf } from "../helpers/synth";
import { synthTrading } from "../helpers/trading";

const staging = environment("staging");
const { trading } = synthTrading(staging);
const roles = resourcesOf(trading, "aws_iam_role").filter(({ name }) => String(name).startsWith("tss-kill-switch-"));
const grants = (position: string) =>
  policyOf(
    resourcesOf(trading, "aws_iam_role_policy").find(({ role }) => String(role).includes(`kill-switch-roles_${position}_`))!,
    "policy",
  ).Statement as unknown as { Action: string | string[]; Resource: string | string[]; Condition?: unknown }[];

it.each(HOST_ACTIONS)("the document of %s takes no parameter, fits, and has a step for each kind of host", (action) => {
  const content = documentContent(action);
  expect(Object.keys(content)).toEqual(["schemaVersion", "description", "mainSteps"]);
  expect(content.mainSteps.map(({ action: run, precondition }) => [run, precondition.StringEquals[1]])).toEqual([
    ["aws:runPowerShellScript", "Windows"],
    ["aws:runShellScript", "Linux"],
  ]);
  // https://docs.aws.amazon.com/general/latest/gr/ssm.html: 64 KB. What stands in double braces would be a parameter.
  expect(JSON.stringify(content).length).toBeLessThan(64 * 1024);
  expect(JSON.stringify(content)).not.toContain("{{");
});

it("one role for each position, under the names that the workflow takes", () => {
  expect(roles.map(({ name, path }) => `arn:aws:iam::${staging.account}:role${String(path)}${String(name)}`).sort()).toEqual([
    killSwitchRoleArn(staging, "off"),
    killSwitchRoleArn(staging, "on"),
  ]);
  expect(roles.every(({ permissions_boundary: boundary }) => String(boundary).endsWith("policy/tss-boundary-staging"))).toBe(true);
});

it.each([
  ["on", "ref:refs/heads/main"],
  ["off", "environment:staging"],
])("%s is for %s and nobody else", (position, context) => {
  const role = roles.find(({ name }) => name === `tss-kill-switch-${position}-staging`)!;
  const [statement, ...others] = policyOf(role, "assume_role_policy").Statement as unknown as {
    Condition: { StringEquals: Record<string, string> };
  }[];
  expect(others).toEqual([]);
  expect(statement!.Condition.StringEquals["token.actions.githubusercontent.com:sub"]).toBe(
    `repo:${staging.bootstrap!.githubRepository}:${context}`,
  );
});

it.each([
  ["on", ["stop", "status"]],
  ["off", ["ready", "status"]],
])("%s touches the switch's partition and tells these hosts to %j, and may nothing else", (position, actions) => {
  const found = grants(position);
  expect(found.map(({ Action: action }) => action)).toEqual([
    ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    ["kms:Decrypt", "kms:GenerateDataKey"],
    "ssm:SendCommand",
    "ssm:SendCommand",
    ["ec2:DescribeInstances", "ssm:GetCommandInvocation"],
  ]);
  const [item, , documents, machines] = found;
  expect(item!.Condition).toEqual({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "GLOBALCONFIG" } });
  expect(documents!.Resource).toEqual(
    actions.map((action) => expect.stringMatching(new RegExp(`^\\$\\{aws_ssm_document\\.kill-switch_${action}_\\w+\\.arn\\}$`))),
  );
  expect(machines).toMatchObject({
    Resource: `arn:aws:ec2:ap-northeast-1:${staging.account}:instance/*`,
    Condition: {
      StringEquals: { "ssm:resourceTag/Converge": ["axia-windows-staging", "trading-engine-staging", "trading-worker-staging"] },
    },
  });
});

it("every machine carries the tag by which it is found", () => {
  expect(
    resourcesOf(trading, "aws_instance")
      .map(({ tags }) => (tags as Record<string, string>).Converge)
      .sort(),
  ).toEqual(["axia-windows-staging", "trading-engine-staging", "trading-worker-staging"]);
});

it("an environment without a repository has documents, and no roles", () => {
  const without = synthTrading(environment("staging", { bootstrap: GONE })).trading;
  expect(resourcesOf(without, "aws_iam_role").filter(({ name }) => String(name).includes("kill-switch"))).toEqual([]);
  expect(resourcesOf(without, "aws_ssm_document").filter(({ name }) => String(name).includes("kill-switch"))).toHaveLength(3);
});
