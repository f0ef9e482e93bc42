/** A folder of things that are quicker to read than to make: each under a name and the key of what it was made from. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

/** So many of a name stay: a review's base and its head use the same folder, and who tries something goes back to what was. */
const NEWEST = 4;
const DIGEST_BYTES = 32;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/**
 * @typedef {object} Place
 * @property {string} folder
 * @property {string} name
 * @property {string} key
 */

/**
 * @param {Place} place
 * @returns what was kept; undefined when nothing was, or not all of it is there
 */
export function recall({ folder, name, key }) {
  try {
    const content = readFileSync(join(folder, `${name}-${key}`));
    const value = content.subarray(DIGEST_BYTES);
    return sha256(value).equals(content.subarray(0, DIGEST_BYTES)) ? deserialize(value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a value, if it can: a full disk or a folder that is read only costs time and nothing else.
 * @param {Place} place
 * @param {unknown} value
 */
export function keep({ folder, name, key }, value) {
  const file = join(folder, `${name}-${key}`);
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    const bytes = serialize(value);
    // Renamed when it is whole: another process may look for it at the same moment.
    writeFileSync(partial, Buffer.concat([sha256(bytes), bytes]));
    renameSync(partial, file);
    const older = readdirSync(folder)
      .filter((other) => other.startsWith(`${name}-`))
      .map((other) => ({ other, since: statSync(join(folder, other)).mtimeMs }))
      .sort((a, b) => b.since - a.since)
      .slice(NEWEST);
    for (const { other } of older) rmSync(join(folder, other), { force: true });
  } catch {
    rmSync(partial, { force: true });
  }
}
