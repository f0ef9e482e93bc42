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

// As the provider (5.100.0) and AWS word them.
it.each([
  [
    "a secret by the ARN that AWS tells",
    there(
      "Secrets Manager Secret",
      "tss/mt5-dev",
      "ResourceExistsException: The operation failed because the secret tss/mt5-dev already exists.",
      "aws_secretsmanager_secret.mt5_A1",
    ),
    `'aws_secretsmanager_secret.mt5_A1' "$(aws secretsmanager describe-secret --secret-id 'tss/mt5-dev' --query ARN --output text)"`,
  ],
  [
    "a permission by function and statement",
    there(
      "Lambda Permission",
      "Alert-dev/topic",
      "ResourceConflictException: The statement id (topic) provided already exists. Please provide a new statement id, or remove the existing statement.",
      "aws_lambda_permission.topic_A1",
    ).replace("creating", "adding"),
    "'aws_lambda_permission.topic_A1' 'Alert-dev/topic'",
  ],
  [
    "a mapping by its UUID",
    there(
      "Lambda Event Source Mapping",
      "Alert-dev",
      'ResourceConflictException: An event source mapping with SQS arn (" arn:aws:sqs:x ") and function (" Alert-dev ") already exists. Please update or delete the existing mapping with UUID 14e0db71-5d35-4eb5-b481-8945cf9d10c2',
      "aws_lambda_event_source_mapping.queue_A1",
    ),
    "'aws_lambda_event_source_mapping.queue_A1' 14e0db71-5d35-4eb5-b481-8945cf9d10c2",
  ],
])("takes %s over", (_, said, words) => {
  expect(withLeftBehind({ name: "dev-events" }, said).split("\n").at(-1)).toBe(
    `  terraform -chdir=cdktf.out/stacks/dev-events import ${words}`,
  );
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
