/**
 * Who deploys from this checkout: what `npm run unlock -- --own` knows its own locks by.
 *
 * Terraform's lock says who holds it and since when. A lock of this user on this machine, taken while the command below ran that runs
 * no more, was left by it; any other belongs to somebody.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";

export interface Journal {
  readonly environment: string;
  readonly pid: number;
  /** Whether that process hands an interruption on to Terraform by itself. cdktf's Terraform gets it from the terminal. */
  readonly forwards: boolean;
  /** ISO 8601. */
  readonly since: string;
  /** When it failed, ISO 8601; undefined while it runs, and when it was killed. */
  readonly until?: string;
}

/** As Terraform writes it into a lock. https://pkg.go.dev/github.com/hashicorp/terraform/internal/states/statemgr#LockInfo */
export const whoIsHere = (): string => `${userInfo().username}@${hostname()}`;

const fileOf = (root: string, environment: string) => join(root, ".rehearsal", `delivery-${environment}.json`);

/** Runs what takes locks. The entry stays when it fails (cdktf ends Terraform beside it then) and when this process is killed. */
export async function journaled<T>(root: string, environment: string, work: () => Promise<T>, { forwards = true } = {}): Promise<T> {
  mkdirSync(join(root, ".rehearsal"), { recursive: true });
  const journal: Journal = { environment, pid: process.pid, forwards, since: new Date().toISOString() };
  writeFileSync(fileOf(root, environment), JSON.stringify(journal));
  try {
    const result = await work();
    forgetJournal(root, environment);
    return result;
  } catch (error) {
    writeFileSync(fileOf(root, environment), JSON.stringify({ ...journal, until: new Date().toISOString() }));
    throw error;
  }
}

/** The last command that did not end well, or runs still. */
export function readJournal(root: string, environment: string): Journal | undefined {
  const file = fileOf(root, environment);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Journal) : undefined;
}

export const forgetJournal = (root: string, environment: string): void => {
  rmSync(fileOf(root, environment), { force: true });
};
