/** The pages below docs/requirements: `npm run docs` writes the two last columns of their tables, from what the repository cites. */
import { LineCounter, parseDocument } from "yaml";
import { citedDecisions, citedRows, otherForms, rowsIn, type Citation, type SourceFile } from "./citations";

const FOLDER = "docs/requirements/";
const EXCUSES = `${FOLDER}excuses.yaml`;
const DESIGN = "docs/design.md";
const COLUMNS = ["where", "shown by"];
/** Links in one cell; more are counted. */
const LINKS = 3;
/** Files of these come first in a cell, in this order. */
const FOLDERS = [
  "environments",
  "stacks",
  "constructs",
  "hosts",
  "functions",
  "charts",
  "terraform",
  "rehearsal",
  "review",
  "delivery",
  "commands",
  ".github",
  "docs",
];
/** These cite what is decided, what is not met, or copy what is tested; nothing is built or shown in them. */
const BUILDS_NOTHING = (path: string) =>
  path.startsWith(FOLDER) || path.startsWith("test/fixtures/") || [DESIGN, "docs/contributing.md", "review/exceptions.yaml"].includes(path);
const isTest = (path: string) => path.startsWith("test/") || path.includes("/tests/");

/** Why nothing cites a row, or (`partly`) what of it is not built. */
interface Excuse {
  readonly is: string;
  readonly rows: readonly string[];
  /** In excuses.yaml. */
  readonly line: number;
}

/** One row of a page. */
interface Row {
  readonly id: string;
  /** What is a `record: C-nn` is excused by that. */
  readonly isRecord: boolean;
  readonly path: string;
  readonly line: number;
}

const ALLOWED = "application, record, or one of not built yet, not built and partly, each with a colon and what or why";
const isAllowed = (is: string) => /^(application|record|(not built yet|not built|partly): \S.*)$/.test(is);

interface Book {
  readonly pages: readonly SourceFile[];
  readonly rows: readonly Row[];
  readonly excuses: readonly Excuse[];
  /** By row: files that build it, files that test it. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  readonly tests: ReadonlyMap<string, readonly string[]>;
}

function read(files: readonly SourceFile[]): Book {
  const pages = files.filter(({ path }) => path.startsWith(FOLDER) && path.endsWith(".md"));
  const counted = citedRows(files.filter(({ path }) => !BUILDS_NOTHING(path)));
  return {
    pages,
    rows: pages.flatMap(rowsOf),
    excuses: excusesOf(files.find(({ path }) => path === EXCUSES)?.text ?? ""),
    sources: filesById(counted.filter(({ path }) => !isTest(path))),
    tests: filesById(counted.filter(({ path }) => isTest(path))),
  };
}

/** Cells of a table's line, as they stand between its bars. */
const cellsOf = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
const isRow = (line: string) => line.startsWith("| ") && rowsIn(cellsOf(line)[0] ?? "").length === 1;

const rowsOf = ({ path, text }: SourceFile): readonly Row[] =>
  text
    .split("\n")
    .flatMap((content, index) =>
      isRow(content) ? [{ id: cellsOf(content)[0]!, isRecord: cellsOf(content)[3]!.startsWith("record: "), path, line: index + 1 }] : [],
    );

function excusesOf(text: string): readonly Excuse[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const entries = (document.toJS() ?? []) as readonly { readonly is?: unknown; readonly rows?: unknown }[];
  return entries.map(({ is, rows }, index) => {
    const offset = (document.getIn([index], true) as { readonly range?: readonly number[] }).range?.[0] ?? 0;
    return { is: String(is), rows: rowsIn(String(rows)), line: lineCounter.linePos(offset).line };
  });
}

function filesById(citations: readonly Citation[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { id, path } of citations) found.set(id, (found.get(id) ?? new Set()).add(path));
  const place = (path: string) => {
    const index = FOLDERS.indexOf(path.split("/")[0]!);
    return index < 0 ? FOLDERS.length : index;
  };
  return new Map([...found].map(([id, paths]) => [id, [...paths].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))]));
}

/** The pages as they should stand. @param files all of the repository's texts */
export function requirementPages(files: readonly SourceFile[]): readonly SourceFile[] {
  const book = read(files);
  return book.pages.map(({ path, text }) => ({
    path,
    text: text
      .split("\n")
      .map((line) => withColumns(line, book))
      .join("\n"),
  }));
}

function withColumns(line: string, { excuses, sources, tests }: Book): string {
  const isHead = /^\| id \| (requirement|topic) \|/.test(line);
  if (!isHead && !isRow(line)) return /^(\|---){4,6}\|$/.test(line) ? "|---|---|---|---|---|---|" : line;
  const own = cellsOf(line).slice(0, 4);
  if (isHead) return `| ${[...own, ...COLUMNS].join(" | ")} |`;
  const id = own[0]!;
  const excuse = excuses.find(({ rows }) => rows.includes(id))?.is ?? (own[3]!.startsWith("record: ") ? "record" : undefined);
  const where = links(sources.get(id) ?? [], (path) => path);
  const cells = [
    // A row that is a record is not built as it stands, and what cites it says so.
    where === "" ? (excuse ?? "") : excuse?.startsWith("partly: ") ? `${where}; ${excuse}` : where,
    links(tests.get(id) ?? [], (path) => path.replace(/^test\/|\.test(?=\.tsx?$)|\.tsx?$/g, "")),
  ];
  return `| ${[...own, ...cells].join(" | ")} |`;
}

function links(paths: readonly string[], name: (path: string) => string): string {
  const shown = paths.slice(0, LINKS).map((path) => `[${name(path)}](../../${path})`);
  return [...shown, ...(paths.length > LINKS ? [`${paths.length - LINKS} more`] : [])].join(", ");
}

/** What is wrong with the citations, the rows and the excuses: a line each, `file:line: what`, in the order of the files. */
export function citationProblems(files: readonly SourceFile[]): readonly string[] {
  const { excuses, rows, sources } = read(files);
  const known = new Map(rows.map((row) => [row.id, row]));
  const decisions = new Set(
    [...(files.find(({ path }) => path === DESIGN)?.text ?? "").matchAll(/^### (\d+)\. /gm)].map(([, number]) => number!),
  );
  const excused = new Map(excuses.flatMap(({ is, line, rows: ids }) => ids.map((id) => [id, { is, line }] as const)));
  const at = ({ path, line }: { readonly path: string; readonly line: number }, what: string) => `${path}:${line}: ${what}`;
  const inExcuses = (line: number, what: string) => at({ path: EXCUSES, line }, what);
  return [
    ...citedRows(files)
      .filter(({ id }) => !known.has(id))
      .map((place) => at(place, `${place.id} is no row of ${FOLDER}`)),
    ...citedDecisions(files)
      .filter(({ id }) => !decisions.has(id))
      .map((place) => at(place, `design ${place.id} is no decision of ${DESIGN}`)),
    ...otherForms(files).map((place) => at(place, place.id)),
    ...rows.filter((row) => known.get(row.id) !== row).map((row) => at(row, `${row.id} stands twice`)),
    ...rows
      .filter(({ id, isRecord }) => !sources.has(id) && !isRecord && !excused.has(id))
      .map((row) => at(row, `${row.id} is cited by nothing that builds it: cite it there, or excuse it in ${EXCUSES} (${ALLOWED})`)),
    ...excuses
      .filter(({ rows: ids }) => ids.length === 0)
      .map(({ is, line }) => inExcuses(line, `${JSON.stringify(is)} excuses no row: its rows should name some`)),
    ...excuses.flatMap(({ line, rows: ids }) =>
      ids
        .filter((id) => excused.get(id)!.line !== line)
        .map((id) => inExcuses(line, `${id} is excused twice, also on line ${excused.get(id)!.line}`)),
    ),
    ...excuses.filter(({ is }) => !isAllowed(is)).map(({ is, line }) => inExcuses(line, `is: ${JSON.stringify(is)}; allowed: ${ALLOWED}`)),
    ...[...excused].flatMap(([id, { is, line }]) => {
      if (is.startsWith("partly: ")) return sources.has(id) ? [] : [inExcuses(line, `${id} is "partly" built, and nothing cites it`)];
      return sources.has(id)
        ? [inExcuses(line, `${id} is excused and cited after all, in ${sources.get(id)!.join(", ")}: take the excuse out`)]
        : [];
    }),
  ];
}
