/** What the checks hand to one another. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "../../terraform/git";
import { callsFolder, countOfJest, longChecks, quickChecks, SCENARIOS, whole, type Checks } from "../../commands/checks/list";

jest.mock<typeof import("../../terraform/git")>("../../terraform/git", () => ({
  ...jest.requireActual("../../terraform/git"),
  git: jest.fn(),
}));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "checks-"));
  jest.spyOn(console, "log").mockReturnValue();
});
afterEach(() => {
  rmSync(root, { recursive: true });
  jest.restoreAllMocks();
});

const project = () => ({ root, python: "python3" });
/** Environment → the file that its rehearsal writes its calls to. */
const recorded = ({ waiting }: Checks) =>
  Object.fromEntries(
    waiting.filter(({ args }) => args[1] === "rehearse").map(({ args }) => [args[2], args[args.indexOf("--calls") + 1]] as const),
  );
const calls = (name: string) => join(callsFolder(root), `${name}.jsonl`);

it("rights are held against the calls of all environments, in two runs or in one", () => {
  expect(recorded(quickChecks(project(), root))).toEqual({ dev: calls("dev") });
  expect(recorded(longChecks(project(), root))).toEqual({ dev: calls("dev"), staging: calls("staging"), prod: calls("prod") });

  mkdirSync(callsFolder(root), { recursive: true });
  writeFileSync(calls("dev"), "");
  expect(recorded(longChecks(project(), root))).toEqual({ staging: calls("staging"), prod: calls("prod") });

  for (const { alone } of [quickChecks(project(), root), longChecks(project(), root)])
    expect(alone.find(({ title }) => title === "rights that rehearsals needed")).toMatchObject({
      args: expect.arrayContaining(["test/rights/rehearsals/(rehearsals|unused)"]) as unknown,
      variables: { REHEARSAL_CALLS: callsFolder(root) },
    });
});

it("every test is in a check, of `npm test` or of the whole of `npm run check`", () => {
  const files = readdirSync(join(__dirname, ".."), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file.replaceAll("\\", "/")}`);
  const lanes = [quickChecks(project(), root), longChecks(project(), root)];
  const patterns = lanes
    .flatMap(({ computing, waiting, alone }) => whole([...computing, ...waiting, ...alone]))
    .filter(({ command }) => command.endsWith("jest"))
    .map(({ args }) => args.filter((arg) => arg !== "--json" && !arg.endsWith(".json")).slice(args.includes("--outputFile") ? 1 : 0))
    .map((args) => {
      const at = args.indexOf("--testPathIgnorePatterns");
      return { takes: at < 0 ? args : args.slice(0, at), leaves: at < 0 ? [] : args.slice(at + 1) };
    });
  const isTried = (file: string) =>
    patterns.some(
      ({ takes, leaves }) =>
        (takes.length === 0 || takes.some((one) => new RegExp(one).test(file))) && !leaves.some((one) => new RegExp(one).test(file)),
    );
  // By `npm run test:cluster`, which starts a cluster for them.
  expect(files.filter((file) => !file.startsWith("test/cluster/") && !isTried(file))).toEqual([]);
});

describe("scenarios", () => {
  const files = readdirSync(join(__dirname, "..", "scenarios"))
    .map((file) => file.replace(/\.test\.ts$/, ""))
    // A check of its own.
    .filter((name) => name !== "base-states");
  /** @param hash how the commit's begins */
  const tried = (hash?: string) => {
    jest.mocked(git).mockReturnValue(hash);
    const { args, part } = longChecks(project(), root).waiting.find(({ title }) => title === "scenarios")!;
    const pattern = new RegExp(args.at(-1)!);
    return { files: files.filter((name) => pattern.test(`test/scenarios/${name}.test.ts`)), leavesOut: part!.leavesOut };
  };

  it("are each tried at every commit, or in turn", () =>
    expect([...SCENARIOS.always, ...SCENARIOS.inTurn.flat()].sort()).toEqual(files.sort()));

  it.each([0, 1, 2, 3])("are tried as a hash that leaves %i chooses, and the others are named", (turn) => {
    const { files: some, leavesOut } = tried(`00000${turn}`);
    expect(some).toEqual([...SCENARIOS.always, ...SCENARIOS.inTurn[turn]!].sort());
    for (const name of SCENARIOS.inTurn.flat()) expect(leavesOut.split(/[:,;] /).includes(name)).toBe(!some.includes(name));
  });

  it("are all tried where nobody knows the commit", () => expect(tried().files).toEqual(files.sort()));
});

describe("what failed is named by its file, its test and the first line of why", () => {
  const file = (name: string, tests: readonly [string, string?][], message = "") => ({
    name: join("/clone", "test", `${name}.test.ts`),
    status: message !== "" || tests.some(([, why]) => why !== undefined) ? "failed" : "passed",
    message,
    assertionResults: tests.map(([fullName, why]) => ({
      fullName,
      status: why === undefined ? "passed" : "failed",
      failureMessages: why === undefined ? [] : [why],
    })),
  });
  const report = (...testResults: readonly ReturnType<typeof file>[]) => ({
    numPassedTests: 1,
    numFailedTests: testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === "failed").length,
    numFailedTestSuites: testResults.filter(({ status }) => status === "failed").length,
    testResults,
  });
  it("of a test", () =>
    expect(
      countOfJest(
        report(file("data", [["a bucket is private"], ["a table is kept", "\u001b[2mexpect\u001b[22m(1)\n  at line 3"]])),
        "/clone",
      ),
    ).toEqual({ passed: 1, failed: 1, failures: ["test/data.test.ts: a table is kept: expect(1)"] }));
  it("of a file that could not be loaded", () =>
    expect(countOfJest(report(file("data", [], "  ● Test suite failed to run\n\n Cannot find module")), "/clone")).toEqual({
      passed: 1,
      failed: 1,
      failures: ["test/data.test.ts: Cannot find module"],
    }));
  it("of nothing, where all passed", () =>
    expect(countOfJest(report(file("data", [["a bucket is private"]])), "/clone")).toEqual({ passed: 1, failed: 0, failures: [] }));
});
