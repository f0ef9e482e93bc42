import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * Python that has checkov, installed as set-up does when it is not there: some 30 seconds and 290 MB, once, with its progress on the
 * error output.
 * @param root folder of the project
 * @throws when it cannot be installed; set-up has told why
 */
export function checkovPython(root: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "commands", "start", "set-up.mjs"), "checkov"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output.trim());
      else reject(new Error("checkov could not be installed."));
    });
  });
}
