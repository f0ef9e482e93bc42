/**
 * The lock files of what hosts install: which file, from where, with which SHA-256.
 *
 * No imports but Node's own: a deploy asks here which entry is not locked.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installers and source archives; `lock` writes them. */
export const SOFTWARE = {
  windows: "hosts/windows/software.json",
  engine: "hosts/linux/engine/software.json",
  web: "hosts/linux/web/software.json",
} as const;
/** Wheels of the hosts' virtual environments; `wheels` writes them. They come from the client's own index of Python packages, by name, version and hash. */
export const WHEELS = {
  windows: "hosts/windows/wheels.json",
  engine: "hosts/linux/engine/wheels.json",
  research: "hosts/research/wheels.json",
} as const;
export const isWheels = (lockFile: string): boolean => (Object.values(WHEELS) as string[]).includes(lockFile);
export const LOCK_FILES: readonly string[] = [
  SOFTWARE.windows,
  WHEELS.windows,
  SOFTWARE.engine,
  WHEELS.engine,
  WHEELS.research,
  SOFTWARE.web,
];

/** An environment without the engine, the notebook, or a backend of the web application, needs nothing of it. */
export const lockFilesOf = ({
  linuxEngine,
  research,
  web,
}: {
  readonly linuxEngine?: unknown;
  readonly research?: unknown;
  readonly web?: { readonly backend?: unknown };
}): string[] => [
  SOFTWARE.windows,
  WHEELS.windows,
  ...(linuxEngine ? [SOFTWARE.engine, WHEELS.engine] : []),
  ...(research ? [WHEELS.research] : []),
  ...(web?.backend ? [SOFTWARE.web] : []),
];

export interface Entry {
  readonly name: string;
  /** `none` until an archive is locked with `--from`. */
  readonly version: string;
  /** Name of the file, without folders. */
  readonly file: string;
  /** Where the publisher offers it; null when nobody may download it without an account; no such key for a wheel. */
  readonly source?: string | null;
  /** 64 lower-case hexadecimal digits; null: not locked, hosts refuse it. */
  readonly sha256: string | null;
  readonly note?: string;
}

/** An entry whose hash is known. */
export type LockedEntry = Entry & { readonly sha256: string };
export const isLocked = (entry: Entry): entry is LockedEntry => entry.sha256 !== null;

/** Where a host looks for it in the software bucket. */
export const objectKey = ({ sha256, file }: LockedEntry): string => `software/${sha256}/${file}`;

const KEYS = ["name", "version", "file", "source", "sha256", "note"];
const isText = (value: unknown): value is string => typeof value === "string" && value.length > 0;
/** Plain http only from this machine: the first download decides what is trusted. */
const SOURCE = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/;

export const messageOf = (error: unknown): string => (error as { message?: string } | undefined)?.message ?? String(error);

/** What is wrong with an entry; empty when nothing is. */
function problems(entry: Readonly<Record<string, unknown>>): string[] {
  const { name, version, file, source = null, sha256, note } = entry;
  return [
    ...Object.keys(entry)
      .filter((key) => !KEYS.includes(key))
      .map((key) => `${key} is unknown; known are ${KEYS.join(", ")}`),
    ...(isText(name) ? [] : ["name must be a text"]),
    ...(isText(version) ? [] : ["version must be a text"]),
    ...(isText(file) && /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(file)
      ? []
      : ["file must be a file's name of A-Z, a-z, 0-9 and ._+-, without folders"]),
    ...(source === null || (isText(source) && SOURCE.test(source)) ? [] : ["source must be an https address or null"]),
    ...(sha256 === null || (isText(sha256) && /^[0-9a-f]{64}$/.test(sha256))
      ? []
      : ["sha256 must be 64 lower-case hexadecimal digits or null"]),
    ...(note === undefined || isText(note) ? [] : ["note must be a text"]),
  ];
}

/** @throws with the file's path and everything that is wrong in it */
export function readLockFile(root: string, file: string): Entry[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(root, file), "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const entries = (json as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries)) throw new Error(`${file}: must be { "entries": [ … ] }`);
  const found = (entries as unknown[]).flatMap((entry, index) => {
    if (typeof entry !== "object" || entry === null) return [`entries[${index}] must be an object`];
    const { name } = entry as { name?: unknown };
    return problems(entry as Record<string, unknown>).map((problem) => `entries[${index}]${isText(name) ? ` (${name})` : ""}: ${problem}`);
  });
  if (found.length > 0) throw new Error(`${file}:\n  ${found.join("\n  ")}`);
  const checked = entries as Entry[];
  for (const key of ["name", "file"] as const) {
    const twice = checked.find(
      (entry, index) => checked.findIndex((other) => other[key].toLowerCase() === entry[key].toLowerCase()) !== index,
    );
    if (twice) throw new Error(`${file}: ${key} ${JSON.stringify(twice[key])} stands twice`);
  }
  return checked;
}

/** Written whole or not at all; a reader never sees half of it. */
export function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.partial`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

export function writeLockFile(root: string, file: string, entries: readonly Entry[]): void {
  writeWhole(join(root, file), `${JSON.stringify({ entries }, KEYS_OF_FILE, 2)}\n`);
}
/** As a list of keys for JSON.stringify: every entry has its keys in the same order. */
const KEYS_OF_FILE = ["entries", ...KEYS];

/** Changes one entry; the others stay as they are in the file at this moment. */
export function updateEntry(root: string, file: string, name: string, change: Partial<Entry>): void {
  writeLockFile(
    root,
    file,
    readLockFile(root, file).map((entry) => (entry.name === name ? { ...entry, ...change } : entry)),
  );
}

/** Entries without a hash, of the lock files that are given. */
export function unlockedEntries(root: string, files: readonly string[] = LOCK_FILES): { file: string; name: string }[] {
  return files.flatMap((file) =>
    readLockFile(root, file)
      .filter((entry) => !isLocked(entry))
      .map(({ name }) => ({ file, name })),
  );
}
