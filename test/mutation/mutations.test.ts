/** Breaks the project in one place at a time, and expects its own tests to notice. */
import { cpus } from "node:os";
import { edited, type Edited } from "../edits/edit";
import { Sources } from "../edits/sources";
import type { Mutation } from "./list/area";
import { AREAS, MUTATIONS, testsNamed } from "./mutations";
import { shareOf } from "../helpers/share";
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
  /** The tests that were asked last. */
  readonly asked?: readonly string[];
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
    verdict = { ...(await tests.run({ ...step, edit })), asked: step.tests };
    if (verdict.by.length > 0) break;
  }
  return verdict!;
}

const { tried: TRIED, title } = shareOf(MUTATIONS);

describe(`a single bad edit, ${title}`, () => {
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

  it("leaves the tests that noticed one green where nothing is changed", async () => {
    const asked = [...new Set([...verdicts.values()].flatMap((verdict) => (verdict instanceof Error ? [] : verdict.asked!)))];
    // Each process has its share of them: it is what runs them that is asked here, for `npm test` has run them all before.
    const found = await Promise.all(
      processes.map((tests, index) => tests.run({ tests: asked.filter((_, file) => file % processes.length === index) })),
    );
    expect(found.flatMap(({ by }) => by)).toEqual([]);
  });

  it.each(TRIED.map((mutation) => [mutation.name, mutation.in]))("%s (%s) is caught", (name) => {
    const verdict = verdicts.get(name!)!;
    if (verdict instanceof Error) throw verdict;
    if (verdict.by.length === 0) throw new Error(`No test failed:\n${verdict.output.slice(-2000)}`);
  });
});
