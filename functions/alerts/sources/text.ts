/** Whatever nobody else knew: text as it is, JSON as what it is. Nothing is dropped. */
import { fieldsOf, severityOf, textAt, type Alert, type Json, type Published } from "../alert";
import { readAlarm } from "../alarm-facts";

/** A text. One of our own rules ends with its facts (constructs/alarms/event-alert.ts). */
export function plainText({ message, subject, attributes, time }: Published): Alert {
  const { text, severity, owner, runbook } = readAlarm(message);
  const title = (subject ?? text.trim().split("\n")[0]!) || "(an empty message)";
  return {
    source: "text",
    name: subject ?? title,
    severity: severityOf(attributes.severity) ?? severity ?? "info",
    state: "event",
    title,
    ...(text !== title && { text }),
    ...(owner && { fields: fieldsOf({ Owner: owner }) }),
    ...(runbook && { links: [{ label: "Runbook", url: runbook }] }),
    time,
  };
}

/** JSON that no formatter knows. */
export function unknownJson(message: unknown, { subject, attributes, time }: Published): Alert {
  const json = message as Json | undefined;
  const title = subject ?? textAt(json, "title") ?? textAt(json, "detail-type") ?? "A message of an unknown kind";
  return {
    source: "unknown",
    name: title,
    severity: severityOf(attributes.severity) ?? severityOf(json?.severity) ?? "info",
    state: "event",
    title,
    text: JSON.stringify(message, null, 2),
    time,
  };
}
