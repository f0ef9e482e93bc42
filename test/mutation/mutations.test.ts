/** Breaks a copy of the project in one place at a time, and expects its own tests to notice. */
import { execFile, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MUTATIONS, type Mutation } from "./mutations";

const root = resolve(__dirname, "..", "..");
const COPIED = ["environments", "stacks", "constructs", "hosts", "charts", "commands", "rehearsal", "review", "test", "docs", "main.ts", "cdktf.json", "jest.config.js", "package.json", "tsconfig.json"];
/** What holds for every environment as a whole: it takes longer than all the others, so it is asked last where it does not stand nearest. */
const WHOLE = "test/stacks/environments";
/** Tests that need no Terraform, no emulator and little time. A file without a row is looked at by all of `BROAD`. */
const NEAR: readonly (readonly [files: RegExp, tests: readonly string[]])[] = [
  [/^review\/cost/, ["test/review/cost"]],
  [/^constructs\/containers\/(repository|ecs-cluster|service-identity)/, ["test/constructs/containers-cluster"]],
  [/^constructs\/containers\/service-scaling/, ["test/constructs/containers-scaling"]],
  [/^constructs\/containers\/service-access/, ["test/constructs/containers-access"]],
  [/^constructs\/containers/, ["test/constructs/containers-service"]],
  [/^constructs\/kubernetes\/(addons|controller-rights|eks-cluster|ingress-parts|node-group|pod-role)/, ["test/constructs/kubernetes-cluster"]],
  [/^constructs\/kubernetes\/(chart|releases)/, ["test/constructs/kubernetes-charts", "test/constructs/kubernetes-workloads"]],
  [/^constructs\/kubernetes\/names/, ["test/stacks/services-eks"]],
  [/^constructs\/kubernetes/, ["test/constructs/kubernetes-workloads"]],
  [/^constructs\/alarms/, ["test/constructs/alarms", "test/constructs/messaging"]],
  [/^constructs\/load-balancing/, ["test/constructs/load-balancing", "test/stacks/trading-options"]],
  [/^constructs\/logs/, ["test/constructs/containers-service", "test/stacks/trading", "test/hosts/tasks"]],
  [/^constructs\/storage\/cache/, ["test/constructs/cache"]],
  [/^constructs\/storage\/database/, ["test/constructs/database"]],
  [/^constructs\/storage/, ["test/constructs/storage", "test/stacks/data"]],
  [/^constructs\/messaging/, ["test/constructs/messaging"]],
  [/^constructs\/network/, ["test/constructs/network", "test/stacks/network"]],
  [/^constructs\/identity\/github/, ["test/stacks/bootstrap"]],
  [/^constructs\/identity/, ["test/constructs/messaging", "test/constructs/storage"]],
  [/^(constructs\/hosts|stacks\/trading)/, ["test/stacks/trading", "test/hosts/tasks"]],
  [/^stacks\/services-eks/, ["test/stacks/services-eks"]],
  [/^stacks\/workloads/, ["test/stacks/workloads"]],
  [/^stacks\/services/, ["test/stacks/services"]],
  [/^stacks\/data/, ["test/stacks/data"]],
  [/^stacks\//, [WHOLE]],
  [/^environments\/rules\/kubernetes/, ["test/environments/kubernetes-rules"]],
  [/^environments\/rules\/services/, ["test/environments/service-rules"]],
  [/^environments\/cost/, ["test/environments/schema"]],
  [/^environments\/(fields|schema)/, ["test/environments/schema", "test/environments/kubernetes-schema"]],
  [/^environments\//, ["test/environments/literals", "test/environments/together"]],
];
const BROAD = ["test/constructs", "test/stacks", "test/hosts/tasks", "test/environments"];
/** One after the other, until one notices: the tests that stand nearest to a file, all that are quick, those that take long. */
const steps = (file: string): readonly (readonly string[])[] => {
  const near = NEAR.find(([files]) => files.test(file))?.[1];
  return [...(near ? [near] : []), [...BROAD, "--testPathIgnorePatterns", WHOLE], [WHOLE]];
};
jest.setTimeout(45 * 60_000);

/** All of them take half an hour of two cores, so that each commit tries one third, another one than the commit beside it is likely to. */
const PARTS = 3;
function part(): number | undefined {
  if (process.env.MUTATIONS === "all") return undefined;
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
  return status === 0 ? Number.parseInt(stdout.slice(0, 6), 16) % PARTS : undefined;
}
const chosen = part();
const TRIED = MUTATIONS.filter((_, index) => chosen === undefined || index % PARTS === chosen);

interface Verdict {
  readonly caught: boolean;
  readonly by: readonly string[];
  readonly output: string;
}

function copyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "mutation-"));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true, filter: (path) => !path.includes("__pycache__") });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs the copy's tests. A mutation counts as caught when a test fails, not when the code no longer loads everywhere. */
function runTests(folder: string, args: readonly string[]): Promise<Verdict> {
  return new Promise((done, failed) => {
    const report = join(folder, "report.json");
    rmSync(report, { force: true });
    execFile(process.execPath, [join(root, "node_modules", "jest", "bin", "jest.js"), "--ci", "--json", "--outputFile", report, "--runInBand", "--rootDir", folder, ...args], { cwd: folder, maxBuffer: 50_000_000 }, (error, _stdout, stderr) => {
      if (!existsSync(report)) return failed(new Error(`jest wrote no report:\n${stderr.slice(-2000)}`));
      const { testResults } = JSON.parse(readFileSync(report, "utf8")) as { testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[] };
      const by = testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName));
      // A literal that is refused stops a file before its first test: that is a message to a person too.
      const refused = testResults.filter(({ message }) => /environments\/\w+\.ts|The environments do not fit together/.test(message) && /problem|fit together/.test(message)).map(() => "refused by the schema");
      done({ caught: error !== null && by.length + refused.length > 0, by: [...by, ...refused], output: stderr });
    });
  });
}

async function judge(folder: string, { file, from, to }: Mutation): Promise<Verdict> {
  const path = join(folder, file);
  const original = readFileSync(path, "utf8");
  if (!original.includes(from)) throw new Error(`${file} no longer holds ${JSON.stringify(from)}: bring the list of mutations up to date`);
  writeFileSync(path, original.replace(from, () => to));
  try {
    let verdict: Verdict | undefined;
    for (const args of steps(file)) {
      verdict = await runTests(folder, args);
      if (verdict.caught) break;
    }
    return verdict!;
  } finally {
    writeFileSync(path, original);
  }
}

describe(`a single bad edit (${TRIED.length} of ${MUTATIONS.length}, chosen by the commit; MUTATIONS=all for all)`, () => {
  const folders: string[] = [];
  const verdicts = new Map<string, Verdict | Error>();

  beforeAll(async () => {
    const queue = [...TRIED];
    await Promise.all(Array.from({ length: Math.min(cpus().length, 4) }, async () => {
      const folder = copyProject();
      folders.push(folder);
      for (let mutation = queue.shift(); mutation; mutation = queue.shift()) {
        verdicts.set(mutation.name, await judge(folder, mutation).catch((error: unknown) => error as Error));
      }
    }));
  });
  afterAll(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }); });

  it("leaves the tests green where nothing is changed", async () => {
    const { caught, by } = await runTests(folders[0]!, BROAD);
    expect({ caught, by }).toEqual({ caught: false, by: [] });
  });

  it.each(TRIED.map(({ name, file }) => [name, file]))("%s (%s) is caught", (name) => {
    const verdict = verdicts.get(name!)!;
    if (verdict instanceof Error) throw verdict;
    if (!verdict.caught) throw new Error(`No test failed:\n${verdict.output.slice(-2000)}`);
  });
});
