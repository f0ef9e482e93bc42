/** Which wheels the Windows host's virtual environment is made of: resolved from PyPI, each pinned by its hash. */
import { execa } from "execa";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { WHEELS, writeLockFile, writeWhole, type Entry } from "./lock-files";
import { DOCUMENTED_PINS, entriesOf, requirementsText, REQUIREMENTS, UPPER_LIMITS, type PipReport } from "./requirements";

const PYTHON = "3.11"; // C-48
/** uv resolves as if it ran on Windows; pip, on Linux, would leave out what only Windows needs. */
const TOOLS = ["uv==0.13.9", "pip==26.3"];
const INDEX = "https://pypi.org/simple";

/**
 * Resolves the documented pins anew and writes wheels.json and requirements.txt.
 * @param python any Python with venv; it only runs uv and pip
 * @returns how many wheels there are
 */
export async function resolveWheels(root: string, python: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "wheels-"));
  try {
    const entries = await resolve(folder, python);
    writeLockFile(root, WHEELS, entries);
    writeWhole(join(root, REQUIREMENTS), requirementsText(entries));
    return entries.length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function resolve(folder: string, python: string): Promise<Entry[]> {
  const at = (name: string) => join(folder, name);
  const binaries = join(folder, "venv", process.platform === "win32" ? "Scripts" : "bin");
  // The machine's own settings of pip and uv could name other indexes.
  const run = { env: { PIP_CONFIG_FILE: devNull, PIP_FIND_LINKS: "", PIP_INDEX_URL: INDEX, PIP_EXTRA_INDEX_URL: "", UV_INDEX_URL: "", UV_EXTRA_INDEX_URL: "", UV_FIND_LINKS: "" } };
  await execa(python, ["-m", "venv", at("venv")], run);
  await execa(join(binaries, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...TOOLS], run);

  writeFileSync(at("pins.txt"), `${Object.keys(DOCUMENTED_PINS).join("\n")}\n`);
  writeFileSync(at("limits.txt"), `${Object.keys(UPPER_LIMITS).join("\n")}\n`);
  await execa(join(binaries, "uv"), ["pip", "compile", "--quiet", "--no-config", "--default-index", INDEX, "--python-platform", "windows", "--python-version", PYTHON, "--only-binary", ":all:",
    "--no-header", "--no-annotate", "--constraints", at("limits.txt"), "--output-file", at("resolved.txt"), at("pins.txt")], run);
  await execa(join(binaries, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run", "--ignore-installed", "--no-deps", "--target", at("target"),
    "--platform", "win_amd64", "--python-version", PYTHON, "--implementation", "cp", "--only-binary", ":all:", "--report", at("report.json"), "--requirement", at("resolved.txt")], run);
  return entriesOf(JSON.parse(readFileSync(at("report.json"), "utf8")) as PipReport);
}
