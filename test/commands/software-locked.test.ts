/** What this repository locks, and how wheels get there. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cache, CACHE } from "../../commands/software/cache";
import { LOCK_FILES, readLockFile, SOFTWARE, WHEELS } from "../../commands/software/lock-files";
import { DOCUMENTED_PINS, entriesOf, REQUIREMENTS, requirementsText } from "../../commands/software/requirements";
import { downloadWheels, resolveWheels } from "../../commands/software/wheels";

const repository = join(__dirname, "..", "..");
const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

describe("the lock files of this repository", () => {
  const all = LOCK_FILES.flatMap((file) => readLockFile(repository, file));
  const wheels = readLockFile(repository, WHEELS.windows);

  it("mean one file by one name, as all of them share one folder", () => {
    const hashes = new Map(all.map(({ file, sha256: hash }) => [file.toLowerCase(), hash]));
    expect(all.filter(({ file, sha256: hash }) => hashes.get(file.toLowerCase()) !== hash)).toEqual([]);
    // Hosts and notebook have some of their wheels in common.
    expect(hashes.size).toBeLessThan(all.length);
  });

  it("name what the hosts install", () => {
    expect(readLockFile(repository, SOFTWARE.windows).map(({ name }) => name)).toEqual([
      "python",
      "git",
      "powershell",
      "windows-terminal",
      "metatrader5",
      "cloudwatch-agent",
      "application",
    ]);
    expect(readLockFile(repository, SOFTWARE.engine).map(({ name }) => name)).toEqual(["engine-source"]);
  });

  it("hold wheels for Windows and CPython 3.11 only, all locked, and no index's address", () => {
    for (const { file, sha256: hash, source } of wheels) {
      expect(file).toMatch(/-(py2\.py3|py3|cp311|cp3\d+)-(none|abi3|cp311)-(any|win_amd64)\.whl$/);
      expect(hash).not.toBeNull();
      expect(source).toBeUndefined();
    }
  });

  it("hold every documented pin, and agree with requirements.txt", () => {
    expect(wheels.map(({ name, version }) => `${name}==${version}`)).toEqual(expect.arrayContaining(Object.keys(DOCUMENTED_PINS)));
    expect(readFileSync(join(repository, REQUIREMENTS.windows), "utf8")).toBe(requirementsText(wheels, "the documented pins"));
  });
});

describe("a resolution of wheels", () => {
  const FILES = "https://index.example.com/packages/aa/bb/";
  const wheel = (url: string, hash: string | undefined = sha256("x")) => ({
    install: [
      { metadata: { name: "Ruamel.Yaml_clib", version: "1.0" }, download_info: { url, archive_info: { hashes: { sha256: hash } } } },
    ],
  });

  it("becomes entries of name, version, file and hash, whatever the index", () => {
    expect(entriesOf(wheel(`${FILES}a-1.0%2Bx-py3-none-any.whl`))).toEqual([
      { name: "ruamel-yaml-clib", version: "1.0", file: "a-1.0+x-py3-none-any.whl", sha256: sha256("x") },
    ]);
  });

  it("is refused as a source archive or without a hash", () => {
    expect(() => entriesOf(wheel(`${FILES}a-1.0.tar.gz`))).toThrow("is no wheel with a hash");
    expect(() => entriesOf({ install: [{ metadata: { name: "a", version: "1" }, download_info: { url: `${FILES}a.whl` } }] })).toThrow(
      "is no wheel with a hash",
    );
  });

  it("of the engine wants the locked source, whose requirements.txt its host looks for in the result", async () => {
    const root = mkdtempSync(join(tmpdir(), "wheels-test-"));
    try {
      for (const folder of ["hosts/linux/engine", CACHE]) mkdirSync(join(root, folder), { recursive: true });
      const lock = (hash: string | null) =>
        writeFileSync(
          join(root, SOFTWARE.engine),
          JSON.stringify({ entries: [{ name: "engine-source", version: "1", file: "engine-source.zip", source: null, sha256: hash }] }),
        );
      lock(null);
      await expect(resolveWheels(root, "python3", "engine")).rejects.toThrow(
        "Lock it first: npm run software -- lock <environment> engine-source",
      );
      writeFileSync(join(root, CACHE, "engine-source.zip"), "another");
      lock(sha256("this"));
      await expect(resolveWheels(root, "python3", "engine")).rejects.toThrow(`is not what is locked in ${SOFTWARE.engine}`);
    } finally {
      rmSync(root, { recursive: true });
    }
    expect(requirementsText([], "requirements.txt of engine-source, SHA-256 0")).toContain("SHA-256 0;");
  });
});

describe("a download of wheels", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "wheels-test-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Stands for Python with pip: an index of one folder. */
  const pip = (code = 0) => {
    const script = join(root, "python");
    writeFileSync(
      script,
      `#!/bin/bash\necho "$*" >"${root}/call"\nwhile [ $# -gt 0 ]; do [ "$1" = --dest ] && cp "${root}"/index/* "$2"; [ "$1" = --requirement ] && cp "$2" "${root}/list"; shift; done\necho no index >&2\nexit ${code}\n`,
    );
    chmodSync(script, 0o755);
    return script;
  };
  const prepare = () => {
    for (const folder of ["hosts/linux/engine", "index"]) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(
      join(root, WHEELS.engine),
      JSON.stringify({
        entries: ["a", "b"].map((name) => ({ name, version: "1.0", file: `${name}-1.0-py3-none-any.whl`, sha256: sha256(name) })),
      }),
    );
    for (const name of ["a", "b"]) writeFileSync(join(root, "index", `${name}-1.0-py3-none-any.whl`), name);
    return new Cache(root);
  };

  it("asks the client's own pip for those that are missing, by hash, for the host's system", async () => {
    const cache = prepare();
    writeFileSync(cache.path({ file: "a-1.0-py3-none-any.whl" }), "a");
    await downloadWheels(root, pip(), cache, "engine");
    expect(readFileSync(join(root, "call"), "utf8")).toMatch(
      /^-m pip download .*--require-hashes .*--platform manylinux_2_28_aarch64 .*--python-version 3\.11 .*--only-binary :all: --no-deps --dest /,
    );
    expect(readFileSync(join(root, "call"), "utf8")).not.toContain("index");
    expect(readFileSync(join(root, "list"), "utf8")).not.toContain("a==1.0");
    expect(readdirSync(cache.folder).sort()).toEqual(["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl"]);
    rmSync(join(root, "call"));
    await downloadWheels(root, pip(), cache, "engine");
    expect(existsSync(join(root, "call"))).toBe(false);
  });

  it("says what pip says when it cannot", async () => {
    await expect(downloadWheels(root, pip(1), prepare(), "engine")).rejects.toThrow(
      `pip could not download the wheels of ${WHEELS.engine} from its index:\nno index`,
    );
  });
});
