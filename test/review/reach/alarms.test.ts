/** An alarm that loses its way to a person is a refusal, wherever it loses it. */
import { reachAfter, type Edit, type Editable } from "./sides";

const without =
  (...sids: readonly string[]) =>
  (statements: Editable[]) =>
    statements.filter(({ Sid }) => !sids.includes(Sid as string));
const rights =
  (stack: string, path: string, action: string): Edit =>
  (stacks) =>
    stacks.policy(stack, "aws_iam_role_policy", path, (statements) => statements.filter(({ Action }) => ![Action].flat().includes(action)));

interface Case {
  readonly what: string;
  readonly edit: Edit;
  /** Address without its hash, and what the message must say. */
  readonly found: readonly (readonly [type: string, ...words: readonly string[]])[];
  readonly neighbour: Edit;
}

const again = (statements: Editable[]) => statements.map(({ Sid, ...rest }) => ({ ...rest, Sid: `${String(Sid)}Again` })).reverse();
const since = (sid: string, change: object) => (statements: Editable[]) =>
  statements.map((one) => (one.Sid === sid ? { ...one, ...change } : one));
const TOPIC = ["events", "aws_sns_topic_policy", "system-alerts"] as const;
const KEY = ["events", "aws_kms_key", "key"] as const;
const SLACK = "The function SlackNotificationLambda through the queue ";

const CASES: readonly Case[] = [
  {
    what: "a topic's policy that admits CloudWatch no more",
    edit: (stacks) => stacks.policy(...TOPIC, without("Publishcloudwatch")),
    found: [
      ["aws_sns_topic_policy", "`Backup-Failed`", "and 63 more: its policy no longer lets cloudwatch.amazonaws.com in (`sns:publish`)"],
    ],
    neighbour: (stacks) => stacks.policy(...TOPIC, again),
  },
  {
    what: "a topic's policy that admits CloudWatch of another account",
    edit: (stacks) =>
      stacks.policy(...TOPIC, since("Publishcloudwatch", { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } })),
    found: [["aws_sns_topic_policy", "lets cloudwatch.amazonaws.com in"]],
    neighbour: (stacks) =>
      stacks.policy(...TOPIC, since("Publishcloudwatch", { Condition: { StringLike: { "aws:SourceAccount": "777788889999" } } })),
  },
  {
    what: "a topic's policy that denies what comes from outside an organisation",
    edit: (stacks) =>
      stacks.policy(...TOPIC, (statements) => [
        ...statements,
        { Effect: "Deny", Principal: "*", Action: "sns:*", Resource: "*", Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } },
      ]),
    found: [["aws_sns_topic_policy", "and 74 more: its policy no longer lets backup.amazonaws.com, budgets.amazonaws.com,"]],
    neighbour: (stacks) =>
      stacks.policy(...TOPIC, (statements) => [
        ...statements,
        {
          Effect: "Deny",
          Principal: "*",
          Action: "sns:DeleteTopic",
          Resource: "*",
          Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
        },
      ]),
  },
  {
    what: "budgets that may not publish",
    edit: (stacks) => stacks.policy(...TOPIC, without("Publishbudgets")),
    found: [
      ["aws_sns_topic_policy", "no longer told of `tss-account-month` and `tss-month`: its policy no longer lets budgets.amazonaws.com in"],
    ],
    neighbour: (stacks) => stacks.policy(...TOPIC, since("Publishbudgets", { Action: ["sns:Publish"] })),
  },
  {
    what: "a topic without any policy",
    edit: (stacks) => stacks.remove(...TOPIC),
    found: [["aws_sns_topic_policy", "and 74 more: its policy no longer lets backup.amazonaws.com, budgets.amazonaws.com,"]],
    neighbour: (stacks) => {
      Object.assign(stacks.resource("events", "aws_sns_topic", "system-alerts"), { policy: stacks.resource(...TOPIC).policy });
      stacks.remove(...TOPIC);
    },
  },
  {
    what: "a key that CloudWatch may not use",
    edit: (stacks) => stacks.policy(...KEY, without("Servicecloudwatch")),
    found: [["aws_kms_key", "the key that encrypts SystemAlertsTopic no longer lets cloudwatch.amazonaws.com use it"]],
    neighbour: (stacks) => stacks.policy(...KEY, since("Servicecloudwatch", { Action: "kms:*" })),
  },
  {
    what: "a key that CloudWatch may only decrypt with",
    edit: (stacks) => stacks.policy(...KEY, since("Servicecloudwatch", { Action: "kms:Decrypt" })),
    found: [["aws_kms_key", "`kms:generatedatakey`"]],
    neighbour: (stacks) => stacks.policy(...KEY, since("Servicecloudwatch", { Condition: {} })),
  },
  {
    what: "AWS's own key, which other services may not use",
    edit: (stacks) => Object.assign(stacks.resource("events", "aws_sns_topic", "system-alerts"), { kms_master_key_id: "alias/aws/sns" }),
    found: [["aws_sns_topic", "AWS's own key, which backup.amazonaws.com, budgets.amazonaws.com,"]],
    neighbour: (stacks) => Object.assign(stacks.resource("events", "aws_sns_topic", "system-alerts"), { display_name: "Alerts" }),
  },
  {
    what: "a queue that topics may not fill",
    edit: (stacks) => stacks.policy("events", "aws_sqs_queue_policy", "notifications_policy", without("Fromsystemalerts")),
    found: [
      [
        "aws_sqs_queue_policy",
        SLACK,
        "and 74 more (by SystemAlertsTopic): its policy no longer lets SystemAlertsTopic in",
        "Still told: email trading-ops@example.com, the function TSS_AlertIngestionLambda",
      ],
    ],
    neighbour: (stacks) => stacks.policy("events", "aws_sqs_queue_policy", "notifications_policy", again),
  },
  {
    what: "a queue that takes from another topic in its place",
    edit: (stacks) =>
      stacks.policy("events", "aws_sqs_queue_policy", "notifications_policy", (statements) =>
        since("Fromsystemalerts", { Condition: statements.find(({ Sid }) => Sid === "Fromsystemevents")!.Condition })(statements),
      ),
    found: [["aws_sqs_queue_policy", SLACK]],
    neighbour: (stacks) =>
      stacks.policy(
        "events",
        "aws_sqs_queue_policy",
        "notifications_policy",
        since("Fromsystemalerts", { Principal: { Service: ["sns.amazonaws.com"] } }),
      ),
  },
  {
    what: "a queue that nothing reads",
    edit: (stacks) => stacks.remove("events", "aws_lambda_event_source_mapping", "slack-notification"),
    found: [
      ["aws_lambda_event_source_mapping", SLACK, "(by SystemAlertsTopic and TSS_SystemEventsTopic): what makes it read its queue goes"],
    ],
    neighbour: (stacks) =>
      Object.assign(stacks.resource("events", "aws_lambda_event_source_mapping", "slack-notification"), { batch_size: 1 }),
  },
  {
    what: "a reader that is switched off",
    edit: (stacks) => Object.assign(stacks.resource("events", "aws_lambda_event_source_mapping", "slack-notification"), { enabled: false }),
    found: [["aws_lambda_event_source_mapping", SLACK, "SlackNotificationLambda reads the queue"]],
    neighbour: (stacks) =>
      Object.assign(stacks.resource("events", "aws_lambda_event_source_mapping", "slack-notification"), { enabled: true }),
  },
  {
    what: "a function that may not read its webhook",
    edit: rights("events", "slack-notification", "secretsmanager:GetSecretValue"),
    found: [["aws_iam_role_policy", SLACK, "SlackNotificationLambda loses its right to", "`secretsmanager:getsecretvalue`"]],
    neighbour: rights("events", "slack-notification", "logs:PutLogEvents"),
  },
  {
    what: "a function that may not read its queue",
    edit: rights("events", "slack-notification", "sqs:ReceiveMessage"),
    found: [["aws_iam_role_policy", SLACK, "`sqs:receivemessage`"]],
    neighbour: rights("events", "alert-ingestion", "logs:PutLogEvents"),
  },
  {
    what: "a function that may not use the key of its webhook",
    edit: (stacks) =>
      stacks.policy("events", "aws_iam_role_policy", "slack-notification", (statements) =>
        statements.filter(({ Action }) => Action !== "kms:Decrypt"),
      ),
    found: [["aws_iam_role_policy", SLACK, "`kms:decrypt`"]],
    neighbour: (stacks) =>
      stacks.policy("events", "aws_iam_role_policy", "slack-notification", (statements) =>
        statements.map((one) => (one.Action === "kms:Decrypt" ? { ...one, Action: ["kms:Decrypt", "kms:DescribeKey"] } : one)),
      ),
  },
  {
    what: "a function that runs at no time",
    edit: (stacks) =>
      Object.assign(stacks.resource("events", "aws_lambda_function", "slack-notification"), { reserved_concurrent_executions: 0 }),
    found: [["aws_lambda_function", SLACK, "may not run at all"]],
    neighbour: (stacks) =>
      Object.assign(stacks.resource("events", "aws_lambda_function", "slack-notification"), { reserved_concurrent_executions: 1 }),
  },
  {
    what: "a function that its topic may not call",
    edit: (stacks) => stacks.remove("events", "aws_lambda_permission", "alert-ingestion"),
    found: [["aws_lambda_permission", "The function TSS_AlertIngestionLambda", "SystemAlertsTopic may not call it"]],
    neighbour: (stacks) => delete stacks.resource("events", "aws_lambda_permission", "alert-ingestion").source_arn,
  },
  {
    what: "critical events that make no alert",
    edit: rights("events", "system-alert", "sns:Publish"),
    found: [
      [
        "aws_iam_role_policy",
        "The function SystemAlertFunction no longer hears of what is told (by TSS_SystemEventsTopic)",
        "loses its right to SystemAlertsTopic (`sns:publish`)",
      ],
    ],
    neighbour: rights("events", "system-alert", "logs:PutLogEvents"),
  },
  {
    what: "a filter that lets no alarm through",
    edit: (stacks) =>
      Object.assign(stacks.resource("events", "aws_sns_topic_subscription", "system-alerts_email"), {
        filter_policy: JSON.stringify({ severity: ["critical"] }),
      }),
    found: [["aws_sns_topic_subscription", "Email trading-ops@example.com", "takes only messages with certain attributes"]],
    neighbour: (stacks) =>
      Object.assign(stacks.resource("events", "aws_sns_topic_subscription", "system-alerts_email"), {
        filter_policy: JSON.stringify({ NewStateValue: ["ALARM"] }),
        filter_policy_scope: "MessageBody",
      }),
  },
  {
    what: "a subscribed queue that goes",
    edit: (stacks) => {
      for (const type of ["aws_sqs_queue", "aws_sqs_queue_policy"])
        stacks.remove("events", type, `notifications_${type.endsWith("policy") ? "policy" : "queue"}`);
      stacks.remove("events", "aws_lambda_event_source_mapping", "slack-notification");
      stacks.remove("events", "aws_sns_topic_subscription", "system-alerts_notifications");
      stacks.remove("events", "aws_sns_topic_subscription", "system-events_notifications");
    },
    // notification/subscription-removed says it.
    found: [],
    neighbour: () => undefined,
  },
];

describe("what alarms tell", () => {
  it.each(CASES.map((one) => [one.what, one] as const))("is seen cut by %s, and not by its neighbour", (_, { edit, found, neighbour }) => {
    const findings = reachAfter(edit);
    expect(findings.map(({ severity, rule, address = "" }) => `${severity} ${rule} ${address.split(".")[0]!}`)).toEqual(
      found.map(([type]) => `refusal notification/reach-cut ${type}`),
    );
    found.forEach(([, ...words], index) => words.forEach((text) => expect(findings[index]!.message).toContain(text)));
    expect(reachAfter(neighbour).map(({ message }) => message)).toEqual([]);
  });

  it("is not cut where nothing is changed", () => {
    expect(reachAfter(() => undefined)).toEqual([]);
  });
});
