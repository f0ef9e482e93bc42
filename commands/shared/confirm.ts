/** Asks the person at the terminal. */
import { createInterface } from "node:readline/promises";

/**
 * Asks for the environment's name where a mistake would be dear.
 * @param given what `--confirm` said, for pipelines
 * @throws when something else is typed, or nobody can be asked
 */
export async function confirmByName(name: string, action: string, given?: string): Promise<void> {
  const expected = `type its name, ${name}, to ${action}`;
  if (given !== undefined) {
    if (given === name) return;
    throw new Error(`--confirm is ${JSON.stringify(given)}; ${expected}.`);
  }
  if (!process.stdin.isTTY) throw new Error(`${name} needs a confirmation and there is no terminal: pass --confirm ${name} to ${action}.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${name} is protected: ${expected}: `);
    if (answer.trim() !== name) throw new Error(`Not confirmed: nothing was done.`);
  } finally {
    terminal.close();
  }
}
