/** CloudWatch alarms: of a metric, of a metric's math or anomaly band, and composite ones. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-sns-notification.html */
import { fieldsOf, objectAt, objectsAt, textAt, type Alert, type Json, type Published } from "../alert";
import { alarmLink, logsLink } from "../console";
import { readAlarm } from "../alarm-facts";

export function cloudwatchAlarm(message: Json, { time: published }: Published): Alert | undefined {
  const name = textAt(message, "AlarmName");
  const state = textAt(message, "NewStateValue");
  if (!name || !state) return undefined;
  const { text, ...data } = readAlarm(textAt(message, "AlarmDescription") ?? "");
  const time = isoTime(textAt(message, "StateChangeTime")) ?? published;
  const region = textAt(message, "AlarmArn")?.split(":")[3];
  return {
    source: "cloudwatch-alarm",
    name,
    // An alarm that says nothing of its severity is one of somebody else's; it is not the least.
    severity: data.severity ?? "warning",
    state: state === "OK" ? "resolved" : "firing",
    title: state === "INSUFFICIENT_DATA" ? `${name}: no data` : name,
    text: text || undefined,
    fields: fieldsOf({
      Why: textAt(message, "NewStateReason"),
      Metric: metricOf(message),
      Children: objectsAt(message, "TriggeringChildren")
        .map((child) => textAt(child, "Arn")?.split(":alarm:")[1])
        .join(", "),
      Was: textAt(message, "OldStateValue"),
      Account: textAt(message, "AWSAccountId"),
      Owner: data.owner,
    }),
    links: [
      ...(region ? [{ label: "Graph", url: alarmLink(region, name) }] : []),
      ...(region && data.logs ? [{ label: "Logs", url: logsLink(region, data.logs, time) }] : []),
      ...(data.runbook ? [{ label: "Runbook", url: data.runbook }] : []),
    ],
    time,
  };
}

/** `AWS/SQS ApproximateNumberOfMessagesVisible (QueueName=orders)`; of math, its label or expression. */
function metricOf(message: Json): string | undefined {
  const trigger = objectAt(message, "Trigger");
  const simple = describeMetric(trigger);
  if (simple) return simple;
  const queries = objectsAt(trigger, "Metrics");
  const shown = queries.find((query) => query.ReturnData === true) ?? queries[0];
  return describeMetric(objectAt(objectAt(shown, "MetricStat"), "Metric")) ?? textAt(shown, "Label") ?? textAt(shown, "Expression");
}

function describeMetric(metric: Json | undefined): string | undefined {
  const name = textAt(metric, "MetricName");
  if (!name) return undefined;
  const dimensions = objectsAt(metric, "Dimensions").map(
    (one) => `${textAt(one, "name") ?? textAt(one, "Name")}=${textAt(one, "value") ?? textAt(one, "Value")}`,
  );
  return [textAt(metric, "Namespace"), name, dimensions.length > 0 ? `(${dimensions.join(", ")})` : undefined].filter(Boolean).join(" ");
}

/** CloudWatch writes `2026-11-29T14:00:00.000+0000`, which is not quite ISO 8601. */
function isoTime(time: string | undefined): string | undefined {
  const date = new Date((time ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
