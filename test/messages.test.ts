/** What users read speaks for itself: the ids of requirements and of the design stay in comments. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..");
const FOLDERS = ["commands", "constructs", "delivery", "environments", "rehearsal", "review", "stacks", "terraform"];
const sources = [
  "main.ts",
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|mjs)$/.test(name))
      .map((name) => join(folder, name)),
  ),
];

/** A row of docs/requirements or a decision of docs/design.md; SHA-256 is none. */
const ID = /\b(C-\d{2}|(?!SHA-)[A-Z][A-Z0-9]{2}-\d{3}|design \d+)\b/;

/** Descriptions of rules and groups in AWS, which stand as they were deployed. */
const isDescription = ({ parent }: ts.Node): boolean => ts.isPropertyAssignment(parent) && parent.name.getText() === "description";

/** Sentences among the texts of a source. A text without a space is data, such as the id of a documented figure. */
function sentencesOf(file: string, text = readFileSync(join(ROOT, file), "utf8")): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) &&
      node.text.includes(" ") &&
      !isDescription(node)
    )
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

it.each(sources)("%s tells users nothing in ids", (file) => expect(sentencesOf(file).filter((text) => ID.test(text))).toEqual([]));

it("ids would be found", () => {
  // Put together, so that this file cites none.
  const [row, contradiction, decision] = [["SEC", "002"].join("-"), ["C", "13"].join("-"), ["design", "4"].join(" ")];
  const text = `const a = { description: "As is (${row})", allowed: \`b \${c} wide (${contradiction})\`, other: "${row}" }; // ${contradiction}: fine\nthrow new Error(\`no (${decision})\`);`;
  expect(sentencesOf("a.ts", text).filter((sentence) => ID.test(sentence))).toEqual([` wide (${contradiction})`, `no (${decision})`]);
});
