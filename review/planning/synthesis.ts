/** Synthesises a checkout of the project into a folder. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../terraform/programs";

export interface SynthesisOptions {
  /** Folder of the checkout. */
  readonly source: string;
  /** Where the stacks are written; what was there is gone. */
  readonly output: string;
  /** Names; empty for all that the checkout knows. */
  readonly environments: readonly string[];
  readonly variables: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** @throws Error with what the app said when it refuses; the signal's reason when it was stopped */
export async function synthesise({ source, output, environments, variables, signal }: SynthesisOptions): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  let said = "";
  const code = await runProgram(process.execPath, [join(source, "commands", "synth-app.mjs")], {
    cwd: source, env: { ...variables, ENVIRONMENTS: environments.join(","), CDKTF_OUTDIR: output }, signal, onOutput: (text) => { said += text; },
  });
  if (code !== 0) throw new Error(said.trim());
}
