/** Each rule that code can report has its words, and its heading in docs/rules.md. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { rulesPage } from "../../commands/pages/rules-page";
import { sarif } from "../../review/report/sarif";
import { ownRules } from "../../review/policy/own";
import { RULES } from "../../review/risk/rules";
import { anchorOf, CHECKOV, entryOf, RULE_ENTRIES, RULES_PAGE } from "../../review/rules";
import { environmentOf, findingOf, reportOf } from "../helpers/report";

const root = resolve(__dirname, "..", "..");
const RULE = /^(data|identity|network|notification|compute|runs|policy|cost|plan|review)\/[a-z-]+$/;
/** Texts of that shape that are no rules: they name parts of this repository. */
const PATHS: ReadonlySet<string> = new Set(["policy/checkov", "policy/own"]);

/** Every text in the review's code that looks like a rule's name. */
function namedInCode(): Set<string> {
  const found = new Set<string>();
  const folder = join(root, "review");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.tsx?$/.test(file) || file.startsWith(join(folder, "rules"))) continue;
    const walk = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && RULE.test(node.text) && !PATHS.has(node.text)) found.add(node.text);
      ts.forEachChild(node, walk);
    };
    walk(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest));
  }
  return found;
}

describe("the rules of the review", () => {
  const named = namedInCode();
  const entries = RULE_ENTRIES.map(({ rule }) => rule);

  it("has an entry for each that code can report, and no other", () => {
    expect([...named].length).toBeGreaterThan(80);
    for (const rule of [...Object.keys(RULES), ...ownRules.map((own) => own.rule)]) expect(named).toContain(rule);
    expect([...named].filter((rule) => entryOf(rule) === undefined)).toEqual([]);
    expect(entries.filter((rule) => !named.has(rule))).toEqual([]);
    expect(new Set(entries).size).toBe(entries.length);
    expect(entryOf("checkov/CKV_AWS_18")).toBe(CHECKOV);
  });

  it("has a heading for each, whose anchor GitHub makes of it", () => {
    const page = rulesPage();
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, text]) => text!);
    expect(headings.sort()).toEqual([...entries, "checkov"].sort());
    // GitHub keeps letters, digits, hyphens and underscores of a heading.
    for (const entry of [...RULE_ENTRIES, CHECKOV]) expect(anchorOf(entry)).toBe(entry.rule.replace(/[^\w-]/g, ""));
    const anchors = [...RULE_ENTRIES, CHECKOV].map(anchorOf);
    expect(new Set(anchors).size).toBe(anchors.length);
    expect(readFileSync(join(root, RULES_PAGE), "utf8")).toBe(page);
  });

  it("leads there from code scanning, where its address is known", () => {
    const report = reportOf({ environments: [environmentOf("dev", { findings: [findingOf({ rule: "data/destroyed" })] })] });
    const ruleIn = (text: string) =>
      (JSON.parse(text) as { runs: { tool: { driver: { rules: unknown[] } } }[] }).runs[0]!.tool.driver.rules[0];
    expect(ruleIn(sarif(report, "https://example.com/rules.md"))).toMatchObject({
      id: "data/destroyed",
      shortDescription: { text: "A resource that holds data is destroyed." },
      helpUri: "https://example.com/rules.md#datadestroyed",
    });
    expect(ruleIn(sarif(report))).not.toHaveProperty("helpUri");
  });
});
