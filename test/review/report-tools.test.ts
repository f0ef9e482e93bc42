/** What other tools read of a review: SARIF and JUnit. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { junit } from "../../review/report/junit";
import { sarif } from "../../review/report/sarif";
import type { Report } from "../../review/model";
import { environmentOf, findingOf, reportOf, sampleReport, stackOf } from "../helpers/report";

interface Log {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: { readonly startLine: number };
            };
          },
        ];
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
    },
  ];
}
const run = (report: Report) => (JSON.parse(sarif(report)) as Log).runs[0];
const told = (report: Report) =>
  run(report).results.map(({ ruleId, level, locations: [{ physicalLocation: at }] }) => [
    level,
    ruleId,
    `${at.artifactLocation.uri}:${at.region.startLine}`,
  ]);
const one = (stack: Partial<Parameters<typeof stackOf>[1]>, rest: Partial<Report> = {}) =>
  reportOf({ environments: [environmentOf("prod", { stacks: [stackOf("prod-data", stack)] })], ...rest });

describe("SARIF", () => {
  it("holds each open finding at the construct's line, refusals first, and none that is excepted", () => {
    expect(told(sampleReport())).toEqual(
      expect.arrayContaining([
        ["error", "data/backups-off", "stacks/data.ts:41"],
        ["error", "network/ingress-opened", "stacks/trading.ts:77"],
      ]),
    );
    expect(sarif(sampleReport())).not.toContain("Research has moved its results");
    const { results, tool } = run(sampleReport());
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(new Set(results.map(({ partialFingerprints }) => partialFingerprints["subject/v1"])).size).toBe(results.length);
  });
  it.each<[string, Report, string[]]>([
    [
      "the environment's literal where no line is known",
      one({ findings: [findingOf({ source: undefined })] }),
      ["error", "data/replaced", "environments/prod.ts:1"],
    ],
    [
      "the plan of another project",
      one({ findings: [findingOf({ source: undefined, severity: "notice" })] }, { source: { kind: "files", folder: "their plans" } }),
      ["warning", "data/replaced", "their%20plans/prod-data.json:1"],
    ],
    ["a failed stack", one({ state: "failed", why: "no such table" }), ["error", "review/stack-failed", "main.ts:1"]],
    [
      "an error of the exceptions",
      one({}, { exceptionErrors: ["entry 2 expired"] }),
      ["error", "review/exception", "review/exceptions.yaml:1"],
    ],
  ])("names %s", (_what, report, result) => expect(told(report)).toEqual([result]));
  it("is whole where nothing was found", () => expect(run(one({}))).toMatchObject({ results: [], tool: { driver: { rules: [] } } }));
});

describe("JUnit", () => {
  const hostile = `</testcase><x a="1">&'\u0000\u001b]]>\ufffe`;
  it("fails what is refused, skips what is excepted, passes the rest", () => {
    const report = one({
      findings: [
        findingOf({ message: hostile, construct: hostile }),
        findingOf({ rule: "data/notice", severity: "notice" }),
        findingOf({
          rule: "data/excepted",
          excepted: { construct: "a", rule: "data/excepted", reason: "because it moves", expires: "2026-12-31" },
        }),
      ],
    });
    const text = junit(report);
    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe]/);
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(text) as {
      testsuites: { testsuite: Record<string, unknown> & { testcase: Record<string, unknown>[] } };
    };
    expect(testsuites.testsuite).toMatchObject({ "@_name": "prod/prod-data", "@_tests": "4", "@_failures": "1", "@_skipped": "1" });
    expect(testsuites.testsuite.testcase.map((found) => ["failure", "skipped", "system-out"].filter((tag) => tag in found).join())).toEqual(
      ["", "failure", "system-out", "skipped"],
    );
    expect(text).toContain('message="excepted until 2026-12-31: because it moves"');
  });
  it("fails for a failed stack and for errors of the exceptions", () => {
    const text = junit(one({ state: "failed", why: "no such table" }, { exceptionErrors: ["entry 2 expired"] }));
    expect(text.match(/<failure /g)).toHaveLength(2);
    expect(text).toContain("no such table");
  });
  it("is the same for the same report, as SARIF is", () => {
    expect(junit(sampleReport())).toBe(junit(sampleReport()));
    expect(sarif(sampleReport())).toBe(sarif(sampleReport()));
  });
});
