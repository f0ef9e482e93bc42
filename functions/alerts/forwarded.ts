/** Business events that SystemAlertFunction makes alerts of: they come a second time, by the topic of alerts (design 35). */
import type { Published } from "./alert";

/** Severities of business events (MSG-011) that become alerts; SNS compares letter by letter. */
export const FORWARDED: readonly string[] = ["critical", "CRITICAL", "Critical"];

/**
 * Whether whoever hears both topics leaves a message to its alert. Not by a filter of the subscription: SNS hands a message without any attribute to
 * no subscription that filters by them. https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
 */
export const isForwarded = ({ attributes: { event_type: type, severity } }: Published): boolean =>
  type !== undefined && severity !== undefined && FORWARDED.includes(severity);
