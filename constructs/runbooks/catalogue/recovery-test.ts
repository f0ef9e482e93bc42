/** The test of recovery as a whole (OPS-028 … OPS-031): what there is, is recovered beside itself, compared, timed and deleted again. */
import { hostText } from "../../hosts/host-files";
import type { AutomationRunbook, CommandRunbook, Right, Step } from "../description";
import { ownMachines, type Place, type SentDocument } from "./place";
import { restoreTable, waitForTable } from "./table-copy";

/** What a recovery test recovers, and where it works. */
export interface RecoveryTested {
  /** End of physical names. */
  readonly nameSuffix: string;
  readonly table: { readonly name: string; readonly arn: string };
  /** Their objects are tried by a sample. */
  readonly buckets: readonly { readonly name: string; readonly arn: string }[];
  /** Of its own: reports, what was found, and copies as long as a run lasts. */
  readonly reports: { readonly name: string; readonly arn: string };
  /** What a machine like the Windows host is made of, and the value of the host's tag. */
  readonly host: {
    readonly tag: readonly [key: string, value: string];
    readonly templateId: string;
    readonly templateArn: string;
    readonly roleArn: string;
    readonly subnetId: string;
    /** What names the image, where it is a parameter: whoever makes the machine must be able to read it. */
    readonly imageParameterArn?: string;
  };
}

const common = { kind: "command", tier: 2, owner: "SRE", platform: "Windows" } as const;

export const cacheKeys: CommandRunbook = {
  ...common,
  name: "recovery-test-keys",
  title: "How many keys the cache has",
  purpose: "Sent by [recovery-test](recovery-test.md) to the Windows host. It changes nothing.",
  script: "runbooks/recovery-test/keys.ps1",
  shows: ["the number of keys, as JSON"],
  timeoutSeconds: 120,
};

export const recoveredHostChecks: CommandRunbook = {
  ...common,
  name: "recovery-test-functions",
  title: "Does a recovered host's UI answer, and what it needs?",
  purpose: "Sent by [recovery-test](recovery-test.md) to the host that it made. It refuses on any other: there it would start the UI.",
  script: "runbooks/recovery-test/functions.ps1",
  shows: ["UI, table, cache, queue and buckets: whether each answers; and the number of keys in the cache, as JSON"],
  timeoutSeconds: 3600,
};

export const RECOVERY_TEST = "recovery-test";
/** The tag of whatever a run makes: its value is the run's id. */
const RUN_TAG = "RecoveryTest";
const RUN = "{{ automation:EXECUTION_ID }}";
const BOOT_SECONDS = 1800;

const script = (name: string): string => ["common", name].map((file) => hostText(`runbooks/recovery-test/${file}.py`)).join("\n\n");

/** Nothing of production is at stake: it is only read, so nobody is asked to approve, and a schedule can start it. */
export function recoveryTest(
  place: Place,
  tested: RecoveryTested,
  sent: { readonly keys: SentDocument; readonly functions: SentDocument },
): AutomationRunbook {
  const { environment, account, region } = place;
  const { nameSuffix, table, buckets, reports, host } = tested;
  const copy = `${table.name}-recovery-test-${RUN}`;
  const copies = `${table.arn}-recovery-test-*`;
  const queue = `tss-recovery-test${nameSuffix}-${RUN}`;
  const queues = `arn:aws:sqs:${region}:${account}:tss-recovery-test${nameSuffix}-*`;
  const made = { table, copy, copies, at: "{{ capture.Moment }}" };
  const ec2 = (what: string, of = account) => `arn:aws:ec2:${region}:${of}:${what}/*`;

  const input = { run: RUN, bucket: reports.name, environment, table: table.name, copy, queue };
  const notes: Right[] = [
    { actions: ["s3:ListBucket"], resources: [reports.arn] },
    { actions: ["s3:GetObject", "s3:PutObject"], resources: [`${reports.arn}/runs/*`] },
  ];
  const readVersions: Right[] = [
    { actions: ["s3:ListBucketVersions"], resources: buckets.map(({ arn }) => arn) },
    { actions: ["s3:GetObjectVersion"], resources: buckets.map(({ arn }) => `${arn}/*`) },
  ];
  // Whatever fails, what was made is deleted and the report written; the report is what fails the run then.
  const orClean = { onFailure: { goTo: "clean" } };
  const run = (name: string, rights: readonly Right[], more: Readonly<Record<string, string>> = {}) =>
    ({ does: "script", script: script(name), input: { ...input, ...more }, rights: [...notes, ...rights], timeoutSeconds: 600 }) as const;
  const machines = ownMachines(place, "ssm:resourceTag/Environment");

  const steps: readonly Step[] = [
    {
      name: "capture",
      ...run("capture", [{ actions: ["dynamodb:DescribeTable", "dynamodb:Scan"], resources: [table.arn] }, ...readVersions], {
        buckets: buckets.map(({ name }) => name).join(","),
      }),
      ...orClean,
      why: "What there is: every item's key and digest, twice, so that what is being changed is known; how many objects, and a sample of them read. From here on, all counts as lost.",
      outputs: {
        Moment: { selector: "$.Payload.moment" },
        Items: { selector: "$.Payload.items", type: "Integer" },
        Objects: { selector: "$.Payload.objects", type: "Integer" },
      },
    },
    {
      name: "host",
      does: "call",
      why: "Is there a Windows host that could say how many keys the cache has? It is asked, and never stopped.",
      service: "ec2",
      api: "DescribeInstances",
      input: {
        Filters: [
          { Name: `tag:${host.tag[0]}`, Values: [host.tag[1]] },
          { Name: "tag:Environment", Values: [environment] },
          { Name: "instance-state-name", Values: ["running"] },
        ],
      },
      on: ["*"],
      outputs: { Id: { selector: "$.Reservations[0].Instances[0].InstanceId" } },
      onFailure: { goTo: "objects" },
    },
    {
      name: "keys",
      does: "command",
      why: "The number of keys. One that does not answer is no failure: the cache is not recovered, it fills itself again.",
      document: sent.keys,
      instanceId: "{{ host.Id }}",
      machines: { actions: ["ssm:SendCommand"], ...machines },
      timeoutSeconds: 300,
      onFailure: { goTo: "objects" },
    },
    {
      name: "objects",
      ...run("objects", [...readVersions, { actions: ["s3:PutObject"], resources: [`${reports.arn}/copies/*`] }]),
      ...orClean,
      why: "The sample, each object in the version that was current at that moment, copied beside.",
    },
    {
      name: "restorable",
      ...run("restorable", [{ actions: ["dynamodb:DescribeContinuousBackups"], resources: [table.arn] }]),
      ...orClean,
      why: "Waits until the table can be restored to that moment. So many seconds of changes a disaster would have cost.",
      outputs: { SecondsLost: { selector: "$.Payload.seconds", type: "Integer" } },
    },
    {
      name: "restore",
      why: "The table as it was at that moment, under a name of its own.",
      ...restoreTable(made),
      ...orClean,
    },
    {
      name: "recoveryHost",
      does: "call",
      why: "A new host from image and bundle, in place of one that counts as terminated. A stop file keeps it from trading, and its role from reading the account at the broker and the orders.",
      service: "ec2",
      api: "RunInstances",
      input: {
        LaunchTemplate: { LaunchTemplateId: host.templateId, Version: "$Default" },
        MinCount: 1,
        MaxCount: 1,
        SubnetId: host.subnetId,
        ClientToken: RUN,
        TagSpecifications: ["instance", "volume"].map((ResourceType) => ({
          ResourceType,
          Tags: Object.entries({ Name: `recovery-test${nameSuffix}`, Environment: environment, [RUN_TAG]: RUN }).map(([Key, Value]) => ({
            Key,
            Value,
          })),
        })),
      },
      on: [ec2("image", "*"), ...["network-interface", "security-group", "subnet"].map((what) => ec2(what)), host.templateArn],
      // Nothing but what the template says.
      conditions: { ArnEquals: { "ec2:LaunchTemplate": host.templateArn } },
      also: [
        {
          actions: ["ec2:RunInstances"],
          resources: [ec2("instance"), ec2("volume")],
          conditions: { ArnEquals: { "ec2:LaunchTemplate": host.templateArn }, StringLike: { [`aws:RequestTag/${RUN_TAG}`]: "*" } },
        },
        {
          actions: ["ec2:CreateTags"],
          resources: [ec2("instance"), ec2("volume")],
          conditions: { StringEquals: { "ec2:CreateAction": "RunInstances" } },
        },
        // https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
        ...(host.imageParameterArn ? [{ actions: ["ssm:GetParameters"], resources: [host.imageParameterArn] }] : []),
        {
          actions: ["iam:PassRole"],
          resources: [host.roleArn],
          conditions: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
        },
      ],
      outputs: { Id: { selector: "$.Instances[0].InstanceId" } },
      ...orClean,
    },
    {
      name: "waitForTable",
      why: "Until the copy can be read.",
      ...waitForTable(made),
      ...orClean,
    },
    {
      name: "verify",
      ...run("verify", [
        { actions: ["dynamodb:DescribeTable", "dynamodb:Scan"], resources: [copies] },
        { actions: ["s3:GetObject"], resources: [`${reports.arn}/copies/*`] },
      ]),
      ...orClean,
      why: "Every item by its digest, every object of the sample by its content: missing, different, stale, or one that nobody knows.",
      outputs: { Wrong: { selector: "$.Payload.wrong", type: "Integer" } },
    },
    {
      name: "orders",
      ...run("orders", [
        { actions: ["sqs:CreateQueue", "sqs:ReceiveMessage", "sqs:SendMessage", "sqs:TagQueue"], resources: [queues] },
        { actions: ["dynamodb:GetItem", "dynamodb:PutItem"], resources: [copies] },
      ]),
      ...orClean,
      why: "An order's way through a queue of its own into the copy, where it is written once and read; the kill switch as the copy has it. And how fast that was.",
      outputs: { Failed: { selector: "$.Payload.failed", type: "StringList" } },
    },
    {
      name: "waitForAgent",
      does: "wait",
      why: "Until the new host's agent has registered.",
      service: "ssm",
      api: "DescribeInstanceInformation",
      input: { Filters: [{ Key: "InstanceIds", Values: ["{{ recoveryHost.Id }}"] }] },
      on: ["*"],
      property: "$.InstanceInformationList[0].PingStatus",
      isOneOf: ["Online"],
      timeoutSeconds: BOOT_SECONDS,
      ...orClean,
    },
    {
      name: "functions",
      does: "command",
      why: "Waits until the host has installed itself, starts its UI and asks it, then table, cache, queue and buckets.",
      document: sent.functions,
      instanceId: "{{ recoveryHost.Id }}",
      machines: { actions: ["ssm:SendCommand"], ...machines },
      timeoutSeconds: 4200,
      ...orClean,
    },
    {
      name: "clean",
      ...run("clean", [
        { actions: ["ec2:DescribeInstances"], resources: ["*"] },
        {
          actions: ["ec2:TerminateInstances"],
          resources: [ec2("instance")],
          conditions: { StringEquals: { "aws:ResourceTag/Environment": environment }, StringLike: { [`aws:ResourceTag/${RUN_TAG}`]: "*" } },
        },
        { actions: ["dynamodb:DeleteTable", "dynamodb:DescribeTable"], resources: [copies] },
        { actions: ["s3:ListBucketVersions"], resources: [reports.arn] },
        { actions: ["s3:DeleteObjectVersion"], resources: [`${reports.arn}/copies/*`] },
        { actions: ["sqs:DeleteQueue", "sqs:GetQueueUrl"], resources: [queues] },
      ]),
      why: "Deletes what this run made, by names and a tag with its id: the host, the copies, the queue, the table. Here every failure comes to as well.",
      onFailure: { goTo: "report" },
    },
    {
      name: "report",
      ...run("report", [
        { actions: ["ssm:GetAutomationExecution"], resources: [`arn:aws:ssm:${region}:${account}:automation-execution/*`] },
        { actions: ["s3:PutObject"], resources: [`${reports.arn}/reports/*`] },
      ]),
      why: "What was lost, how long each part took to come back, what is not as it was. Fails if anything is wrong: that is told.",
      outputs: { Report: { selector: "$.Payload.report" } },
      end: true,
    },
  ];
  return {
    kind: "automation",
    name: RECOVERY_TEST,
    title: "Test of recovery: everything is recovered beside itself, compared, timed and deleted again",
    purpose: `Runs by itself as \`backup.recoveryTest\` of the literals says, and may be started at any time. Production is read and never touched: what is recovered has names of its own, and goes again at the end, also when a step failed. Reports stand in the test's bucket under \`reports/\`. **A run that is stopped by hand cleans nothing up**: delete then what has the run's id in its name or in its tag \`${RUN_TAG}\` (\`aws ec2 describe-instances --filters Name=tag:${RUN_TAG},Values=<run>\`). A table that is larger than some minutes of reading, or changes at every moment, is too large for it. What it does not try: the second region, the database, a broker.`,
    tier: 2,
    owner: "SRE",
    parameters: {},
    steps,
  };
}
