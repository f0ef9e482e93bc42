/** What docs/rights.md shows; that it is current, test/literals/docs.test.ts looks after. */
import { rightsTable, statementsOf } from "../../commands/pages/rights-table";
import { replaceReferences } from "../../terraform/references";
import type { StackJson } from "../../terraform/assembly";
import { WITHOUT_RESOURCE_LEVEL } from "../../constructs/identity/without-resource-level";
import { loadEnvironments } from "../fixtures/environments";
import { synthEnvironments } from "../helpers/synth";

const environments = loadEnvironments();
const stacks = synthEnvironments({ environments, target: { kind: "aws" } });
const page = rightsTable(environments, stacks);

const rows = (text: string) => text.split("\n").filter((line) => line.startsWith("| "));
const section = (name: string) => page.split("\n## ").find((part) => part.startsWith(`${name}\n`)) ?? "";
const rowsOn = (principal: string, resource: string) => rows(section(principal)).filter((line) => line.startsWith(`| ${resource} `));

it("shows every role but the pipeline's, with every action that its policy holds", () => {
  const roles = Object.entries(stacks)
    .filter(([stack]) => !stack.endsWith("-bootstrap"))
    .flatMap(([stack, { resource }]) =>
      Object.entries(resource?.aws_iam_role ?? {}).map(([id, { name }]) => ({ stack, id, name: String(name) })),
    );
  expect(roles.length).toBeGreaterThanOrEqual(10);
  for (const { stack, id, name } of roles) {
    const environment = stack.slice(0, stack.indexOf("-"));
    const suffix = new RegExp(`-${environment}(?=-|$)`);
    const shown = section(name) || section(name.replace(suffix, "")) || section(name.replace(suffix, "-staging"));
    expect([name, shown.includes(environment)]).toEqual([name, true]);
    for (const action of statementsOf(stacks, stack, id).flatMap(({ Action }) => Action))
      expect([name, action, shown.includes(`\`${action}\``)]).toEqual([name, action, true]);
  }
});

it("says in words what a right is on", () => {
  expect(rowsOn("tss-people-operations", "every session of the account")).toEqual([
    "| every session of the account | `ssm:ResumeSession`, `ssm:TerminateSession` | `ssm:resourceTag/aws:ssmmessages:session-id` StringLike who asks | all |",
  ]);
  expect(rowsOn("EC2InstanceRole", "table `TSS_DynamoDB_OrderState` and its indexes")).toEqual([
    "| table `TSS_DynamoDB_OrderState` and its indexes | `dynamodb:GetItem`, `dynamodb:PutItem`, `dynamodb:Query`, `dynamodb:UpdateItem` | – | all |",
  ]);
  expect(rowsOn("EC2InstanceRole", "the objects of bucket `tss-software-<account>`")).toEqual([
    "| the objects of bucket `tss-software-<account>` | `s3:GetObject` | – | all |",
  ]);
  expect(rowsOn("EC2InstanceRole", "secret `TSS/mt5/live`")).toEqual([
    "| secret `TSS/mt5/live` (elsewhere `TSS/mt5/demo` and the suffix) | `secretsmanager:GetSecretValue` | – | all |",
  ]);
  expect(rowsOn("EC2InstanceRole", "key `alias/tss-events`")).toEqual([
    "| key `alias/tss-events` | `kms:Decrypt`, `kms:GenerateDataKey` | – | staging, prod |",
  ]);
  expect(rowsOn("EC2InstanceRole", "everything: a metric").join()).toMatch(
    /`cloudwatch:PutMetricData` \| `cloudwatch:namespace` StringEquals `AXIA\/TradingSystem` \| all \|$/,
  );
  expect(section("TradingEngineRole")).toContain("Linux trading engine. Stack `trading`, in staging, prod; taken by `ec2.amazonaws.com`.");
});

it("says what the services may do wherever they run on ECS", () => {
  const onEcs = environments.map((environment) => ({ ...environment, platform: "ecs" as const }));
  const shown = rightsTable(onEcs, synthEnvironments({ environments: onEcs, target: { kind: "aws" } }))
    .split("\n## ")
    .find((part) => part.startsWith("tss-ml-task\n"))!;
  expect(shown).toContain(
    "What the service ml may do. Stack `services`, in dev, staging, prod; taken by `ecs-tasks.amazonaws.com` for this account.",
  );
  expect(rows(shown).filter((line) => line.includes("rds-db"))).toEqual([
    "| user `svc_ml` of database `tss-database` | `rds-db:connect` | – | staging, prod |",
  ]);
});

it("says whose pods have a role, and of whose things", () => {
  expect(section("tss-ml-pods")).toContain(
    "What the pods of the service ml may do. Stack `services`, in staging, prod; taken by `pods.eks.amazonaws.com` for the service account `day-trade-ml-ml` of the namespace `day-trade`.",
  );
  expect(rowsOn("tss-ml-pods", "user `svc_ml` of database `tss-database`")).toEqual([
    "| user `svc_ml` of database `tss-database` | `rds-db:connect` | – | all |",
  ]);
  const tag = (kind: string, key: string, value: string) => `\`aws:${kind}Tag/${key}\` StringEquals \`${value}\``;
  expect(rowsOn("tss-load-balancer-controller", "every target group of the account").map((row) => row.split(" | ")[2])).toEqual([
    tag("Request", "elbv2.k8s.aws/cluster", "day-trade-production"),
    `\`elasticloadbalancing:CreateAction\` StringEquals \`CreateLoadBalancer\` or \`CreateTargetGroup\` and ${tag("Request", "elbv2.k8s.aws/cluster", "day-trade-production")}`,
    tag("Resource", "elbv2.k8s.aws/cluster", "day-trade-production"),
  ]);
  // Here the name is part of the tag's key.
  expect(rowsOn("tss-cluster-autoscaler", "every Auto Scaling group of the account")).toEqual([
    `| every Auto Scaling group of the account | \`autoscaling:SetDesiredCapacity\`, \`autoscaling:TerminateInstanceInAutoScalingGroup\` | ${tag("Resource", "k8s.io/cluster-autoscaler/day-trade-production", "owned")} | all |`,
  ]);
  expect(rowsOn("tss-eks-nodes", "the images of EKS's add-ons")).toEqual([
    "| the images of EKS's add-ons | `ecr:BatchCheckLayerAvailability`, `ecr:BatchGetImage`, `ecr:GetDownloadUrlForLayer` | – | all |",
  ]);
});

it("says nothing of an account, and depends on nothing but the stacks", () => {
  for (const { account } of environments) expect(page).not.toContain(account);
  expect(page).not.toMatch(/\$\{|undefined|\[object/);
  expect(rightsTable(environments, stacks)).toBe(page);
});

describe("reasons for *", () => {
  it("stand once for an action, each with AWS's own page", () => {
    const actions = WITHOUT_RESOURCE_LEVEL.flatMap((entry) => entry.actions);
    expect(new Set(actions).size).toBe(actions.length);
    expect(actions.filter((action) => !/^[a-z0-9-]+:[A-Za-z]+$/.test(action))).toEqual([]);
    for (const { documentation } of WITHOUT_RESOURCE_LEVEL) expect(documentation).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });

  it("are all needed", () => {
    for (const action of WITHOUT_RESOURCE_LEVEL.flatMap((entry) => entry.actions)) expect(page).toContain(`\`${action}\``);
  });
});

describe("a small environment", () => {
  const small = [{ name: "one", account: "111122223333", nameSuffix: "-one" }];
  const trust = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] });
  const role = { name: "r-one", description: "A role", assume_role_policy: trust };
  const statement = (Action: string, Resource: string, more: object = {}) => ({ Effect: "Allow", Action, Resource, ...more });
  const holding = (...Statement: object[]): StackJson => ({
    resource: {
      aws_iam_role: { r: role },
      aws_iam_role_policy: {
        r: { role: "${aws_iam_role.r.id}", policy: JSON.stringify({ Statement }) },
        other: { role: "${aws_iam_role.r2.id}", policy: JSON.stringify({ Statement: [statement("a:B", "*")] }) },
      },
      aws_sqs_queue: { q: { name: "jobs-one.fifo" } },
      aws_vpc: { v: {} },
    },
    output: { q: { value: "${aws_sqs_queue.q.arn}" } },
  });
  const shown = (stack: StackJson, others = {}) => rows(rightsTable(small, { "one-x": stack, ...others })).slice(2);

  it("shows a queue, of this stack and of another", () => {
    const row = "| queue `jobs-one.fifo` | `sqs:SendMessage` | – | all |";
    expect(shown(holding(statement("sqs:SendMessage", "${aws_sqs_queue.q.arn}")))).toEqual([row]);
    const remote = statement("sqs:SendMessage", "${data.terraform_remote_state.cross-stack-reference-input-one-y.outputs.q}");
    expect(
      shown(holding(remote), {
        "one-y": { resource: { aws_sqs_queue: { q: { name: "jobs-one.fifo" } } }, output: { q: { value: "${aws_sqs_queue.q.arn}" } } },
      }),
    ).toEqual([row]);
  });

  it("shows a policy of the project that is attached", () => {
    const base = holding();
    const attached = {
      ...base,
      resource: {
        ...base.resource,
        aws_iam_policy: { p: { policy: JSON.stringify({ Statement: [statement("sqs:PurgeQueue", "${aws_sqs_queue.q.arn}")] }) } },
        aws_iam_role_policy_attachment: { a: { role: "${aws_iam_role.r.name}", policy_arn: "${aws_iam_policy.p.arn}" } },
      },
    };
    expect(shown(attached)).toEqual(["| queue `jobs-one.fifo` | `sqs:PurgeQueue` | – | all |"]);
  });

  it("tells what one statement allows under a condition from what another allows without", () => {
    expect(
      shown(
        holding(
          statement("sqs:SendMessage", "${aws_sqs_queue.q.arn}"),
          statement("sqs:PurgeQueue", "${aws_sqs_queue.q.arn}", { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
          statement("sqs:GetQueueUrl", "${aws_sqs_queue.q.arn}"),
        ),
      ),
    ).toEqual([
      "| queue `jobs-one.fifo` | `sqs:GetQueueUrl`, `sqs:SendMessage` | – | all |",
      "| queue `jobs-one.fifo` | `sqs:PurgeQueue` | `aws:SecureTransport` Bool `true` | all |",
    ]);
  });

  it.each([
    [
      "* without a reason",
      holding(statement("s3:DeleteBucket", "*")),
      /s3:DeleteBucket on \*, and constructs\/identity\/without-resource-level.ts holds no reason/,
    ],
    ["a type without a word", holding(statement("ec2:DeleteVpc", "${aws_vpc.v.arn}")), /aws_vpc\.v: NOUNS/],
    ["a part without a word", holding(statement("sqs:SendMessage", "${aws_sqs_queue.q.arn}/x")), /PARTS/],
    ["an ARN that nobody knows", holding(statement("s3:GetObject", "arn:aws:s3:::*")), /FOREIGN.*arn:aws:s3:::\*/],
    ["an effect that is no right", holding(statement("sqs:SendMessage", "${aws_sqs_queue.q.arn}", { Effect: "Deny" })), /Deny/],
    ["a token that speaks of nothing", holding(statement("sqs:SendMessage", "${aws_sqs_queue.gone.arn}")), /gone\.arn\} is no attribute/],
    [
      "an output that is not there",
      holding(statement("sqs:SendMessage", "${data.terraform_remote_state.cross-stack-reference-input-one-y.outputs.q}")),
      /one-y has no such output/,
    ],
    [
      "a policy of AWS",
      {
        ...holding(),
        resource: {
          ...holding().resource,
          aws_iam_role_policy_attachment: {
            a: { role: "${aws_iam_role.r.name}", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
          },
        },
      },
      /AdministratorAccess, whose rights are not ours to read/,
    ],
    [
      "a policy of AWS, named by the role",
      {
        ...holding(),
        resource: {
          ...holding().resource,
          aws_iam_role: { r: { ...role, managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] } },
        },
      },
      /managed_policy_arns/,
    ],
  ])("refuses %s", (_, stack, message) => {
    expect(() => rightsTable(small, { "one-x": stack })).toThrow(message);
  });

  it("replaces every token of a text", () => {
    expect(
      replaceReferences(
        "${aws_sqs_queue.q.arn} and ${aws_sqs_queue.q.url}/*",
        { "one-x": holding() },
        "one-x",
        ({ type, id, attribute }) => `${type} ${id} ${attribute}`,
      ),
    ).toBe("aws_sqs_queue q arn and aws_sqs_queue q url/*");
  });
});
