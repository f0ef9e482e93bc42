/** Citations of requirements and decisions. Ids are put together here, so that this file cites none. */
import { join } from "node:path";
import { otherForms, rowsIn, textFiles, type SourceFile } from "../../commands/pages/citations";
import { citationProblems, requirementPages } from "../../commands/pages/requirements";

const sec = (number: number) => `SEC-${String(number).padStart(3, "0")}`;
const design = (number: number | string) => ["design", number].join(" ");
const file = (path: string, ...lines: readonly string[]): SourceFile => ({ path, text: lines.join("\n") });

const page = file(
  "docs/requirements/security.md",
  "# Security",
  "",
  "| id | requirement | source | environments |",
  "|---|---|---|---|",
  `| ${sec(1)} | A group \\| with a bar | D0 §3.1 | dev |`,
  `| ${sec(2)} | A port | D1 §2.2 | all |`,
  `| ${sec(3)} | Another | D1 | record: C-nn |`,
  "",
  "End.",
);
const decisions = file("docs/design.md", "### 1. First", "### 2. Second");
const source = file("stacks/trading.ts", `/** ${sec(1)}, ${design(2)}. */`, `// ${sec(2)}`);
const excuses = (...entries: readonly (readonly [is: string, rows: string])[]) =>
  file("docs/requirements/excuses.yaml", "# Why", ...entries.flatMap(([is, rows]) => [`- is: ${JSON.stringify(is)}`, `  rows: ${rows}`]));
const problems = (...files: readonly SourceFile[]) => citationProblems([page, decisions, ...files]);

const files = textFiles(join(__dirname, "../.."));

it("the repository cites what exists, in one form, and every row is cited or excused", () => {
  const found = citationProblems(files);
  if (found.length > 0) throw new Error(found.join("\n"));
});

it("docs/requirements is current", () => {
  const stale = requirementPages(files).filter(({ path, text }) => files.find((own) => own.path === path)?.text !== text);
  if (stale.length > 0) throw new Error(`Out of date: run \`npm run docs\` and commit it.\n${stale.map(({ path }) => path).join("\n")}`);
});

describe("what a text cites", () => {
  it.each([
    ["one row", `(${sec(7)})`, [sec(7)]],
    ["two rows", `${sec(7)}, ${sec(9)}`, [sec(7), sec(9)]],
    ["each row of a range", `${sec(7)} … ${sec(9)}`, [sec(7), sec(8), sec(9)]],
    ["each row of a range without spaces", `${sec(7)}…${sec(9)}`, [sec(7), sec(8), sec(9)]],
    ["each row of a range in ASCII", `${sec(7)} to ${sec(9)}`, [sec(7), sec(8), sec(9)]],
    ["no row where others continue a word", `X${sec(7)} ${sec(7)}0`, []],
  ])("%s", (_, text, ids) => expect(rowsIn(text)).toEqual(ids));

  it.each([
    ["a range without its second id", `${sec(7)}…${"009"}`],
    ["a range with a dash", `${sec(7)} – ${sec(9)}`],
    ["a decision by its section", design("5.4")],
    ["a decision with its file", design("x").replace(" x", ".md decision 4")],
    ["a decision at the begin of a sentence", design(4).replace("d", "D")],
  ])("%s is another form", (_, text) => expect(otherForms([file("a.ts", text)])).toHaveLength(1));

  it("knows the one form", () =>
    expect(otherForms([file("a.ts", `${sec(7)} … ${sec(9)}, ${sec(1)}; ${design(12)}. ${design(2)}, 3.5 s`)])).toEqual([]));
});

describe("what is wrong", () => {
  it("is nothing where every row is cited or a record", () => expect(problems(source)).toEqual([]));
  it("a row that does not exist, by its line", () =>
    expect(problems(source, file("hosts/a.py", "", `# ${sec(4)}`))).toEqual([`hosts/a.py:2: ${sec(4)} is no row of docs/requirements/`]));
  it("a row of a range that does not exist", () =>
    expect(problems(source, file("a.ts", `// ${sec(2)} … ${sec(4)}`))).toEqual([`a.ts:1: ${sec(4)} is no row of docs/requirements/`]));
  it("a decision that does not exist", () =>
    expect(problems(source, file("a.ts", `// ${design(3)}`))).toEqual([`a.ts:1: ${design(3)} is no decision of docs/design.md`]));
  it("a row that stands twice", () => expect(problems(source, { ...page, path: "docs/requirements/twice.md" })).toHaveLength(3));

  const uncited = `docs/requirements/security.md:6: ${sec(2)} is cited by nothing that builds it`;
  it.each([
    ["nothing cites", []],
    ["only a test cites", [file("test/a.test.ts", `// ${sec(2)}`)]],
    ["only an exception of the review cites", [file("review/exceptions.yaml", `# ${sec(2)}`)]],
  ])("a row that %s", (_, more) =>
    expect(problems(file("stacks/a.ts", `// ${sec(1)}`), ...more)).toEqual([expect.stringContaining(uncited)]),
  );
  it.each(["application", "record", "not built yet: the web tiers", "not built: nobody asks for it"])(
    "but not one that is excused as %s",
    (is) => expect(problems(file("stacks/a.ts", `// ${sec(1)}`), excuses([is, sec(2)]))).toEqual([]),
  );

  it("an excuse for a row that is cited after all", () =>
    expect(problems(source, excuses(["record", sec(3)], ["application", `${sec(1)} … ${sec(2)}`]))).toEqual(
      [sec(1), sec(2)].map(
        (id) => `docs/requirements/excuses.yaml:4: ${id} is excused and cited after all, in stacks/trading.ts: take the excuse out`,
      ),
    ));
  it("no excuse of a part", () => expect(problems(source, excuses(["partly: not the port", sec(2)]))).toEqual([]));
  it("an excuse of a part of what is not built", () =>
    expect(problems(source, excuses(["partly: not the port", sec(3)]))).toEqual([
      `docs/requirements/excuses.yaml:2: ${sec(3)} is "partly" built, and nothing cites it`,
    ]));
  it("two excuses for one row, and one for none", () =>
    expect(problems(file("stacks/a.ts", `// ${sec(1)}`), excuses(["record", sec(2)], ["application", sec(2)], ["record", "all"]))).toEqual([
      'docs/requirements/excuses.yaml:6: "record" excuses no row: its rows should name some',
      `docs/requirements/excuses.yaml:2: ${sec(2)} is excused twice, also on line 4`,
    ]));
  it.each(["someday", "not built", "not built:"])("the excuse %s", (is) =>
    expect(problems(file("stacks/a.ts", `// ${sec(1)}`), excuses([is, sec(2)]))).toEqual([
      expect.stringContaining(`excuses.yaml:2: is: "${is}"; allowed: application, record, `),
    ]),
  );
});

describe("the pages", () => {
  const rows = (...files: readonly SourceFile[]) =>
    requirementPages([page, ...files])[0]!
      .text.split("\n")
      .slice(2, 7);
  it("have two columns more, of links in the order of the folders", () =>
    expect(
      rows(
        source,
        file("constructs/a.ts", sec(1)),
        file("environments/b.ts", sec(1)),
        file("docs/c.md", sec(1)),
        file("test/stacks/trading.test.ts", sec(1)),
        file("rehearsal/emulator/tests/test_a.py", sec(1)),
      ),
    ).toEqual([
      "| id | requirement | source | environments | where | shown by |",
      "|---|---|---|---|---|---|",
      `| ${sec(1)} | A group \\| with a bar | D0 §3.1 | dev | [environments/b.ts](../../environments/b.ts), [stacks/trading.ts](../../stacks/trading.ts), [constructs/a.ts](../../constructs/a.ts), 1 more | [rehearsal/emulator/tests/test_a.py](../../rehearsal/emulator/tests/test_a.py), [stacks/trading](../../test/stacks/trading.test.ts) |`,
      `| ${sec(2)} | A port | D1 §2.2 | all | [stacks/trading.ts](../../stacks/trading.ts) |  |`,
      `| ${sec(3)} | Another | D1 | record: C-nn | record |  |`,
    ]));
  it("say why nothing cites a row, and what of a row is not built", () =>
    expect(rows(file("stacks/a.ts", sec(1)), excuses(["partly: not the bar", sec(1)], ["application", sec(2)])).slice(2, 4)).toEqual([
      `| ${sec(1)} | A group \\| with a bar | D0 §3.1 | dev | [stacks/a.ts](../../stacks/a.ts); partly: not the bar |  |`,
      `| ${sec(2)} | A port | D1 §2.2 | all | application |  |`,
    ]));
  it("are written anew as they were written", () => {
    const [once] = requirementPages([page, source]);
    expect(requirementPages([once!, source])).toEqual([once]);
    expect(citationProblems([once!, decisions, source])).toEqual([]);
  });
  it("keep all that is no table of rows", () =>
    expect(
      requirementPages([page])[0]!
        .text.split("\n")
        .filter((line) => !line.startsWith("|")),
    ).toEqual(["# Security", "", "", "End."]));
});
