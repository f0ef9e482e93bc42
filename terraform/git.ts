import { spawnSync } from "node:child_process";

/** What git prints; undefined where it refuses, or this is no repository. */
export function git(root: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  return status === 0 ? stdout : undefined;
}
