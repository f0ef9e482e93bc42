/** Bundles one of our commands with esbuild; packages stay outside. The app has a way of its own, which is quicker: app.mjs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./places.mjs";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @param {string} entry path of the TypeScript file
 * @returns {Promise<string>} path of the bundle, under node_modules so that packages resolve
 */
export async function bundle(entry) {
  const folder = join(root, "node_modules", ".cache", "trading-system");
  mkdirSync(folder, { recursive: true });
  // One file per process: two commands at once never read each other's half-written bundle.
  const outfile = join(folder, `${basename(entry, ".ts")}-${process.pid}.mjs`);
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile,
    write: false,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    // An ES module has none; constructs look from it upwards for the project's files.
    define: { __dirname: JSON.stringify(folder) },
    sourcemap: "inline",
  });
  writeFileSync(outfile, outputFiles[0].text);
  return outfile;
}
