/** Business events of the trading software, known by the attributes of their messages (MSG-011); and those that were made alerts. */
import { fieldsOf, isObject, objectAt, severityOf, textAt, type Alert, type Json, type Published } from "../alert";

/** A message with the attribute `event_type`, its text JSON or not. */
export function businessEvent({ message, subject, attributes, time }: Published, json?: Json): Alert | undefined {
  const { event_type: type, severity, component } = attributes;
  if (!type) return undefined;
  const values =
    json &&
    Object.fromEntries(
      Object.entries(json).map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)]),
    );
  const { message: said, ...others } = values ?? {};
  return {
    source: "business-event",
    name: [component, type].filter(Boolean).join("/"),
    severity: severityOf(severity) ?? "info",
    state: "event",
    title: subject ?? (component ? `${type} of ${component}` : type),
    text: said ?? (json ? undefined : message),
    fields: fieldsOf(others),
    time,
  };
}

/** What SystemAlertFunction returned, in the record that Lambda makes of it. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export function forwardedEvent(record: Json, { time }: Published): Alert | undefined {
  const event = objectAt(record, "responsePayload");
  const message = textAt(event, "message");
  if (!objectAt(record, "requestContext") || message === undefined) return undefined;
  const attributes = Object.fromEntries(Object.entries(objectAt(event, "attributes") ?? {}).map(([key, value]) => [key, String(value)]));
  const published = { message, subject: textAt(event, "subject"), attributes, time: textAt(event, "time") ?? time };
  return businessEvent(published, parsed(message));
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
