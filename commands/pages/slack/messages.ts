/** What Slack is told of an environment, by its own function's settings: an example of each kind, for the picture in docs/alerts.md. */
import type { Environment } from "../../../environments/schema";
import { isForwarded } from "../../../functions/alerts/forwarded";
import type { Published } from "../../../functions/alerts/alert";
import { recognise } from "../../../functions/alerts/recognise";
import { slackMessage } from "../../../functions/slack-notification/blocks";
import { grouped } from "../../../functions/slack-notification/group";
import { withPages } from "../../../functions/slack-notification/pages";
import type { Settings } from "../../../functions/slack-notification/settings";
import { handler as systemAlert } from "../../../functions/system-alert";
import type { Block } from "../../../terraform/assembly";
import { replaceReferences, type StacksByName } from "../../../terraform/references";
import { EXAMPLE_MESSAGES } from "../../alert/examples";
import { PICTURES } from "../pictures";
import { slackPicture, type ShownMessage } from "./picture";

/** Of which docs/alerts.md makes use. */
export const SLACK_PICTURE = `${PICTURES}/slack.svg`;

/** Of the first environment of the gravest stage. @param stacks of all environments, by name; the same stacks give the same bytes */
export async function slackPictureOf(
  environments: readonly Pick<Environment, "name" | "stage" | "account" | "region">[],
  stacks: StacksByName,
): Promise<string> {
  const shown = environments.find(({ stage }) => stage === "production") ?? environments[0]!;
  return slackPicture(await shownMessages(shown, stacks));
}

type Place = Pick<Environment, "name" | "account" | "region">;

/** When everything happens. */
const TIME = "2026-11-29T05:00:00.000Z";

const published = (message: object | string, more: Partial<Published> = {}): Published => ({
  message: typeof message === "string" ? message : JSON.stringify(message),
  attributes: {},
  time: TIME,
  ...more,
});

/** A synthesised alarm's message, in the shape in which CloudWatch writes it (functions/alerts/sources/cloudwatch-alarm.ts). */
function alarmMessage({ account, region }: Place, alarm: Block, state: "ALARM" | "OK", reason: string): Published {
  const { alarm_description: text, alarm_name: name, dimensions, metric_name: metric, namespace } = alarm;
  return published({
    AlarmName: name,
    AlarmDescription: text,
    AWSAccountId: account,
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: TIME.replace("Z", "+0000"),
    AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${String(name)}`,
    OldStateValue: state === "OK" ? "ALARM" : "OK",
    Trigger: {
      MetricName: metric,
      Namespace: namespace,
      Dimensions: Object.entries(dimensions as Readonly<Record<string, string>>).map(([key, value]) => ({ name: key, value })),
    },
  });
}

/** What the blocks of a stack are, with the names of what they refer to. */
function namedBlocks(stacks: StacksByName, stack: string, type: string): Block[] {
  const text = JSON.stringify(stacks[stack]?.resource?.[type] ?? {});
  const named = replaceReferences(text, stacks, stack, ({ attribute, block, id }) => String(block[attribute] ?? id));
  return Object.values(JSON.parse(named) as Readonly<Record<string, Block>>);
}

/** A business event three times within a minute. */
const STORM = ["USDJPY", "EURUSD", "USDJPY"].map((symbol, index) =>
  published(
    { message: `The broker refused an order for ${symbol}: not enough money` },
    {
      attributes: { event_type: "ORDER_REJECTED", severity: "warning", component: "order-manager" },
      time: TIME.replace("00.000", `${index}7.000`),
    },
  ),
);

/** As Alertmanager writes it by our template (functions/alerts/alertmanager-text.ts), with what our configuration adds. */
const ALERTMANAGER = published(
  ["ml-1", "ml-2"]
    .map((pod, index) =>
      [
        `firing since 2026-11-29T04:5${index}:10Z`,
        `summary: ${pod} ended by itself, or failed its health check, and was started again`,
        "alertname = DayTradePodRestarted",
        "cluster = day-trade",
        "namespace = day-trade",
        `pod = ${pod}`,
        "severity = warning",
        "",
      ].join("\n"),
    )
    .join("\n"),
  { subject: "[firing] DayTradePodRestarted", attributes: { source: "alertmanager", severity: "warning" } },
);

/**
 * @param environment whose alarms, severities and links are shown
 * @param stacks as they are synthesised, by name
 */
export async function shownMessages(environment: Place, stacks: StacksByName): Promise<ShownMessage[]> {
  const stack = `${environment.name}-events`;
  const settings = namedBlocks(stacks, stack, "aws_lambda_function").flatMap((block): Settings[] => {
    const variables = (block.environment as { readonly variables?: { readonly SETTINGS?: string } } | undefined)?.variables;
    const found = JSON.parse(variables?.SETTINGS ?? "{}") as Partial<Settings>;
    return found.styles ? [found as Settings] : [];
  })[0]!;
  const alarm = namedBlocks(stacks, stack, "aws_cloudwatch_metric_alarm").find(({ alarm_name: name }) =>
    String(name).startsWith("SQS-DLQ-Messages"),
  )!;
  const examples = Object.entries(EXAMPLE_MESSAGES).map(async ([name, example]) => ({
    caption: `npm run alert -- ${environment.name} --example ${name}`,
    messages: [await onTheWay(published("", { ...exampleOf(example(environment, TIME)) }))],
  }));
  const cases: readonly { readonly caption: string; readonly messages: readonly Published[] }[] = [
    {
      caption: "An alarm is on",
      messages: [
        alarmMessage(
          environment,
          alarm,
          "ALARM",
          "Threshold Crossed: 1 datapoint [3.0 (29/11/26 04:59:00)] was greater than or equal to the threshold (1.0).",
        ),
      ],
    },
    {
      caption: "It is over",
      messages: [
        alarmMessage(
          environment,
          alarm,
          "OK",
          "Threshold Crossed: 1 datapoint [0.0 (29/11/26 04:59:00)] was not greater than or equal to the threshold (1.0).",
        ),
      ],
    },
    { caption: "A storm: the same alert several times within a minute is one message", messages: STORM },
    { caption: "Alerts of Prometheus in a cluster, as Alertmanager groups them", messages: [ALERTMANAGER] },
    ...(await Promise.all(examples)),
    {
      caption: "JSON that no formatter knows is shown as it is",
      messages: [published({ job: "nightly-import", rows: 0, error: "no file was found" })],
    },
  ];
  return cases.map(({ caption, messages }) => {
    const received = messages.map((one, id) => ({ id: String(id), alert: withPages(recognise(one), settings.pages) }));
    const [group, ...others] = grouped(received);
    if (!group || others.length > 0) throw new Error(`"${caption}" is ${others.length + 1} messages, not one`);
    return { caption, message: slackMessage(group, settings.styles) };
  });
}

const exampleOf = ({ attributes = {}, message, subject }: ReturnType<(typeof EXAMPLE_MESSAGES)[string]>): Partial<Published> => ({
  attributes,
  message,
  subject,
});

/** A critical business event comes as what SystemAlertFunction makes of it, in the record that Lambda makes of that. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
async function onTheWay(event: Published): Promise<Published> {
  if (!isForwarded(event)) return event;
  const { attributes, message, subject, time } = event;
  const MessageAttributes = Object.fromEntries(Object.entries(attributes).map(([name, Value]) => [name, { Type: "String", Value }]));
  const responsePayload = await systemAlert({
    Records: [{ Sns: { Message: message, Subject: subject, Timestamp: time, MessageAttributes } }],
  });
  return published({ version: "1.0", requestContext: { condition: "Success" }, responsePayload });
}
