/** From alerts to a message of Slack, within the limits of Block Kit. */
import type { KnownBlock, MessageAttachment, MrkdwnElement } from "@slack/types";
import type { Alert, Severity } from "../alerts/alert";
import type { Group } from "./group";
import { mrkdwn } from "./mrkdwn";
import type { Style } from "./settings";

/** https://docs.slack.dev/reference/block-kit/blocks and, of a message's text, https://docs.slack.dev/changelog/2018-truncating-really-long-messages */
export const LIMITS = {
  blocks: 50,
  sectionText: 3000,
  sectionFields: 10,
  fieldText: 2000,
  contextElements: 10,
  messageText: 4000,
} as const;

export interface SlackMessage {
  /** What a notification of the phone shows, with the mention: in attachments nobody is mentioned. */
  readonly text: string;
  readonly attachments: readonly MessageAttachment[];
}

const WORDS: Readonly<Record<Severity, string>> = { critical: "Critical", warning: "Warning", info: "Info" };
const RESOLVED_COLOUR = "#2e7d32";
/** Texts of a group that are shown; those that are alike count once. */
const SHOWN_TEXTS = 5;
const CODE = { begin: "```", end: "```" };

/** One message for a group. Somebody is mentioned for what fires, not for its end. */
export function slackMessage({ alerts }: Group, styles: Readonly<Record<Severity, Style>>): SlackMessage {
  const first = alerts[0]!;
  const { colour, mention } = styles[first.severity];
  const resolved = first.state === "resolved";
  const headline = [
    mention && !resolved ? mentionText(mention) : undefined,
    `*${resolved ? "Resolved" : WORDS[first.severity]}:*`,
    mrkdwn(oneLine(first.title), 1000),
    alerts.length > 1 ? `(${alerts.length} times)` : undefined,
  ];
  const text = headline.filter(Boolean).join(" ");
  return {
    text,
    attachments: [{ color: resolved ? RESOLVED_COLOUR : colour, fallback: mrkdwn(oneLine(first.title), 1000), blocks: blocksOf(alerts) }],
  };
}

function blocksOf(alerts: readonly Alert[]): KnownBlock[] {
  const first = alerts[0]!;
  const texts = [...new Set(alerts.flatMap(({ text }) => (text ? [text] : [])))];
  const fields = (first.fields ?? [])
    .slice(0, LIMITS.sectionFields)
    .map(({ label, value }): MrkdwnElement => ({ type: "mrkdwn", text: `*${mrkdwn(label, 100)}*\n${mrkdwn(value, 1800)}` }));
  const links = (first.links ?? []).map(({ label, url }) => `<${linkUrl(url)}|${mrkdwn(label, 100)}>`).filter((link) => link.length < 1500);
  const context = [`${first.source} · ${times(alerts)}`, ...(links.length > 0 ? [fitting(links, " · ", 1900)] : [])];
  return [
    ...texts.slice(0, SHOWN_TEXTS).map((text) => section(first.source === "unknown" ? code(text) : mrkdwn(text, LIMITS.sectionText))),
    ...(texts.length > SHOWN_TEXTS ? [section(`… and ${texts.length - SHOWN_TEXTS} others, which the log of alerts has`)] : []),
    ...(fields.length > 0 ? [{ type: "section" as const, fields }] : []),
    { type: "context", elements: context.map((text): MrkdwnElement => ({ type: "mrkdwn", text })) },
  ];
}

const section = (text: string): KnownBlock => ({ type: "section", text: { type: "mrkdwn", text } });
const code = (text: string) => `${CODE.begin}${mrkdwn(text.replaceAll("```", "'''"), LIMITS.sectionText - 10)}${CODE.end}`;
const oneLine = (text: string) => text.replace(/\s+/g, " ");
/** In a link `|` and `>` would end the address. */
const linkUrl = (url: string) => url.replaceAll("&", "&amp;").replaceAll("<", "%3C").replaceAll(">", "%3E").replaceAll("|", "%7C");

/** As many of the parts as the limit takes. */
const fitting = (parts: readonly string[], between: string, limit: number): string =>
  parts.reduce((all, part) => (all === "" ? part : all.length + between.length + part.length <= limit ? all + between + part : all), "");

/** Slack shows a time in the reader's own zone. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
function slackTime(time: string): string {
  const seconds = Math.floor(new Date(time).getTime() / 1000);
  return Number.isNaN(seconds) ? mrkdwn(time, 100) : `<!date^${seconds}^{date_short_pretty} {time_secs}|${new Date(time).toISOString()}>`;
}

function times(alerts: readonly Alert[]): string {
  const all = [...new Set(alerts.map(({ time }) => time))].sort();
  return all.length === 1 ? slackTime(all[0]!) : `${slackTime(all[0]!)} to ${slackTime(all.at(-1)!)}`;
}

/** `channel`, `here`, or the id of a user (U…, W…) or a user group (S…). https://docs.slack.dev/messaging/formatting-message-text#mentioning-users */
function mentionText(mention: string): string {
  if (mention === "channel" || mention === "here") return `<!${mention}>`;
  return mention.startsWith("S") ? `<!subteam^${mention}>` : `<@${mention}>`;
}
