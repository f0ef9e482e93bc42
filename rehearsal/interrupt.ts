/** Ctrl-C and its relatives, as one signal that everything obeys. */

/** The person stopped the command. */
export class Interrupted extends Error {
  constructor() {
    super("Interrupted: the emulator and Terraform are stopped, nothing is left behind.");
    this.name = "Interrupted";
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @returns a signal that is aborted by the first Ctrl-C; a second one changes nothing, the clean-up goes on */
export function onInterrupt(): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const abort = () => { controller.abort(new Interrupted()); };
  for (const name of SIGNALS) process.on(name, abort);
  return { signal: controller.signal, dispose: () => { for (const name of SIGNALS) process.off(name, abort); } };
}
