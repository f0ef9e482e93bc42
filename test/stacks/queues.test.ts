/** A queue more is one entry of `events.queues`: queues, policies and alarm, rights and scaling of services on every platform, what it costs. */
import { rightsTable } from "../../commands/pages/rights-table";
import { estimate } from "../../review/cost/estimate";
import { plannedStack } from "../../review/cost/synthesised";
import { environment, type Edits } from "../environments/edits";
import { rightsOfRole, variablesOf } from "../helpers/services";
import { policyOf, resourcesOf, synthEnvironments, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const figures = { visibilityTimeoutSeconds: 90, messageRetentionSeconds: 345_600 };
const RISK_REPORTS = {
  name: "RiskReports-dev",
  ...figures,
  deadLetter: { name: "RiskReports_DLQ-dev", maxReceiveCount: 5, visibilityTimeoutSeconds: 90 },
};
/** One that writes, one that reads and scales by what waits. */
const USED: Edits = {
  "events.queues": { riskReports: RISK_REPORTS },
  "services.data.grants": ["queues.riskReports.send"],
  "services.ml.grants": ["queues.riskReports.consume"],
  "services.ml.scaling": { min: 1, max: 4, queue: { name: "queues.riskReports", messagesPerTask: 5 } },
};
const ON_EKS: Edits = { ...USED, platform: "eks", "cluster.kubernetes.keda": true };
const synth = (edits: Edits) => synthEnvironments({ environments: [environment("dev", edits)], target: { kind: "aws" } });
const plain = synth({});
const ecs = synth(USED);
const eks = synth(ON_EKS);
const addresses = ({ resource = {} }: StackJson) =>
  Object.entries(resource).flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`));

it("is two queues, their policies and the alarm of its dead letters, and changes nothing that stands", () => {
  const [before, after] = [plain["dev-events"]!, synth({ "events.queues": { riskReports: RISK_REPORTS } })["dev-events"]!];
  const added = addresses(after).filter((address) => !addresses(before).includes(address));
  expect(added.map((address) => address.replace(/_[0-9A-F]{8}$/, "")).sort()).toEqual([
    "aws_cloudwatch_metric_alarm.queues_riskReports_dead-letter-alarm",
    "aws_sqs_queue.queues_riskReports_dead-letter",
    "aws_sqs_queue.queues_riskReports_queue",
    "aws_sqs_queue_policy.queues_riskReports_dead-letter-policy",
    "aws_sqs_queue_policy.queues_riskReports_policy",
    "aws_sqs_queue_redrive_allow_policy.queues_riskReports_redrive-allow",
  ]);
  const withoutAdded = Object.fromEntries(
    Object.entries(after.resource!).map(([type, blocks]) => [
      type,
      Object.fromEntries(Object.entries(blocks).filter(([id]) => !added.includes(`${type}.${id}`))),
    ]),
  );
  expect(withoutAdded).toEqual(before.resource);
  expect(named(after, "aws_sqs_queue", "queues_riskReports_queue")).toMatchObject({
    name: "RiskReports-dev",
    visibility_timeout_seconds: 90,
    message_retention_seconds: 345_600,
    receive_wait_time_seconds: 20,
    sqs_managed_sse_enabled: true,
  });
  expect(named(after, "aws_sqs_queue", "queues_riskReports_dead-letter")).toMatchObject({
    name: "RiskReports_DLQ-dev",
    message_retention_seconds: 1_209_600,
  });
  // As the known queues have it.
  const alarm = named(after, "aws_cloudwatch_metric_alarm", "queues_riskReports_dead-letter-alarm");
  const known = named(after, "aws_cloudwatch_metric_alarm", "orders_dead-letter-alarm");
  const own = {
    alarm_name: "SQS-DLQ-riskReports-dev",
    dimensions: { QueueName: expect.stringContaining("queues_riskReports_dead-letter") as string },
  };
  expect({ ...alarm, "//": undefined }).toEqual({ ...known, ...own, "//": undefined });
});

it("changes nothing in any stack while there is none", () => expect(synth({ "events.queues": {} })).toEqual(plain));

const sends = [
  {
    Effect: "Allow",
    Action: ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
    Resource: [expect.stringContaining("queues_riskReports_queue") as string],
  },
];
const consumes = [
  {
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
    Resource: [
      expect.stringContaining("queues_riskReports_queue") as string,
      expect.stringContaining("queues_riskReports_dead-letter") as string,
    ],
  },
];
const statements = (rights: readonly Readonly<Record<string, unknown>>[]) =>
  rights.map((right) => ({ ...right, Resource: [right.Resource].flat() }));

it("gives services on ECS what they may do with it, its address, and tasks by what waits in it", () => {
  const json = ecs["dev-services"]!;
  expect(statements(rightsOfRole(json, "data", "task"))).toEqual(expect.arrayContaining(sends) as unknown);
  expect(statements(rightsOfRole(json, "ml", "task"))).toEqual(expect.arrayContaining(consumes) as unknown);
  for (const service of ["data", "ml"])
    expect(variablesOf(json, service)).toMatchObject({
      RISK_REPORTS_QUEUE_URL: expect.stringContaining("queues_riskReports_queue") as unknown,
    });
  expect(variablesOf(json, "scheduler")).not.toHaveProperty("RISK_REPORTS_QUEUE_URL");
  expect(JSON.stringify(named(json, "aws_appautoscaling_policy", "service-ml_service_scaling_queue"))).toMatch(
    /"QueueName".*queues_riskReports_queue/,
  );
});

it("gives services on EKS the same, and KEDA the right to look at it", () => {
  const json = eks["dev-services"]!;
  const rightsOf = (id: string) => statements(policyOf(named(json, "aws_iam_role_policy", id), "policy").Statement);
  expect(rightsOf("service-data_pods_role_grants")).toEqual(sends);
  expect(rightsOf("service-ml_pods_role_grants")).toEqual(consumes);
  expect(rightsOf("keda_role_grants")).toEqual([
    { Effect: "Allow", Action: "sqs:GetQueueAttributes", Resource: [expect.stringContaining("queues_riskReports_queue") as string] },
  ]);
  const values = JSON.stringify(resourcesOf(eks["dev-workloads"]!, "helm_release").find(({ name }) => name === "day-trade-ml"));
  expect(values.match(/RISK_REPORTS_QUEUE_URL/g)).toHaveLength(2);
  expect(values).toMatch(/queueLength|messagesPerPod/);
});

it("is on the pages about rights and costs without another edit", () => {
  const literal = environment("dev", USED);
  expect(rightsTable([literal], ecs)).toContain(
    "| queue `RiskReports-dev` | `sqs:GetQueueAttributes`, `sqs:GetQueueUrl`, `sqs:SendMessage` |",
  );
  const { lines } = estimate({
    environment: literal,
    plans: [plannedStack("dev-events", ecs["dev-events"] as unknown as Parameters<typeof plannedStack>[1])],
  });
  const costs = lines
    .filter(
      ({ address }) =>
        address.startsWith("aws_sqs_queue.queues_riskReports_queue") ||
        address.startsWith("aws_cloudwatch_metric_alarm.queues_riskReports"),
    )
    .map(({ monthly = 0 }) => monthly);
  expect([costs.length, costs.every((dollars) => dollars > 0)]).toEqual([2, true]);
});
