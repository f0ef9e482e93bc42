/** What is checked, and with what. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { environmentNames } from "../../environments";
import { git } from "../../terraform/git";
import type { Project } from "../project";

/** One check: what runs, and how many tests its output speaks of. */
export interface Check {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Reads passed and failed tests from the output. @default one test, passed with exit code 0 */
  readonly count?: (output: string) => Count | undefined;
  /** Of a check that tries only a part of what it could: what that leaves out, and the check that leaves out nothing. */
  readonly part?: { readonly leavesOut: string; readonly all: Check };
}

/** The checks with nothing left out, as ci.yml runs them daily. */
export const whole = (checks: readonly Check[]): readonly Check[] => checks.map((check) => check.part?.all ?? check);

/** A check that is tried in part only, where it is not in full. */
const partOf = (check: Check, all: Check, leavesOut: string): Check => ({ ...check, part: { leavesOut, all } });

/** Which of a number of shares is tried: another one for most commits; undefined where the code was not checked out by git. */
function shareOf(root: string, shares: number): number | undefined {
  const commit = git(root, "rev-parse", "HEAD");
  return commit === undefined ? undefined : Number.parseInt(commit.slice(0, 6), 16) % shares;
}

/** A check of which one commit tries a sixth. @param what that is */
function sixthOf(root: string, check: Check, what: string): Check {
  const sixth = shareOf(root, SIXTHS.length);
  if (sixth === undefined) return check;
  return partOf(
    { ...check, variables: { ...check.variables, SHARE: String(sixth) } },
    check,
    `five sixths of ${what}; the commit's hash chose the ${SIXTHS[sixth]} sixth`,
  );
}

/** What checks leave out, a line for each. */
export const leftOut = (checks: readonly Check[]): readonly string[] =>
  checks.flatMap(({ title, part }) => (part ? [`${title}: ${part.leavesOut}`] : []));

/** Where rehearsals write what they called, a file for each environment: the rights are held against the calls of all. */
export const callsFolder = (root: string): string => join(root, ".checks", "calls");
const callsOf = (root: string, environment: string): string => join(callsFolder(root), `${environment}.jsonl`);

export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** A line for each that failed, where the runner names them. */
  readonly failures?: readonly string[];
}

/** What can run beside one another, and what cannot. */
export interface Checks {
  /** One after the other: each takes what processors there are. */
  readonly computing: readonly Check[];
  /** Beside them: they mostly wait for the provider. */
  readonly waiting: readonly Check[];
  /** After all others: they want the machine for themselves. */
  readonly alone: readonly Check[];
}

/** cdktf keeps the tokens of every app in a process, and the property tests make hundreds of apps: more than Node's own limit of 4 GB. */
const ROOMY = { NODE_OPTIONS: "--max-old-space-size=6144" };

/** Runs of each property: of a commit, and daily. `npm test` has 300. */
const LONG = { PROPERTY_RUNS: "500" };
const FULL_LENGTH = { PROPERTY_RUNS: "2000" };

/** Shares of what takes too long as a whole: the commit's hash chooses one (test/helpers/share.ts). */
export const SIXTHS = ["first", "second", "third", "fourth", "fifth", "last"] as const;

/** Ways of a change that no commit may break, and those of which each commit's hash chooses one group: together they take half an hour. */
export const SCENARIOS: { readonly always: readonly string[]; readonly inTurn: readonly (readonly string[])[] } = {
  always: ["delivery", "review"],
  inTurn: [["own-values"], ["preflight", "rehearsal"], ["bootstrap", "imports", "review-command"], ["road", "tiers"]],
};
const scenarioFiles = (names: readonly string[]): string => `test/scenarios/(${names.join("|")})\\.test`;

/** What `npm test` runs. @param folder for the reports of what runs */
export function quickChecks(project: Project, folder: string): Checks {
  const { bin, jest, unittest, rehearsal, calledRights } = makers(project, folder);
  return {
    computing: [
      { title: "types", command: bin("tsc"), args: ["--noEmit", "-p", project.root] },
      { title: "lint", command: bin("eslint"), args: [project.root] },
      { title: "format", command: bin("prettier"), args: ["--check", "."] },
      { title: "arrows between folders", command: bin("depcruise"), args: ["--config", ".dependency-cruiser.cjs", "."] },
      sixthOf(
        project.root,
        jest("tests", [
          "--testPathIgnorePatterns",
          "test/(mutation|scenarios|cluster|workflow-runs|charts/checkov|review/checkov|rights/rehearsals/rehearsals)",
        ]),
        "the schema's fields, of which each must take effect, and of the places in which strange values stand",
      ),
      unittest("emulator", "-s", "rehearsal/emulator/tests", "-t", "rehearsal/emulator"),
      unittest("programs of the hosts", "-s", "test/hosts/python"),
      unittest("functions in Python", "-s", "test/functions/python"),
    ],
    waiting: [rehearsal(environmentNames[0]!)],
    alone: [calledRights],
  };
}

/** What `npm run check` runs. @param folder for the reports of what runs */
export function longChecks(project: Project, folder: string): Checks {
  const { jest, ours, rehearsal, calledRights, reportOf, jestCount } = makers(project, folder);
  const cluster = "tests on a cluster";
  const withGo = hasGo();
  const turn = shareOf(project.root, SCENARIOS.inTurn.length);
  // A change travels from the first to the last, which is rehearsed whole; quickChecks has the first one, if they ran before.
  const first = environmentNames[0]!;
  const between = environmentNames.slice(1, -1);
  const last = environmentNames.at(-1)!;
  const allScenarios = jest("scenarios", ["test/scenarios", "--testPathIgnorePatterns", "base-states"], { OWN_VALUES: "all" });
  const someScenarios = [
    ...SCENARIOS.always,
    ...SCENARIOS.inTurn.flatMap((group, index) => (turn === undefined || index === turn ? group : [])),
  ];
  const otherScenarios = SCENARIOS.inTurn.flat().filter((name) => !someScenarios.includes(name));
  return {
    computing: [
      partOf(
        jest("properties at full length", ["test/property", "--testPathIgnorePatterns", "effects"], LONG),
        jest("properties at full length", ["test/property"], FULL_LENGTH),
        "1500 of 2000 literals, and whether fields that have nothing to do with the services take effect on other platforms than EKS",
      ),
      sixthOf(project.root, jest("mutations", ["test/mutation/mutations"]), "the single bad edits"),
      sixthOf(project.root, jest("mutations in reviews", ["test/mutation/(review|harmful)"]), "the single bad edits"),
      jest("security of plans and manifests", ["test/charts/checkov", "test/review/checkov"]),
      ...(withGo ? [{ ...ours(cluster, "test:cluster", "--start", "--json", reportOf(cluster)), count: jestCount(cluster) }] : []),
    ],
    // The longest first, so that no processor waits at the end.
    waiting: [
      partOf(
        jest("scenarios", [scenarioFiles(someScenarios)]),
        allScenarios,
        [
          "the quick tests but those of commands in a copy that has somebody's own values",
          ...(otherScenarios.length > 0 ? [`what the commit's hash did not choose: ${otherScenarios.join(", ")}`] : []),
        ].join("; "),
      ),
      ...(withGo
        ? [
            // Deploys take as long as a rehearsal; the scenarios `delivery` and `road` have what the workflow calls.
            partOf(
              jest("workflows run by act", ["test/workflow-runs", "--testPathIgnorePatterns", "workflow-runs/deploy"]),
              jest("workflows run by act", ["test/workflow-runs"]),
              "Cloud Deploy, drift and destroy as act runs them",
            ),
          ]
        : []),
      ...(environmentNames.length > 1 ? [rehearsal(last)] : []),
      ...(existsSync(callsOf(project.root, first)) ? [] : [rehearsal(first)]),
      ...between.map((name) =>
        partOf(
          rehearsal(name, "--beyond", last),
          rehearsal(name),
          `stacks of ${name} in which all is in the shape that ${last}'s rehearsal shows`,
        ),
      ),
      partOf(
        jest("states of bases", ["test/scenarios/base-states", "--testNamePattern", "^prod plans"]),
        jest("states of bases", ["test/scenarios/base-states"]),
        "states of the stacks of dev and staging, made without a deploy; a review of prod by both ways",
      ),
    ],
    alone: [
      ...(environmentNames.length > 1 ? [calledRights] : []),
      partOf(
        ours("benchmarks", "bench", "--no-rehearsal", "--no-reviews"),
        ours("benchmarks", "bench", "--no-rehearsal"),
        "whole reviews, timed",
      ),
    ],
  };
}

function makers({ root, python }: Project, folder: string) {
  const bin = (name: string) => join(root, "node_modules", ".bin", name);
  const reportOf = (title: string) => join(folder, `${title.replaceAll(" ", "-")}.json`);
  const jestCount = (title: string) => () => countOfJest(JSON.parse(readFileSync(reportOf(title), "utf8")) as JestReport, root);
  const jest = (title: string, args: readonly string[], variables: Check["variables"] = {}): Check => ({
    title,
    command: bin("jest"),
    args: ["--json", "--outputFile", reportOf(title), ...args],
    variables: { ...ROOMY, ...variables },
    count: jestCount(title),
  });
  const unittest = (title: string, ...args: readonly string[]): Check => ({
    title,
    command: python,
    args: ["-m", "unittest", "discover", ...args],
    variables: { PYTHONDONTWRITEBYTECODE: "1" },
    count: unittestCount,
  });
  /** One of `npm run …`. */
  const ours = (title: string, ...args: readonly string[]): Check => ({
    title,
    command: process.execPath,
    args: [join(root, "commands", "run.mjs"), ...args],
  });
  const rehearsal = (environment: string, ...args: readonly string[]) =>
    ours(`rehearsal of ${environment}`, "rehearse", environment, ...args, "--calls", callsOf(root, environment));
  /** After the rehearsals: what they called, held against the roles, and the roles against that. */
  const calledRights = jest("rights that rehearsals needed", ["test/rights/rehearsals/(rehearsals|unused)"], {
    REHEARSAL_CALLS: callsFolder(root),
  });
  return { bin, reportOf, jestCount, jest, unittest, ours, rehearsal, calledRights };
}

/** A control plane and act are built with it. In CI the tests that want them are never left out. */
function hasGo(): boolean {
  if (process.env.CI || spawnSync("go", ["version"]).status === 0) return true;
  console.log("Tests on a cluster and runs of the workflows are left out, because Go is not on the PATH: it builds what they run on.");
  return false;
}

/** What is read of the report that `jest --json` writes. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Why the file failed, with colours. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** @param root the folder that paths of test files are named from */
export function countOfJest({ numPassedTests, numFailedTests, numFailedTestSuites, testResults }: JestReport, root: string): Count {
  const line = (text: string) =>
    stripVTControlCharacters(text)
      .split("\n")
      .map((each) => each.trim())
      .find((each) => each !== "" && !each.startsWith("●")) ?? "";
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    // A file that fails without a failed test could not be loaded.
    if (failed.length === 0) return status === "failed" ? [`${file}: ${line(message)}`] : [];
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${line(failureMessages[0] ?? "")}`);
  });
  return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites, failures };
}

/** Reads what Python's unittest prints at its end. */
function unittestCount(output: string): Count | undefined {
  const ran = /^Ran (\d+) tests?/m.exec(output);
  const failed = [...output.matchAll(/(?:failures|errors)=(\d+)/g)].reduce((total, [, number]) => total + Number(number), 0);
  return ran ? { passed: Number(ran[1]) - failed, failed } : undefined;
}
