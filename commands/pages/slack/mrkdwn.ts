/** Slack's notation, as far as our messages use it, read as Slack shows it. https://docs.slack.dev/messaging/formatting-message-text */

/** How a piece of text looks. */
export type Style = "plain" | "bold" | "italic" | "strike" | "code" | "link" | "mention";

export interface Run {
  readonly text: string;
  readonly style: Style;
}

/** What begins on a line of its own. */
export interface Paragraph {
  readonly kind: "text" | "code";
  readonly runs: readonly Run[];
}

const MARKS: Readonly<Record<string, Style>> = { "*": "bold", _: "italic", "~": "strike" };
/** Something in angle brackets, code, or text between marks; a mark counts only at the edge of a word. */
const TOKEN = /<([^<>]+)>|`([^`\n]+)`|(?<![\w*~])([*_~])(?=\S)(.+?)(?<=\S)\3(?![\w*~])/g;

/** Where a reader is, of whom Slack shows times in their own zone: Japan, which has no summer time. */
const READER = { hours: 9 };

export function paragraphs(text: string): Paragraph[] {
  return text.split("```").flatMap((part, index): Paragraph[] => {
    if (index % 2 === 1) return part.split("\n").map((line) => ({ kind: "code", runs: [{ text: unescaped(line), style: "code" }] }));
    if (part === "") return [];
    return part.split("\n").map((line) => ({ kind: "text", runs: runsOf(line, "plain") }));
  });
}

function runsOf(line: string, style: Style): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const found of line.matchAll(TOKEN)) {
    const [whole, bracketed, code, mark, marked] = found;
    runs.push({ text: unescaped(line.slice(end, found.index)), style });
    if (bracketed !== undefined) runs.push(bracket(bracketed));
    else if (code !== undefined) runs.push({ text: unescaped(code), style: "code" });
    else runs.push(...runsOf(marked!, MARKS[mark!]!));
    end = found.index + whole.length;
  }
  runs.push({ text: unescaped(line.slice(end)), style });
  return runs.filter(({ text }) => text !== "");
}

/** @throws Error for what has another meaning to Slack than those that we use */
function bracket(inside: string): Run {
  const [target = "", label] = inside.split("|");
  const [, seconds, format] = /^!date\^(\d+)\^(.+)$/.exec(target) ?? [];
  if (seconds !== undefined) return { text: dateIn(format!, Number(seconds)), style: "plain" };
  if (target === "!channel" || target === "!here") return { text: `@${target.slice(1)}`, style: "mention" };
  if (target.startsWith("!subteam^")) return { text: `@${target.slice("!subteam^".length)}`, style: "mention" };
  if (/^@[UW]/.test(target)) return { text: target, style: "mention" };
  if (/^(https?|mailto):/.test(target)) return { text: unescaped(label ?? target), style: "link" };
  throw new Error(`no picture of <${inside}>`);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** By hand, because what Node writes for a language differs from release to release. @throws Error for a part of a date that we do not use */
function dateIn(format: string, seconds: number): string {
  const date = new Date((seconds + READER.hours * 3600) * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const parts: Readonly<Record<string, string>> = {
    date_short_pretty: `${MONTHS[date.getUTCMonth()]!} ${date.getUTCDate()}, ${date.getUTCFullYear()}`,
    time_secs: `${((date.getUTCHours() + 11) % 12) + 1}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${date.getUTCHours() < 12 ? "AM" : "PM"}`,
  };
  return format.replace(/\{(\w+)\}/g, (token, part: string) => {
    const shown = parts[part];
    if (shown === undefined) throw new Error(`no picture of the date ${token}`);
    return shown;
  });
}

const unescaped = (text: string): string => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
