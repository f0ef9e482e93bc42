/** Breaks the project in one place at a time, and expects its own tests to notice. */
import { cpus } from "node:os";
import { edited, type Edited } from "../edits/edit";
import { Sources } from "../edits/sources";
import type { Mutation } from "./list/area";
import { AREAS, MUTATIONS, testsNamed } from "./mutations";
import { root, WarmProcess } from "./warm-process";

/** What holds for every environment as a whole: it takes longer than all the others, so it is asked last where it does not stand nearest. */
const WHOLE = testsNamed("stacks/environments");
/** What is asked of a mutation that the tests nearest to it let pass. */
const BROAD = ["test/constructs", "test/stacks", "test/hosts/tasks", "test/environments"];
const NEAR = new Map(AREAS.flatMap(({ near, mutations }) => mutations.map(({ name }) => [name, near.flatMap(testsNamed)] as const)));

/** What a process of `jest-process.mjs` is asked, and what it answers. */
interface Question {
  readonly edit?: Edited;
  /** Patterns of test files, and of those among them that are left out. */
  readonly tests: readonly string[];
  readonly ignored?: readonly string[];
}
interface Answer {
  readonly files: readonly { readonly message: string; readonly failed: readonly string[] }[];
}

/** One after the other, until one notices: the tests that stand nearest to a mutation, all that are quick, those that take long. */
const steps = ({ name }: Mutation): readonly Omit<Question, "edit">[] => {
  const near = NEAR.get(name)!;
  return [...near.map((test) => ({ tests: [test] })), { tests: BROAD, ignored: [...WHOLE, ...near] }, { tests: WHOLE }];
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
    const refused = files
      .filter(
        ({ message }) => /environments\/\w+\.ts|The environments do not fit together/.test(message) && /problem|fit together/.test(message),
      )
      .map(() => "refused by the schema");
    return { by: [...files.flatMap(({ failed }) => failed), ...refused], output: files.map(({ message }) => message).join("\n") };
  }
}

const sources = new Sources(root);

async function judge(tests: Jest, mutation: Mutation): Promise<Verdict> {
  const edit = edited(sources, mutation);
  let verdict: Verdict | undefined;
  for (const step of steps(mutation)) {
    verdict = await tests.run({ ...step, edit });
    if (verdict.by.length > 0) break;
  }
  return verdict!;
}

/** All of them take many minutes of two processors: `npm run check` tries a third, `npm run check -- --all` each. */
const THIRDS = ["first", "second", "last"];
const third = process.env.MUTATIONS_THIRD || undefined;
if (third !== undefined && !/^[012]$/.test(third))
  throw new Error(`MUTATIONS_THIRD is ${JSON.stringify(third)}; allowed: 0, 1 or 2, or nothing for all`);
const TRIED = MUTATIONS.filter((_, index) => third === undefined || index % THIRDS.length === Number(third));

describe(`a single bad edit, ${third === undefined ? "all" : `the ${THIRDS[Number(third)]} third:`} ${TRIED.length} of ${MUTATIONS.length}`, () => {
  const processes = Array.from({ length: Math.min(cpus().length, 4) }, () => new Jest());
  const verdicts = new Map<string, Verdict | Error>();

  beforeAll(async () => {
    const queue = [...TRIED];
    await Promise.all(
      processes.map(async (tests) => {
        for (let mutation = queue.shift(); mutation; mutation = queue.shift())
          verdicts.set(mutation.name, await judge(tests, mutation).catch((error: unknown) => error as Error));
      }),
    );
  });
  afterAll(() => {
    for (const tests of processes) tests.stop();
  });

  it("leaves the tests green where nothing is changed", async () => {
    const { by } = await processes[0]!.run({ tests: [...new Set([...NEAR.values()].flat())] });
    expect(by).toEqual([]);
  });

  it.each(TRIED.map((mutation) => [mutation.name, mutation.in]))("%s (%s) is caught", (name) => {
    const verdict = verdicts.get(name!)!;
    if (verdict instanceof Error) throw verdict;
    if (verdict.by.length === 0) throw new Error(`No test failed:\n${verdict.output.slice(-2000)}`);
  });
});
