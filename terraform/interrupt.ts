/** Ctrl-C and its relatives. */

/** The person stopped the command. */
export class Interrupted extends Error {
  constructor(message = "Interrupted: the emulator and Terraform are stopped, nothing is left behind.") {
    super(message);
    this.name = "Interrupted";
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls back on every Ctrl-C. The process itself goes on, so that it can clean up.
 * @returns what ends it
 */
export function onInterrupt(stop: (reason: Interrupted) => void): () => void {
  const interrupted = () => { stop(new Interrupted()); };
  for (const name of SIGNALS) process.on(name, interrupted);
  return () => { for (const name of SIGNALS) process.off(name, interrupted); };
}
