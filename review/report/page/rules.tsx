/** The rules that this page's findings name: what each sees, why that matters, how to let one pass. docs/rules.md has all of them. */
import { allFindings, type Report } from "../../model";
import { entryOf, type RuleEntry } from "../../rules";
import { slug } from "./context";

const idOf = ({ rule }: RuleEntry): string => `rule-${slug(rule)}`;

/** A rule's name, which leads to its words below. */
export function Rule({ rule }: { readonly rule: string }) {
  const entry = entryOf(rule);
  const name = <code>{rule}</code>;
  return entry === undefined ? name : <a href={`#${idOf(entry)}`}>{name}</a>;
}

export function Rules({ report }: { readonly report: Report }) {
  const entries = [...new Set(allFindings(report).flatMap(({ rule }) => entryOf(rule) ?? []))];
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Rules that found something</h2>
      <ul class="rules">
        {entries.map((entry) => (
          <li id={idOf(entry)}>
            <b>{entry.rule}</b>: {entry.what}. {plain(entry.why)}{" "}
            {entry.instead ?? (entry.severity === "notice" ? "It refuses nothing." : "An entry in review/exceptions.yaml lets one pass.")}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The page asks nothing of the network: of a link its words stay. */
const plain = (text: string): string => text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
