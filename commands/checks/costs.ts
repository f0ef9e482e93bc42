/** What each check costs: wall time, processor time of it and all that it starts, and the Terraform commands, which are most of that (design 25). */
import { git } from "../../terraform/git";
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { table } from "../shared/table";

export interface Cost {
  readonly title: string;
  /** Wall time. */
  readonly seconds: number;
  /** User and system. Undefined where it cannot be measured. */
  readonly processorSeconds?: number;
  /** Number of Terraform commands by kind, such as `{ init: 2, plan: 1 }`. Undefined where they cannot be counted. */
  readonly terraform?: Readonly<Record<string, number>>;
}

/** How a command is to be started so that its cost is known afterwards. */
export interface Metered {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** To be asked when the command has ended. */
  readonly cost: () => Pick<Cost, "processorSeconds" | "terraform">;
}

export interface Meter {
  readonly root: string;
  readonly python: string;
  /** Of this command alone; it need not exist. */
  readonly folder: string;
  readonly path?: string;
  readonly platform?: NodeJS.Platform;
}

/** A Windows program is not found by a script's name, nor does Windows add up what descendants use: there only the wall time is known. */
export const isMetered = (platform: NodeJS.Platform = process.platform) => platform !== "win32";

export function metered(
  command: string,
  args: readonly string[],
  { root, python, folder, path = process.env.PATH ?? "", platform = process.platform }: Meter,
): Metered {
  if (!isMetered(platform)) return { command, args, variables: {}, cost: () => ({}) };
  const report = join(folder, "cost.json");
  const log = join(folder, "terraform.log");
  const programs = join(folder, "programs");
  mkdirSync(programs, { recursive: true });
  const terraform = programOn(path, "terraform");
  if (terraform) {
    // The first word that is no option, such as -chdir=…, is what Terraform is to do. A short line is appended whole, whoever else writes.
    writeFileSync(
      join(programs, "terraform"),
      `#!/bin/sh\nfor word; do case $word in -*) ;; *) break ;; esac; done\necho "$word" >> ${quoted(log)}\nexec ${quoted(terraform)} "$@"\n`,
    );
    chmodSync(join(programs, "terraform"), 0o755);
  }
  return {
    command: python,
    args: [join(root, "commands", "checks", "measure.py"), report, command, ...args],
    variables: { PATH: [programs, path].join(delimiter) },
    cost: () => ({
      ...(existsSync(report) && (JSON.parse(readFileSync(report, "utf8")) as Pick<Cost, "processorSeconds">)),
      terraform: existsSync(log) ? countOf(readFileSync(log, "utf8").trim().split("\n")) : {},
    }),
  };
}

const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;

function programOn(path: string, name: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Neither `version` nor a lone option such as `-help`: they start no provider. */
const countOf = (words: readonly string[]): Record<string, number> =>
  words
    .filter((word) => /^[a-z]/.test(word) && word !== "version")
    .sort()
    .reduce<Record<string, number>>((count, word) => ({ ...count, [word]: (count[word] ?? 0) + 1 }), {});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const kinds = (count: Readonly<Record<string, number>>) =>
  Object.entries(count)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, number]) => `${number} ${kind}`)
    .join(", ");

/** Costliest first, all together last. */
export function costTable(costs: readonly Cost[], seconds: number): string {
  const weight = ({ processorSeconds, seconds: wall }: Cost) => processorSeconds ?? wall;
  const terraform = costs
    .flatMap(({ terraform: count = {} }) => Object.entries(count))
    .reduce<Record<string, number>>((all, [kind, number]) => ({ ...all, [kind]: (all[kind] ?? 0) + number }), {});
  const known = costs.flatMap(({ processorSeconds = [] }) => processorSeconds);
  const all: Cost = { title: "all", seconds, ...(known.length > 0 && { processorSeconds: sum(known), terraform }) };
  return table(
    ["check", "wall s", "processor s", "Terraform commands", "of which"],
    [...[...costs].sort((a, b) => weight(b) - weight(a)), all].map(({ title, seconds: wall, processorSeconds, terraform: count }) => [
      title,
      wall.toFixed(0),
      processorSeconds?.toFixed(0) ?? "",
      count ? String(sum(Object.values(count))) : "",
      count ? kinds(count) : "",
    ]),
  );
}

/** Writes the same as JSON, with what it takes to compare two runs. */
export function writeCosts(root: string, file: string, costs: readonly Cost[], seconds: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ commit: commitOf(root), processors: cpus().length, processor: cpus()[0]?.model, seconds, checks: costs }, null, 2)}\n`,
  );
}

/** What {@link writeCosts} wrote of another run. @throws when there was none */
export const readCosts = (file: string): { readonly seconds: number; readonly checks: readonly Cost[] } =>
  JSON.parse(readFileSync(file, "utf8")) as { seconds: number; checks: Cost[] };

function commitOf(root: string): string | undefined {
  return git(root, "describe", "--always", "--dirty")?.trim();
}
