/** A folder of its own for each test. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "linux-host-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file below it. @returns its path */
export function write(path: string, content: string | Uint8Array, mode = 0o644): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}
