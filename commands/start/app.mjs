/**
 * Runs the app: our own sources, and the packages that they use, each bundled into one text.
 *
 * Finding, reading and compiling six hundred files takes longer than the app itself, so both texts are kept beside the packages, with the
 * code that V8 made of them. Each is kept under the digest of what it is made from, so that it is never stale. Where nothing can be kept,
 * our sources are bundled each time and packages are loaded as they are installed.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { keep, recall } from "./kept.mjs";
import { build, describeError } from "./places.mjs";

/** What the bundle of our sources is made from. One that reads anything else is not kept. */
const FOLDERS = ["constructs", "environments", "functions", "stacks"];
const FILES = ["main.ts", "package.json", "tsconfig.json"];

/** Of both bundles: the text of a function that takes what node gives a module. @type {import("esbuild").BuildOptions} */
const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  supported: { "dynamic-import": false },
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "\n})" },
};

/** @param {string} root folder of the project */
export async function runApp(root) {
  const require = createRequire(join(root, "main.ts"));
  // Files that the app reads are looked for upwards from here.
  const folder = join(root, "node_modules", ".cache", "trading-system");
  const cache = openCache(require);
  const ours = await obtainOurs(root, folder, cache);
  const packages = await obtainPackages(root, folder, cache, ours.made.packages);
  const bundled = packages?.run(require) ?? {};
  try {
    ours.run((name) => (Object.hasOwn(bundled, name) ? bundled[name]() : require(name)));
  } catch (error) {
    const line = describeError(error, { root, file: ours.file, code: ours.made.code });
    if (!line) throw error;
    console.error(line);
    process.exit(1);
  }
  // Only now, so that V8's code is that of all that was used.
  packages?.keep();
  ours.keep();
}

class Bundle {
  /**
   * @param {string} file where it pretends to be
   * @param {{ code: string, compiled?: Buffer }} made its text, and V8's code of it
   * @param {import("./kept.mjs").Place} [place] where it may be kept
   */
  constructor(file, made, place) {
    Object.assign(this, { file, made, place });
    this.script = new Script(made.code, { filename: file, cachedData: made.compiled });
  }

  run(require) {
    const module = { exports: {} };
    this.script.runInThisContext()(module.exports, require, module, this.file, dirname(this.file));
    return module.exports;
  }

  keep() {
    const isKept = this.made.compiled && !this.script.cachedDataRejected;
    if (this.place && !isKept) keep(this.place, { ...this.made, compiled: this.script.createCachedData() });
  }
}

/** @returns a folder to keep bundles in, and what npm wrote of the packages beside it; undefined if it is read only or npm did not install them */
function openCache(require) {
  try {
    const packages = dirname(dirname(require.resolve("cdktf/package.json")));
    const folder = join(packages, ".cache", "trading-system");
    const lock = readFileSync(join(packages, ".package-lock.json"));
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    const common = [process.version, process.arch, lock, readFileSync(fileURLToPath(import.meta.url))];
    return { place: (name, madeFrom) => ({ folder, name, key: digest([...common, ...madeFrom]) }) };
  } catch {
    return undefined;
  }
}

function digest(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

async function obtainOurs(root, folder, cache) {
  const file = join(folder, "app.cjs");
  const place = cache?.place("app", readSources(root));
  const kept = place && recall(place);
  if (kept) return new Bundle(file, kept, place);
  const { metafile, outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [join(root, "main.ts")],
    outfile: file,
    absWorkingDir: root,
    packages: "external",
    sourcemap: "inline",
    sourcesContent: false,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const packages = [...new Set(imports.map(({ path }) => path))].filter((path) => !isBuiltin(path)).sort();
  // An edit may have come after the sources were read and before esbuild read them.
  const isSure =
    cache?.place("app", readSources(root)).key === place?.key &&
    Object.keys(metafile.inputs).every((input) => [...FOLDERS, ...FILES].includes(input.split("/")[0]));
  return new Bundle(file, { code: outputFiles[0].text, packages }, isSure ? place : undefined);
}

/** Names and contents; all files of the folders, because a new one may take the place of one that is bundled. */
function readSources(root) {
  const inside = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  return [...FILES, ...inside].sort().flatMap((name) => [name, contentOf(join(root, name))]);
}

/** Nothing of a folder, or of a file that an editor has taken away by now. */
function contentOf(file) {
  try {
    return readFileSync(file);
  } catch {
    return "";
  }
}

/** Packages in one bundle, each required when it is asked for; undefined where it could not be kept, or esbuild cannot bundle one. */
async function obtainPackages(root, folder, cache, names) {
  if (!cache) return undefined;
  const file = join(folder, "packages.cjs");
  const place = cache.place("packages", names);
  const kept = recall(place);
  if (kept && kept.inputs.every(([input, size, modified]) => isUnchanged(input, size, modified))) return new Bundle(file, kept, place);
  const started = Date.now();
  try {
    const { code, inputs } = await bundlePackages(root, file, names);
    // One that is newer is being installed at this moment.
    const isSure = inputs.every(([, , modified]) => modified < started);
    return new Bundle(file, { code, inputs }, isSure ? place : undefined);
  } catch {
    return undefined;
  }
}

async function bundlePackages(root, file, names) {
  const esbuild = await import("esbuild");
  const { metafile, outputFiles } = await esbuild.build({
    ...OPTIONS,
    stdin: {
      contents: `module.exports = {${names.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`).join(",\n")}};`,
      resolveDir: root,
    },
    outfile: file,
    absWorkingDir: root,
    logLevel: "silent",
    minifyWhitespace: true,
    legalComments: "none",
    // As node finds them.
    mainFields: ["main"],
    conditions: [],
    plugins: [ownPlaces],
  });
  const inputs = Object.keys(metafile.inputs)
    .filter((input) => input !== "<stdin>")
    .map((input) => {
      const path = resolve(root, input);
      const { size, mtimeMs } = statSync(path);
      return [path, size, mtimeMs];
    });
  return { code: outputFiles[0].text, inputs };
}

/** An edit under node_modules, made to look into a package, counts. */
function isUnchanged(path, size, modified) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.size === size && found.mtimeMs === modified;
}

/** A module that asks where it is, such as cdktf's that starts itself to make an archive, is told its own place. @type {import("esbuild").Plugin} */
const ownPlaces = {
  name: "own places",
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /\.c?js$/ }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!/\b__(file|dir)name\b/.test(text)) return { contents: text };
      const { code } = await esbuild.transform(text, {
        define: { __filename: JSON.stringify(path), __dirname: JSON.stringify(dirname(path)) },
      });
      return { contents: code };
    });
  },
};
