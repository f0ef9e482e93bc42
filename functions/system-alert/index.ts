/**
 * Makes an alert of a business event that is critical (MSG-010): Lambda publishes what is returned on the topic of alerts (its destination), where mail
 * is told too. The topic's subscription hands on critical events only.
 */
import { readNotification, type SnsEvent } from "../alerts/sns";

/** An event on its way to the topic of alerts; sources/forwarded-event.ts reads it. */
export interface ForwardedEvent {
  /** Says what this is, to people who get it by mail. */
  readonly alert: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly time: string;
}

export async function handler(event: SnsEvent): Promise<ForwardedEvent> {
  // SNS hands over one message at a time.
  const { message, subject, attributes, time } = readNotification(event.Records[0]!.Sns, new Date().toISOString());
  const { component = "an unnamed component", event_type: type = "an event" } = attributes;
  return { alert: `Critical: ${type} of ${component}`, message, subject, attributes, time };
}
