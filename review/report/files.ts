/** The files of a review. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../model";
import { classOf, heldBy } from "../risk";
import { json } from "./json";
import { junit } from "./junit";
import { markdown } from "./markdown";
import { page } from "./page";
import { sarif } from "./sarif";

/** The page for people; beside it stand the comment, `review.md`, and the report for machines: `review.json`, `review.sarif`, `review.junit.xml`. */
const PAGE = "review.html";

/**
 * Writes all forms of a report.
 * @param folder is made where it is not there
 * @param root the project's folder
 * @param rulesPage address of docs/rules.md, where one is known
 * @returns the page's file
 */
export function writeReport(report: Report, folder: string, root: string, rulesPage?: string): string {
  const rules = { classOf, heldBy };
  const files = {
    "review.md": markdown(report, { ...rules, rulesPage }),
    [PAGE]: page(report, { ...rules, root }),
    "review.json": json(report, rules),
    "review.sarif": sarif(report, rulesPage),
    "review.junit.xml": junit(report),
  };
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return join(folder, PAGE);
}
