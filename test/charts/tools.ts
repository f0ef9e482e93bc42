/** Programs in Python that only tests ask for. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const setUp = join(resolve(__dirname, "..", ".."), "commands", "start", "set-up.mjs");

/** Python that has the tool, installed when it is not there; that takes from some ten seconds to some minutes. */
export function pythonWith(tool: "kubernetes-validate" | "checkov" | "zizmor"): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [setUp, tool], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${tool} could not be installed:\n${stderr}`);
  return stdout.trim();
}
