/** Locking one entry: from now on its hash decides what a host installs. */
import { existsSync } from "node:fs";
import { extname } from "node:path";
import type { Cache, CacheOptions } from "./cache";
import { isLocked, readLockFile, updateEntry, type Entry } from "./lock-files";

/** An entry and the lock file that it stands in. */
export interface Placed {
  readonly lockFile: string;
  readonly entry: Entry;
}

export interface LockOptions extends CacheOptions {
  /** A local file in place of a download. */
  readonly from?: string;
  /** Written into the entry. */
  readonly version?: string;
  /** Another hash than the locked one is taken. */
  readonly update?: boolean;
}

/**
 * The entries to lock.
 * @param names empty: all that are not locked yet
 * @throws when a name is unknown
 */
export function entriesToLock(root: string, lockFiles: readonly string[], names: readonly string[]): Placed[] {
  const all = lockFiles.flatMap((lockFile) => readLockFile(root, lockFile).map((entry) => ({ lockFile, entry })));
  const unknown = names.filter((name) => !all.some(({ entry }) => entry.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no entry ${unknown.map((name) => JSON.stringify(name)).join(", ")}. Entries: ${all.map(({ entry }) => entry.name).join(", ")}.`,
    );
  return all.filter(({ entry }) => (names.length > 0 ? names.includes(entry.name) : !isLocked(entry)));
}

/**
 * Locks one entry, or verifies it when it is locked.
 * @returns what was done, in a sentence
 */
export async function lockEntry(root: string, cache: Cache, { lockFile, entry }: Placed, options: LockOptions = {}): Promise<string> {
  const { from, update = false } = options;
  if (options.version !== undefined && from === undefined)
    throw new Error("--version goes with --from: a download's version and address are written in the lock file by hand, together");
  if (isLocked(entry) && !update && from === undefined) return verify(cache, entry, options);

  const expected = update ? undefined : (entry.sha256 ?? undefined);
  const sha256 = from === undefined ? await download(cache, entry, expected, options) : await copy(cache, entry, from, expected, options);
  const version = options.version ?? entry.version;
  if (sha256 === entry.sha256 && version === entry.version) return `${entry.name} ${version}: unchanged, ${sha256}`;
  updateEntry(root, lockFile, entry.name, { sha256, version });
  const former =
    entry.sha256 !== null && entry.sha256 !== sha256
      ? ` (was ${entry.sha256}${entry.note ? `; see whether its note still holds: ${entry.note}` : ""})`
      : "";
  return `${entry.name} ${version}: locked, ${sha256}${former}`;
}

async function verify(cache: Cache, entry: Entry & { sha256: string }, options: CacheOptions): Promise<string> {
  if (!(await cache.holds(entry))) await download(cache, entry, entry.sha256, options);
  return `${entry.name} ${entry.version}: locked before, verified`;
}

async function download(cache: Cache, entry: Entry, expected: string | undefined, options: CacheOptions): Promise<string> {
  if (!entry.source)
    throw new Error(
      `it cannot be downloaded. Lock a local file: npm run software -- lock <environment> ${entry.name} --from FILE --version VERSION`,
    );
  return cache.download(entry.file, entry.source, expected, options);
}

async function copy(cache: Cache, entry: Entry, from: string, expected: string | undefined, options: LockOptions): Promise<string> {
  if (!existsSync(from)) throw new Error(`${from} does not exist`);
  if (extname(from).toLowerCase() !== extname(entry.file).toLowerCase())
    throw new Error(`${from} is no ${extname(entry.file)} file, as ${entry.file} must be: hosts unpack it by its ending`);
  if ((options.version ?? entry.version) === "none") throw new Error("--version is missing: name the revision that the file was made from");
  return cache.copy(entry.file, from, expected, options);
}

/** Brings one locked entry into the cache. */
export async function fetchEntry(cache: Cache, { entry }: Placed, options: CacheOptions = {}): Promise<string> {
  if (!isLocked(entry)) throw new Error("it is not locked");
  if (await cache.holds(entry)) return `${entry.file}: verified`;
  await download(cache, entry, entry.sha256, options);
  return `${entry.file}: downloaded and verified`;
}
