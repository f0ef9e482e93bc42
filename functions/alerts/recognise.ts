/** From what was published to an alert: the first formatter that knows the message. */
import { isObject, type Alert, type Json, type Published } from "./alert";
import { alertmanager, alertmanagerText } from "./sources/alertmanager";
import { backup } from "./sources/backup";
import { budget } from "./sources/budget";
import { businessEvent, forwardedEvent } from "./sources/business-event";
import { cloudwatchAlarm } from "./sources/cloudwatch-alarm";
import { config } from "./sources/config";
import { costAnomaly } from "./sources/cost-anomaly";
import { ecs } from "./sources/ecs";
import { eventbridge } from "./sources/eventbridge";
import { guardduty } from "./sources/guardduty";
import { health } from "./sources/health";
import { plainText, unknownJson } from "./sources/text";

/** A formatter of JSON: undefined where the message is not its own. */
export type Formatter = (message: Json, published: Published) => Alert | undefined;

const FORMATTERS: readonly Formatter[] = [
  cloudwatchAlarm,
  forwardedEvent,
  (message, published) => businessEvent(published, message),
  ecs,
  guardduty,
  backup,
  config,
  health,
  eventbridge,
  alertmanager,
  costAnomaly,
];

/** Never throws and never drops: a formatter that stumbles over a message leaves it to those that show anything. */
export function recognise(published: Published): Alert {
  const message = parse(published.message);
  // EventBridge hands on the text of a rule in its quotation marks.
  if (typeof message === "string") return recognise({ ...published, message });
  if (typeof message !== "object" || message === null)
    return businessEvent(published) ?? alertmanagerText(published) ?? budget(published) ?? plainText(published);
  if (!isObject(message)) return unknownJson(message, published);
  for (const formatter of FORMATTERS) {
    try {
      const alert = formatter(message, published);
      if (alert) return alert;
    } catch {
      // A message that looks like one of its own and is not.
    }
  }
  return unknownJson(message, published);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
