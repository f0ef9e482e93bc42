/**
 * What each source publishes, in the shape that its documentation shows (cited in functions/alerts/sources), and what becomes of it.
 * Values are made up; shapes are not.
 */
import { recognise } from "../../functions/alerts/recognise";
import type { Alert, Published } from "../../functions/alerts/alert";
import { FORWARDED, isForwarded } from "../../functions/alerts/forwarded";
import { withPages } from "../../functions/slack-notification/pages";
import { describeAlarm } from "../../functions/alerts/alarm-facts";

const TIME = "2026-11-29T14:00:00.000Z";
const from = (message: unknown, more: Partial<Published> = {}): Alert =>
  recognise({ message: typeof message === "string" ? message : JSON.stringify(message), attributes: {}, time: TIME, ...more });
const fieldsOf = ({ fields = [] }: Alert) => Object.fromEntries(fields.map(({ label, value }) => [label, value]));
const event = (source: string, type: string, detail: object, resources: string[] = []) => ({
  version: "0",
  id: "710b0398-d48e-f3c3-afca-cfeb2fdaa656",
  "detail-type": type,
  source,
  account: "123456789012",
  time: "2026-11-29T13:59:00Z",
  region: "ap-northeast-1",
  resources,
  detail,
});
const ALARM = {
  AlarmName: "SQS-DLQ-Messages",
  AlarmDescription: describeAlarm({
    text: "Messages in the dead-letter queue",
    severity: "critical",
    owner: "DevOps",
    runbook: "https://example.com/r",
    logs: "/aws/lambda/one",
  }),
  AWSAccountId: "123456789012",
  NewStateValue: "ALARM",
  NewStateReason: "Threshold Crossed: 1 datapoint [1.0] was greater than or equal to the threshold (1.0).",
  StateChangeTime: "2026-11-29T13:59:58.123+0000",
  Region: "Asia Pacific (Tokyo)",
  AlarmArn: "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:SQS-DLQ-Messages",
  OldStateValue: "OK",
  Trigger: {
    MetricName: "ApproximateNumberOfMessagesVisible",
    Namespace: "AWS/SQS",
    Dimensions: [{ value: "orders_DLQ", name: "QueueName" }],
    Period: 60,
    Threshold: 1,
  },
};

describe("CloudWatch alarms", () => {
  it("of a metric", () => {
    const alert = from(ALARM);
    expect(alert).toMatchObject({
      source: "cloudwatch-alarm",
      name: "SQS-DLQ-Messages",
      severity: "critical",
      state: "firing",
      text: "Messages in the dead-letter queue",
      time: "2026-11-29T13:59:58.123Z",
    });
    expect(fieldsOf(alert)).toMatchObject({
      Metric: "AWS/SQS ApproximateNumberOfMessagesVisible (QueueName=orders_DLQ)",
      Owner: "DevOps",
      Was: "OK",
    });
    expect(alert.links).toEqual([
      {
        label: "Graph",
        url: "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:alarm/SQS-DLQ-Messages",
      },
      {
        label: "Logs",
        url: expect.stringContaining("start~'2026-11-29T13*3a44*3a58.123Z") as string,
      },
      { label: "Runbook", url: "https://example.com/r" },
    ]);
    expect(alert.links![1]!.url).toContain("source~(~'*2faws*2flambda*2fone)");
  });

  it("tell their end", () => expect(from({ ...ALARM, NewStateValue: "OK" }).state).toBe("resolved"));
  it("tell that there is no data", () =>
    expect(from({ ...ALARM, NewStateValue: "INSUFFICIENT_DATA" })).toMatchObject({ state: "firing", title: "SQS-DLQ-Messages: no data" }));

  it("composite: says which of its children fired", () => {
    const composite = { ...ALARM, Trigger: undefined };
    const children = [{ Arn: "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:Heartbeat", State: { Value: "ALARM" } }];
    expect(fieldsOf(from({ ...composite, AlarmRule: "ALARM(Heartbeat)", TriggeringChildren: children }))).toMatchObject({
      Children: "Heartbeat",
    });
  });

  it("of an anomaly band: says which metric", () => {
    const Metrics = [
      { Id: "m1", MetricStat: { Metric: { Namespace: "AWS/EC2", MetricName: "CPUUtilization", Dimensions: [] } }, ReturnData: true },
      { Id: "ad1", Expression: "ANOMALY_DETECTION_BAND(m1, 2)", Label: "CPUUtilization (expected)", ReturnData: true },
    ];
    expect(fieldsOf(from({ ...ALARM, Trigger: { Metrics, ThresholdMetricId: "ad1" } })).Metric).toBe("AWS/EC2 CPUUtilization");
  });

  it("of somebody else: all of the description is text, and it is a warning", () =>
    expect(from({ ...ALARM, AlarmDescription: "CPU is high\n\nowner: nobody\nask: me" })).toMatchObject({
      severity: "warning",
      text: "CPU is high\n\nowner: nobody\nask: me",
    }));
  it("without a description", () =>
    expect(from({ ...ALARM, AlarmDescription: null })).toMatchObject({ severity: "warning", text: undefined }));
});

it("a runbook of the repository is a link where its pages are known, and a path elsewhere", () => {
  const alert = from({
    ...ALARM,
    AlarmDescription: describeAlarm({ text: "One", severity: "warning", owner: "SRE", runbook: "docs/runbooks/a.md" }),
  });
  const runbookOf = ({ links = [] }: Alert) => links.find(({ label }) => label === "Runbook")?.url;
  expect(runbookOf(withPages(alert, "https://github.com/o/r/blob/main"))).toBe("https://github.com/o/r/blob/main/docs/runbooks/a.md");
  expect(runbookOf(withPages(alert, undefined))).toBeUndefined();
  expect(fieldsOf(withPages(alert, undefined)).Runbook).toBe("docs/runbooks/a.md");
  expect(runbookOf(withPages(from(ALARM), "https://github.com/o/r/blob/main"))).toBe("https://example.com/r");
});

const CASES: readonly (readonly [name: string, message: unknown, expected: Partial<Alert>, fields?: Record<string, string>])[] = [
  [
    "ECS: a task that stopped",
    event("aws.ecs", "ECS Task State Change", {
      clusterArn: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/day-trade",
      taskArn: "arn:aws:ecs:ap-northeast-1:123456789012:task/day-trade/b99d40b39de24d7fa4c1a7d2d2f4cf51",
      group: "service:ml",
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ name: "ml", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" }],
    }),
    { source: "ecs", severity: "warning", title: "A task of ml is STOPPED", text: "Essential container in task exited" },
    { "Exit codes": "ml: 137 (OutOfMemoryError: Container killed due to memory usage)", Cluster: "day-trade" },
  ],
  [
    "ECS: a deployment that failed",
    event(
      "aws.ecs",
      "ECS Deployment State Change",
      { eventType: "ERROR", eventName: "SERVICE_DEPLOYMENT_FAILED", deploymentId: "ecs-svc/123", reason: "tasks failed to start." },
      ["arn:aws:ecs:ap-northeast-1:123456789012:service/day-trade/ml"],
    ),
    { severity: "critical", title: "day-trade/ml: SERVICE_DEPLOYMENT_FAILED", text: "tasks failed to start." },
  ],
  [
    "GuardDuty: a finding of high severity",
    event("aws.guardduty", "GuardDuty Finding", {
      accountId: "123456789012",
      region: "ap-northeast-1",
      id: "sample-id-2",
      type: "UnauthorizedAccess:EC2/TorClient",
      severity: 8,
      title: "An instance speaks to a Tor entry node.",
      description: "EC2 instance i-1 is communicating with a Tor entry node.",
      resource: { resourceType: "Instance" },
      service: { count: 18 },
    }),
    { source: "guardduty", severity: "critical", title: "An instance speaks to a Tor entry node." },
    { Severity: "8", Times: "18", Resource: "Instance" },
  ],
  [
    "GuardDuty: one of medium severity",
    event("aws.guardduty", "GuardDuty Finding", { type: "Recon:EC2/Portscan", severity: 4 }),
    { severity: "warning", title: "Recon:EC2/Portscan" },
  ],
  [
    "Backup: a job that failed",
    event("aws.backup", "Backup Job State Change", {
      backupJobId: "34176239",
      backupVaultName: "9ab974",
      resourceArn: "arn:aws:dynamodb:ap-northeast-1:123456789012:table/orders",
      resourceType: "DynamoDB",
      state: "FAILED",
      statusMessage: "Backup job failed because backup vault does not exist.",
    }),
    { source: "backup", severity: "critical", title: "Backup Job: FAILED" },
    { Resource: "orders", Vault: "9ab974" },
  ],
  [
    "Backup: a copy that is done says `status` or `state`",
    event("aws.backup", "Copy Job State Change", { status: "COMPLETED" }),
    { severity: "info", title: "Copy Job: COMPLETED" },
  ],
  [
    "Config: a rule that is broken",
    event("aws.config", "Config Rules Compliance Change", {
      resourceId: "i-1",
      resourceType: "AWS::EC2::Instance",
      awsRegion: "ap-northeast-1",
      awsAccountId: "123456789012",
      configRuleName: "required-tags",
      newEvaluationResult: { complianceType: "NON_COMPLIANT", annotation: "a tag is missing" },
      oldEvaluationResult: { complianceType: "COMPLIANT" },
    }),
    { source: "config", severity: "warning", state: "firing", title: "required-tags: i-1 is NON_COMPLIANT", text: "a tag is missing" },
    { Was: "COMPLIANT" },
  ],
  [
    "Health: an issue",
    event("aws.health", "AWS Health Event", {
      eventArn: "arn:aws:health:ap-northeast-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/1",
      service: "EC2",
      eventTypeCode: "AWS_EC2_OPERATIONAL_ISSUE",
      eventTypeCategory: "issue",
      statusCode: "open",
      startTime: "Sun, 29 Nov 2026 13:00:00 GMT",
      eventDescription: [{ language: "en_US", latestDescription: "We are investigating." }],
      affectedEntities: [{ entityValue: "i-abcd1111" }],
    }),
    { source: "health", severity: "critical", state: "firing", title: "EC2: AWS_EC2_OPERATIONAL_ISSUE", text: "We are investigating." },
    { Affected: "i-abcd1111" },
  ],
  [
    "EventBridge: a service without a formatter",
    event("aws.ec2", "EC2 Spot Instance Interruption Warning", { "instance-id": "i-1" }),
    { source: "aws.ec2", severity: "info", title: "EC2 Spot Instance Interruption Warning", text: '{\n  "instance-id": "i-1"\n}' },
  ],
  [
    "budgets",
    "AWS Budget Notification November 29, 2026\nAWS Account 123456789012\n\nDear AWS Customer,\n\nYou requested that we alert you when the ACTUAL Cost associated with your dev budget is greater than $128.00 for the current month. The ACTUAL Cost associated with this budget is $130.10.\n\nBudget Name: dev\nBudget Type: Cost\nBudgeted Amount: $160.00\nAlert Type: ACTUAL\nAlert Threshold: > $128.00\nACTUAL Amount: $130.10\n\n[1] https://console.aws.amazon.com/billing/home#/budgets\n",
    { source: "budget", severity: "warning", title: "Budget dev: > $128.00" },
    { Budget: "$160.00", Actual: "$130.10", Account: "123456789012" },
  ],
  [
    "cost anomalies",
    {
      accountId: "123456789012",
      anomalyDetailsLink: "https://console.aws.amazon.com/cost-management/home#/anomaly-detection/1",
      anomalyId: "12345678-abcd",
      anomalyStartDate: "2026-11-28T00:00:00Z",
      impact: { maxImpact: 151, totalActualSpend: 1301, totalExpectedSpend: 300, totalImpact: 1001 },
      rootCauses: [{ service: "AmazonEC2", region: "ap-northeast-1", usageType: "APN1-BoxUsage" }],
    },
    {
      source: "cost-anomaly",
      severity: "warning",
      title: "Costs more than usual: $1001",
      text: "AmazonEC2, ap-northeast-1, APN1-BoxUsage",
    },
    { Spent: "$1301", Expected: "$300" },
  ],
  [
    "text of our own rules, in the quotation marks in which EventBridge hands it on",
    JSON.stringify("A deployment of ml failed severity=critical owner=DevOps runbook=docs/runbooks/service-tasks.md"),
    {
      source: "text",
      severity: "critical",
      title: "A deployment of ml failed",
      links: [{ label: "Runbook", url: "docs/runbooks/service-tasks.md" }],
    },
    { Owner: "DevOps" },
  ],
  ["plain text", "hello\nworld", { source: "text", severity: "info", title: "hello", text: "hello\nworld" }],
  ["nothing at all", "", { source: "text", title: "(an empty message)" }],
  ["unknown JSON", { a: [1] }, { source: "unknown", severity: "info", text: '{\n  "a": [\n    1\n  ]\n}' }],
  ["a list", "[1]", { source: "unknown", text: "[\n  1\n]" }],
  ["a number", "5", { source: "text", title: "5" }],
];

it.each(CASES)("%s", (_, message, expected, fields = {}) => {
  const alert = from(message);
  expect(alert).toMatchObject(expected as object);
  expect(fieldsOf(alert)).toMatchObject(fields as object);
});

it("a critical business event is left to its alert, and nothing else is", () => {
  const published = (attributes: Record<string, string>): Published => ({ message: "x", attributes, time: TIME });
  for (const severity of FORWARDED) expect(isForwarded(published({ event_type: "a", severity }))).toBe(true);
  for (const attributes of [{}, { event_type: "a" }, { event_type: "a", severity: "warning" }, { severity: "critical" }])
    expect(isForwarded(published(attributes as Record<string, string>))).toBe(false);
});

describe("business events (MSG-011)", () => {
  const attributes = { event_type: "ORDER_REJECTED", severity: "warning", component: "order-manager" };
  it("are known by their attributes", () => {
    const alert = from({ message: "The broker refused", order_id: 7, detail: { code: 10006 } }, { attributes });
    expect(alert).toMatchObject({
      source: "business-event",
      name: "order-manager/ORDER_REJECTED",
      severity: "warning",
      title: "ORDER_REJECTED of order-manager",
      text: "The broker refused",
    });
    expect(fieldsOf(alert)).toEqual({ order_id: "7", detail: '{"code":10006}' });
  });
  it("may be plain text", () =>
    expect(from("The broker refused", { attributes })).toMatchObject({ source: "business-event", text: "The broker refused" }));
  it("that were made alerts look like themselves", () => {
    const responsePayload = {
      alert: "…",
      message: '{"message":"Margin call"}',
      attributes: { ...attributes, severity: "critical" },
      time: "2026-11-29T13:00:00.000Z",
    };
    expect(from({ version: "1.0", requestContext: { condition: "Success" }, responsePayload })).toMatchObject({
      source: "business-event",
      severity: "critical",
      text: "Margin call",
      time: "2026-11-29T13:00:00.000Z",
    });
  });
});
