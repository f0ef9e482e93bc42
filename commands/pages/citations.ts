/** How the repository's texts cite requirements (docs/requirements) and decisions (docs/design.md), and where they do. */
import { git } from "../../terraform/git";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** A file by its path from the project's root, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A place that names a row by its id, or a decision by its number. */
export interface Citation {
  readonly id: string;
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** Kinds of file that people write comments or prose in. */
const TEXTS = new Set([".ts", ".tsx", ".mjs", ".py", ".sh", ".ps1", ".psm1", ".service", ".timer", ".tpl", ".yml", ".yaml", ".md"]);

const ROW = String.raw`(?:(?:NET|SEC|DAT|MSG|WIN|LNX|CON|K8S|EDG|RES|OBS|OPS|CST|AZR|RMP)-\d{3}|\bC-\d{2})`;
/** One row, or a range of them with both ends in full; ASCII files write `to` for the ellipsis. */
const ROWS = new RegExp(String.raw`\b(${ROW})\b(?:(?: ?… ?| to )(${ROW})\b)?`, "g");
const DECISION = /\bdesign (\d+)\b(?!\.\d)/g;

/** What looks like a citation in another form than the one. */
const OTHER_FORMS: readonly { readonly form: RegExp; readonly instead: string }[] = [
  {
    form: new RegExp(String.raw`\b${ROW}(?: ?[…–/] ?\d{2,3}\b| ?– ?${ROW})`, "g"),
    instead: "a range names both ends in full, with an ellipsis between them",
  },
  {
    form: /\b(?:design (?:section )?\d+\.\d+|Design \d+|[Dd]esign\.md`?,? (?:section|decision) \d+|[Dd]esign (?:section|decision) \d+)\b/g,
    instead: "a decision is cited as design and its number",
  },
];

/** What git knows of, or would take up; binary and foreign files are none of it. */
export function textFiles(root: string): readonly SourceFile[] {
  const paths = git(root, "ls-files", "-co", "--exclude-standard")!.trim().split("\n");
  return [...new Set(paths)]
    .filter((path) => TEXTS.has(extname(path)) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** The rows that a text names, ranges as each of theirs; whether they exist is not asked. */
export function rowsIn(text: string): readonly string[] {
  return [...text.matchAll(ROWS)].flatMap(([, first, last]) => range(first!, last ?? first!));
}

function range(first: string, last: string): readonly string[] {
  const [, area = "", from = ""] = /^(.+-)(\d+)$/.exec(first) ?? [];
  const to = last.startsWith(area) ? Number(last.slice(area.length)) : Number(from);
  const ids = Array.from(
    { length: Math.max(1, to - Number(from) + 1) },
    (_, index) => area + String(Number(from) + index).padStart(from.length, "0"),
  );
  return ids.includes(last) ? ids : [...ids, last];
}

const byLine = (files: readonly SourceFile[], idsOf: (line: string) => readonly string[]): readonly Citation[] =>
  files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((content, index) => idsOf(content).map((id) => ({ id, path, line: index + 1 }))),
  );

export const citedRows = (files: readonly SourceFile[]): readonly Citation[] => byLine(files, rowsIn);
export const citedDecisions = (files: readonly SourceFile[]): readonly Citation[] =>
  byLine(files, (line) => [...line.matchAll(DECISION)].map(([, number]) => number!));

/** Citations in another form; `id` says what stands there and what should. */
export const otherForms = (files: readonly SourceFile[]): readonly Citation[] =>
  byLine(files, (line) => OTHER_FORMS.flatMap(({ form, instead }) => [...line.matchAll(form)].map(([found]) => `${found}: ${instead}`)));
