import { withLeftBehind } from "../../delivery/left-behind";

const there = (what: string, name: string, why: string, address: string) =>
  `Error: creating ${what} (${name}): operation error, https response error StatusCode: 409, ${why}\n\n  with ${address},\n  on cdk.tf.json line 146, in resource:\n 146:       },\n`;

const role = there(
  "IAM Role",
  "tss-sns-delivery-dev",
  "EntityAlreadyExists: Role with name x already exists.",
  "aws_iam_role.role_EFA0898B",
);
const log = there(
  "CloudWatch Logs Log Group",
  "/aws/lambda/A-dev",
  "ResourceAlreadyExistsException: x",
  "aws_cloudwatch_log_group.log_E7A6FB37",
);

it("says how to take over what an interrupted deploy has left, one line each", () => {
  expect(withLeftBehind({ name: "dev-events" }, `${role}\n${log}`).split("\n").slice(-3)).toEqual([
    "It is there, though the state does not know it. If an interrupted deploy has left it, take it over, and deploy again:",
    "  terraform -chdir=cdktf.out/stacks/dev-events import 'aws_iam_role.role_EFA0898B' 'tss-sns-delivery-dev'",
    "  terraform -chdir=cdktf.out/stacks/dev-events import 'aws_cloudwatch_log_group.log_E7A6FB37' '/aws/lambda/A-dev'",
  ]);
});

it.each([
  ["something else went wrong", there("IAM Role", "a", "AccessDenied: no", "aws_iam_role.role")],
  ["it is taken over by another word than its name", there("EC2 Security Group", "a", "a already exists", "aws_security_group.group")],
  ["the error is of something else", `${there("IAM Role", "a", "AccessDenied: no", "aws_iam_role.role")}\nError: it already exists`],
])("says only what Terraform says where %s", (_, said) => {
  expect(withLeftBehind({ name: "dev-events" }, said)).toBe(said);
});

it("hides what is secret", () => {
  expect(withLeftBehind({ name: "dev-events" }, "Error: aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")).not.toContain(
    "wJalr",
  );
});
