/** Runs a program beneath this process. */
import { spawn } from "node:child_process";
import { processTree, stopProcesses } from "./processes";

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted with the reason: the program is to end. @default it runs to its end */
  readonly signal?: AbortSignal;
  /**
   * What an abort does: `stop` it with all its descendants, by force where it takes long; or only `ask` it, because it has a state to
   * write and a lock to release, however long that takes. @default stop
   */
  readonly onAbort?: "stop" | "ask";
  readonly onOutput: (text: string, stream: "stdout" | "stderr") => void;
}

/** @returns its exit code. @throws the signal's reason, once everything has stopped; Error when it cannot be started */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env, signal, onAbort = "stop", onOutput }: ProgramOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    // A group of its own: the terminal's Ctrl-C would reach it beside ours, and a second one makes Terraform drop everything.
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let stopped: Promise<void> | undefined;
    const end = () => {
      if (onAbort === "ask") child.kill("SIGINT");
      else if (child.pid) stopped = stopProcesses(processTree(child.pid), "SIGINT");
    };
    signal?.addEventListener("abort", end, { once: true });
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text: string) => {
        onOutput(text, name);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      signal?.removeEventListener("abort", end);
      if (signal?.aborted)
        void Promise.resolve(stopped).then(() => {
          reject(signal.reason as Error);
        });
      else resolve(code ?? 1);
    });
  });
}
