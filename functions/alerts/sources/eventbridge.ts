/** Events of EventBridge: what all have in common, and those that no other formatter knows. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
import { fieldsOf, objectAt, textAt, type Alert, type Json } from "../alert";

export interface Event {
  /** Such as `aws.ecs`. */
  readonly source: string;
  readonly type: string;
  readonly detail: Json;
  /** ISO 8601. */
  readonly time: string;
  readonly region?: string;
  readonly account?: string;
  /** ARNs and ids that it is about. */
  readonly resources: readonly string[];
}

/** @returns undefined of what is no event */
export function readEvent(message: Json): Event | undefined {
  const [source, type, detail, time] = [
    textAt(message, "source"),
    textAt(message, "detail-type"),
    objectAt(message, "detail"),
    textAt(message, "time"),
  ];
  if (!source || !type || !detail || !time) return undefined;
  const resources = Array.isArray(message.resources) ? message.resources.filter((one) => typeof one === "string") : [];
  return { source, type, detail, time, resources, region: textAt(message, "region"), account: textAt(message, "account") };
}

/** `arn:aws:ecs:…:service/day-trade/ml` → `day-trade/ml`. */
export const shortName = (arn: string | undefined): string | undefined => arn?.replace(/^arn:(?:[^:]*:){4}[^/:]+[/:]/, "");

/** Of a service without a formatter: its members as they are. */
export function eventbridge(message: Json): Alert | undefined {
  const event = readEvent(message);
  if (!event) return undefined;
  return {
    source: event.source,
    name: event.type,
    severity: "info",
    state: "event",
    title: event.type,
    fields: fieldsOf({ Resources: event.resources.join(", "), Account: event.account, Region: event.region }),
    text: JSON.stringify(event.detail, null, 2),
    time: event.time,
  };
}
