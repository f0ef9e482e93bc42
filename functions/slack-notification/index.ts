/**
 * Tells Slack of what reaches the topics (MSG-012, MSG-015). A queue stands between: a storm comes in batches, which are grouped, and what Slack
 * does not take stays in it and is tried again, until it is a dead letter.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { isForwarded } from "../alerts/forwarded";
import { recognise } from "../alerts/recognise";
import { readRecord, type SqsEvent } from "../alerts/sqs";
import { slackMessage } from "./blocks";
import { grouped } from "./group";
import { withPages } from "./pages";
import type { Settings } from "./settings";
import { Webhooks } from "./webhook";

/** The messages that stay in the queue. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Milliseconds that are kept for the answer to the queue. */
const RESERVE = 1000;

const settings = JSON.parse(process.env.SETTINGS ?? "{}") as Settings;
const logger = new Logger({ serviceName: "slack-notification" });
const webhooks = new Webhooks(new SecretsManagerClient({ maxAttempts: 3 }), settings.webhooks);

export async function handler(event: SqsEvent, context: { getRemainingTimeInMillis(): number }): Promise<BatchResponse> {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE;
  const failed: string[] = [];
  const received = event.Records.map((record) => ({ id: record.messageId, published: readRecord(record) }));
  const own = received.filter(({ published }) => !isForwarded(published));
  for (const group of grouped(own.map(({ id, published }) => ({ id, alert: withPages(recognise(published), settings.pages) })))) {
    const { source, name, severity, state } = group.alerts[0]!;
    const about = { source, alert: name, severity, state, count: group.alerts.length };
    try {
      // What is not begun in time is no loss either: it stays in the queue.
      if (Date.now() >= deadline) throw new Error("no time is left");
      await webhooks.post(settings.styles[severity].channel, slackMessage(group, settings.styles), deadline);
      logger.info("told Slack", about);
    } catch (error) {
      failed.push(...group.ids);
      logger.error("Slack was not told", { ...about, reason: error instanceof Error ? error.message : "unknown" });
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
