/** Findings of GuardDuty, with a severity from 1 to 10. https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html */
import { fieldsOf, objectAt, textAt, type Alert, type Json, type Severity } from "../alert";
import { readEvent } from "./eventbridge";

export function guardduty(message: Json): Alert | undefined {
  const event = readEvent(message);
  if (event?.source !== "aws.guardduty") return undefined;
  const { account, detail, region, time } = event;
  const type = textAt(detail, "type") ?? event.type;
  const id = textAt(detail, "id");
  return {
    source: "guardduty",
    name: type,
    severity: classOf(Number(detail.severity)),
    state: "event",
    title: textAt(detail, "title") ?? type,
    text: textAt(detail, "description"),
    fields: fieldsOf({
      Type: type,
      Severity: textAt(detail, "severity"),
      Resource: textAt(objectAt(detail, "resource"), "resourceType"),
      Times: textAt(objectAt(detail, "service"), "count"),
      Account: textAt(detail, "accountId") ?? account,
      Region: textAt(detail, "region") ?? region,
    }),
    links:
      region && id
        ? [
            {
              label: "Finding",
              url: `https://${region}.console.aws.amazon.com/guardduty/home?region=${region}#/findings?search=id%3D${id}`,
            },
          ]
        : [],
    time,
  };
}

/** High from 7, medium from 4. https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
const classOf = (severity: number): Severity => (severity >= 7 ? "critical" : severity >= 4 ? "warning" : "info");
