/** Rules of AWS Config that something keeps or breaks. https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html */
import { fieldsOf, objectAt, textAt, type Alert, type Json } from "../alert";
import { readEvent } from "./eventbridge";

export function config(message: Json): Alert | undefined {
  const event = readEvent(message);
  if (event?.source !== "aws.config" || event.type !== "Config Rules Compliance Change") return undefined;
  const { detail, time } = event;
  const rule = textAt(detail, "configRuleName") ?? "a rule";
  const resource = textAt(detail, "resourceId");
  const result = objectAt(detail, "newEvaluationResult");
  const compliance = textAt(result, "complianceType") ?? "unknown";
  return {
    source: "config",
    name: `${rule}/${resource ?? ""}`,
    severity: compliance === "NON_COMPLIANT" ? "warning" : "info",
    state: compliance === "COMPLIANT" ? "resolved" : "firing",
    title: `${rule}: ${resource ?? "a resource"} is ${compliance}`,
    text: textAt(result, "annotation"),
    fields: fieldsOf({
      Resource: resource,
      Kind: textAt(detail, "resourceType"),
      Was: textAt(objectAt(detail, "oldEvaluationResult"), "complianceType"),
      Region: textAt(detail, "awsRegion"),
      Account: textAt(detail, "awsAccountId"),
    }),
    time,
  };
}
