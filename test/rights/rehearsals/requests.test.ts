import { judge } from "../policy";
import { Account, readCalls, type Call } from "./calls";
import { requestsOf } from "./requests";

const account = "111122223333";
const rehearsed = { name: "dev", account, stateBucket: "states" };
const call = (service: string, operation: string, members: object = {}) => ({
  stack: "dev-data",
  service,
  operation,
  region: "ap-northeast-1",
  account,
  members,
});
const boundary = `arn:aws:iam::${account}:policy/fence`;
const allow = (...actions: string[]) => JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });

const made = [
  call("iam", "CreatePolicy", { PolicyName: "fence", PolicyDocument: allow("sqs:*", "s3:*") }),
  call("iam", "CreatePolicy", { PolicyName: "queues", PolicyDocument: allow("sqs:*"), Path: "/dev/" }),
  call("iam", "CreateRole", { RoleName: "deploy", PermissionsBoundary: boundary }),
  call("iam", "PutRolePolicy", { RoleName: "deploy", PolicyName: "grants", PolicyDocument: allow("sns:*") }),
  call("iam", "AttachRolePolicy", { RoleName: "deploy", PolicyArn: `arn:aws:iam::${account}:policy/dev/queues` }),
  call("iam", "CreateRole", { RoleName: "host", Path: "/dev/", PermissionsBoundary: boundary }),
  call("iam", "CreateInstanceProfile", { InstanceProfileName: "host", Path: "/dev/" }),
  call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: "host", RoleName: "host" }),
  call("s3", "PutObject", { Bucket: "files", Key: "a", Tagging: "ManagedBy=cdktf&Environment=dev" }),
];
const logOf = (calls: readonly object[]) => [{ phase: "Deploy" }, ...calls].map((line) => JSON.stringify(line)).join("\n");
const world = new Account(readCalls(logOf(made)));

/** What a call asks for, as `action on resource`. */
const asks = (...[service, operation, members]: Parameters<typeof call>) =>
  requestsOf({ ...call(service, operation, members), phase: "Deploy" } as Call, world, rehearsed).map(
    ({ action, resource }) => `${action} on ${resource}`,
  );
const context = (service: string, operation: string, members: object, key: string) =>
  requestsOf({ ...call(service, operation, members), phase: "" } as Call, world, rehearsed)[0]!.context(key);

it("reads a rehearsal's calls with their steps, and refuses what the emulator could not read", () => {
  const calls = readCalls(
    `${logOf([call("sqs", "ListQueues")])}\n${JSON.stringify({ phase: "Destroy" })}\n${JSON.stringify(call("sqs", "DeleteQueue"))}\n`,
  );
  expect(calls.map(({ phase, operation }) => [phase, operation])).toEqual([
    ["Deploy", "ListQueues"],
    ["Destroy", "DeleteQueue"],
  ]);
  expect(() => readCalls(JSON.stringify({ unread: "PUT /x" }))).toThrow("PUT /x");
});

it("knows the roles that calls made, with inline and attached policies and the boundary", () => {
  const { identity, boundary: fence } = world.rightsOf("deploy");
  const verdict = (action: string) => judge({ action, resource: "*", context: () => undefined }, identity, fence);
  expect(["sqs:CreateQueue", "sns:CreateTopic", "s3:ListBucket"].map(verdict)).toEqual(["allowed", "outside the boundary", "not granted"]);
  expect(() => world.rightsOf("nobody")).toThrow("nobody");
});

it.each<[string, Parameters<typeof call>, string[]]>([
  ["the same name", ["sqs", "CreateQueue", { QueueName: "q" }], ["sqs:CreateQueue on *"]],
  [
    "another service name",
    ["elbv2", "DescribeTags", { ResourceArns: ["arn:aws:elasticloadbalancing:x:1:loadbalancer/app/a/b"] }],
    ["elasticloadbalancing:DescribeTags on arn:aws:elasticloadbalancing:x:1:loadbalancer/app/a/b"],
  ],
  ["another action", ["s3", "HeadBucket", { Bucket: "files" }], ["s3:ListBucket on arn:aws:s3:::files"]],
  ["an object", ["s3", "DeleteObject", { Bucket: "files", Key: "a/b" }], ["s3:DeleteObject on arn:aws:s3:::files/a/b"]],
  [
    "a state, in the real bucket",
    ["s3", "HeadObject", { Bucket: "rehearsal-terraform-state", Key: "dev/data.tfstate" }],
    ["s3:GetObject on arn:aws:s3:::states/dev/data.tfstate"],
  ],
  [
    "a bucket's lock, which is no object",
    ["s3", "GetObjectLockConfiguration", { Bucket: "files" }],
    ["s3:GetBucketObjectLockConfiguration on arn:aws:s3:::files"],
  ],
  [
    "an object with tags",
    ["s3", "PutObject", { Bucket: "files", Key: "a", Tagging: "a=b" }],
    ["s3:PutObject on arn:aws:s3:::files/a", "s3:PutObjectTagging on arn:aws:s3:::files/a"],
  ],
  ["a role on its path", ["iam", "GetRole", { RoleName: "host" }], [`iam:GetRole on arn:aws:iam::${account}:role/dev/host`]],
  ["tags on creation", ["sqs", "CreateQueue", { QueueName: "q", tags: { a: "1" } }], ["sqs:CreateQueue on *", "sqs:TagQueue on *"]],
  [
    "tags of EC2",
    ["ec2", "CreateVpc", { TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "a", Value: "1" }] }] }],
    ["ec2:CreateVpc on *", "ec2:CreateTags on *"],
  ],
  [
    "a role handed to a service",
    ["ecs", "RegisterTaskDefinition", { family: "f", taskRoleArn: `arn:aws:iam::${account}:role/dev/host` }],
    ["ecs:RegisterTaskDefinition on *", `iam:PassRole on arn:aws:iam::${account}:role/dev/host`],
  ],
  [
    "a role in an instance's profile",
    ["ec2", "RunInstances", { IamInstanceProfile: { Name: "host" } }],
    ["ec2:RunInstances on *", `iam:PassRole on arn:aws:iam::${account}:role/dev/host`],
  ],
  [
    "a role put in a profile",
    ["iam", "AddRoleToInstanceProfile", { InstanceProfileName: "host", RoleName: "host" }],
    [
      `iam:AddRoleToInstanceProfile on arn:aws:iam::${account}:instance-profile/dev/host`,
      `iam:PassRole on arn:aws:iam::${account}:role/dev/host`,
    ],
  ],
  [
    "a parameter",
    ["ssm", "GetParameter", { Name: "/tss/dev/a" }],
    [`ssm:GetParameter on arn:aws:ssm:ap-northeast-1:${account}:parameter/tss/dev/a`],
  ],
  [
    "AWS's own parameter",
    ["ssm", "GetParameter", { Name: "/aws/service/ami" }],
    ["ssm:GetParameter on arn:aws:ssm:ap-northeast-1::parameter/aws/service/ami"],
  ],
  [
    "AWS's own document",
    ["ssm", "CreateAssociation", { Name: "AWS-RunPatchBaseline" }],
    ["ssm:CreateAssociation on arn:aws:ssm:ap-northeast-1::document/AWS-RunPatchBaseline"],
  ],
  [
    "names a window by its id, whatever it is registered with",
    ["ssm", "RegisterTaskWithMaintenanceWindow", { WindowId: "mw-1", Name: "install", TaskArn: "AWS-RunPatchBaseline" }],
    [`ssm:RegisterTaskWithMaintenanceWindow on arn:aws:ssm:ap-northeast-1:${account}:maintenancewindow/mw-1`],
  ],
  [
    "judges the tags that a baseline is made with",
    ["ssm", "CreatePatchBaseline", { Name: "tss-linux", Tags: [{ Key: "Environment", Value: "dev" }] }],
    ["CreatePatchBaseline", "AddTagsToResource"].map(
      (action) => `ssm:${action} on arn:aws:ssm:ap-northeast-1:${account}:patchbaseline/pb-new`,
    ),
  ],
  ["a key by its id", ["kms", "DescribeKey", { KeyId: "1234" }], [`kms:DescribeKey on arn:aws:kms:ap-northeast-1:${account}:key/1234`]],
  ["nothing that needs a right", ["sts", "GetCallerIdentity"], []],
])("says what a call asks for: %s", (_, [service, operation, members], expected) => {
  expect(asks(service, operation, members)).toEqual(expected);
});

it("knows the conditions of a call", () => {
  expect(context("iam", "AttachRolePolicy", { RoleName: "host" }, "iam:PermissionsBoundary")).toBe(boundary);
  expect(context("iam", "AttachRolePolicy", { RoleName: "host" }, "aws:RequestedRegion")).toBe("us-east-1");
  expect(context("sqs", "ListQueues", {}, "aws:RequestedRegion")).toBe("ap-northeast-1");
  expect(context("s3", "PutObject", { Bucket: "files", Key: "b", Tagging: "ManagedBy=cdktf" }, "s3:RequestObjectTag/ManagedBy")).toBe(
    "cdktf",
  );
  expect(context("s3", "GetObject", { Bucket: "files", Key: "a" }, "s3:ExistingObjectTag/ManagedBy")).toBe("cdktf");
  expect(context("s3", "GetObject", { Bucket: "files", Key: "other" }, "s3:ExistingObjectTag/ManagedBy")).toBeUndefined();
  expect(context("sns", "CreateTopic", { Tags: [{ Key: "a", Value: "1" }] }, "aws:RequestTag/a")).toBe("1");
  expect(context("ec2", "DeleteVpc", {}, "aws:ResourceTag/Environment")).toBe("dev");
});
