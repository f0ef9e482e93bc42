/** Test messages of `npm run alert`, in the shape in which each publisher writes them (functions/alerts/sources cites where that is said). */
import { describeAlarm } from "../../functions/alerts/alarm-facts";
import type { Environment } from "../../environments/schema";

export interface ExampleMessage {
  /** Which of the environment's topics. */
  readonly topic: "systemAlertsTopic" | "systemEventsTopic";
  readonly subject?: string;
  readonly message: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

type Place = Pick<Environment, "name" | "account" | "region">;

/** Everything that a person reads says so. */
const TEST = "This is a test: nothing is wrong";

const alarm =
  (state: "ALARM" | "OK") =>
  ({ account, name, region }: Place, time: string): ExampleMessage => ({
    topic: "systemAlertsTopic",
    subject: `${state}: "Test-${name}"`,
    message: JSON.stringify({
      AlarmName: `Test-${name}`,
      AlarmDescription: describeAlarm({ text: TEST, severity: "warning", owner: "DevOps", runbook: "docs/alerts.md" }),
      AWSAccountId: account,
      NewStateValue: state,
      NewStateReason: `${TEST} (npm run alert)`,
      StateChangeTime: time.replace("Z", "+0000"),
      AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:Test-${name}`,
      OldStateValue: state === "OK" ? "ALARM" : "OK",
    }),
  });

/** By the word after `--example`. */
export const EXAMPLE_MESSAGES: Readonly<Record<string, (place: Place, time: string) => ExampleMessage>> = {
  alarm: alarm("ALARM"),
  ok: alarm("OK"),
  event: ({ account, region }, time) => ({
    topic: "systemAlertsTopic",
    message: JSON.stringify({
      version: "0",
      id: "00000000-0000-0000-0000-000000000000",
      "detail-type": "ECS Deployment State Change",
      source: "aws.ecs",
      account,
      time,
      region,
      resources: [`arn:aws:ecs:${region}:${account}:service/test/test`],
      detail: { eventType: "INFO", eventName: "SERVICE_DEPLOYMENT_COMPLETED", deploymentId: "ecs-svc/0", reason: TEST },
    }),
  }),
  budget: ({ account, name }) => ({
    topic: "systemAlertsTopic",
    subject: `AWS Budgets: test of ${name}`,
    message: [
      "AWS Budget Notification",
      `AWS Account ${account}`,
      "",
      "Dear AWS Customer,",
      "",
      `You requested that we alert you: ${TEST}.`,
      "",
      `Budget Name: test of ${name}`,
      "Budget Type: Cost",
      "Budgeted Amount: $1.00",
      "Alert Type: ACTUAL",
      "Alert Threshold: > $0.80",
      "ACTUAL Amount: $0.81",
    ].join("\n"),
  }),
  business: ({ name }) => ({
    topic: "systemEventsTopic",
    subject: `Test of ${name}`,
    message: JSON.stringify({ message: TEST }),
    attributes: { event_type: "test", severity: "info", component: "npm-run-alert" },
  }),
  // It takes the longer way: SystemAlertFunction makes an alert of it.
  critical: ({ name }) => ({
    topic: "systemEventsTopic",
    subject: `Test of ${name}`,
    message: JSON.stringify({ message: TEST }),
    attributes: { event_type: "test", severity: "critical", component: "npm-run-alert" },
  }),
  text: ({ name }) => ({ topic: "systemAlertsTopic", subject: `Test of ${name}`, message: TEST }),
};
