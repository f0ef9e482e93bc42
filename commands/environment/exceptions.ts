/** What passes a review for one environment (review/exceptions.yaml) passes for the one that is written after it: it is made of the same. */
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { withPart } from "../../environments/reading/carried-names";
import type { Further } from "./literal";

export const EXCEPTIONS = "review/exceptions.yaml";

/** The file with an entry for each that names a construct of the other environment alone, behind it; its reason is referred to where it has a name. */
export function withExceptions(text: string, { name, stage, from, owner }: Pick<Further, "name" | "stage" | "from" | "owner">): string {
  // Development is told what others are refused, so neither's entries are the other's.
  const isLike = (other: typeof stage) => (other === "development") === (from.stage === "development");
  const { contents } = parseDocument(text);
  if (!isSeq(contents) || !isLike(stage)) return text;
  const entries = contents.items.flatMap((entry) =>
    isMap(entry) && entry.range
      ? [{ entry, range: entry.range, construct: String(entry.get("construct")), rule: String(entry.get("rule")) }]
      : [],
  );
  const has = (construct: string, rule: string) => entries.some((entry) => entry.construct === construct && entry.rule === rule);
  return entries.reverse().reduce((all, { entry, range: [start, end], construct, rule }) => {
    if (!construct.startsWith(`${from.name}-`)) return all;
    // The roles of an account are made by whoever has its bootstrap.
    const inBootstrap = owner && construct.startsWith(`${from.name}-bootstrap/`);
    const own = withPart(construct, from.name, name).replace(/^[^/]*-bootstrap\//, (stack) =>
      inBootstrap ? `${owner.name}-bootstrap/` : stack,
    );
    if (has(own, rule) || (inBootstrap && !isLike(owner.stage))) return all;
    const reason = entry.get("reason", true);
    const named =
      isScalar(reason) && reason.anchor ? { anchor: reason.anchor, written: text.slice(reason.range![0], reason.range![1]) } : undefined;
    const copy = text
      .slice(start, end)
      .replace(construct, own)
      .replace(named ? new RegExp(`&${named.anchor}\\s+${escaped(named.written)}`) : /$^/, `*${named?.anchor}`);
    const before = text.slice(text.lastIndexOf("\n", start) + 1, start);
    // Behind the entry's last line, with what is written beside it.
    const line = all.indexOf("\n", all.startsWith("\n", end - 1) ? end - 1 : end);
    const at = line < 0 ? all.length : line;
    return `${all.slice(0, at)}\n${before}${copy.trimEnd()}${all.slice(at)}`;
  }, text);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
