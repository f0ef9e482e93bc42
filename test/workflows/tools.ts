/** The programs that check workflows. */
import { spawnSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { pythonWith } from "../charts/tools";

export const root = resolve(__dirname, "..", "..");
/** Path of a program that is built from source once (commands/cluster/programs.mjs); undefined without Go. @throws when it cannot be built */
export function built(name: "act" | "actionlint"): string | undefined {
  if (spawnSync("go", ["version"]).status !== 0) return undefined;
  const builder = join(root, "commands", "cluster", "programs.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [builder, name], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return join(stdout.trim(), name);
}

/** Path of zizmor, installed when it is not there. */
export const zizmor = (): string => join(dirname(pythonWith("zizmor")), process.platform === "win32" ? "zizmor.exe" : "zizmor");
