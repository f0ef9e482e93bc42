/** Runs checkov over plans: once for all of them, offline, and with nothing left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScanCopy } from "./scan-copy";

/** One check that failed. */
export interface FailedCheck {
  /** Index of the plan. */
  readonly plan: number;
  /** `CKV_AWS_18`. */
  readonly check: string;
  /** What it asks for, as checkov words it. */
  readonly name: string;
  readonly address: string;
  readonly guideline?: string;
}

/** checkov itself failed, or did not read what it was given; silence would look like a pass. */
export class CheckovError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CheckovError";
  }
}

/** What checkov says of several plans, and of which it says nothing. */
export interface Checked {
  readonly failed: readonly FailedCheck[];
  /** Why, by the index of the plan. */
  readonly unread: ReadonlyMap<number, string>;
}

/**
 * Like {@link runCheckov}, but a plan that checkov cannot read keeps no other from being checked.
 * @throws CheckovError when it cannot be started
 */
export async function checkAll(copies: readonly ScanCopy[], python: string): Promise<Checked> {
  try {
    return { failed: await runCheckov(copies, python), unread: new Map() };
  } catch (error) {
    if (!(error instanceof CheckovError) || error.message.startsWith(NOT_STARTED)) throw error;
  }
  const failed: FailedCheck[] = [];
  const unread = new Map<number, string>();
  for (const [plan, copy] of copies.entries()) {
    try {
      failed.push(...(await runCheckov([copy], python)).map((check) => ({ ...check, plan })));
    } catch (error) {
      if (!(error instanceof CheckovError)) throw error;
      unread.set(plan, error.message);
    }
  }
  return { failed, unread };
}

const NOT_STARTED = "checkov could not be started";

const ARGUMENTS = [
  "-m",
  "checkov.main",
  "--framework",
  "terraform_plan",
  "--skip-download",
  "--soft-fail",
  "--quiet",
  "--compact",
  "--output",
  "json",
];
/** A run over an environment of 380 resources takes 4 seconds. */
const TIMEOUT_MILLISECONDS = 10 * 60_000;

/**
 * Raw plans can hold secrets: they lie in a folder that only this user can read, which is gone when this returns, throws, or the process is
 * interrupted.
 * @param python that has checkov
 * @throws CheckovError when it cannot be started, fails, or passes over a plan or a resource
 */
export async function runCheckov(copies: readonly ScanCopy[], python: string): Promise<FailedCheck[]> {
  if (copies.every(({ addresses }) => addresses.length === 0)) return [];
  const folder = mkdtempSync(join(tmpdir(), "checkov-"));
  let child: ChildProcess | undefined;
  const timer = setTimeout(() => {
    child?.kill("SIGKILL");
  }, TIMEOUT_MILLISECONDS);
  const cleanUp = (): void => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  const stop = (signal: NodeJS.Signals): void => {
    cleanUp();
    // Who else listens decides what becomes of the process; where nobody does, it ends as it would have.
    if (process.listenerCount(signal) === 1) process.exit(signal === "SIGINT" ? 130 : 143);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  process.on("exit", cleanUp);
  try {
    copies.forEach(({ text }, index) => {
      writeFileSync(join(folder, fileOf(index)), text, { mode: 0o600, flag: "wx" });
    });
    const output = await outputOf(spawnIn(folder, python), (started) => {
      child = started;
    });
    return readReport(output, copies);
  } finally {
    for (const signal of signals) process.off(signal, stop);
    process.off("exit", cleanUp);
    clearTimeout(timer);
    cleanUp();
  }
}

const fileOf = (index: number): string => `${index}.json`;

/** With none of the caller's variables but the needed: an API key among them would make checkov send what it reads. */
function spawnIn(folder: string, python: string): ChildProcess {
  const { PATH, SystemRoot, TEMP } = process.env;
  return spawn(python, [...ARGUMENTS, "--directory", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH,
      SystemRoot,
      TEMP,
      HOME: folder, // where it looks for settings, and writes its cache
      PYTHONUTF8: "1",
      PYTHONDONTWRITEBYTECODE: "1",
      EVAL_TF_PLAN_AFTER_UNKNOWN: "1", // what is known after the apply counts as set
      CKV_SKIP_PACKAGE_UPDATE_CHECK: "true", // no network
      LOG_LEVEL: "ERROR",
    },
  });
}

function outputOf(child: ChildProcess, started: (child: ChildProcess) => void): Promise<string> {
  started(child);
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    let errors = "";
    child.stdout!.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr!.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000);
    });
    child.on("error", (error) => {
      reject(new CheckovError(`${NOT_STARTED}: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      // Its last line only: the lines above may quote what it was reading.
      else reject(new CheckovError(`checkov failed (${signal ?? `exit code ${code}`}): ${lastException(errors)}`));
    });
  });
}

/** Name of the Python exception in an error output, which is never a value of a plan. */
const lastException = (errors: string): string =>
  [...errors.matchAll(/^([\w.]*(?:Error|Exception|Interrupt|Exit))\b/gm)].at(-1)?.[1] ?? "it gave no reason";

interface Report {
  readonly results?: {
    readonly failed_checks?: readonly {
      readonly check_id: string;
      readonly check_name?: string | null;
      readonly file_path: string;
      readonly resource: string;
      readonly resource_address?: string | null;
      readonly guideline?: string | null;
    }[];
  };
  readonly summary?: { readonly resource_count?: number; readonly parsing_errors?: number };
  /** Of a report that is empty, in place of a summary. */
  readonly resource_count?: number;
  readonly failed?: number;
}

/**
 * @param output what checkov printed
 * @param copies what it was given
 * @throws CheckovError when it is no report, or does not speak of everything
 */
export function readReport(output: string, copies: readonly ScanCopy[]): FailedCheck[] {
  let report: Report;
  try {
    report = JSON.parse(output) as Report;
  } catch {
    throw new CheckovError("checkov gave no report.");
  }
  const { results, summary } = report;
  // So it answers where no check of its own is about anything in the plans.
  if (results === undefined && report.resource_count === 0 && report.failed === 0) {
    if (copies.every(({ addresses }) => addresses.length === 0)) return [];
    throw new CheckovError("checkov checked nothing: it has no check for what stands there, or could not read it.");
  }
  if (!results?.failed_checks || summary?.resource_count === undefined || summary.parsing_errors === undefined)
    throw new CheckovError("checkov gave a report of another format.");
  const { failed_checks: failed } = results;
  if (summary.parsing_errors > 0) throw new CheckovError(`checkov could not read ${summary.parsing_errors} of ${copies.length} plans.`);
  const expected = copies.reduce((total, { addresses }) => total + new Set(addresses).size, 0);
  if (summary.resource_count < expected) throw new CheckovError(`checkov read ${summary.resource_count} of ${expected} resources.`);
  const found = new Map<string, FailedCheck>();
  for (const { check_id: check, check_name: name, file_path: file, resource, resource_address: address, guideline } of failed) {
    const plan = Number(/(\d+)\.json$/.exec(file)?.[1] ?? "-1");
    if (!copies[plan]) throw new CheckovError("checkov speaks of a file that it was not given.");
    const one: FailedCheck = { plan, check, name: name ?? check, address: address ?? resource, ...(guideline && { guideline }) };
    found.set(`${plan} ${one.address} ${check}`, one);
  }
  return [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, check]) => check);
}
