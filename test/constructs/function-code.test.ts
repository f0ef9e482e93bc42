/** Functions are the same bytes wherever, whenever and by whomever they are bundled, and other bytes when their sources are others (design 35). */
import { buildSync } from "esbuild";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { functionCode } from "../../constructs/functions/function-code";

const root = resolve(__dirname, "..", "..");
const NAMES = ["alert-ingestion", "slack-notification", "system-alert"];
const scratch = mkdtempSync(join(tmpdir(), "functions-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Sources, packages and all: every file that a bundle is made from, and what says of it which package it is. */
const inputs = (() => {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: NAMES.map((name) => join("functions", name, "index.ts")),
    bundle: true,
    platform: "node",
    mainFields: ["module", "main"],
    outdir: scratch,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const files = new Set(["cdktf.json", "package-lock.json", "tsconfig.json", ...Object.keys(metafile.inputs)]);
  for (const file of [...files])
    for (let folder = dirname(file); folder !== "."; folder = dirname(folder))
      if (existsSync(join(root, folder, "package.json"))) files.add(join(folder, "package.json"));
  return [...files];
})();

/** A program beside the copy's sources, which are those that it bundles. */
const PROGRAM = `
  import { functionCode } from "./constructs/functions/function-code";
  console.log(JSON.stringify(Object.fromEntries(${JSON.stringify(NAMES)}.map((name) => [name, functionCode(name)]))));`;
/** Another day: for whoever asks. */
const CLOCK = `
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length > 0 ? given : [Real.UTC(2031, 4, 6)])); }
    static now() { return Real.UTC(2031, 4, 6); }
  };`;

interface Copy {
  /** Files that are others there: path → text. */
  readonly changed?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Bundled in a folder that holds nothing but what was copied into it: name → its zip. */
function bundledIn(folder: string, { changed = {}, variables = {} }: Copy = {}): Record<string, Buffer> {
  for (const file of inputs) {
    const copy = join(folder, file);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(root, file), copy);
    utimesSync(copy, new Date(0), new Date(0));
  }
  for (const [file, text] of Object.entries(changed)) writeFileSync(join(folder, file), text);
  symlinkSync(join(root, "node_modules", "esbuild"), join(folder, "node_modules", "esbuild"));
  const [program, clock] = [join(folder, "program.cjs"), join(folder, "clock.cjs")];
  writeFileSync(clock, CLOCK);
  buildSync({
    stdin: { contents: PROGRAM, resolveDir: root },
    bundle: true,
    platform: "node",
    external: ["esbuild"],
    outfile: program,
    logLevel: "silent",
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-r", clock, program], {
    cwd: tmpdir(),
    encoding: "utf8",
    env: { ...process.env, ...variables },
  });
  if (status !== 0) throw new Error(stderr);
  const made = JSON.parse(stdout) as Record<string, { readonly path: string }>;
  return Object.fromEntries(
    Object.entries(made).map(([name, { path }]) => {
      expect(path.startsWith(folder)).toBe(true);
      return [name, readFileSync(path)];
    }),
  );
}

const here = Object.fromEntries(NAMES.map((name) => [name, readFileSync(functionCode(name).path)]));
const source = (file: string) => readFileSync(join(root, file), "utf8");
const same = (there: Record<string, Buffer>) => NAMES.filter((name) => there[name]!.equals(here[name]!));

it("in another folder, on another day, by somebody of another language and time zone", () => {
  const folder = join(scratch, "another folder", "深い");
  const variables = { TZ: "Pacific/Auckland", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", HOME: scratch, NODE_ENV: "production" };
  expect(same(bundledIn(folder, { variables }))).toEqual(NAMES);
}, 60_000);

it("a comment changes nothing, and a text changes the functions that hold it", () => {
  const [text, sns] = ["functions/alerts/sources/text.ts", "functions/alerts/sns.ts"];
  const changed = {
    [sns]: `${source(sns)}// more is said here\n`,
    [text]: source(text).replace("(an empty message)", "(a message of nothing)"),
  };
  expect(same(bundledIn(join(scratch, "changed"), { changed }))).toEqual(["system-alert"]);
}, 60_000);
