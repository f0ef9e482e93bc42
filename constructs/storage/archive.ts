/** Zip files that are the same bytes whenever, and on whatever machine, they are made. */
import { zipSync, type ZipOptions } from "fflate";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, type Files } from "../hosts/host-files";

/** The earliest date that a zip can say, so that the same files are the same bytes on any day; fflate reads it in local time. */
const NO_DATE = new Date(1980, 0, 1);

export interface Archive {
  /** Of the zip file, whose name says its content. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** @param name first part of the file's name */
export function archive(name: string, files: Files, options: Pick<ZipOptions, "level" | "os" | "attrs"> = {}): Archive {
  const zip = zipSync(files, { ...options, mtime: NO_DATE });
  const sha256 = createHash("sha256").update(zip).digest("hex");
  return { path: cached("bundles", `${name}-${sha256}.zip`, () => zip), sha256 };
}

/**
 * A file below the packages whose name says its content, made where it is not there yet.
 * @returns its path
 */
export function cached(folder: string, name: string, make: () => Uint8Array | string): string {
  const path = join(projectFolder(), "node_modules", ".cache", "trading-system", folder);
  const file = join(path, name);
  if (existsSync(file)) return file;
  mkdirSync(path, { recursive: true });
  // Renamed when it is whole: another synthesis may look for it at the same moment.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, make());
  renameSync(partial, file);
  return file;
}
