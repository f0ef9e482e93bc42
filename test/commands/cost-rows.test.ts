/** Each cost row of the documents is found in code, in the estimate, or in the list of what code cannot do (docs/money.md). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rowsIn, textFiles } from "../../commands/pages/citations";
import { DOCUMENTED } from "../../review/cost/documented";

const root = join(__dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const ofCost = (text: string): string[] => [...new Set(rowsIn(text).filter((id) => id.startsWith("CST-")))].sort();
const id = (number: number): string => ["CST", String(number).padStart(3, "0")].join("-");

const rows = [...read("docs/requirements/cost.md").matchAll(/^\| (CST-\d{3}) \|/gm)].map(([, row]) => row!);

/** Figures: those of a table, and of its lines. */
const inEstimate = ofCost(DOCUMENTED.flatMap((table) => [table.id, ...table.lines.map((line) => line.id)]).join(" "));
/** What is synthesised and what it is made from, or runs: no page, test, picture of the documents, and no list of excuses. */
const CODE = /^(?:constructs|environments|stacks|functions|delivery|hosts|charts)\//;
const inCode = ofCost(
  textFiles(root)
    .filter(({ path }) => CODE.test(path))
    .map(({ text }) => text)
    .join("\n"),
);
const cannot = ofCost(/^## What code cannot do\n(.*)/ms.exec(read("docs/money.md"))![1]!);

it("there are the rows of the specification, each once", () =>
  expect(rows).toEqual(Array.from({ length: 34 }, (_, index) => id(index + 1))));

it.each(rows)("%s is found", (row) => expect([...inEstimate, ...inCode, ...cannot]).toContain(row));

it("figures are in the estimate, and measures and controls in code", () => {
  expect(inEstimate).toEqual(Array.from({ length: 19 }, (_, index) => id(index + 1)));
  expect(rows.slice(19).filter((row) => !inCode.includes(row))).toEqual([id(20), id(21)]);
});
it("what code cannot do is a purchase, a page of the console, and totals without lines", () =>
  expect(cannot).toEqual([9, 10, 20, 21, 28, 33].map(id)));
