import { createInterface } from "node:readline/promises";
import type { Environment } from "../environments/schema";

/** Account ids that AWS uses in its documentation; nobody owns them. */
export const PLACEHOLDER_ACCOUNTS: readonly string[] = ["111122223333", "444455556666", "777788889999", "123456789012"];

/** @throws when the literal still carries an example account */
export function refusePlaceholderAccount({ account, name }: Environment): void {
  if (PLACEHOLDER_ACCOUNTS.includes(account)) {
    throw new Error(`environments/${name}.ts: account = "${account}" is an example account of the AWS documentation. Put your own account id there (and into the bucket names), or rehearse: npm run rehearse -- ${name}`);
  }
}

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
