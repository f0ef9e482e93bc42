/** What a literal says of those who are told of alerts: the functions between topics and people, and how Slack shows a severity. Part of schema.ts. */
import { z } from "zod";
import { functionName, integer, logRetentionDays, pattern, secretKey } from "./fields";

const colour = pattern(/^#[0-9a-f]{6}$/, "a colour such as #d32f2f, in small letters");
/** https://docs.slack.dev/messaging/formatting-message-text#mentioning-users */
const mention = pattern(
  /^(channel|here|[UWS][A-Z0-9]{6,20})$/,
  '"channel", "here", or the id of a user (U… or W…) or of a user group (S…) in Slack',
);

/** How Slack shows alerts of a severity, and to whom. */
const style = (usual: string) =>
  z
    .strictObject({
      /** Of the bar beside the message. */
      colour: colour.default(usual),
      /** Who is called. Default: nobody. */
      mention: mention.optional(),
      /** Key in `data.secrets.slackWebhook` whose value is the address of a webhook; each webhook posts to one channel. */
      webhookKey: secretKey.default("webhook_url"),
    })
    .prefault({});

export const alerting = {
  /** C-35, MSG-010, MSG-012, MSG-016. */
  functions: z.strictObject({
    /** Tells Slack. */
    slackNotification: functionName,
    /** Makes alerts of business events that are critical. */
    systemAlert: functionName,
    /** Writes every alert into its log. */
    alertIngestion: functionName,
    /** Days that alerts are kept in that log (OBS-004). */
    alertLogRetentionDays: logRetentionDays.default(365),
    /** Days that logs of the other functions are kept. */
    logRetentionDays: logRetentionDays.default(30),
    /**
     * Copies of each that may run at once, kept for it. An account whose limit is 10 (AWS gives new ones that) has none to give: `null` keeps none.
     * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
     */
    reservedConcurrency: integer(1, 100, "copies").nullable().default(2),
  }),
  /** By severity (OBS-034). */
  slack: z.strictObject({ critical: style("#d32f2f"), warning: style("#f9a825"), info: style("#546e7a") }).prefault({}),
};
