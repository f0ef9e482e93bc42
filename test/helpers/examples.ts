/** The tests' example literals where something runs outside of jest, which maps imports to them by itself (jest.config.js). */
import type { Plugin } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where they stand in the project. */
export const examplesFolder = join("test", "fixtures", "environments");
const folderIn = (root: string) => join(root, examplesFolder);

/**
 * The examples as files of a project that has no others: path in the project → text.
 * @param root the checkout whose examples they are
 */
export function exampleFiles(root: string): Readonly<Record<string, string>> {
  const literals = readdirSync(folderIn(root)).map((file) => [
    `environments/${file}`,
    readFileSync(join(folderIn(root), file), "utf8").replaceAll('"../../../environments/', '"./'),
  ]);
  return {
    ...(Object.fromEntries(literals) as Record<string, string>),
    "review/exceptions.yaml": readFileSync(join(root, "test", "fixtures", "exceptions.yaml"), "utf8"),
  };
}

/** Bundles with the examples whatever asks for `environments`. */
export const withExamples = (root: string): Plugin => ({
  name: "examples",
  setup(builder) {
    builder.onResolve({ filter: /^(\.|(\.\.\/)*\.\.)\/environments$/ }, () => ({ path: join(folderIn(root), "index.ts") }));
  },
});
