/** Messages of SNS, as it hands them to a function or puts them into a queue. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
import { isObject, objectAt, textAt, type Json, type Published } from "./alert";

/** What SNS hands to a function that subscribes: always one record. https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export interface SnsEvent {
  readonly Records: readonly { readonly Sns: Json }[];
}

/** @param received when the queue or the function got it, for what is no message of SNS: somebody put it in by hand */
export function readNotification(body: unknown, received: string): Published {
  const envelope = isObject(body) && textAt(body, "Message") !== undefined ? body : undefined;
  if (!envelope) return { message: typeof body === "string" ? body : JSON.stringify(body), attributes: {}, time: received };
  const attributes = Object.entries(objectAt(envelope, "MessageAttributes") ?? {}).flatMap(([name, attribute]) => {
    const value = isObject(attribute) ? textAt(attribute, "Value") : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    message: textAt(envelope, "Message")!,
    subject: textAt(envelope, "Subject"),
    attributes: Object.fromEntries(attributes),
    time: textAt(envelope, "Timestamp") ?? received,
  };
}
