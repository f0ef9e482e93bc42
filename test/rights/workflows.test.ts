/**
 * What the deploy role cannot do, tried: the ways out of an environment that whoever may deploy it has, on an emulator that enforces IAM, in an account
 * of two environments. What the emulator does not ask (PassRole, documents of Systems Manager) is put to its evaluation (SimulateCustomPolicy).
 */
import { ACCOUNT as OWN_ACCOUNT, grantsOf, policyNamed, roleOf, shared, STATES } from "../helpers/bootstrap";
import { onlyResource, policyOf } from "../helpers/synth";
import { IamEmulator, Refused, type Call, type Credentials } from "./emulator";

const ACCOUNT = "444455556666";
const REGION = "ap-northeast-1";
const BUCKET = STATES.split(":::")[1]!;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/tss-boundary-staging`;
const iam = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;
/** Of the helper's account, as the policies are resolved there. */
const document = (statement: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statement }).replaceAll(OWN_ACCOUNT, ACCOUNT);
const ANYTHING = document([{ Effect: "Allow", Action: "*", Resource: "*" }]);
const trusting = (principal: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] });
const ofAccount = trusting({ AWS: iam("root") });

let emulator: IamEmulator;
let administrator: Call;
const as: Record<"deploy" | "own", Call> = {} as never;
const managed = ["foundation", "images", "platform"].map((part) => document(policyNamed(shared, `tss-deploy-staging-${part}`)));
const grants = document(grantsOf(shared, "deploy-staging_role"));
const boundary = document(policyNamed(shared, "tss-boundary-staging"));

const take = async (name: string, by: Call = administrator): Promise<Call> => {
  const { Credentials: credentials } = await by("sts", "assume_role", { RoleArn: iam(`role/${name}`), RoleSessionName: "run" });
  return emulator.as(credentials as Credentials);
};

beforeAll(async () => {
  emulator = await IamEmulator.start({ account: ACCOUNT, region: REGION });
  administrator = emulator.as();
  for (const Bucket of [BUCKET, "trading-data"])
    await administrator("s3", "create_bucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } });
  for (const Key of ["staging/data.tfstate", "staging/bootstrap.tfstate", "demo/data.tfstate", "later/data.tfstate"])
    await administrator("s3", "put_object", { Bucket: BUCKET, Key, Body: "{}" });
  const [, ...reserved] = policyOf(onlyResource(shared, "aws_s3_bucket_policy"), "policy").Statement; // the first wants TLS, which the emulator does not speak here
  await administrator("s3", "put_bucket_policy", {
    Bucket: BUCKET,
    Policy: document(reserved).replaceAll(/\$\{aws_s3_bucket\.[^}]*}/g, STATES),
  });
  await administrator("iam", "create_policy", { PolicyName: "tss-boundary-staging", PolicyDocument: boundary });

  const { name, max_session_duration: MaxSessionDuration } = roleOf(shared, "tss-deploy-staging");
  // GitHub's token is what its trust asks for; here the account takes it.
  await administrator("iam", "create_role", {
    RoleName: name,
    AssumeRolePolicyDocument: ofAccount,
    PermissionsBoundary: BOUNDARY,
    MaxSessionDuration,
  });
  await administrator("iam", "put_role_policy", { RoleName: name, PolicyName: "grants", PolicyDocument: grants });
  for (const [index, PolicyDocument] of managed.entries())
    await administrator("iam", "put_role_policy", { RoleName: name, PolicyName: `managed-${index}`, PolicyDocument });

  // Somebody else's: an administrator's role, another environment's role and policy.
  await administrator("iam", "create_role", { RoleName: "Administrator", AssumeRolePolicyDocument: ofAccount });
  await administrator("iam", "create_role", { RoleName: "TradingEngineRole", Path: "/demo/", AssumeRolePolicyDocument: ofAccount });
  // What an administrator made for people, on staging's own path and under its boundary.
  await administrator("iam", "create_role", {
    RoleName: "tss-people-operations-staging",
    Path: "/staging/",
    AssumeRolePolicyDocument: ofAccount,
    PermissionsBoundary: BOUNDARY,
  });
  for (const RoleName of ["Administrator", "TradingEngineRole"])
    await administrator("iam", "put_role_policy", { RoleName, PolicyName: "all", PolicyDocument: ANYTHING });
  await administrator("iam", "create_policy", { PolicyName: "demo-policy", Path: "/demo/", PolicyDocument: ANYTHING });

  // What watches the account.
  await administrator("s3", "create_bucket", { Bucket: "trail", CreateBucketConfiguration: { LocationConstraint: REGION } });
  await administrator("cloudtrail", "create_trail", { Name: "tss-trail", S3BucketName: "trail" });
  await administrator("cloudtrail", "start_logging", { Name: "tss-trail" });
  await administrator("config", "put_configuration_recorder", {
    ConfigurationRecorder: {
      name: "tss-recorder",
      roleARN: iam("role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"),
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    },
  });
  await administrator("config", "put_delivery_channel", { DeliveryChannel: { name: "tss-recorder", s3BucketName: "trail" } });
  await administrator("config", "start_configuration_recorder", { ConfigurationRecorderName: "tss-recorder" });

  as.deploy = await take("tss-deploy-staging");
  // What a deploy may make: a role under the boundary, with every right in its own policy, that the deploy role takes.
  await as.deploy("iam", "create_role", {
    RoleName: "ladder",
    Path: "/staging/",
    AssumeRolePolicyDocument: ofAccount,
    PermissionsBoundary: BOUNDARY,
  });
  await as.deploy("iam", "put_role_policy", { RoleName: "ladder", PolicyName: "all", PolicyDocument: ANYTHING });
  as.own = await take("staging/ladder");
}, 300_000);

afterAll(() => emulator?.stop());

type Act = (call: Call) => Promise<unknown>;
const read =
  (Key: string): Act =>
  (call) =>
    call("s3", "get_object", { Bucket: BUCKET, Key });
const write =
  (Key: string): Act =>
  (call) =>
    call("s3", "put_object", { Bucket: BUCKET, Key, Body: "{}" });
const remove =
  (Key: string): Act =>
  (call) =>
    call("s3", "delete_object", { Bucket: BUCKET, Key });

/** Both the deploy role and a role that it made with every right. */
const ESCALATIONS: Readonly<Record<string, Act>> = {
  "rewrite the trust of a role of somebody else": (call) =>
    call("iam", "update_assume_role_policy", { RoleName: "Administrator", PolicyDocument: ofAccount }),
  "rewrite the trust of another environment's role": (call) =>
    call("iam", "update_assume_role_policy", { RoleName: "TradingEngineRole", PolicyDocument: ofAccount }),
  "take a role of somebody else that trusts the account": (call) =>
    call("sts", "assume_role", { RoleArn: iam("role/Administrator"), RoleSessionName: "up" }),
  "let somebody take a role for people": (call) =>
    call("iam", "update_assume_role_policy", { RoleName: "tss-people-operations-staging", PolicyDocument: ofAccount }),
  "take a role for people": (call) =>
    call("sts", "assume_role", { RoleArn: iam("role/staging/tss-people-operations-staging"), RoleSessionName: "up" }),
  "make a role for people": (call) =>
    call("iam", "create_role", {
      RoleName: `tss-people-${Math.random()}`,
      Path: "/staging/",
      AssumeRolePolicyDocument: ofAccount,
      PermissionsBoundary: BOUNDARY,
    }),
  "take another environment's role": (call) =>
    call("sts", "assume_role", { RoleArn: iam("role/demo/TradingEngineRole"), RoleSessionName: "up" }),
  "give a role of somebody else rights": (call) =>
    call("iam", "put_role_policy", { RoleName: "TradingEngineRole", PolicyName: "more", PolicyDocument: ANYTHING }),
  "give itself rights": (call) =>
    call("iam", "put_role_policy", { RoleName: "tss-deploy-staging", PolicyName: "more", PolicyDocument: ANYTHING }),
  "rewrite another environment's policy": (call) =>
    call("iam", "create_policy_version", { PolicyArn: iam("policy/demo/demo-policy"), PolicyDocument: ANYTHING, SetAsDefault: true }),
  "rewrite its own boundary": (call) =>
    call("iam", "create_policy_version", { PolicyArn: BOUNDARY, PolicyDocument: ANYTHING, SetAsDefault: true }),
  "make a role without the boundary": (call) =>
    call("iam", "create_role", { RoleName: `free-${Math.random()}`, Path: "/staging/", AssumeRolePolicyDocument: ofAccount }),
  "make a role outside its path": (call) =>
    call("iam", "create_role", { RoleName: `free-${Math.random()}`, AssumeRolePolicyDocument: ofAccount, PermissionsBoundary: BOUNDARY }),
  "make a user": (call) => call("iam", "create_user", { UserName: `somebody-${Math.random()}` }),
  "read another environment's state": read("demo/data.tfstate"),
  "write another environment's state": write("demo/data.tfstate"),
  "write the state of an environment that comes later": write("later/data.tfstate"),
  "delete another environment's state": remove("demo/data.tfstate"),
  "write bootstrap's own state": write("staging/bootstrap.tfstate"),
  "open the bucket of the states": (call) => call("s3", "put_bucket_policy", { Bucket: BUCKET, Policy: document([]) }),
  "stop the trail": (call) => call("cloudtrail", "stop_logging", { Name: "tss-trail" }),
  "delete the trail": (call) => call("cloudtrail", "delete_trail", { Name: "tss-trail" }),
  "send the trail elsewhere": (call) => call("cloudtrail", "update_trail", { Name: "tss-trail", S3BucketName: "trading-data" }),
  "have the trail record nothing": (call) =>
    call("cloudtrail", "put_event_selectors", {
      TrailName: "tss-trail",
      EventSelectors: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: false, DataResources: [] }],
    }),
  "stop the recorder": (call) => call("config", "stop_configuration_recorder", { ConfigurationRecorderName: "tss-recorder" }),
  "have the recorder record nothing": (call) =>
    call("config", "put_configuration_recorder", {
      ConfigurationRecorder: {
        name: "tss-recorder",
        roleARN: iam("role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"),
        recordingGroup: { allSupported: false, includeGlobalResourceTypes: false, resourceTypes: ["AWS::SQS::Queue"] },
      },
    }),
  "take the recorder's channel away": (call) => call("config", "delete_delivery_channel", { DeliveryChannelName: "tss-recorder" }),
  "write the state of the account's own stack": write("staging/account.tfstate"),
  "take the boundary off a role": (call) => call("iam", "delete_role_permissions_boundary", { RoleName: "ladder" }),
};

describe.each(["deploy", "own"] as const)("the %s role of staging, in an account that demo shares", (who) => {
  it.each(Object.entries(ESCALATIONS))("may not %s", async (_, act) => {
    const error = await act(as[who]).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Refused);
    expect((error as Refused).detail).toMatch(/is not authorized to perform: \S+/);
  });
});

it("the administrator may: what refuses is the boundary, and trail and recorder go on until then", async () => {
  expect(await administrator("cloudtrail", "get_trail_status", { Name: "tss-trail" })).toMatchObject({ IsLogging: true });
  expect(await administrator("config", "describe_configuration_recorder_status", {})).toMatchObject({
    ConfigurationRecordersStatus: [{ recording: true }],
  });
  await administrator("cloudtrail", "stop_logging", { Name: "tss-trail" });
  await administrator("config", "stop_configuration_recorder", { ConfigurationRecorderName: "tss-recorder" });
  expect(await administrator("cloudtrail", "get_trail_status", { Name: "tss-trail" })).toMatchObject({ IsLogging: false });
});

// Calls that this emulator does not serve.
it.each([
  "access-analyzer:DeleteAnalyzer",
  "account:PutAlternateContact",
  "ec2:DisableEbsEncryptionByDefault",
  "guardduty:DeleteDetector",
  "guardduty:UpdateDetector",
  "s3:BypassGovernanceRetention",
  "s3:PutAccountPublicAccessBlock",
  "securityhub:DisableSecurityHub",
  "ssm:UpdateServiceSetting",
])("a role of staging that was given everything may not %s", async (action) => {
  const decide = async (...PolicyInputList: string[]) => {
    const { EvaluationResults: results } = await administrator("iam", "simulate_custom_policy", { PolicyInputList, ActionNames: [action] });
    return (results as { EvalDecision: string }[])[0]!.EvalDecision;
  };
  expect([await decide(ANYTHING), await decide(ANYTHING, boundary)]).toEqual(["allowed", "explicitDeny"]);
});

describe("the deploy role of staging", () => {
  it.each<[string, Act]>([
    ["reads its states", read("staging/data.tfstate")],
    ["writes them", write("staging/data.tfstate")],
    ["empties buckets", (call) => call("s3", "delete_object", { Bucket: "trading-data", Key: "a" })],
    [
      "rewrites the trust of its own roles",
      (call) => call("iam", "update_assume_role_policy", { RoleName: "ladder", PolicyDocument: ofAccount }),
    ],
  ])("%s", async (_, act) => {
    await act(as.deploy);
  });

  /** What its own policies decide; the boundary can only take away. This evaluation is told of no tags: those are in test/stacks/bootstrap-roles.test.ts. */
  const decision = async (action: string, resource: string) => {
    const { EvaluationResults: results } = await administrator("iam", "simulate_custom_policy", {
      PolicyInputList: [grants, ...managed],
      ActionNames: [action],
      ResourceArns: [resource],
    });
    return (results as { EvalDecision: string }[])[0]!.EvalDecision;
  };
  const ssm = (rest: string) => `arn:aws:ssm:${REGION}:${rest}`;

  it.each<[string, string, string]>([
    ["iam:PassRole", iam("role/staging/EC2InstanceRole"), iam("role/Administrator")],
    ["iam:PassRole", iam("role/staging/EC2InstanceRole"), iam("role/demo/TradingEngineRole")],
    ["ssm:CreateDocument", ssm(`${ACCOUNT}:document/tss-staging.windows`), ssm(`${ACCOUNT}:document/tss-demo.windows`)],
    ["ssm:UpdateDocument", ssm(`${ACCOUNT}:document/tss-staging.windows`), ssm(`${ACCOUNT}:document/tss-staging2.windows`)],
    ["ssm:UpdateAssociation", ssm(`${ACCOUNT}:document/tss-staging.windows`), ssm(":document/AWS-RunShellScript")],
    ["ssm:SendCommand", ssm(`${ACCOUNT}:document/tss-staging.deploy-web-image`), ssm(":document/AWS-RunShellScript")],
    ["ssm:SendCommand", ssm(`${ACCOUNT}:document/tss-staging.deploy-web-image`), ssm(`${ACCOUNT}:document/tss-staging.web`)],
    ["ssm:SendCommand", ssm(`${ACCOUNT}:document/tss-staging.deploy-web-image`), ssm(`${ACCOUNT}:document/tss-demo.deploy-web-image`)],
    ["ssm:PutParameter", ssm(`${ACCOUNT}:parameter/tss/staging/windows`), ssm(`${ACCOUNT}:parameter/tss/demo/windows`)],
  ])("may %s on %s, not on %s", async (action, own, foreign) => {
    expect([await decision(action, own), await decision(action, foreign)]).toEqual(["allowed", "implicitDeny"]);
  });

  it.each([
    "ssm:SendCommand",
    "ssm:StartSession",
    "ssm:StartAutomationExecution",
    "ssm:CreateActivation",
    "ssm:CreateMaintenanceWindow",
    "ssm:ModifyDocumentPermission",
    "ssm:RegisterTaskWithMaintenanceWindow",
    "ssm:UpdateServiceSetting",
  ])("may not %s at all", async (action) => {
    expect(await decision(action, "*")).toBe("implicitDeny");
  });
});
