/**
 * What the trail is watched for (SEC-072), tried on events in the shape of AWS's own examples; the names of calls are held against botocore's models.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 */
import { execFileSync } from "node:child_process";
import { suspicions } from "../../constructs/account/suspicions";
import { filterPattern } from "../helpers/filter-pattern";
import { python } from "../rights/emulator";

const account = "777788889999";
const watched = suspicions({ account, environments: ["prod", "demo"], refusedCalls: 20 });

/** What an event has whoever caused it. */
const event = (source: string, eventName: string, userIdentity: object, more: object = {}) => ({
  eventVersion: "1.09",
  userIdentity,
  eventTime: "2026-11-30T03:00:00Z",
  eventSource: `${source}.amazonaws.com`,
  eventName,
  awsRegion: "ap-northeast-1",
  sourceIPAddress: "192.0.2.0",
  userAgent: "aws-cli/2.31.0",
  requestParameters: null,
  responseElements: null,
  eventType: "AwsApiCall",
  managementEvent: true,
  recipientAccountId: account,
  ...more,
});
const ROOT = { type: "Root", principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account };
const USER = { type: "IAMUser", principalId: "AIDAEXAMPLE", arn: `arn:aws:iam::${account}:user/ann`, accountId: account, userName: "ann" };
const session = (userName: string, path = "/") => ({
  type: "AssumedRole",
  principalId: "AROAEXAMPLE:run",
  arn: `arn:aws:sts::${account}:assumed-role/${userName}/run`,
  accountId: account,
  sessionContext: {
    sessionIssuer: {
      type: "Role",
      principalId: "AROAEXAMPLE",
      arn: `arn:aws:iam::${account}:role${path}${userName}`,
      accountId: account,
      userName,
    },
    attributes: { creationDate: "2026-11-30T02:59:00Z", mfaAuthenticated: "false" },
  },
});
const PIPELINE = session("tss-deploy-prod");
const HOST = session("EC2InstanceRole", "/prod/");
const STRANGER = session("Administrator");
const signIn = (userIdentity: object, MFAUsed: string, ConsoleLogin = "Success") =>
  event("signin", "ConsoleLogin", userIdentity, {
    eventType: "AwsConsoleSignIn",
    responseElements: { ConsoleLogin },
    additionalEventData: { LoginTo: "https://console.aws.amazon.com/console/home", MobileVersion: "No", MFAUsed },
  });
const refused = (errorCode: string) => event("ec2", "RunInstances", USER, { errorCode, errorMessage: "…" });
const withoutChange = { errorCode: "AccessDenied", errorMessage: "…" };

/** By suspicion: what it tells of, and the neighbours that it leaves alone. */
const CASES: Readonly<Record<string, { readonly tells: readonly object[]; readonly leaves: readonly object[] }>> = {
  "root-use": {
    tells: [event("s3", "ListBuckets", ROOT), signIn(ROOT, "Yes")],
    leaves: [
      event("s3", "ListBuckets", USER),
      event("kms", "Decrypt", { ...ROOT, invokedBy: "ec2.amazonaws.com" }),
      event("kms", "RotateKey", ROOT, { eventType: "AwsServiceEvent" }),
    ],
  },
  "policy-changes": {
    tells: [
      event("iam", "PutRolePolicy", USER),
      event("iam", "AttachUserPolicy", ROOT),
      event("iam", "CreatePolicyVersion", STRANGER),
      event("iam", "UpdateAssumeRolePolicy", session("tss-deploy-staging")),
      event("iam", "DeleteRolePermissionsBoundary", USER),
    ],
    leaves: [
      event("iam", "PutRolePolicy", PIPELINE),
      event("iam", "GetRolePolicy", USER),
      event("iam", "SimulatePrincipalPolicy", USER),
      event("iam", "ListEntitiesForPolicy", USER),
      event("sqs", "AddPermission", USER),
      event("s3", "PutBucketPolicy", USER),
    ],
  },
  "key-deletion": {
    tells: [event("kms", "ScheduleKeyDeletion", PIPELINE), event("kms", "DisableKey", USER)],
    leaves: [event("kms", "CancelKeyDeletion", USER), event("kms", "DisableKeyRotation", USER), event("kms", "EnableKey", USER)],
  },
  "sign-in-without-mfa": {
    tells: [signIn(USER, "No")],
    leaves: [
      signIn(USER, "Yes"),
      signIn(USER, "No", "Failure"),
      // Identity Center asks for the second factor; AWS says "No" of it.
      signIn(session("AWSReservedSSO_Desk_0123456789abcdef", "/aws-reserved/sso.amazonaws.com/"), "No"),
    ],
  },
  "recording-stopped": {
    tells: [
      event("cloudtrail", "StopLogging", ROOT),
      event("cloudtrail", "DeleteTrail", USER),
      event("config", "StopConfigurationRecorder", STRANGER),
      event("guardduty", "DeleteDetector", USER),
      event("access-analyzer", "DeleteAnalyzer", USER),
      event("securityhub", "DisableSecurityHub", USER),
    ],
    leaves: [
      event("cloudtrail", "StartLogging", USER),
      event("cloudtrail", "DescribeTrails", USER),
      event("cloudtrail", "StopLogging", PIPELINE, withoutChange),
    ],
  },
  "security-group-changes": {
    tells: [
      event("ec2", "AuthorizeSecurityGroupIngress", USER),
      event("ec2", "ModifySecurityGroupRules", STRANGER),
      event("ec2", "DeleteSecurityGroup", ROOT),
    ],
    leaves: [event("ec2", "AuthorizeSecurityGroupIngress", PIPELINE), event("ec2", "DescribeSecurityGroups", USER)],
  },
  "network-acl-changes": {
    tells: [
      event("ec2", "CreateNetworkAclEntry", USER),
      event("ec2", "ReplaceNetworkAclAssociation", STRANGER),
      event("ec2", "DeleteNetworkAcl", ROOT),
    ],
    leaves: [event("ec2", "CreateNetworkAclEntry", PIPELINE), event("ec2", "DescribeNetworkAcls", USER)],
  },
  "refused-calls": {
    tells: [refused("Client.UnauthorizedOperation"), refused("AccessDenied"), refused("AccessDeniedException")],
    leaves: [refused("InvalidParameterValue"), event("ec2", "RunInstances", USER)],
  },
  "unusual-readers": {
    tells: [
      event("secretsmanager", "GetSecretValue", USER),
      event("secretsmanager", "GetSecretValue", ROOT),
      event("secretsmanager", "BatchGetSecretValue", STRANGER),
      event("secretsmanager", "GetSecretValue", session("EC2InstanceRole", "/staging/")),
      // Nobody of the people may; somebody gave them the right by hand.
      event("secretsmanager", "GetSecretValue", session("tss-people-operations", "/prod/")),
    ],
    leaves: [
      event("secretsmanager", "GetSecretValue", HOST),
      event("secretsmanager", "GetSecretValue", session("tss-ml-task-demo", "/demo/")),
      event("secretsmanager", "DescribeSecret", USER),
    ],
  },
};

it("every suspicion is tried", () => expect(Object.keys(CASES)).toEqual(Object.keys(watched)));

describe.each(Object.entries(CASES))("%s", (id, { tells, leaves }) => {
  const matches = filterPattern(watched[id]!.pattern);
  it("tells of what it is for", () => expect(tells.filter((one) => !matches(one))).toEqual([]));
  it("leaves its neighbours alone", () => expect(leaves.filter((one) => matches(one))).toEqual([]));
  it("is no longer than CloudWatch takes", () => expect(watched[id]!.pattern.length).toBeLessThanOrEqual(1024));
});

describe("names of calls", () => {
  /** By the source of CloudTrail's events, which for these is the prefix of IAM's actions. */
  const SERVICES = {
    "access-analyzer": "accessanalyzer",
    cloudtrail: "cloudtrail",
    config: "config",
    ec2: "ec2",
    guardduty: "guardduty",
    iam: "iam",
    kms: "kms",
    s3: "s3",
    secretsmanager: "secretsmanager",
    securityhub: "securityhub",
    sqs: "sqs",
  };
  let operations: Readonly<Record<string, readonly string[]>>;
  beforeAll(async () => {
    const script =
      "import json, sys, botocore.session\ns = botocore.session.get_session()\nprint(json.dumps({source: s.get_service_model(name).operation_names for source, name in json.loads(sys.argv[1]).items()}))";
    const stdout = execFileSync(await python(), ["-c", script, JSON.stringify(SERVICES)], { encoding: "utf8" });
    operations = JSON.parse(stdout) as typeof operations;
  }, 120_000);

  it("in the patterns are calls of AWS", () => {
    const all = Object.values(operations).flat();
    const named = [
      ...new Set(
        Object.values(watched).flatMap(({ pattern }) => [...pattern.matchAll(/\$\.eventName = "([^"]+)"/g)].map(([, name]) => name!)),
      ),
    ];
    expect(named.length).toBeGreaterThan(20);
    // Signing in is no call of an API.
    expect(named.filter((name) => name !== "ConsoleLogin" && !all.some((one) => filterPattern(`{ $.n = "${name}" }`)({ n: one })))).toEqual(
      [],
    );
  });

  it("in these events are too", () => {
    const events = Object.values(CASES).flatMap(
      ({ leaves, tells }) => [...tells, ...leaves] as { eventSource: string; eventName: string; eventType: string }[],
    );
    expect(
      events.filter(
        ({ eventName, eventSource, eventType }) =>
          eventType === "AwsApiCall" && !operations[eventSource.replace(".amazonaws.com", "")]?.includes(eventName),
      ),
    ).toEqual([]);
  });

  it("whoever only reads in IAM changes no rights", () => {
    const matches = filterPattern(watched["policy-changes"]!.pattern);
    const told = operations.iam!.filter((name) => matches(event("iam", name, USER)));
    expect(told).toEqual(expect.arrayContaining(["AttachRolePolicy", "PutUserPolicy", "SetDefaultPolicyVersion"]));
    expect(told.filter((name) => /^(Generate|Get|List|Simulate)/.test(name))).toEqual([]);
  });
});

describe("the evaluator", () => {
  it.each([
    ['{ $.a = "x" || $.a = "y" && $.b = "z" }', { a: "x" }, true],
    ['{ ($.a = "x" || $.a = "y") && $.b = "z" }', { a: "x" }, false],
    ['{ $.a != "x" }', {}, false],
    ["{ $.a NOT EXISTS }", { a: null }, false],
    ["{ $.a.b EXISTS }", { a: { b: "" } }, true],
    ['{ $.a = "*b.c*" }', { a: "ab.cd" }, true],
    ['{ $.a = "b.c" }', { a: "bxc" }, false],
  ])("%s on %j: %s", (pattern, one, expected) => expect(filterPattern(pattern)(one)).toBe(expected));

  it.each(["$.a = 1", "{ $.a = 1 }", '{ ($.a = "b" }', '{ $.a "b" }', '{ $.a = "b") }', '{ "a" = "b" }', "{ $.a = }"])(
    "refuses %s",
    (pattern) => expect(() => filterPattern(pattern)).toThrow(pattern),
  );
});
