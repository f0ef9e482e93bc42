/** The code of functions: what is under `functions/`, in TypeScript bundled into one file with the packages that it uses, in Python as it stands. */
import { buildSync, version, type BuildOptions } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../hosts/host-files";
import { archive, cached, type Archive } from "../storage/archive";

/** Nothing of the machine gets in: no path, no time; so the same sources are the same bytes. */
const OPTIONS = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  // Packages offer files of both kinds; only in these esbuild finds what nobody uses.
  mainFields: ["module", "main"],
  legalComments: "none",
  write: false,
  outfile: "index.js",
  logLevel: "silent",
} satisfies BuildOptions;

/** For files that Lambda unpacks: readable by whoever runs them. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html */
const READABLE = { os: 3, attrs: 0o644 << 16 };

/** The newest that the provider's release takes; look again when provider-aws has `nodejs24.x`, and by 2027-04-30, when AWS ends its support. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const RUNTIMES = { node: "nodejs22.x", python: "python3.13" } as const;

export interface FunctionCode extends Archive {
  readonly runtime: (typeof RUNTIMES)[keyof typeof RUNTIMES];
}

/**
 * A function's zip file, bundled once for the same sources and packages.
 * @param name folder under `functions/` with an `index.ts` that exports `handler`, or with an `index.py` that defines it and needs nothing but
 * what Lambda brings, boto3 among it
 * @throws Error with place and text of what esbuild cannot bundle
 */
export function functionCode(name: string): FunctionCode {
  const folder = projectFolder();
  const script = join(folder, "functions", name, "index.py");
  if (existsSync(script))
    return { ...archive(name, { "index.py": readFileSync(script) }, { level: 9, ...READABLE }), runtime: RUNTIMES.python };
  return { ...bundled(folder, name), runtime: RUNTIMES.node };
}

function bundled(folder: string, name: string): Archive {
  const source = `${name}-${digestOf(folder)}.js`;
  const known = archives.get(source);
  if (known && existsSync(known.path)) return known;
  const file = cached("functions", source, () => bundle(folder, name));
  const made = archive(name, { "index.js": readFileSync(file) }, { level: 9, ...READABLE });
  archives.set(source, made);
  return made;
}

/** Of this process, which may synthesise hundreds of apps: packing takes longer than all the rest of a function. */
const archives = new Map<string, Archive>();

function bundle(folder: string, name: string): Uint8Array {
  const { outputFiles } = buildSync({ ...OPTIONS, absWorkingDir: folder, entryPoints: [join("functions", name, "index.ts")] });
  return outputFiles[0]!.contents;
}

/** Of all that a bundle is made from: all sources, which share some; the lock file speaks for the packages. */
function digestOf(folder: string): string {
  const sources = join(folder, "functions");
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .map((file) => join(sources, file))
    .filter((file) => statSync(file).isFile())
    .sort();
  const hash = createHash("sha256").update(JSON.stringify([version, OPTIONS]));
  for (const file of [join(folder, "package-lock.json"), ...files])
    hash.update(`\0${file.slice(folder.length)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}
