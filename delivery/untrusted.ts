/**
 * Text that a pull request's own run wrote: from a fork it is a stranger's.
 *
 * It is shown to reviewers, so it may say what it wants, but it calls nobody, loads nothing, hides nothing and does not pass for ours.
 */
import { lstatSync, readFileSync } from "node:fs";

/** GitHub's own limit of a comment is 65,536 characters; the rest is for our own lines around it. */
export const LONGEST_COMMENT = 64_000;
/** Larger files are not read at all. */
const LARGEST_FILE = 2_000_000;
const BREAK = "\u200B";

/** @throws Error when it is no plain file, or a huge one: a link could lead to this machine's own secrets */
export function readUntrusted(file: string): string {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (!status) throw new Error(`There is no file ${file}.`);
  if (!status.isFile()) throw new Error(`${file} is no plain file.`);
  if (status.size > LARGEST_FILE) throw new Error(`${file} has ${status.size} bytes; at most ${LARGEST_FILE} are read.`);
  return readFileSync(file, "utf8");
}

/** What Markdown could do beside being read. Each is broken up by a space that nobody sees. */
const ACTIVE: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a mention", pattern: /@(?=[A-Za-z0-9])/g },
  { what: "a reference to an issue", pattern: /#(?=\d)/g },
  { what: "a reference to an issue", pattern: /\bGH-(?=\d)/gi },
  { what: "a comment, which hides text and is how we find our own", pattern: /<(?=!)/g },
  { what: "a picture, loaded from anywhere", pattern: /!(?=\[)/g },
  {
    what: "elements that load or link",
    pattern: /<(?=\/?(?:img|picture|source|video|audio|a|svg|iframe|object|embed|form|input|style|link|meta|base|script)\b)/gi,
  },
];

/** @returns the same text to a reader's eye, without control characters */
export function neutralised(text: string): string {
  const plain = text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000B-\u001F\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, "");
  return ACTIVE.reduce((result, { pattern }) => result.replace(pattern, (found) => `${found}${BREAK}`), plain);
}

/** Cuts Markdown at the end of a line, and closes what is open there. */
export function fitted(text: string, budget: number, note: string): string {
  if (text.length <= budget) return text;
  const kept: string[] = [];
  let length = note.length + 100;
  for (const line of text.split("\n")) {
    length += line.length + 1;
    if (length > budget) break;
    kept.push(line);
  }
  const cut = kept.join("\n");
  const fences = cut.match(/^ {0,3}```/gm)?.length ?? 0;
  const open = (cut.match(/<details\b/g)?.length ?? 0) - (cut.match(/<\/details>/g)?.length ?? 0);
  return `${cut}${fences % 2 === 1 ? "\n```" : ""}${"\n</details>".repeat(Math.max(0, Math.min(open, 5)))}\n\n${note}\n`;
}
