/** What a person can do about a disk that is full and a folder that may not be written. */
import { relative } from "node:path";

/** Exits of node's file functions, and how Terraform, npm and pip tell of them. */
const FULL = /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded/i;
const REFUSED = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "its file system is read-only",
  ENOTDIR: "a part of that path is a file",
  EEXIST: "something else has that name",
};

const MAKE_SPACE =
  "The disk is full. Free some space and run the same command again: npm run stop removes kept rehearsals, and node_modules/.cache may be deleted at any time.";

/**
 * @param {unknown} error what a command failed with
 * @returns {string} what is shown of it: its own message, or one line that says where and what to do when it is about the disk
 */
export function explained(error) {
  if (!(error instanceof Error)) return String(error);
  const { code, path, dest, message } = /** @type {NodeJS.ErrnoException & { dest?: string }} */ (error);
  if (FULL.test(code ?? "")) return path ? `${place(path)} cannot be written. ${MAKE_SPACE}` : MAKE_SPACE;
  if (code !== undefined && Object.hasOwn(REFUSED, code) && path)
    return `${place(dest ?? path)} cannot be written: ${REFUSED[code]} (${code}). Give this user the folder, or work in a checkout of your own.`;
  // The end of a program's output, such as Terraform's.
  return FULL.test(message) ? `${message}\n\n${MAKE_SPACE}` : message;
}

/** As a person would name it: from where they stand, unless that is far away. */
function place(path) {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}
