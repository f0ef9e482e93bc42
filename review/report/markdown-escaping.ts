/**
 * Foreign text in GitHub's Markdown: it must not format, link, close an element, or call a person by name.
 *
 * Names go into `<code>`, in which GitHub looks for no mention and no issue. Sentences keep their words: every sign that Markdown or
 * HTML could take for its own becomes a character reference, which is text wherever it stands, and what GitHub links after it has
 * laid out the text (@name, #12, GH-12) is parted by a zero-width space.
 */
import * as numbers from "../numbers";
import { shortened } from "../shortened";
import { phraseOf } from "./phrases";

const reference = (character: string) => `&#${character.codePointAt(0)!};`;
const PART = "&#8203;";

/** All of ASCII's signs but those that mean nothing within a line. */
const SIGNS = /[!"#$&'*:;<=>?@[\\\]^_`{|}~\n\t]/g;

/** A line break within a line is told as one. */
const oneLine = (text: string) => text.replaceAll("\n", "⏎").replaceAll("\t", " ");

/** A sentence from outside. @param most characters */
export function escaped(text: string, most = 600): string {
  return oneLine(shortened(text, most))
    .replace(SIGNS, (sign) =>
      sign === "@" || sign === "#" ? reference(sign) + PART : SAFE_IN_SENTENCES.has(sign) ? sign : reference(sign),
    )
    .replace(/\b(gh)-(?=\d)/gi, `$1${PART}-`)
    .replace(/\b(w)(ww\.)/gi, `$1${PART}$2`)
    .replace(/^(\s*)([-+]|\d+[.)])/, (_, space: string, mark: string) => `${space}${reference(mark[0]!)}${mark.slice(1)}`);
}
/** Plain punctuation, kept so that the raw text of a notification mail can be read. A colon is not: it makes links. */
const SAFE_IN_SENTENCES = new Set([";", "?", "=", "'", '"', "!"]);

/** A message, its names set as names. @param most characters */
export const sentence = (text: string, most = 600): string =>
  phraseOf(shortened(text, most))
    .map((part) => (typeof part === "string" ? escaped(part, most) : part.code === "" ? "" : code(part.code, most)))
    .join("");

/** A name, in a line or a cell of Markdown. @param most characters */
export function code(text: string, most = 200): string {
  const line = oneLine(shortened(text, most));
  return PLAIN.test(line)
    ? `\`${line}\``
    : `<code>${line.replace(SIGNS, reference).replace(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`)}</code>`;
}
/** Needs no reference in backticks. */
const PLAIN = /^[\w./:@,()=%-]+( [\w./:@,()=%-]+)*$/;

/** Text within an HTML block, in which there is no Markdown: `<summary>`. */
export const html = (text: string, most = 200): string => oneLine(shortened(text, most)).replace(/[&<>"'@#`]/g, reference);

/** Two dollar signs in a line would begin and end a formula. */
export const money = (dollars: number): string => numbers.money(dollars).replace("$", reference);
export const difference = (dollars: number): string => numbers.difference(dollars).replace("$", reference);

/** A block of code whose fence is longer than any run of backticks in it. */
export function fenced(lines: readonly string[], language: string): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].join("\n");
}

/** @param cells ready Markdown */
export const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
/** @param header an end of `:` puts the column to the right */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = header.map((cell) => cell.replace(/:$/, ""));
  return [tableRow(names), `|${header.map((cell) => (cell.endsWith(":") ? " ---: " : " --- ")).join("|")}|`, ...rows.map(tableRow)].join(
    "\n",
  );
}

export const bytes = (text: string): number => Buffer.byteLength(text, "utf8");
