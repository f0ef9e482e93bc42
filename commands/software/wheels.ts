/** Which wheels the hosts' virtual environments are made of: resolved and downloaded from the client's own index, each pinned by its hash. */
import { strFromU8, unzipSync } from "fflate";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CACHE, type Cache } from "./cache";
import { isLocked, readLockFile, SOFTWARE, WHEELS, writeLockFile, writeWhole, type Entry, type LockedEntry } from "./lock-files";
import {
  DOCUMENTED_PINS,
  entriesOf,
  requirementsText,
  REQUIREMENTS,
  RESEARCH_REQUIREMENTS,
  UPPER_LIMITS,
  type PipReport,
} from "./requirements";

const run = promisify(execFile);

export type Kind = keyof typeof WHEELS;

/** C-48, LNX-007; of the notebook that of its platform's own environment `python3` (hosts/research/build-environment.sh). */
const PYTHON: Readonly<Record<Kind, string>> = { windows: "3.11", engine: "3.11", research: "3.10" };
/** uv resolves as if it ran on the host; pip, on another system, would leave out what only the host needs. */
const TOOLS = ["uv==0.13.9", "pip==26.3"];
/** The host's system, as uv and pip call it: Windows on x86-64; Amazon Linux 2023 on Graviton, whose glibc is 2.34; Amazon Linux 2, whose is 2.26. */
const SYSTEMS: Readonly<Record<Kind, { readonly uv: string; readonly pip: readonly string[] }>> = {
  windows: { uv: "windows", pip: ["win_amd64"] },
  engine: { uv: "aarch64-manylinux_2_28", pip: ["manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"] },
  research: {
    uv: "x86_64-manylinux_2_17",
    pip: ["manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"],
  },
};
const forHost = (kind: Kind): string[] => [
  ...SYSTEMS[kind].pip.flatMap((platform) => ["--platform", platform]),
  "--python-version",
  PYTHON[kind],
  "--implementation",
  "cp",
  "--only-binary",
  ":all:",
  "--no-deps",
];

/**
 * Resolves anew what a kind of host needs, and writes its wheels.json and requirements.txt: of Windows the documented pins, of the engine the
 * requirements.txt of its locked source, of the notebook RESEARCH_REQUIREMENTS.
 * @param python any Python with venv; it only runs uv and pip
 * @returns how many wheels there are
 */
export async function resolveWheels(root: string, python: string, kind: Kind): Promise<number> {
  const wanted = wantedBy(root, kind);
  const folder = mkdtempSync(join(tmpdir(), "wheels-"));
  try {
    const entries = await resolve(folder, python, kind, wanted);
    writeLockFile(root, WHEELS[kind], entries);
    writeWhole(join(root, REQUIREMENTS[kind]), requirementsText(entries, wanted.of));
    return entries.length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Wanted {
  readonly requirements: string;
  readonly limits: readonly string[];
  readonly of: string;
}

function wantedBy(root: string, kind: Kind): Wanted {
  if (kind === "engine") return engineRequirements(root);
  const limits = Object.keys(UPPER_LIMITS);
  return kind === "windows"
    ? { requirements: Object.keys(DOCUMENTED_PINS).join("\n"), limits, of: "the documented pins" }
    : { requirements: RESEARCH_REQUIREMENTS.join("\n"), limits, of: "research" };
}

/** @throws when the source is not locked or not here */
function engineRequirements(root: string): Wanted {
  const entry = readLockFile(root, SOFTWARE.engine).find(({ name }) => name === "engine-source");
  const archive = entry && join(root, CACHE, entry.file);
  if (!entry || !isLocked(entry) || !archive || !existsSync(archive))
    throw new Error(
      `${CACHE}/engine-source.zip is not there or not locked. Lock it first: npm run software -- lock <environment> engine-source --from FILE --version VERSION`,
    );
  const content = readFileSync(archive);
  if (createHash("sha256").update(content).digest("hex") !== entry.sha256)
    throw new Error(`${CACHE}/${entry.file} is not what is locked in ${SOFTWARE.engine}`);
  const found = unzipSync(content, { filter: ({ name }) => name === "requirements.txt" })["requirements.txt"];
  if (!found) throw new Error(`${CACHE}/${entry.file} has no requirements.txt in its first folder`);
  return {
    requirements: strFromU8(found),
    limits: [],
    of: `requirements.txt of engine-source, SHA-256 ${createHash("sha256").update(found).digest("hex")}`,
  };
}

async function resolve(folder: string, python: string, kind: Kind, { requirements, limits }: Wanted): Promise<Entry[]> {
  const at = (name: string) => join(folder, name);
  const binaries = join(folder, "venv", process.platform === "win32" ? "Scripts" : "bin");
  await run(python, ["-m", "venv", at("venv")]);
  await run(join(binaries, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...TOOLS]);

  writeFileSync(at("wanted.txt"), `${requirements}\n`);
  writeFileSync(at("limits.txt"), `${limits.join("\n")}\n`);
  const index = await indexOf(join(binaries, "python"));
  await run(join(binaries, "uv"), [
    "pip",
    "compile",
    "--quiet",
    "--no-config",
    ...(index ? ["--default-index", index] : []),
    "--python-platform",
    SYSTEMS[kind].uv,
    "--python-version",
    PYTHON[kind],
    "--only-binary",
    ":all:",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--constraints",
    at("limits.txt"),
    "--output-file",
    at("resolved.txt"),
    at("wanted.txt"),
  ]);
  await run(join(binaries, "python"), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--dry-run",
    "--ignore-installed",
    "--target",
    at("target"),
    ...forHost(kind),
    "--report",
    at("report.json"),
    "--requirement",
    at("resolved.txt"),
  ]);
  return entriesOf(JSON.parse(readFileSync(at("report.json"), "utf8")) as PipReport);
}

/** The index of pip's own settings, for uv, which does not read them; undefined for the public one. */
async function indexOf(python: string): Promise<string | undefined> {
  const { stdout } = await run(python, ["-m", "pip", "config", "get", "global.index-url"]).catch(() => ({ stdout: "" }));
  return process.env.PIP_INDEX_URL || stdout.trim() || undefined;
}

/** Brings the wheels of a lock file that are not in the cache yet, by the client's own pip and index. What has another hash never comes there. */
export async function downloadWheels(root: string, python: string, cache: Cache, kind: Kind): Promise<void> {
  const missing: LockedEntry[] = [];
  for (const entry of readLockFile(root, WHEELS[kind]).filter(isLocked)) if (!(await cache.holds(entry))) missing.push(entry);
  if (missing.length === 0) return;
  const folder = mkdtempSync(join(cache.folder, "wheels-"));
  try {
    const list = join(folder, "requirements.txt");
    writeFileSync(list, requirementsText(missing, "a download"));
    const failed = await run(python, [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--disable-pip-version-check",
      "--require-hashes",
      ...forHost(kind),
      "--dest",
      folder,
      "--requirement",
      list,
    ]).then(
      () => undefined,
      (error: { readonly stderr?: string; readonly message: string }) => error.stderr || error.message,
    );
    // Each whole and with its hash, which pip has checked; the names are those of the lock file.
    for (const file of readdirSync(folder).filter((name) => missing.some((entry) => entry.file === name)))
      renameSync(join(folder, file), join(cache.folder, file));
    if (failed !== undefined) throw new Error(`pip could not download the wheels of ${WHEELS[kind]} from its index:\n${failed}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
