/** A change that touches what judges it says so, above the verdict. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgedBySelf, tooLong } from "../../review/changed-exceptions";
import type { Exception, Report } from "../../review/model";
import { changedBelow, resolveBase, textAt } from "../../review/planning/base";
import { json } from "../../review/report/json";
import { markdown } from "../../review/report/markdown";
import { page } from "../../review/report/page";
import { summary } from "../../review/report/summary";
import { classOf, environmentOf, findingOf, heldBy, reportOf, stackOf } from "../helpers/report";

const entry = (change: Partial<Exception> = {}): Exception => ({
  construct: "prod-data/table",
  rule: "data/destroyed",
  reason: "moved to another table",
  expires: "2026-12-31",
  ...change,
});
const text = (...entries: readonly Exception[]) => JSON.stringify(entries);

describe("exceptions as a diff", () => {
  const [kept, longer, other] = [entry(), entry({ expires: "2027-02-28" }), entry({ construct: "prod-data/bucket" })];

  it.each([
    ["nothing where they are the same", [kept], text(kept), [], 1],
    ["nothing where they stand in another order", [other, kept], text(kept, other), [], 2],
    ["a new one", [kept, other], text(kept), [{ exception: other }], 1],
    ["one that holds for longer", [longer], text(kept), [{ exception: longer, was: kept }], 0],
    [
      "another reason",
      [entry({ reason: "a better reason" })],
      text(kept),
      [{ exception: entry({ reason: "a better reason" }), was: kept }],
      0,
    ],
    ["nothing for one that is taken out", [], text(kept), [], 0],
    ["all of them where the base has no file", [kept], undefined, [{ exception: kept }], 0],
  ])("tells %s", (_what, now, base, changes, untouched) => {
    expect(judgedBySelf(now, { exceptions: base, files: [] })).toEqual({ exceptions: changes, untouched, files: [] });
  });
  it("does not guess where the base's file cannot be read", () =>
    expect(judgedBySelf([kept], { exceptions: "- what: this", files: [] })).toBeUndefined());

  it("refuses a new or longer one of more than 180 days, and none that stood before", () => {
    const [last, late] = ["2027-05-20", "2027-05-21"].map((expires) => entry({ expires }));
    const found = (exception: Exception, was?: Exception) => tooLong([{ exception, was }], "2026-11-21", "review/exceptions.yaml");
    expect(found(last!)).toEqual([]);
    expect(found(late!)).toEqual([
      "review/exceptions.yaml (data/destroyed of prod-data/table): expires is 2027-05-21; a new exception may hold for 180 days, until 2027-05-20 at the latest",
    ]);
    expect(found(late!, kept)).toHaveLength(1);
    expect(found(late!, entry({ expires: "2027-05-21", reason: "in other words" }))).toEqual([]);
    expect(found(late!, entry({ expires: "2028-01-01" }))).toEqual([]);
  });
});

describe("the repository", () => {
  const folder = mkdtempSync(join(tmpdir(), "judges-"));
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", ...args], { cwd: folder });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("says which of these files differ from the base, and what the base has", () => {
    git("init", "-q", "-b", "main");
    for (const below of ["review", ".github", "stacks"]) mkdirSync(join(folder, below));
    for (const file of ["review/exceptions.yaml", "review/kept.ts", ".github/ci.yml", "stacks/a.ts"])
      writeFileSync(join(folder, file), "[]");
    git("add", "-A");
    git("commit", "-qm", "base");
    for (const file of ["review/exceptions.yaml", "review/new é.ts", "stacks/a.ts"]) writeFileSync(join(folder, file), "[1]");
    const base = resolveBase(folder);
    expect(changedBelow(folder, base, "review", ".github")).toEqual(["review/exceptions.yaml", "review/new é.ts"]);
    expect(textAt(folder, base, "review/exceptions.yaml")).toBe("[]");
    expect(textAt(folder, base, "review/no.yaml")).toBeUndefined();
  });
});

describe("the report", () => {
  const report: Report = reportOf({
    judgedBySelf: {
      files: ["review/exceptions.yaml"],
      untouched: 69,
      exceptions: [{ exception: entry() }, { exception: entry({ construct: "prod-data/bucket", expires: "2027-02-28" }), was: entry() }],
    },
    environments: [environmentOf("prod")],
  });
  const said = [
    "This change touches what judges it, so that the review judges itself: read review/exceptions.yaml yourself.",
    "New exception until 2026-12-31: data/destroyed of prod-data/table: moved to another table",
    "Changed exception until 2027-02-28 (2026-12-31 on the base): data/destroyed of prod-data/bucket: moved to another table",
    "69 exceptions stand untouched.",
  ];

  it("says it above the verdict in every form", () => {
    const comment = markdown(report, { classOf, heldBy }).replace(/`|&#\d+;|\u200b/g, "");
    const html = page(report, { classOf, heldBy, root: process.cwd() })
      .replace(/^[\s\S]*<main>/, "")
      .replace(/<[^>]*>/g, "");
    const terminal = summary(report, classOf);
    for (const [form, verdict] of [
      [comment, "## ✅ Passes"],
      [html, "✓ Passes"],
      [terminal, "✓ Passes"],
    ] as const)
      for (const line of said) {
        expect(form).toContain(line);
        expect(form.indexOf(line)).toBeLessThan(form.indexOf(verdict));
      }
    expect(markdown(report, { classOf, heldBy })).toMatch(
      /^<!-- trading-system-review -->\n> ⚠️ [^\n]+\n>\n> ⚠️ [^\n]+\n>\n> ⚠️ [^\n]+\n>\n> 69 [^\n]+\n\n## /,
    );
    expect(JSON.parse(json(report, { classOf }))).toMatchObject({ judgedBySelf: report.judgedBySelf });
  });
  it("says nothing where nothing of it is touched", () => {
    const quiet = reportOf({ judgedBySelf: { files: [], untouched: 69, exceptions: [] } });
    expect(markdown(quiet, { classOf, heldBy })).toMatch(/^<!-- trading-system-review -->\n## /);
  });
  it("keeps a comment within its limit, whatever is excepted", () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      exception: entry({ construct: `prod-data/${index}`, reason: "long ".repeat(500) }),
    }));
    const comment = markdown(reportOf({ judgedBySelf: { files: Array(500).fill("review/a.ts"), untouched: 0, exceptions: many } }), {
      classOf,
      heldBy,
    });
    expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(65_000);
    expect(comment).toContain("more");
  });
});

describe("what opens to a network", () => {
  const opened = (...findings: Parameters<typeof findingOf>[0][]) =>
    markdown(
      reportOf({
        environments: [
          environmentOf("prod", {
            stacks: [stackOf("prod-data", { findings: findings.map((one) => findingOf({ riskClass: "network exposure", ...one })) })],
          }),
        ],
      }),
      { classOf, heldBy },
    )
      .split("\n")
      .find((line) => line.startsWith("| `prod`<br>") || line.startsWith("| `prod` |"))!
      .split(" | ")[3];

  it.each([
    ["an address that may connect", { rule: "network/ingress-opened", construct: "a" }, "`a`"],
    ["nothing that is cut", { rule: "network/reach-cut", construct: "a" }, "none"],
    ["nothing that goes", { rule: "network/address-lost", construct: "a" }, "none"],
    ["nothing that stood there before", { rule: "checkov/CKV_AWS_260", construct: "a" }, "none"],
    ["nothing that is excepted", { rule: "network/ingress-opened", construct: "a", excepted: entry() }, "none"],
  ])("names %s", (_what, finding, cell) => expect(opened(finding)).toBe(cell));
});
