/** The tests' example literals where something runs outside of jest, which maps imports to them by itself (jest.config.js). */
import type { Plugin } from "esbuild";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const folderIn = (root: string) => join(root, "test", "fixtures", "environments");

/**
 * The examples as files of a project that has no others: path in the project → text.
 * @param root the checkout whose examples they are
 */
export function exampleFiles(root: string): Readonly<Record<string, string>> {
  const literals = readdirSync(folderIn(root)).map((file) => [`environments/${file}`, readFileSync(join(folderIn(root), file), "utf8").replaceAll('"../../../environments/', '"./')]);
  return { ...Object.fromEntries(literals) as Record<string, string>, "review/exceptions.yaml": readFileSync(join(root, "test", "fixtures", "exceptions.yaml"), "utf8") };
}

/** The example that stands for a literal such as `environments/dev.ts`; any other file itself. */
export function exampleOf(root: string, file: string): string {
  const example = join(folderIn(root), basename(file));
  return dirname(file) === "environments" && existsSync(example) ? example : join(root, file);
}

/** Bundles with the examples whatever asks for `environments`. */
export const withExamples = (root: string): Plugin => ({
  name: "examples",
  setup(builder) {
    builder.onResolve({ filter: /^(\.|(\.\.\/)*\.\.)\/environments$/ }, () => ({ path: join(folderIn(root), "index.ts") }));
  },
});
