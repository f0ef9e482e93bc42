/** Breaks the project in one place at a time, and expects its own tests to notice. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { MUTATIONS, type Mutation } from "./mutations";
import { root, WarmProcess } from "./warm-process";

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
  [/^constructs\/kubernetes\/chart-values/, ["test/constructs/chart-values"]],
  [/^constructs\/kubernetes\/(chart|releases)/, ["test/constructs/kubernetes-charts", "test/constructs/kubernetes-workloads"]],
  [/^constructs\/kubernetes\/names/, ["test/stacks/services-eks"]],
  [/^constructs\/kubernetes/, ["test/constructs/kubernetes-workloads"]],
  [/^constructs\/alarms/, ["test/constructs/messaging", "test/constructs/alarms"]],
  [/^constructs\/load-balancing/, ["test/constructs/load-balancing", "test/stacks/trading-options"]],
  [/^constructs\/logs/, ["test/constructs/containers-service", "test/stacks/trading", "test/hosts/tasks"]],
  [/^constructs\/storage\/cache/, ["test/constructs/cache"]],
  [/^constructs\/storage\/database/, ["test/constructs/database"]],
  [/^constructs\/storage/, ["test/constructs/storage", "test/stacks/data"]],
  [/^constructs\/messaging/, ["test/constructs/messaging"]],
  [/^constructs\/network/, ["test/stacks/network", "test/constructs/network"]],
  [/^constructs\/identity\/github/, ["test/stacks/bootstrap"]],
  [/^constructs\/identity/, ["test/constructs/messaging", "test/constructs/storage"]],
  [/^(constructs\/hosts|stacks\/trading)/, ["test/stacks/trading", "test/hosts/tasks"]],
  [/^stacks\/services-eks/, ["test/stacks/services-eks"]],
  [/^stacks\/workloads/, ["test/stacks/workloads"]],
  [/^stacks\/services/, ["test/stacks/services.test"]],
  [/^stacks\/data/, ["test/stacks/data"]],
  [/^stacks\//, [WHOLE]],
  [/^environments\/rules\/kubernetes/, ["test/environments/kubernetes-rules"]],
  [/^environments\/rules\/services/, ["test/environments/service-rules"]],
  [/^environments\/schema\/cost/, ["test/environments/schema"]],
  [/^environments\/schema/, ["test/environments/schema", "test/environments/kubernetes-schema"]],
  [/^environments\//, ["test/environments/figures", "test/environments/together"]],
];
const BROAD = ["test/constructs", "test/stacks", "test/hosts/tasks", "test/environments"];
/** What a process of `jest-process.mjs` is asked, and what it answers. */
interface Question {
  readonly edit?: { readonly file: string; readonly from: string; readonly to: string };
  /** Patterns of test files, and of those among them that are left out. */
  readonly tests: readonly string[];
  readonly ignored?: readonly string[];
}
interface Answer {
  readonly files: readonly { readonly message: string; readonly failed: readonly string[] }[];
}

/** One after the other, until one notices: the tests that stand nearest to a file, all that are quick, those that take long. */
const steps = (file: string): readonly Omit<Question, "edit">[] => {
  const near = NEAR.find(([files]) => files.test(file))?.[1] ?? [];
  return [...near.map((test) => ({ tests: [test] })), { tests: BROAD, ignored: [WHOLE, ...near] }, { tests: [WHOLE] }];
};
jest.setTimeout(45 * 60_000);

interface Verdict {
  readonly by: readonly string[];
  readonly output: string;
}

/** jest in a process of its own, which keeps what it has read and transformed. */
class Jest extends WarmProcess<Question, Answer> {
  constructor() {
    super("jest-process.mjs");
  }

  async run(question: Question): Promise<Verdict> {
    const { files } = await this.ask(question);
    // A literal that is refused stops a file before its first test: that is a message to a person too. Code that no longer loads is none.
    const refused = files.filter(({ message }) => /environments\/\w+\.ts|The environments do not fit together/.test(message) && /problem|fit together/.test(message)).map(() => "refused by the schema");
    return { by: [...files.flatMap(({ failed }) => failed), ...refused], output: files.map(({ message }) => message).join("\n") };
  }
}

async function judge(tests: Jest, { file, from, to }: Mutation): Promise<Verdict> {
  if (!readFileSync(join(root, file), "utf8").includes(from)) throw new Error(`${file} no longer holds ${JSON.stringify(from)}: bring the list of mutations up to date`);
  let verdict: Verdict | undefined;
  for (const step of steps(file)) {
    verdict = await tests.run({ ...step, edit: { file, from, to } });
    if (verdict.by.length > 0) break;
  }
  return verdict!;
}

/** All of them take many minutes of two processors: `npm run check` tries a third, and says so. */
const third = process.env.MUTATIONS_THIRD;
const TRIED = MUTATIONS.filter((_, index) => !third || index % 3 === Number(third));

describe("a single bad edit", () => {
  const processes = Array.from({ length: Math.min(cpus().length, 4) }, () => new Jest());
  const verdicts = new Map<string, Verdict | Error>();

  beforeAll(async () => {
    const queue = [...TRIED];
    await Promise.all(processes.map(async (tests) => {
      for (let mutation = queue.shift(); mutation; mutation = queue.shift()) verdicts.set(mutation.name, await judge(tests, mutation).catch((error: unknown) => error as Error));
    }));
  });
  afterAll(() => { for (const tests of processes) tests.stop(); });

  it("leaves the tests green where nothing is changed", async () => {
    const { by } = await processes[0]!.run({ tests: [...new Set(NEAR.flatMap(([, tests]) => tests))] });
    expect(by).toEqual([]);
  });

  it.each(TRIED.map(({ name, file }) => [name, file]))("%s (%s) is caught", (name) => {
    const verdict = verdicts.get(name!)!;
    if (verdict instanceof Error) throw verdict;
    if (verdict.by.length === 0) throw new Error(`No test failed:\n${verdict.output.slice(-2000)}`);
  });
});
