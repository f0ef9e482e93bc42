/** charts/day-trade-ml/README.md is generated: it must be what values.yaml says now. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { chartReadme } from "../../commands/pages/chart-readme";

const text = (file: string) => readFileSync(resolve(__dirname, "../../charts/day-trade-ml", file), "utf8");

it("is current", () => {
  if (text("README.md") !== chartReadme(text("values.yaml")))
    throw new Error("charts/day-trade-ml/README.md is out of date: run `npm run docs` and commit it.");
});

it("has a row for each key, in order, with the comment above it", () => {
  const page = chartReadme("# The page.\n\n# First.\na: 1\nb:\n  # Inner,\n  # on two lines.\n  c: x|y\n# Whole.\nd: {e: []}\n");
  expect(page).toContain("\nThe page.\n");
  expect(page.split("\n").filter((line) => line.startsWith("| `"))).toEqual([
    "| `a` | `1` | First. |",
    '| `b.c` | `"x\\|y"` | Inner, on two lines. |',
    '| `d` | `{"e":[]}` | Whole. |',
  ]);
});

it("refuses a key without a comment", () => {
  expect(() => chartReadme("# The page.\n\n# First.\na: 1\nb: 2\n")).toThrow("a comment is missing above b");
});
