/** Runs the app, as `cdktf synth` would. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./programs";

export interface SynthesisOptions {
  /** Folder of the checkout. */
  readonly source: string;
  /** Where the stacks are written. @default as cdktf: CDKTF_OUTDIR, else cdktf.out in the checkout */
  readonly output?: string;
  /** Take away first what was there, what Terraform installed included. @default false */
  readonly clear?: boolean;
  /** Names; empty for all that the checkout knows. */
  readonly environments: readonly string[];
  /** @default those of this process */
  readonly variables?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** @throws Error with what the app said when it refuses; the signal's reason when it was stopped */
export async function synthesise({ source, output, clear = false, environments, variables, signal }: SynthesisOptions): Promise<void> {
  if (output !== undefined && clear) rmSync(output, { recursive: true, force: true });
  if (output !== undefined) mkdirSync(output, { recursive: true });
  let said = "";
  const code = await runProgram(process.execPath, [join(source, "commands", "synth-app.mjs")], {
    cwd: source,
    env: { ...process.env, ...variables, ENVIRONMENTS: environments.join(","), ...(output !== undefined && { CDKTF_OUTDIR: output }) },
    signal,
    onOutput: (text) => {
      said += text;
    },
  });
  if (code !== 0) throw new Error(said.trim());
}
