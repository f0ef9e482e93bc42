/** The chart's page on its values: charts/day-trade-ml/README.md, written by `npm run docs` from the comments in values.yaml. */
import { isMap, isScalar, parseDocument, type Node, type Pair, type YAMLMap } from "yaml";

interface Row {
  readonly path: string;
  readonly value: string;
  readonly description: string;
}

const paragraphs = (comment: string | null | undefined): string[] =>
  (comment ?? "").split(/\n\s*\n/).map((paragraph) =>
    paragraph
      .split("\n")
      .map((line) => line.trim())
      .join(" ")
      .trim(),
  );

/** The parser gives a map the comment above its first key. */
const commentsOf = (map: YAMLMap, { key }: Pair, index: number): string[] =>
  paragraphs((key as Node).commentBefore ?? (index === 0 ? map.commentBefore : undefined));

const commentOf = (map: YAMLMap, pair: Pair, index: number): string => commentsOf(map, pair, index).at(-1)!;

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : String(key));

/** Whether comments stand inside: then its keys are rows of their own. */
const isExplained = (value: unknown): value is YAMLMap =>
  isMap(value) && value.items.some((pair, index) => commentOf(value, pair, index) !== "" || isExplained(pair.value));

function rowsOf(map: YAMLMap, prefix = ""): Row[] {
  return map.items.flatMap((pair, index) => {
    const path = `${prefix}${keyOf(pair)}`;
    const description = commentOf(map, pair, index);
    if (!isExplained(pair.value)) return [{ path, value: JSON.stringify((pair.value as Node).toJSON()), description }];
    return [...(description ? [{ path, value: "", description }] : []), ...rowsOf(pair.value, `${path}.`)];
  });
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/**
 * The page in Markdown.
 * @param values text of values.yaml; the comment above a key is its description, that at the top of the file the page's first paragraph
 * @throws when a key has no comment
 */
export function chartReadme(values: string): string {
  const document = parseDocument(values);
  if (!isMap(document.contents)) throw new Error("values.yaml is no map");
  const rows = rowsOf(document.contents);
  const bare = rows.filter(({ description }) => description === "").map(({ path }) => path);
  if (bare.length > 0) throw new Error(`values.yaml: a comment is missing above ${bare.join(", ")}.`);
  return [
    "# day-trade-ml",
    "",
    "Generated from `values.yaml`: do not edit, run `npm run docs`.",
    "",
    commentsOf(document.contents, document.contents.items[0]!, 0).slice(0, -1).join("\n\n"),
    "",
    "```sh",
    "helm upgrade --install day-trade-ml charts/day-trade-ml --namespace day-trade --create-namespace --wait --atomic \\",
    "  --values charts/day-trade-ml/values.production.yaml --set backends.cache.host=… --set backends.database.host=…",
    "helm test day-trade-ml --namespace day-trade",
    "```",
    "",
    "| key | value | what it is |",
    "| --- | --- | --- |",
    ...rows.map(({ path, value, description }) => `| \`${path}\` | ${value && `\`${cell(value)}\``} | ${cell(description)} |`),
    "",
  ].join("\n");
}
