/** What this repository locks, and how wheels get there. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCK_FILES, readLockFile, SOFTWARE, WHEELS } from "../../commands/software/lock-files";
import { DOCUMENTED_PINS, entriesOf, REQUIREMENTS, requirementsText } from "../../commands/software/requirements";

const repository = join(__dirname, "..", "..");
const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

describe("the lock files of this repository", () => {
  const all = LOCK_FILES.flatMap((file) => readLockFile(repository, file));
  const wheels = readLockFile(repository, WHEELS);

  it("name every file once, as all of them share one folder", () => {
    expect(new Set(all.map(({ file }) => file.toLowerCase())).size).toBe(all.length);
  });

  it("name what the hosts install", () => {
    expect(readLockFile(repository, SOFTWARE.windows).map(({ name }) => name)).toEqual(["python", "git", "powershell", "windows-terminal", "metatrader5", "cloudwatch-agent", "application"]);
    expect(readLockFile(repository, SOFTWARE.engine).map(({ name }) => name)).toEqual(["engine-source"]);
  });

  it("hold wheels for Windows and CPython 3.11 only, all locked, from PyPI", () => {
    for (const { file, sha256: hash, source } of wheels) {
      expect(file).toMatch(/-(py2\.py3|py3|cp311|cp3\d+)-(none|abi3|cp311)-(any|win_amd64)\.whl$/);
      expect(hash).not.toBeNull();
      expect(source).toMatch(/^https:\/\/files\.pythonhosted\.org\/packages\//);
    }
  });

  it("hold every documented pin, and agree with requirements.txt", () => {
    expect(wheels.map(({ name, version }) => `${name}==${version}`)).toEqual(expect.arrayContaining(Object.keys(DOCUMENTED_PINS)));
    expect(readFileSync(join(repository, REQUIREMENTS), "utf8")).toBe(requirementsText(wheels));
  });
});

describe("a resolution of wheels", () => {
  const FILES = "https://files.pythonhosted.org/packages/aa/bb/";
  const wheel = (url: string, hash: string | undefined = sha256("x")) => ({ install: [{ metadata: { name: "Ruamel.Yaml_clib", version: "1.0" }, download_info: { url, archive_info: { hashes: { sha256: hash } } } }] });

  it("becomes entries with PyPI's own addresses", () => {
    expect(entriesOf(wheel(`${FILES}a-1.0%2Bx-py3-none-any.whl`))).toEqual([{ name: "ruamel-yaml-clib", version: "1.0", file: "a-1.0+x-py3-none-any.whl", source: `${FILES}a-1.0%2Bx-py3-none-any.whl`, sha256: sha256("x") }]);
  });

  it("is refused from a mirror, as a source archive or without a hash", () => {
    expect(() => entriesOf(wheel("https://mirror.example.com/a-1.0-py3-none-any.whl"))).toThrow("is no wheel of PyPI with a hash");
    expect(() => entriesOf(wheel(`${FILES}a-1.0.tar.gz`))).toThrow("is no wheel of PyPI with a hash");
    expect(() => entriesOf({ install: [{ metadata: { name: "a", version: "1" }, download_info: { url: `${FILES}a.whl` } }] })).toThrow("is no wheel of PyPI with a hash");
  });
});
