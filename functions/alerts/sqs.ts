/** Messages of SQS, which hold what SNS put into the queue. */
import type { Published } from "./alert";
import { readNotification } from "./sns";

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: {
    /** Milliseconds since 1970. */
    readonly SentTimestamp?: string;
  };
}

export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

export function readRecord({ body, attributes }: SqsRecord): Published {
  const received = new Date(Number(attributes?.SentTimestamp ?? Date.now())).toISOString();
  try {
    return readNotification(JSON.parse(body), received);
  } catch {
    return readNotification(body, received);
  }
}
