/** Ctrl-C and its relatives. */

/** The person, or the workflow, stopped the command; the message says what that left behind. The command ends with exit code 130. */
export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Interrupted";
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls back on every Ctrl-C. The process itself goes on, so that it can clean up.
 * @returns what ends it
 */
export function onInterrupt(stop: () => void): () => void {
  for (const name of SIGNALS) process.on(name, stop);
  return () => {
    for (const name of SIGNALS) process.off(name, stop);
  };
}

/** @returns a signal that Ctrl-C aborts with an `Interrupted` of this message, and what ends it */
export function abortOnInterrupt(stop: AbortController, message: string): () => void {
  return onInterrupt(() => {
    stop.abort(new Interrupted(message));
  });
}
