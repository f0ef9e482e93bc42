/** Calls cdktf on AWS, in the person's own terminal. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { terraformSettings } from "./settings";

/** The locked cdktf command line. */
export const cdktfFile = (root: string) => join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");

/**
 * Runs cdktf with the terminal as its own. Ctrl-C goes to cdktf and Terraform, which finish what they must.
 * @throws with the exit code when it fails
 */
export async function runCdktf(root: string, args: readonly string[], variables: Readonly<Record<string, string>>): Promise<void> {
  const settings = terraformSettings(join(root, ".rehearsal"));
  if (settings.note) console.error(settings.note);
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      const child = spawn(process.execPath, [cdktfFile(root), ...args, ...settings.cdktfFlags], {
        cwd: root,
        stdio: "inherit",
        env: { ...process.env, ...settings.variables, ...variables },
      });
      child.on("error", reject);
      child.on("close", (status) => {
        resolve(status ?? 1);
      });
    });
    if (code !== 0) throw new Error(`cdktf ${args[0]} ended with exit code ${code}.`);
  } finally {
    process.off("SIGINT", ignore);
  }
}
