/** Pages for people link to what is there: a file that moves takes its links along. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { textFiles } from "../commands/pages/citations";

const root = join(__dirname, "..");
const pages = textFiles(root).filter(({ path }) => path.endsWith(".md"));

/** Relative links of a page, without their anchors. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link));

it.each(pages.map(({ path }) => [path]))("%s links to files that there are", (path) => {
  const text = readFileSync(join(root, path), "utf8");
  expect(linksOf(text).filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
});

it("links are found", () => {
  expect(linksOf("[a](docs/x.md#y), [b](https://example.org/z), [c](../d.ts)")).toEqual(["docs/x.md", "../d.ts"]);
});
