/** Text of others in Slack's notation: nothing in it mentions anybody or becomes a link. */

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const CUT = " …";

/**
 * Escaped, and cut where it would be longer; never within a character or an escape. https://docs.slack.dev/messaging/formatting-message-text#escaping
 * @param limit characters, as Slack counts them: escapes in full
 * @returns never empty, which Slack refuses
 */
export function mrkdwn(text: string, limit: number): string {
  const pieces = [...text].map((character) => ESCAPES[character] ?? character);
  let escaped = pieces.join("");
  if (escaped.length > limit) {
    escaped = "";
    for (const piece of pieces) {
      if (escaped.length + piece.length > limit - CUT.length) break;
      escaped += piece;
    }
    escaped += CUT;
  }
  return escaped.trim() === "" ? "–" : escaped;
}
