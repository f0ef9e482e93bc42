/** What AWS says of its own health. https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html */
import { fieldsOf, objectsAt, textAt, type Alert, type Json, type Severity } from "../alert";
import { readEvent } from "./eventbridge";

const SEVERITY: Readonly<Record<string, Severity>> = { issue: "critical", scheduledChange: "warning", investigation: "warning" };

export function health(message: Json): Alert | undefined {
  const event = readEvent(message);
  if (event?.source !== "aws.health") return undefined;
  const { account, detail, region, time } = event;
  const code = textAt(detail, "eventTypeCode") ?? event.type;
  const closed = textAt(detail, "statusCode") === "closed";
  const descriptions = objectsAt(detail, "eventDescription");
  const description = descriptions.find((one) => textAt(one, "language")?.startsWith("en")) ?? descriptions[0];
  return {
    source: "health",
    name: textAt(detail, "eventArn") ?? code,
    severity: SEVERITY[textAt(detail, "eventTypeCategory") ?? ""] ?? "info",
    state: closed ? "resolved" : "firing",
    title: `${textAt(detail, "service") ?? "AWS"}: ${code}`,
    text: textAt(description, "latestDescription"),
    fields: fieldsOf({
      Category: textAt(detail, "eventTypeCategory"),
      Affected: objectsAt(detail, "affectedEntities")
        .map((entity) => textAt(entity, "entityValue"))
        .join(", "),
      Begins: textAt(detail, "startTime"),
      Ends: textAt(detail, "endTime"),
      Region: textAt(detail, "eventRegion") ?? region,
      Account: textAt(detail, "affectedAccount") ?? account,
    }),
    time,
  };
}
