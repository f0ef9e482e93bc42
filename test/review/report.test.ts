import { UNKNOWN, type Report } from "../../review/model";
import { json } from "../../review/report/json";
import { markdown } from "../../review/report/markdown";
import { lineDiff, rowsOf } from "../../review/report/diff-rows";
import { visible } from "../../review/report/visible";
import {
  changeOf,
  classOf,
  costOf,
  environmentOf,
  findingOf,
  heldBy,
  manyChanges,
  planOf,
  reportOf,
  sampleReport,
  stackOf,
} from "../helpers/report";

const comment = (report: Report, artifact?: string) => markdown(report, { classOf, heldBy, artifact });
const lines = (text: string) => text.split("\n");

describe("the comment", () => {
  const text = comment(sampleReport(), "https://example.com/run/1");

  it("begins with the marker, the verdict, the source and an answer for each environment", () => {
    expect(lines(text).slice(0, 9)).toEqual([
      "<!-- trading-system-review -->",
      "## ⛔ Refused: 3 refusals, 2 notices, 1 excepted · 2 created, 4 updated, 2 replaced, 1 destroyed, 1 moved, 1 imported, 1 forgotten",
      "",
      "Planned on `main` (`abc1234`), with `alerts-in-osaka` on top of it; no account involved.",
      "",
      "|  | changes | data destroyed or replaced | opens to a network | cost per month |",
      "| --- | --- | --- | --- | ---: |",
      "| `prod`<br>**3 refusals** | 1 created, 4 updated, 2 replaced, 1 destroyed, 1 moved, 1 imported, 1 forgotten | **replaced** `prod-data/order-state/table`: items<br>**destroyed** `prod-data/backtest-results/bucket`: objects (excepted) | `prod-trading/windows-security-group/rdp` | &#36;434.00 (+&#36;36.00)<br>**over the budget of &#36;420.00** |",
      "| `staging` | 1 created | none | none | &#36;101.50 |",
    ]);
  });

  it("shows every refusal with its construct, source line and rule, data first", () => {
    const start = lines(text).indexOf("### Refusals");
    expect(lines(text).slice(start + 4, start + 8)).toEqual([
      "| data | Point-in-time recovery is turned off. | `prod-data/order-state/table` | `stacks/data.ts:41` | `data/backups-off` |",
      "| data | The table is destroyed and made anew, because hash&#95;key cannot be updated; its items are lost. | `prod-data/order-state/table` | `stacks/data.ts:41` | `data/replaced` |",
      "| network exposure | Port 3389 opens to 0.0.0.0/0, the whole Internet. | `prod-trading/windows-security-group/rdp` | `stacks/trading.ts:77` | `network/ingress-opened` |",
      "",
    ]);
  });

  it("tells each change in a line, the worst class first, and of which stacks a plan cannot say it all", () => {
    const start = lines(text).findIndex((line) => line.startsWith("- **destroyed**"));
    expect(lines(text).slice(start, start + 3)).toEqual([
      "- **destroyed** `prod-data/backtest-results/bucket` (`aws_s3_bucket`)",
      expect.stringMatching(/^- \*\*replaced\*\* `prod-data\/order-state\/table` .*`hash_key` .* \(forces replacement\); .*; more below$/),
      "- moved `prod-data/key/alias` (`aws_kms_alias`)",
    ]);
    for (const line of [
      "- updated `prod-events/orders/queue` (`aws_sqs_queue`): `visibility_timeout_seconds` `60` → `90`",
      // Without the provider a replacement looks like an update; what waits for another stack is not known at all.
      "- `prod-services` is compared as synthesised, without its provider: whether an update replaces is not known. The rehearsal cannot cover EKS, so its provider was not asked.",
      "- `prod-workloads` is deferred until its upstream is applied. prod-services must be applied first.",
      "7 of 13 stacks stay as they are.",
    ])
      expect(lines(text)).toContain(line);
    // A line that says all needs no diff.
    expect(text).not.toContain("- visibility_timeout_seconds = 60");
  });

  it("shows notices before the changes, and folds away what exceptions let pass", () => {
    const at = (line: string) => lines(text).findIndex((one) => one.startsWith(line));
    expect(lines(text)[at("### Notices") + 2]).toBe(
      "- data: The bucket writes no access log. `prod-data/raw-market-data/bucket`, `stacks/data.ts:58`, `checkov/CKV_AWS_18`",
    );
    expect(at("### Refusals")).toBeLessThan(at("### Notices"));
    expect(at("### Notices")).toBeLessThan(at("- **destroyed**"));
    expect(lines(text)).toContain("<details><summary><b><code>prod</code></b>: 1 excepted</summary>");
  });

  it("leads from a finding to its rule where the rules' page is known; a rule that is nobody's leads nowhere", () => {
    const told = markdown(
      reportOf({
        environments: [
          environmentOf("dev", { findings: [findingOf(), findingOf({ rule: "checkov/CKV_AWS_18" }), findingOf({ rule: "a/b" })] }),
        ],
      }),
      { classOf, heldBy, rulesPage: "https://example.com/docs/rules.md" },
    );
    expect(told).toContain("| [`data/replaced`](https://example.com/docs/rules.md#datareplaced) |");
    expect(told).toContain("| [`checkov/CKV_AWS_18`](https://example.com/docs/rules.md#checkov) |");
    expect(told).toContain("| `a/b` |");
  });

  it("shows the code of what runs, and who approved an exception", () => {
    const excepted = { construct: "dev", rule: "runs/provisioner", reason: "Meant.", expires: "2026-12-31", approvedBy: "Head of trading" };
    const code = [
      { sign: "-" as const, text: "curl a" },
      { sign: "+" as const, text: "curl ```b" },
    ];
    const told = comment(
      reportOf({
        environments: [environmentOf("dev", { findings: [findingOf({ rule: "runs/host-commands", code }), findingOf({ excepted })] })],
      }),
    );
    expect(told).toContain("<details><summary><b><code>dev</code></b>: what runs</summary>");
    expect(told).toContain("`prod-data/order-state/table`, `runs/host-commands`\n\n````diff\n- curl a\n+ curl ```b\n````");
    expect(told).toContain("Excepted until `2026-12-31` by Head of trading: Meant.");
  });

  it("folds away the diffs: what forces a replacement, long texts line by line, where it moved from", () => {
    expect(text).toContain('- hash_key = "order_id"  # forces replacement\n+ hash_key = "orderId"  # forces replacement\n');
    expect(text).toContain("@@ content @@\n@@ line 6 @@\n  [Service]\n");
    expect(text).toContain("- RestartSec=5\n+ RestartSec=30\n+ MemoryMax=2G\n");
    expect(text).toContain(
      "**→ moved** `prod-data/key/alias` (`aws_kms_alias`, identity) at `aws_kms_alias.key_alias_11112222`: moved from `aws_kms_alias.key_name_33334444`",
    );
    expect(text).toContain(
      "**↓ imported** `prod-trading/application-log/group` (`aws_cloudwatch_log_group`, cosmetic) at `aws_cloudwatch_log_group.application-log_group_abababab`: imported by the id `/tss/application`",
    );
    expect(text).toContain("Excepted until `2026-12-31`: Research has moved its results (ticket 412).");
    expect(text).toContain("| `prod-trading/engine` | &#36;20.00 | &#36;56.00 | +&#36;36.00 | 730 h × &#36;0.0767 |");
  });

  it("tells of costs only what the change touches, by construct: no resource that stays, no total of the documents", () => {
    const built = {
      id: "CST-1",
      title: "Built",
      documented: 1,
      described: 1,
      estimated: 2,
      reasons: ["A reason."],
      lines: [{ what: "EC2", documented: 1, estimated: 2 }],
    };
    const [stays, comes, more] = ["1/bucket", "2/bucket", "2/copy"].map((name, index) => ({
      stack: "dev-data",
      construct: `dev-data/${name}`,
      address: `aws_s3_bucket.${index}`,
      type: "aws_s3_bucket",
      pricing: "priced" as const,
      monthly: 1,
      formula: "1",
    }));
    const cost = costOf({
      before: 1,
      after: 3,
      lines: [stays!, comes!, more!],
      linesBefore: [stays!],
      documented: [built, { ...built, id: "CST-2", title: "Elsewhere", estimated: undefined }],
    });
    const told = comment(reportOf({ environments: [environmentOf("dev", { cost })] }));
    expect(told).toContain("| `dev-data/2` |  | &#36;2.00 | +&#36;2.00 | 2 resources |\n| **all** |");
    expect(told).not.toContain("dev-data/1");
    expect(told).not.toMatch(/CST-|A reason|EC2/);
  });

  it("says nothing of what exceptions let pass elsewhere but how much it is, and shows no costs that stay as they are", () => {
    const excepted = { construct: "*", rule: "a/b", reason: "Known", expires: "2026-12-31" };
    const about = (index: number) =>
      findingOf({ rule: "a/b", severity: "refusal", construct: `dev-data/${index}`, address: `aws_sqs_queue.${index}`, excepted });
    const told = (touched: number) =>
      comment(
        reportOf({
          environments: [
            environmentOf("dev", {
              cost: costOf({ before: 2, after: 2 }),
              stacks: [
                stackOf("dev-data", {
                  plan: { changes: [changeOf({ construct: `dev-data/${touched}`, address: `aws_sqs_queue.${touched}` })] },
                  findings: [about(1), about(2)],
                }),
              ],
            }),
          ],
        }),
      );
    expect(told(3)).toContain("## ✅ Passes: no refusal · 1 ");
    expect(told(3)).toContain(
      "\nAlso as the page among the run's artifacts, with 2 excepted findings on what this change does not touch.\n",
    );
    expect(told(3)).not.toMatch(/Excepted until|cost &#36;2.00 a month/);
    expect(told(2)).toContain("## ✅ Passes: no refusal, 1 excepted · 1 ");
    expect(told(2)).toContain(", with 1 excepted finding on what this change does not touch.\n");
    expect(told(2).match(/Excepted until/g)).toHaveLength(1);
  });

  it("ends with where the whole page is", () => expect(text.endsWith("Also as [the whole page](https://example.com/run/1).\n")).toBe(true));

  it("passes where nothing refuses, and says where the plans come from", () => {
    expect(
      lines(comment(reportOf({ source: { kind: "account", head: "v1.2", images: "1.2.0" }, environments: [environmentOf("dev")] }))).slice(
        1,
        4,
      ),
    ).toEqual(["## ✅ Passes: no refusal · nothing", "", "Planned against the account: `v1.2` with images `1.2.0`."]);
    expect(comment(reportOf({ source: { kind: "account", head: "v1.2", images: "" }, environments: [environmentOf("dev")] }))).toContain(
      "Planned against the account: `v1.2` with the images of the literal.",
    );
    const commit = "16bb4140f0e1d2c3b4a5968778695a4b3c2d1e0f";
    expect(
      comment(
        reportOf({
          source: {
            kind: "base",
            base: "main",
            baseCommit: commit,
            head: `${commit}+changes`,
            rehearsed: [{ environment: "dev", why: "no state could be made" }],
          },
        }),
      ),
    ).toContain(
      "Planned on `main` (`16bb414`), with <code>16bb414+changes</code> on top of it; no account involved. `dev` was rehearsed on an emulator: `no state could be made`.",
    );
    expect(comment(reportOf({ source: { kind: "files", folder: "plans" } }))).toContain(
      "Read from the plans in `plans`; nothing was planned for this review.",
    );
  });

  it("refuses for a failed stack and an error in the exceptions too", () => {
    const text = comment(
      reportOf({
        environments: [environmentOf("dev", { stacks: [stackOf("dev-data", { state: "failed", why: "Error: no such table" })] })],
        exceptionErrors: ["entry 2 expired on 2026-01-01"],
      }),
    );
    expect(lines(text)[1]).toBe("## ⛔ Refused: no refusal, 1 stack failed, 1 error in review/exceptions.yaml · nothing");
    expect(lines(text)).toContain("- `dev-data` failed: Error&#58; no such table");
    expect(lines(text)).toContain("- review/exceptions.yaml: entry 2 expired on 2026-01-01");
  });

  it("does not claim that nothing is lost while a stack is not planned", () =>
    expect(
      comment(reportOf({ environments: [environmentOf("dev", { stacks: [stackOf("dev-data", { state: "deferred", why: "later" })] })] })),
    ).toContain("| `dev` | nothing | none known; 1 stack not fully planned | none known; 1 stack not fully planned |"));

  it("counts what a rule calls a replacement as one, where the plan says update, and sets names in a message as names", () => {
    const found = findingOf({ message: "The provider cannot change `hash_key` in place." });
    const text = comment(
      reportOf({
        environments: [
          environmentOf("prod", {
            stacks: [stackOf("prod-data", { state: "compared", why: "no provider", plan: { changes: [changeOf()] }, findings: [found] })],
          }),
        ],
      }),
    );
    expect(text).toContain(
      "| `prod`<br>**1 refusal** | 1 updated | **replaced** `prod-data/order-state/table` | none known; 1 stack not fully planned |",
    );
    expect(text).toContain("| data | The provider cannot change `hash_key` in place. |");
  });

  it("takes no parameter group for data, whatever its class", () =>
    expect(
      comment(
        reportOf({
          environments: [
            environmentOf("prod", {
              stacks: [stackOf("prod-data", { plan: { changes: [changeOf({ action: "replace", type: "aws_db_parameter_group" })] } })],
            }),
          ],
        }),
      ),
    ).toContain("Nothing is lost, opened or dearer: no data is destroyed or replaced"));

  it("leaves out the least important of 2,000 changes, and says how many", () => {
    const text = comment(manyChanges(2_000));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(60_000);
    const shown = text.match(/^\*\*[+~±−] /gm)!.length;
    expect(text).toContain(`**Left out here** for GitHub's limit: ${(2_000 - shown).toLocaleString("en")} changes`);
    // Of the classes that are told last, none is there while one of data is left out.
    expect(text).not.toMatch(/, cosmetic\)/);
  });
});

describe("foreign text in the comment", () => {
  const hostile = "</details>`|@team #12 GH-3 ![x](https://evil.example)\n## no\n```\n<img src=x>";
  const text = comment(
    reportOf({
      environments: [
        environmentOf("prod", {
          stacks: [
            stackOf("prod-data", {
              plan: {
                changes: [
                  changeOf({
                    construct: hostile,
                    attributes: [{ path: "content", before: "a\n```\n</details>", after: "b\n````\n@team", forcesReplacement: false }],
                  }),
                ],
              },
              findings: [findingOf({ message: hostile.replace("```\n", ""), construct: hostile })],
            }),
          ],
        }),
      ],
    }),
  );

  it("keeps its words in a sentence, but neither formats, links nor pings", () =>
    expect(text).toContain(
      "| data | &#60;/details&#62;&#96;&#124;&#64;&#8203;team &#35;&#8203;12 GH&#8203;-3 !&#91;x&#93;(https&#58;//evil.example)⏎&#35;&#8203;&#35;&#8203; no⏎&#60;img src=x&#62; | ",
    ));
  it("stands in <code> as a name, in which GitHub calls nobody", () =>
    expect(text).toContain("| <code>&#60;/details&#62;&#96;&#124;&#64;team &#35;12 GH-3 &#33;&#91;x&#93;(https&#58;//evil.example)⏎"));
  it("cannot end the block that it stands in", () =>
    expect(text).toContain("`````diff\n@@ content @@\n- a\n- ```\n- </details>\n+ b\n+ ````\n+ @team\n`````"));
});

describe("values", () => {
  it("shows what cannot be seen: an override of the direction, an escape, half a pair", () =>
    expect(visible("a\u202eb\u001b[31m\ud800\r\nc\td\u200b")).toBe("a\\u{202e}b\\u{1b}[31m\\u{d800}\nc\td\\u{200b}"));
  it("leaves letters of every script and emoji alone", () => expect(visible("取引システム é 🚀")).toBe("取引システム é 🚀"));

  it("tells a text line by line, with three lines around", () =>
    expect(lineDiff("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\n5\nsix\n").map(({ sign, text }) => sign + text)).toEqual([
      "@line 3",
      " 3",
      " 4",
      " 5",
      "-6",
      "+six",
    ]));
  it("gives up on texts that share nothing, and shows both", () => {
    const [before, after] = ["a", "b"].map((letter) => Array.from({ length: 1_500 }, (_, index) => `${letter}${index}`).join("\n")) as [
      string,
      string,
    ];
    expect(lineDiff(before, after)).toHaveLength(3_000);
  });
  it("shows a created resource without what is not set, and a forgotten one not at all", () => {
    const values = { name: "a", nothing: null, none: [], arn: UNKNOWN, count: 0 };
    expect(rowsOf(changeOf({ action: "create", after: values }))).toEqual([
      { kind: "values", path: "arn", after: "(known after apply)", forcesReplacement: false },
      { kind: "values", path: "count", after: "0", forcesReplacement: false },
      { kind: "values", path: "name", after: '"a"', forcesReplacement: false },
    ]);
    expect(rowsOf(changeOf({ action: "forget", before: values }))).toEqual([]);
  });

  it("has one row for all that is filled in by itself, and its own for what forces a replacement or had a value", () => {
    const attribute = (path: string, before: unknown, after: unknown, forcesReplacement = false) => ({
      path,
      before,
      after,
      forcesReplacement,
    });
    const attributes = ["a", "b", "c", "d", "e", "f"].map((path) => attribute(path, undefined, UNKNOWN));
    const rows = (...more: ReturnType<typeof attribute>[]) =>
      rowsOf(changeOf({ action: "update", attributes: [...attributes, ...more] })).map((row) => row.path);
    expect(rows(attribute("x", "old", UNKNOWN), attribute("y", undefined, UNKNOWN, true), attribute("z", 1, 2))).toEqual([
      "x",
      "y",
      "z",
      "a, b, c, d, e and 1 more",
    ]);
    expect(rowsOf(changeOf({ action: "update", attributes: [attributes[0]!] })).map((row) => row.path)).toEqual(["a"]);
    expect(
      rowsOf(
        changeOf({
          action: "replace",
          attributes: [attribute("arn", "old", UNKNOWN), attribute("id", "old", UNKNOWN), attribute("ami", "a", "b", true)],
        }),
      ).map((row) => row.path),
    ).toEqual(["ami", "arn, id"]);
    expect(rowsOf(changeOf({ action: "create", after: { arn: UNKNOWN, id: UNKNOWN, name: "n" } })).map((row) => row.path)).toEqual([
      "name",
      "arn, id",
    ]);
  });
});

describe("the report for machines", () => {
  it("says the verdict, and of each change its class", () => {
    const read = JSON.parse(json(sampleReport(), { classOf })) as {
      version: number;
      isRefused: boolean;
      reasons: string[];
      environments: {
        environment: string;
        stacks: { stack: string; counts: object; plan: { changes: { construct: string; riskClass: string }[] } }[];
      }[];
    };
    expect(read).toMatchObject({ version: 1, isRefused: true, reasons: ["3 refusals", "2 notices", "1 excepted"] });
    const data = read.environments[0]!.stacks.find(({ stack }) => stack === "prod-data")!;
    expect(data.counts).toEqual({ create: 0, destroy: 1, forget: 0, import: 0, move: 1, replace: 1, update: 1 });
    expect(data.plan.changes.map(({ construct, riskClass }) => `${riskClass} ${construct}`)).toEqual([
      "data prod-data/backtest-results/bucket",
      "data prod-data/order-state/table",
      "identity prod-data/key/alias",
      "cosmetic prod-data/raw-market-data/policy",
    ]);
  });

  it("holds every change, finding and cost as it is", () => {
    const report = sampleReport();
    const read = JSON.parse(json(report, { classOf })) as {
      environments: {
        cost: object;
        findings: object[];
        stacks: { findings: object[]; plan: { drift: object[]; changes: Record<string, unknown>[] } }[];
      }[];
    };
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    read.environments.forEach((environment, index) => {
      const expected = report.environments[index]!;
      expect(environment.cost).toEqual(plain(expected.cost));
      environment.stacks.forEach((stack, position) => {
        const { plan, findings } = expected.stacks[position]!;
        expect(stack.plan.drift).toEqual(plain(plan.drift));
        expect(new Set(stack.findings.map((finding) => JSON.stringify(finding, Object.keys(finding).sort())))).toHaveProperty(
          "size",
          findings.length,
        );
        const changes = stack.plan.changes.map(({ riskClass, ...change }) => {
          expect(riskClass).toBe(classOf(change as never));
          return change;
        });
        for (const change of plan.changes) expect(changes).toContainEqual(plain(change));
        expect(changes).toHaveLength(plan.changes.length);
      });
    });
  });

  it("has the same bytes whatever the order of keys", () => {
    const values = (keys: readonly string[]) =>
      reportOf({
        environments: [
          environmentOf("dev", {
            stacks: [
              {
                ...stackOf("dev-data"),
                plan: planOf("dev-data", {
                  changes: [changeOf({ action: "create", after: Object.fromEntries(keys.map((key) => [key, 1])) })],
                }),
              },
            ],
            cost: costOf(),
          }),
        ],
      });
    expect(json(values(["b", "a"]), { classOf })).toBe(json(values(["a", "b"]), { classOf }));
    expect(json(values(["b", "a"]), { classOf })).toContain('"after": {\n                  "a": 1,\n                  "b": 1\n');
  });
});
