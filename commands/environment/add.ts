/** `npm run environment -- add`: a further environment, written after another one. */
import { build, type Plugin } from "esbuild";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import ts from "typescript";
import { accountId, environmentName } from "../../environments/schema/fields";
import { literalPath, type Environments } from "../../environments/reading/load";
import { physicalNames, replicaNames } from "../../environments/rules";
import { STAGES, type Environment } from "../../environments/schema";
import { workflowTexts } from "../pages/workflows";
import { EXCEPTIONS, withExceptions } from "./exceptions";
import { furtherLiteral, suffixOf, withEntry, withinBootstrap, type LeftOut } from "./literal";

const INDEX = "environments/index.ts";
/** `npm run environment -- list` must stay what it is. */
export const COMMANDS = ["add", "help", "list", "show"];

export interface AddOptions {
  readonly name: string;
  readonly from: string;
  readonly account: string;
  /** @default that of the other environment */
  readonly stage?: Environment["stage"];
}

export interface Added {
  readonly environment: Environment;
  readonly from: Environment;
  /** Whose bootstrap it shares. */
  readonly owner?: Environment;
  /** What the other literal has and the new one cannot. */
  readonly leftOut: readonly LeftOut[];
  /** Paths of what was written, relative to the repository. */
  readonly files: readonly string[];
}

/**
 * Writes a further environment: its literal, its entry in environments/index.ts, its account's bootstrap, what passes its reviews, the workflows' lists.
 * @param root folder of the repository
 * @throws Error with all that is wrong, before anything is written
 */
export async function addEnvironment(root: string, { name, from: fromName, account, stage: wantedStage }: AddOptions): Promise<Added> {
  const before = await environmentsIn(root);
  const all = before.loadEnvironments();
  const from = before.loadEnvironment(before.environmentNameOf(fromName));
  const stage = wantedStage ?? from.stage;
  refuse(root, { name, account, stage }, all);

  const owner = all.find((environment) => environment.account === account && environment.bootstrap);
  const isThere = all.some((other) => other.account === account && other.region === from.region && other.research);
  const onceOnly: readonly LeftOut[] = [
    ...(owner ? (["bootstrap", "accountWide"] as const) : []),
    ...(isThere ? (["research"] as const) : []),
  ];
  const leftOut = onceOnly.filter((key) => from[key]);
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  const githubRepository = all.find((environment) => environment.account === from.account && environment.bootstrap)!.bootstrap!
    .githubRepository;
  const takenBuckets = all
    .flatMap((environment) => [...physicalNames(environment), ...replicaNames(environment)])
    .filter(({ kind }) => kind === "bucket")
    .map((bucket) => bucket.name);
  const order = [...all.filter((other) => STAGES.indexOf(other.stage) <= STAGES.indexOf(stage))];
  const further = { name, stage, account, from, owner, leftOut, githubRepository, takenBuckets };
  const texts: Record<string, string> = {
    [literalPath(name)]: furtherLiteral(read(literalPath(from.name)), further),
    [INDEX]: withEntry(read(INDEX), name, order[order.length - 1]?.name),
    ...(owner && { [literalPath(owner.name)]: withinBootstrap(read(literalPath(owner.name)), owner.name, name) }),
    ...(existsSync(join(root, EXCEPTIONS)) && { [EXCEPTIONS]: withExceptions(read(EXCEPTIONS), further) }),
  };

  const environment = await accepted(root, texts, { name, stage, account }, from);
  Object.assign(texts, workflowTexts(root, environment.all));
  return { environment: environment.own, from, owner, leftOut, files: write(root, texts) };
}

/** What can be said without reading any text. @throws Error with all of it */
function refuse(
  root: string,
  { name, account, stage }: Pick<Environment, "name" | "account" | "stage">,
  all: readonly Environment[],
): void {
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const nameResult = environmentName.safeParse(name);
  must(nameResult.success, `name ${JSON.stringify(name)}; allowed: ${nameResult.error?.issues[0]?.message}`);
  if (all.some((environment) => environment.name === name))
    problems.push(`name ${JSON.stringify(name)}: there is such an environment, ${literalPath(name)}`);
  else if (nameResult.success) {
    // A folder of that name, too: `./schema` would be the new file from then on.
    for (const path of [literalPath(name), literalPath(name).replace(/\.ts$/, "")])
      must(!existsSync(join(root, path)), `name ${JSON.stringify(name)}: ${path} is there already, though ${INDEX} does not name it`);
    must(
      !COMMANDS.includes(name),
      `name ${JSON.stringify(name)}; allowed: none of ${COMMANDS.join(", ")}, which this command knows as words of its own`,
    );
    must(
      isIdentifier(name),
      `name ${JSON.stringify(name)}; allowed: no reserved word of TypeScript, because the literal is a constant of that name`,
    );
  }
  const accountResult = accountId.safeParse(account);
  must(accountResult.success, `--account ${JSON.stringify(account)}; allowed: an AWS account id of twelve digits`);
  const twin =
    stage === "production" ? all.find((environment) => environment.account === account && environment.stage === stage) : undefined;
  must(
    !twin,
    `--account ${account} is that of ${twin?.name}, and both would be in production, whose names have no suffix; allowed: another account, or another --stage`,
  );
  if (problems.length > 0) throw new Error(`Nothing was written:\n  ${problems.join("\n  ")}`);
}

function isIdentifier(name: string): boolean {
  const kind = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, name).scan();
  return kind !== ts.SyntaxKind.AwaitKeyword && (kind === ts.SyntaxKind.Identifier || kind > ts.SyntaxKind.LastFutureReservedWord);
}

/** Loads the literals as they would be. @throws Error with every finding of schema and rules */
async function accepted(
  root: string,
  texts: Readonly<Record<string, string>>,
  wanted: Pick<Environment, "name" | "account" | "stage">,
  from: Environment,
): Promise<{ readonly own: Environment; readonly all: readonly Environment[] }> {
  try {
    const all = (await environmentsIn(root, texts)).loadEnvironments();
    const own = all.find(({ name }) => name === wanted.name)!;
    for (const key of ["stage", "account"] as const) {
      if (own[key] !== wanted[key])
        throw new Error(
          `${key} is not written out in ${literalPath(from.name)}, so that of ${wanted.name} would be ${JSON.stringify(own[key])}, not ${JSON.stringify(wanted[key])}.`,
        );
    }
    return { own, all };
  } catch (error) {
    throw new Error(
      `Nothing was written: ${from.name}, copied with names that end with ${JSON.stringify(suffixOf(wanted))}, is refused.\n${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** All files or none. @returns their paths */
function write(root: string, texts: Readonly<Record<string, string>>): string[] {
  const changed = Object.entries(texts)
    .map(([file, text]) => ({
      file,
      text,
      path: join(root, file),
      before: existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : undefined,
    }))
    .filter(({ text, before }) => text !== before);
  try {
    for (const { path, text } of changed) writeFileSync(path, text);
  } catch (error) {
    for (const { path, before } of changed) {
      if (before === undefined) rmSync(path, { force: true });
      // What could not be written could not be changed either.
      else if (readFileSync(path, "utf8") !== before) writeFileSync(path, before);
    }
    throw new Error(`Nothing was written: ${(error as Error).message}`, { cause: error });
  }
  return changed.map(({ file }) => file);
}

/**
 * The environments of a folder.
 * @param texts of files that are to be there, in place of what is
 * @throws Error when the files are no TypeScript
 */
export async function environmentsIn(root: string, texts: Readonly<Record<string, string>> = {}): Promise<Environments> {
  const overlay = new Map(Object.entries(texts).map(([file, text]) => [resolve(root, file), text]));
  const asTheyWouldBe: Plugin = {
    name: "as they would be",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
        overlay.has(`${resolve(resolveDir, path)}.ts`) ? { path: `${resolve(resolveDir, path)}.ts` } : undefined,
      );
      onLoad({ filter: /\.ts$/ }, ({ path }) => (overlay.has(path) ? { contents: overlay.get(path), loader: "ts" } : undefined));
    },
  };
  const { outputFiles } = await build({
    entryPoints: [resolve(root, INDEX)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    logLevel: "silent",
    plugins: [asTheyWouldBe],
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles[0]!.text)(module, module.exports, createRequire(resolve(root, INDEX)));
  return module.exports as Environments;
}
