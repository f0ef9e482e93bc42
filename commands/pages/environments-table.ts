/** The page on what differs between the environments: docs/environments.md, written by `npm run docs`. */
import { physicalNames } from "../../environments/rules";
import { pathTo } from "../../environments/rules/finding";
import type { Environment } from "../../environments/schema";
import { markdownTable } from "./markdown";

/** One value of an accepted environment; a list of plain values counts as one. */
interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

function leavesOf(value: unknown, path = ""): Leaf[] {
  if (value === undefined) return [];
  if (isPlain(value) || (Array.isArray(value) && value.every(isPlain))) return [{ path, value }];
  const entries: (readonly [PropertyKey, unknown])[] = Array.isArray(value)
    ? value.map((entry, index) => [index, entry] as const)
    : Object.entries(value as object);
  return entries.length === 0 ? [{ path, value }] : entries.flatMap(([key, entry]) => leavesOf(entry, pathTo(path, key)));
}

/** A name as all environments write it: `tss-raw-market-data-<account><nameSuffix>`. */
function template(name: string, { account, nameSuffix }: Environment): string {
  const [, stem = "", fifo = ""] = /^(.*?)(\.fifo)?$/.exec(name) ?? [];
  const withSuffix = nameSuffix !== "" && stem.endsWith(nameSuffix) ? `${stem.slice(0, -nameSuffix.length)}<nameSuffix>` : stem;
  return withSuffix.replaceAll(account, "<account>").concat(nameSuffix === "" ? "<nameSuffix>" : "", fifo);
}

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

function cell(value: unknown): string {
  if (value === undefined) return "–";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((entry) => code(String(entry))).join(", ");
  if (value === "") return "(empty)";
  return isPlain(value) ? code(String(value)) : "none";
}

/** Paths of all leaves, each environment's in its own order, those that only a later one has beside their neighbours. */
function mergedPaths(leaves: readonly (readonly Leaf[])[]): string[] {
  const merged: string[] = [];
  for (const list of leaves) {
    let position = 0;
    for (const { path } of list) {
      const found = merged.indexOf(path);
      if (found >= 0) position = found + 1;
      else merged.splice(position++, 0, path);
    }
  }
  return merged;
}

/**
 * The page in Markdown, from accepted environments: defaults are spelled out, so that a value that a literal leaves out is shown too.
 * @param environments in the order of the columns
 */
export function environmentsTable(environments: readonly Environment[]): string {
  const leaves = environments.map((environment) => leavesOf(environment));
  const valueOf = environments.map((_, index) => new Map(leaves[index]!.map(({ path, value }) => [path, value])));
  const columns = environments.map(({ name }) => name);

  // Names that differ in nothing but account and suffix would fill half of the table with what one line says.
  const templates = new Map<string, Set<string>>();
  environments.forEach((environment, index) => {
    for (const { path, name } of physicalNames(environment)) {
      // An image is a name and a version, which may differ where the names do not.
      const version = String(valueOf[index]!.get(path)).slice(name.length);
      const form = path === "stateBucket" ? name.replaceAll(environment.account, "<account>") : `${template(name, environment)}${version}`;
      templates.set(path, new Set([...(templates.get(path) ?? []), form]));
    }
  });
  const regularNames = [...templates].flatMap(([path, forms]) => (forms.size === 1 ? [[path, [...forms][0]!] as const] : []));
  const regular = new Set(regularNames.map(([path]) => path));

  const paths = mergedPaths(leaves);
  // A list or record that is empty here and holds objects there: the objects' rows say it.
  const emptyLists = new Set(paths.filter((path) => paths.some((other) => other.startsWith(`${path}[`) || other.startsWith(`${path}.`))));
  const differing = paths.filter(
    (path) => !regular.has(path) && !emptyLists.has(path) && new Set(valueOf.map((values) => JSON.stringify(values.get(path)))).size > 1,
  );
  const groups = new Map<string, string[]>();
  for (const path of differing) {
    const block = /^[^.[]+/.exec(path)![0];
    groups.set(block, [...(groups.get(block) ?? []), path]);
  }
  const single = [...groups].filter(([block, rows]) => rows.length === 1 && rows[0] === block).flatMap(([, rows]) => rows);
  const row = (path: string): string[] => [code(path), ...valueOf.map((values) => cell(values.get(path)))];
  const sections = [
    ...(single.length > 0 ? [["The environment as a whole", single] as const] : []),
    ...[...groups]
      .filter(([block, rows]) => !(rows.length === 1 && rows[0] === block))
      .map(([block, rows]) => [code(block), rows] as const),
  ];
  const whereOnly = regularNames.map(([path, form]) => {
    const having = environments.filter((_, index) => valueOf[index]!.has(path)).map(({ name }) => name);
    return [code(path), code(form), having.length === environments.length ? "all" : having.join(", ")];
  });

  return [
    "# What differs between the environments",
    "",
    "Generated from `environments/*.ts`: do not edit, run `npm run docs`.",
    "",
    `A row is one value of the literals whose ${columns.join(", ")} differ; what is equal everywhere is not shown. Defaults are filled in, so a value may stand`,
    "here that a literal leaves out. `–` means that the environment has no such value, because an optional block is absent or another kind was chosen;",
    "`none` is an empty list. Units, ranges and the documents that a figure comes from are in `environments/schema/index.ts`.",
    ...sections.flatMap(([title, rows]) => ["", `## ${title}`, "", markdownTable(["path", ...columns], rows.map(row))]),
    ...(whereOnly.length > 0
      ? [
          "",
          "## Names",
          "",
          "These names differ only in the account's id and the suffix (`account` and `nameSuffix` above).",
          "",
          markdownTable(["path", "name", "environments"], whereOnly),
        ]
      : []),
    "",
  ].join("\n");
}
