/** Runs a program beneath this process, and stops it with all its descendants when the command is interrupted. */
import { spawn } from "node:child_process";
import { processTree, stopProcesses } from "./processes";

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted with the reason: stops the program. */
  readonly signal: AbortSignal;
  readonly onOutput: (text: string, stream: "stdout" | "stderr") => void;
}

/** @returns its exit code. @throws the signal's reason, once everything has stopped; Error when it cannot be started */
export function runProgram(command: string, args: readonly string[], { cwd, env, signal, onOutput }: ProgramOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) { reject(signal.reason as Error); return; }
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let stopped: Promise<void> | undefined;
    const stop = () => { if (child.pid) stopped = stopProcesses(processTree(child.pid), "SIGINT"); };
    signal.addEventListener("abort", stop, { once: true });
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text: string) => { onOutput(text, name); });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) void Promise.resolve(stopped).then(() => { reject(signal.reason as Error); });
      else resolve(code ?? 1);
    });
  });
}
