import { transformSync } from "esbuild";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { AREAS, MUTATIONS, testsNamed } from "../mutation/mutations";
import { OVERLAYS } from "../mutation/review-overlays";
import { edited, type Edit } from "./edit";
import { Sources } from "./sources";

const CODE = `export class Table extends Construct {
  readonly tags = { owner: "us", "note": "a note", "cost:centre": 1 };

  constructor(scope: Construct, { protect = true, kept }: Props) {
    super(scope);
    const recovery = { enabled: true, days: 7 };
    new Resource(this, "resource", {
      recovery,
      lifecycle: protect ? { prevent: true } : undefined,
      ttl: { enabled: true, attribute: "ttl" },
      statements: [{ sid: "Read", effect: "Allow", actions: ["get", "query"] }, { sid: "Write", effect: "Deny", actions: ["put"] }],
      dependsOn: [...kept.granted, kept], // all of them
    });
    this.rule = deny([this.arn]);
    tell("nobody");
  }

  grant(name: string): string {
    if (!name) return "";
    return \`arn:\${name}/*\`;
  }
}
const LIMIT = 30;
const most = ({ pods }: Group) => pods ?? LIMIT;
`;

describe("an edit", () => {
  let folder: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "edits-"));
    mkdirSync(join(folder, "test/fixtures/environments"), { recursive: true });
    write("constructs/table.ts", CODE);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const changed = (edit: Edit) => edited(new Sources(folder), edit);
  /** The edit makes the one out of the other, and nothing else. */
  const expectChange = (edit: Edit, from: string, to: string) => {
    expect(CODE.split(from)).toHaveLength(2);
    expect(changed(edit)).toEqual({ file: "constructs/table.ts", text: CODE.replace(from, () => to) });
  };

  it.each<[edit: Edit, from: string, to: string]>([
    [{ in: "LIMIT", to: "3" }, "30", "3"],
    [{ in: "most", part: "pods", to: "undefined" }, "pods ??", "undefined ??"],
    [{ in: "Table", at: "protect", to: "false" }, "protect = true", "protect = false"],
    [{ in: "Table", at: "ttl.enabled", to: "false" }, "ttl: { enabled: true", "ttl: { enabled: false"],
    [{ in: "Table", at: "ttl enabled", to: "false" }, "ttl: { enabled: true", "ttl: { enabled: false"],
    [{ in: "Table", at: "Resource().lifecycle", to: "{}" }, "protect ? { prevent: true } : undefined", "{}"],
    [{ in: "Table", at: "Resource().recovery", to: "no" }, "      recovery,", "      recovery: no,"],
    [{ in: "Table", at: '"cost:centre"', to: "2" }, "1 }", "2 }"],
    [{ in: "Table", at: "note", to: '"none"' }, '"a note"', '"none"'],
    [{ in: "Table", at: '"us"', to: '"them"' }, '"us"', '"them"'],
    [{ in: "Table", at: '{"Write"}.effect', to: '"Allow"' }, '"Deny"', '"Allow"'],
    [{ in: "Table", at: '{"query"} "Read"', to: '"All"' }, '"Read"', '"All"'],
    [{ in: "Table", at: "rule", to: "none" }, "deny([this.arn])", "none"],
    [{ in: "Table", at: "deny()", add: "1" }, "deny([this.arn])", "deny([this.arn], 1)"],
    [{ in: "Table", at: '{"Read"}.actions', add: '"scan"' }, '"query"]', '"query", "scan"]'],
    [{ in: "Table", at: "tags", add: "more: 2" }, '"cost:centre": 1 }', '"cost:centre": 1, more: 2 }'],
    [
      { in: "Table", at: "grant", to: "{ return name; }" },
      '{\n    if (!name) return "";\n    return `arn:${name}/*`;\n  }',
      "{ return name; }",
    ],
    [{ in: "Table", at: "grant", part: 'if (!name) return "";', drop: true }, '    if (!name) return "";', "    "],
    [{ in: "Table", at: "lifecycle", part: "protect", to: "false" }, "protect ?", "false ?"],
    [
      { in: "Table", at: "Resource()", part: 'ttl:{enabled: true,attribute:  "ttl"}', to: "ttl" },
      'ttl: { enabled: true, attribute: "ttl" }',
      "ttl",
    ],
    [{ in: "Table", at: "dependsOn", part: "...kept.granted", drop: true }, "...kept.granted, ", ""],
    [{ in: "Table", at: "ttl.attribute", drop: true }, ', attribute: "ttl"', ""],
    [{ in: "Table", at: 'tell("nobody")', drop: true }, '    tell("nobody");', "    "],
    [{ in: "Table", at: '"put"', drop: true }, '["put"]', "[]"],
  ])("%j", (edit, from, to) => expectChange(edit, from, to));

  it("stays when its file moves, and when it is written otherwise", () => {
    rmSync(join(folder, "constructs"), { recursive: true });
    write("parts/storage/tables.ts", CODE.replace("ttl: { enabled: true, attribute", "ttl: {\n  enabled:\n    true, attribute"));
    expect(changed({ in: "Table", at: "ttl.enabled", to: "false" })).toMatchObject({
      file: "parts/storage/tables.ts",
      text: expect.stringContaining("enabled:\n    false,") as string,
    });
  });

  it.each<[edit: Edit, message: string]>([
    [
      { in: "Tabel", at: "ttl", to: "1" },
      "the edit of Tabel > ttl is stale: nothing in the project's code declares Tabel; did you mean Table?",
    ],
    [
      { in: "Table", at: "tll.enabled", to: "1" },
      "the edit of Table > tll.enabled is stale: there is no tll (constructs/table.ts:1); did you mean ttl?",
    ],
    [{ in: "Table", at: "ttl.enable", to: "1" }, "there is no enable in ttl (constructs/table.ts:10); did you mean enabled?"],
    // A property of what is within is none of its own.
    [{ in: "Table", at: "Resource().sid", to: "1" }, "there is no sid in Resource() (constructs/table.ts:7)"],
    [{ in: "Table", at: 'tell("anybody")', to: "1" }, 'there is no tell("anybody")'],
    [{ in: "Table", at: '{"Append"}.effect', to: "1" }, 'there is no {"Append"}'],
    [
      { in: "Table", at: "enabled", to: "false" },
      "enabled is 2 times there (constructs/table.ts:6, constructs/table.ts:10): say more of the way",
    ],
    [{ in: "Table", at: "statements effect", to: "1" }, "statements effect is 2 times there"],
    // No value of their own: a type, and what a parameter is called.
    [{ in: "Table", at: "kept", to: "1" }, "there is no kept"],
    [{ in: "Table", at: "grant", part: "nome", to: "1" }, "there is no nome (constructs/table.ts:"],
    [{ in: "Table", at: "dependsOn", part: "kept", to: "1" }, "kept is 2 times there"],
    [{ in: "Table", at: "ttl.enabled", to: "true" }, "it changes nothing"],
    [
      { in: "Table", at: "ttl.enabled", drop: true, part: "true" },
      "true cannot be left out: allowed are properties, elements, arguments and statements",
    ],
    [{ in: "Table", at: "protect", add: "1" }, "true is nothing to which something could be added: allowed are lists, objects and calls"],
    [{ in: "Table", at: "ttl[0]", to: "1" }, '"ttl[0]" is no way: allowed are name, "text", call(), call("text") and {"text"}'],
  ])("%j is refused", (edit, message) => expect(() => changed(edit)).toThrow(message));

  it("knows two of one name apart by what is in them, and one for all from one of a file's own", () => {
    write("commands/table.ts", "export class Table { rows = 3; }\nconst LIMIT = 30;\nexport const size = 1;\n");
    write("review/table.ts", "const size = 1;\n");
    expect(changed({ in: "Table", at: "rows", to: "4" }).file).toBe("commands/table.ts");
    expect(changed({ in: "Table", at: "ttl.enabled", to: "false" }).file).toBe("constructs/table.ts");
    expect(changed({ in: "size", to: "2" }).file).toBe("commands/table.ts");
    expect(() => changed({ in: "LIMIT", to: "3" })).toThrow(
      "the edit of LIMIT is stale: it is declared 2 times, with the same in it (commands/table.ts:2, constructs/table.ts:23): name something else",
    );
  });

  it("changes the tests' example in place of a literal of the project's own", () => {
    write("environments/dev.ts", 'export const dev = { name: "dev" };\n');
    write("test/fixtures/environments/dev.ts", 'export const dev = { name: "dev" };\n');
    const edit = { in: "dev", at: "name", to: '"qa"' };
    expect(changed(edit).file).toBe("test/fixtures/environments/dev.ts");
    expect(edited(new Sources(folder, "own"), edit).file).toBe("environments/dev.ts");
  });
});

describe("the list of mutations", () => {
  const sources = new Sources(resolve(__dirname, "..", ".."));

  it.each([...MUTATIONS, ...OVERLAYS].map((edit) => [edit.name, edit] as const))("%s: is in the code, which stays readable", (_, edit) => {
    const { text } = edited(sources, edit);
    expect(() => transformSync(text, { loader: "ts", logLevel: "silent" })).not.toThrow();
  });

  it("has each once", () => {
    const names = [...MUTATIONS, ...OVERLAYS].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("knows the tests that stand nearest", () => {
    for (const name of AREAS.flatMap(({ near }) => near)) expect(testsNamed(name)).not.toEqual([]);
    expect(() => testsNamed("stacks/dato")).toThrow("no test file is stacks/dato.test.ts; did you mean test/stacks/data.test.ts?");
  });
});
