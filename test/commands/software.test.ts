import type { S3Client } from "@aws-sdk/client-s3";
import { createHash, pbkdf2 } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Cache, CACHE } from "../../commands/software/cache";
import { entriesToLock, fetchEntry, lockEntry, type LockOptions } from "../../commands/software/lock";
import { readLockFile, SOFTWARE, unlockedEntries, updateEntry, WHEELS, type Entry } from "../../commands/software/lock-files";
import { uploadEntry } from "../../commands/software/upload";

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

/** A publisher of files. Its answers: the path's content, or a way to fail. */
let server: Server;
let origin: string | undefined;
const offered: Record<string, string> = {};
let requests: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url!.slice(1);
    requests.push(path);
    if (path === "cut") {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half of it", () => {
        response.destroy();
      });
    } else if (path === "cut-chunked") {
      response.writeHead(200);
      response.write("half of it", () => {
        response.destroy();
      });
    } else if (path === "silent") {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half of it");
    } else if (path in offered) response.end(offered[path]);
    else {
      response.writeHead(404);
      response.end("no such file");
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A repository of its own. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "software-"));
  requests = [];
  for (const path of Object.keys(offered)) delete offered[path];
  offered.tool = "the tool";
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const entry = (change: Partial<Entry> = {}): Entry => ({
  name: "tool",
  version: "1.0",
  file: "tool.exe",
  source: `${origin ?? "https://example.com"}/tool`,
  sha256: null,
  ...change,
});
const APPLICATION: Partial<Entry> = { name: "application", version: "none", file: "application.zip", source: null };
function write(lockFile: string, content: unknown): void {
  mkdirSync(dirname(join(root, lockFile)), { recursive: true });
  writeFileSync(join(root, lockFile), typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
}
const writeEntries = (...entries: Entry[]) => {
  write(SOFTWARE.windows, { entries });
};
const locked = (name = "tool") => readLockFile(root, SOFTWARE.windows).find((one) => one.name === name)!.sha256;
const inCache = () => (existsSync(join(root, CACHE)) ? readdirSync(join(root, CACHE)).sort() : []);
const cached = (file = "tool.exe") => readFileSync(join(root, CACHE, file), "utf8");
/** Puts a file into the cache, whatever is locked. */
function place(content: string, file = "tool.exe"): void {
  mkdirSync(join(root, CACHE), { recursive: true });
  writeFileSync(join(root, CACHE, file), content);
}
const lock = async (name = "tool", options: LockOptions = {}) =>
  lockEntry(root, new Cache(root), entriesToLock(root, [SOFTWARE.windows], [name])[0]!, options);
/** Files open late on a busy machine: more work than Node has threads for files, for about a tenth of a second. */
const keepFilesWaiting = () => Promise.all(Array.from({ length: 8 }, () => promisify(pbkdf2)("password", "salt", 200_000, 32, "sha256")));
const local = (content: string, name = "archive.zip") => {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
};

describe("lock", () => {
  it("downloads, records the hash of what came and keeps the rest of the lock file as it is", async () => {
    writeEntries(entry({ note: "why" }), entry({ name: "other", file: "other.exe" }));
    await expect(lock()).resolves.toContain(sha256("the tool"));
    expect(cached()).toBe("the tool");
    expect(readFileSync(join(root, SOFTWARE.windows), "utf8")).toBe(
      `${JSON.stringify({ entries: [entry({ sha256: sha256("the tool"), note: "why" }), entry({ name: "other", file: "other.exe" })] }, null, 2)}\n`,
    );
  });

  it("tells how far it is", async () => {
    writeEntries(entry());
    const seen: [number, number?][] = [];
    await lock("tool", { progress: (...numbers) => seen.push(numbers) });
    expect(seen.at(-1)).toEqual([8, 8]);
  });

  it("takes what is not locked, or what is named", () => {
    writeEntries(entry(), entry({ name: "old", file: "old.exe", sha256: sha256("old") }));
    const names = (...wanted: string[]) => entriesToLock(root, [SOFTWARE.windows], wanted).map((one) => one.entry.name);
    expect(names()).toEqual(["tool"]);
    expect(names("old")).toEqual(["old"]);
    expect(() => names("old", "tol")).toThrow('There is no entry "tol". Entries: tool, old.');
  });

  it("verifies what is locked, and downloads it when it is not here", async () => {
    writeEntries(entry({ sha256: sha256("the tool") }));
    await expect(lock()).resolves.toContain("locked before, verified");
    await expect(lock()).resolves.toContain("locked before, verified");
    expect(requests).toEqual(["tool"]);
  });

  it("never locks anew by itself: neither another file here nor another one at the source", async () => {
    writeEntries(entry({ sha256: sha256("before") }));
    place("somebody's");
    await expect(lock()).rejects.toThrow(
      new RegExp(`${CACHE}/tool.exe is not what is locked: locked ${sha256("before")}, found ${sha256("somebody's")}`),
    );
    rmSync(join(root, CACHE, "tool.exe"));
    await expect(lock()).rejects.toThrow(`tool.exe is refused: locked ${sha256("before")}, came ${sha256("the tool")}`);
    expect(inCache()).toEqual([]);
    expect(locked()).toBe(sha256("before"));
  });

  it("takes another file with --update, and reminds of the note that spoke of the former", async () => {
    writeEntries(entry({ sha256: sha256("before"), note: "as published" }));
    place("before");
    await expect(lock("tool", { update: true })).resolves.toMatch(new RegExp(`was ${sha256("before")}.*note.*published`));
    expect([locked(), cached()]).toEqual([sha256("the tool"), "the tool"]);
  });

  it.each([
    ["missing", "gone", /answered 404/],
    ["cut off", "cut", /broke off/],
    ["cut off without a length", "cut-chunked", /broke off/],
    ["silent", "silent", /sent nothing for 0.2 s/],
  ])("leaves the entry unlocked and no half file when the source is %s", async (_, path, message) => {
    writeEntries(entry({ source: `${origin}/${path}` }));
    // A busy machine lets the others wait longer than that.
    await expect(lock("tool", path === "silent" ? { silenceMilliseconds: 200 } : {})).rejects.toThrow(message);
    expect(locked()).toBeNull();
    expect(inCache()).toEqual([]);
  });

  it("leaves the file that is here alone when an update fails", async () => {
    writeEntries(entry({ source: `${origin}/cut`, sha256: sha256("before") }));
    place("before");
    await expect(lock("tool", { update: true })).rejects.toThrow(/broke off/);
    expect([inCache(), cached(), locked()]).toEqual([["tool.exe"], "before", sha256("before")]);
  });

  it("leaves no half file when it is interrupted", async () => {
    writeEntries(entry({ source: `${origin}/silent` }));
    const stop = new AbortController();
    const running = lock("tool", {
      signal: stop.signal,
      progress: () => {
        stop.abort(new Error("Ctrl-C"));
      },
    });
    await expect(running).rejects.toThrow("Ctrl-C");
    expect(inCache()).toEqual([]);
  });

  it("leaves no half file when the source breaks off before the file could be opened", async () => {
    writeEntries(entry({ source: `${origin}/cut` }));
    const busy = keepFilesWaiting();
    await expect(lock()).rejects.toThrow(/broke off/);
    await busy;
    expect(inCache()).toEqual([]);
  });

  it("clears away what a killed command left half, and nothing of one that runs", () => {
    place("half", "tool.exe.999999999.partial");
    place("half", `other.exe.${process.pid}.partial`);
    void new Cache(root);
    expect(inCache()).toEqual([`other.exe.${process.pid}.partial`]);
  });
});

describe("lock --from", () => {
  beforeEach(() => {
    writeEntries(entry(APPLICATION));
  });

  it("locks a local file, with its revision", async () => {
    await lock("application", { from: local("an archive"), version: "4f2a" });
    expect(readLockFile(root, SOFTWARE.windows)).toEqual([entry({ ...APPLICATION, version: "4f2a", sha256: sha256("an archive") })]);
    expect(cached("application.zip")).toBe("an archive");
  });

  it("needs a file that exists, is of the same kind and has a revision; without a file it says how", async () => {
    await expect(lock("application", { from: join(root, "none.zip"), version: "1" })).rejects.toThrow("does not exist");
    await expect(lock("application", { from: local("x", "a.tar.gz"), version: "1" })).rejects.toThrow("is no .zip file");
    await expect(lock("application", { from: local("x") })).rejects.toThrow("--version is missing");
    await expect(lock("application")).rejects.toThrow("--from FILE --version VERSION");
    expect([locked("application"), inCache()]).toEqual([null, []]);
  });

  it("takes another archive with --update only", async () => {
    await lock("application", { from: local("first"), version: "1" });
    await expect(lock("application", { from: local("second"), version: "2" })).rejects.toThrow("application.zip is refused");
    expect([locked("application"), cached("application.zip")]).toEqual([sha256("first"), "first"]);
    await lock("application", { from: local("second"), version: "2", update: true });
    expect([locked("application"), cached("application.zip")]).toEqual([sha256("second"), "second"]);
  });
});

describe("fetch", () => {
  const fetched = async () => fetchEntry(new Cache(root), { lockFile: SOFTWARE.windows, entry: readLockFile(root, SOFTWARE.windows)[0]! });

  it("downloads once and verifies from then on", async () => {
    writeEntries(entry({ sha256: sha256("the tool") }));
    await expect(fetched()).resolves.toContain("downloaded and verified");
    await expect(fetched()).resolves.toBe("tool.exe: verified");
    place("changed");
    await expect(fetched()).rejects.toThrow("is not what is locked");
    expect(requests).toEqual(["tool"]);
  });

  it("refuses a download with another hash", async () => {
    writeEntries(entry({ sha256: sha256("another tool") }));
    await expect(fetched()).rejects.toThrow("is refused");
    expect(inCache()).toEqual([]);
  });
});

describe("upload", () => {
  const one = () => entry({ sha256: sha256("the tool") }) as Entry & { sha256: string };
  /** S3 as far as it matters here; the command's own test has a whole one. */
  const target = (send: (input: Record<string, unknown>) => unknown) => ({
    client: { send: async ({ input }: { input: Record<string, unknown> }) => send(input) } as unknown as S3Client,
    bucket: "b",
    owner: "111122223333",
  });

  it("names the bucket's owner in every call, so that nobody else's bucket of that name gets it", async () => {
    place("the tool");
    const owners: unknown[] = [];
    await uploadEntry(
      target((input) => {
        owners.push(input.ExpectedBucketOwner);
        if (!("Body" in input)) throw Object.assign(new Error(), { name: "NotFound" });
      }),
      new Cache(root),
      one(),
    );
    expect(owners).toEqual(["111122223333", "111122223333"]);
  });

  it("explains a refusal", async () => {
    const refuse = () => {
      throw Object.assign(new Error("UnknownError"), { name: "403", $metadata: { httpStatusCode: 403 } });
    };
    await expect(uploadEntry(target(refuse), new Cache(root), one())).rejects.toThrow(
      "S3 refuses access to b: wrong credentials, missing rights, or account 111122223333 does not own the bucket",
    );
  });
});

describe("lock files", () => {
  it("tell which entries are not locked", () => {
    writeEntries(entry({ sha256: sha256("x") }), entry(APPLICATION));
    for (const file of Object.values(WHEELS)) write(file, { entries: [] });
    write(SOFTWARE.engine, { entries: [entry({ name: "engine-source" })] });
    write(SOFTWARE.web, { entries: [] });
    expect(unlockedEntries(root)).toEqual([
      { file: SOFTWARE.windows, name: "application" },
      { file: SOFTWARE.engine, name: "engine-source" },
    ]);
    expect(unlockedEntries(root, [WHEELS.windows])).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ["no JSON", "{ entries", /cannot be read: .*JSON/],
    ["no entries", { tools: [] }, /must be \{ "entries": \[ … \] \}/],
    ["an entry that is no object", { entries: ["tool"] }, /entries\[0\] must be an object/],
    ["an unknown key", { entries: [{ ...entry(), sha: "x" }] }, /entries\[0\] \(tool\): sha is unknown/],
    ["no version", { entries: [{ ...entry(), version: undefined }] }, /version must be a text/],
    ["a missing hash", { entries: [{ ...entry(), sha256: undefined }] }, /sha256 must be 64/],
    ["a short hash", { entries: [entry({ sha256: "ab12" })] }, /sha256 must be 64/],
    ["an upper-case hash", { entries: [entry({ sha256: sha256("x").toUpperCase() })] }, /sha256 must be 64/],
    ["a folder in the file's name", { entries: [entry({ file: "../tool.exe" })] }, /file must be a file's name/],
    ["plain http", { entries: [entry({ source: "http://example.com/tool.exe" })] }, /source must be an https address/],
    ["a name twice", { entries: [entry(), entry({ file: "b.exe" })] }, /name "tool" stands twice/],
    ["a file twice", { entries: [entry(), entry({ name: "b" })] }, /file "tool.exe" stands twice/],
  ])("are refused with their path: %s", (_, content, message) => {
    write(SOFTWARE.windows, content);
    const read = () => readLockFile(root, SOFTWARE.windows);
    expect(read).toThrow(message);
    expect(read).toThrow(SOFTWARE.windows);
  });

  it("that do not exist are an error with their path", () => {
    expect(() => unlockedEntries(root)).toThrow(`${SOFTWARE.windows} cannot be read: ENOENT`);
  });

  it("are written whole, without a temporary file", () => {
    writeEntries(entry());
    updateEntry(root, SOFTWARE.windows, "tool", { sha256: sha256("x") });
    expect(readdirSync(dirname(join(root, SOFTWARE.windows)))).toEqual(["software.json"]);
    expect(locked()).toBe(sha256("x"));
  });
});
