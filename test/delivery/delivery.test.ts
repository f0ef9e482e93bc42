/** The parts of a delivery that need neither Terraform nor GitHub; test/scenarios/delivery.test.ts puts them together. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftMarkdown, driftReport } from "../../delivery/drift";
import { journaled, readJournal } from "../../delivery/journal";
import { linksOf } from "../../delivery/links";
import { isOwn } from "../../delivery/locks";
import { resultMarkdown, type DeployResult } from "../../delivery/result";
import { readReview, refuseReview, REVIEW_RULES, reviewedSet, type Wanted } from "../../delivery/reviewed";
import { selectStacks, stacksInOrder } from "../../terraform/assembly";
import { fitted, neutralised, readUntrusted } from "../../delivery/untrusted";
import { environmentValues } from "../../commands/environment";
import { environmentNames, loadEnvironment } from "../fixtures/environments";
import type { EnvironmentReview, Report, Resource, ResourceChange, StackPlan, StackReview } from "../../review/model";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "delivery-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("environments", () => {
  it("give a workflow its roles, region and namespace (C-55)", () => {
    expect(environmentValues(loadEnvironment("dev"))).toEqual({
      name: "dev",
      stage: "development",
      account: "111122223333",
      region: "ap-northeast-1",
      "plan-role": "arn:aws:iam::111122223333:role/tss-plan-dev",
      "deploy-role": "arn:aws:iam::111122223333:role/tss-deploy-dev",
      "kill-switch-on-role": "arn:aws:iam::111122223333:role/dev/tss-kill-switch-on-dev",
      "kill-switch-off-role": "arn:aws:iam::111122223333:role/dev/tss-kill-switch-off-dev",
      namespace: "day-trade-dev",
    });
    expect(environmentNames.map((name) => environmentValues(loadEnvironment(name)).namespace)).toEqual([
      "day-trade-dev",
      "day-trade-staging",
      "day-trade",
    ]);
  });
});

describe("stacks", () => {
  const write = (stacks: Readonly<Record<string, readonly string[]>>) =>
    writeFileSync(
      join(folder, "manifest.json"),
      JSON.stringify({
        stacks: Object.fromEntries(
          Object.entries(stacks).map(([name, dependencies]) => [name, { name, workingDirectory: `stacks/${name}`, dependencies }]),
        ),
      }),
    );
  it("come after those they depend on", () => {
    write({ "dev-data": ["dev-network", "dev-events"], "dev-events": [], "dev-trading": ["dev-data"], "dev-network": [] });
    expect(stacksInOrder(folder).map(({ name }) => name)).toEqual(["dev-events", "dev-network", "dev-data", "dev-trading"]);
    expect(stacksInOrder(folder)[0]!.folder).toBe(join(folder, "stacks/dev-events"));
  });
  it("may not wait for each other", () => {
    write({ a: ["b"], b: ["a"] });
    expect(() => stacksInOrder(folder)).toThrow("These stacks wait for each other: a, b.");
  });
  it("are selected by name, with or without the environment", () => {
    const stacks = ["dev-network", "dev-data"].map((name) => ({ name }));
    expect(selectStacks(stacks, "dev", "dev-data, network")).toEqual(stacks);
    expect(selectStacks(stacks, "dev", "data")).toEqual([stacks[1]]);
    expect(selectStacks(stacks, "dev", "")).toEqual(stacks);
    expect(() => selectStacks(stacks, "dev", "dta")).toThrow("dev has no stack dev-dta. Its stacks: dev-network, dev-data.");
  });
});

describe("a review", () => {
  const commit = "a".repeat(40);
  const wanted: Wanted = { environment: "prod", commit, changedFiles: [], images: "ml=1.4.2", now: new Date("2026-11-21T12:00:00Z") };
  const stack = (more: Partial<StackReview> = {}): StackReview => ({
    stack: "prod-data",
    state: "planned",
    findings: [],
    plan: { stack: "prod-data", changes: [], drift: [], outputs: [], before: [], after: [], isComplete: true },
    ...more,
  });
  const report = (more: Partial<Report> = {}, stacks = [stack()]): Report => ({
    source: { kind: "account", head: commit, images: "ml=1.4.2", at: "2026-11-20T12:00:00Z" },
    exceptionErrors: [],
    limits: [],
    environments: [{ environment: "prod", stacks, findings: [] } as unknown as EnvironmentReview],
    ...more,
  });
  const source = (more: object) =>
    report({ source: { kind: "account", head: commit, images: "ml=1.4.2", at: "2026-11-20T12:00:00Z", ...more } });

  it("of exactly this is taken, until it is a day old", () => {
    expect(refuseReview(report(), wanted, "review.json").environment).toBe("prod");
  });

  const cases: readonly (readonly [rule: string, report: Report, wanted: Wanted, message: string])[] = [
    ["environment", report(), { ...wanted, environment: "dev" }, "It is a review of prod, not of dev."],
    [
      "source",
      report({ source: { kind: "base", base: "main", baseCommit: "b", head: commit, rehearsed: [] } }),
      wanted,
      "Its plans are those of another commit; only a review of the account itself can be applied",
    ],
    ["commit", source({ head: "b".repeat(40) }), wanted, `It is a review of commit ${"b".repeat(40)}; checked out is ${commit}.`],
    ["working-tree", report(), { ...wanted, changedFiles: ["a", "b"] }, "The working tree is not what was committed: a, b"],
    ["images", report(), { ...wanted, images: "" }, "It was made with the images ml=1.4.2; to be deployed are those of the literal."],
    [
      "refused",
      report({}, [
        stack({
          findings: [
            {
              rule: "data/destroyed",
              severity: "refusal",
              riskClass: "data",
              stack: "prod-data",
              construct: "prod-data/table",
              message: "x",
            },
          ],
        }),
      ]),
      wanted,
      "The review refuses: data/destroyed (prod-data/table).",
    ],
    ["refused", report({}, [stack({ state: "failed" })]), wanted, "The review refuses: prod-data could not be planned."],
    ["refused", report({ exceptionErrors: ["expired"] }), wanted, "The review refuses: expired."],
    ["age", source({ at: "2026-11-20T11:59:59Z" }), wanted, "It was made at 2026-11-20T11:59:59Z; a review holds for 24 hours."],
    ["age", source({ at: "2026-11-21T13:00:01Z" }), wanted, "a review holds for 24 hours"],
    ["age", source({ at: undefined }), wanted, "It was made at an unknown time"],
  ];
  it.each(cases)("is refused by %s alone", (rule, given, to, message) => {
    expect(REVIEW_RULES.filter(({ when }) => when(given, to)).map((found) => found.rule)).toEqual([rule]);
    expect(() => refuseReview(given, to, "review.json")).toThrow(message);
  });
  it("has a case for every rule", () =>
    expect([...new Set(cases.map(([rule]) => rule))].sort()).toEqual(REVIEW_RULES.map(({ rule }) => rule).sort()));
  it("is refused with all reasons at once", () => {
    expect(() => refuseReview(source({ head: "b".repeat(40) }), { ...wanted, images: "" }, "review.json")).toThrow(
      /^prod is not deployed from review\.json:\n {2}- .*commit.*\n {2}- .*images/,
    );
  });
  it("is read from JSON, or refused with what is wrong in it", () => {
    expect(readReview(JSON.stringify({ version: 1, ...report() }), "review.json").environments[0]!.environment).toBe("prod");
    expect(() => readReview("{", "review.json")).toThrow("review.json is no JSON");
    expect(() => readReview("{}", "review.json")).toThrow("review.json is no review of `npm run review`:\n  version: ");
    expect(() => readReview(JSON.stringify({ version: 1, ...report({}, [{ stack: "prod-data" } as StackReview]) }), "review.json")).toThrow(
      "environments.0.stacks.0.state",
    );
  });
  it("says what was reviewed of a stack: by its plan, by its synthesis, or nothing at all", () => {
    const review = report({}, [stack(), stack({ stack: "prod-web", state: "compared" }), stack({ stack: "prod-late", state: "deferred" })])
      .environments[0]!;
    expect(["prod-data", "prod-web", "prod-late"].map((name) => reviewedSet(review, name).isSynthesised)).toEqual([false, true, false]);
    expect(reviewedSet(review, "prod-new")).toEqual({ stack: "prod-new", isSynthesised: false, changes: [], outputs: [] });
  });
});

describe("a lock", () => {
  const journal = { environment: "dev", pid: 7, forwards: true, since: "2026-11-21T12:00:00Z" };
  const lock = { ID: "1", Operation: "OperationTypeApply", Who: "runner@here", Created: "2026-11-21T12:05:00Z" };
  it.each([
    ["left by the last command", lock, journal, false, true],
    ["of a command that runs still", lock, journal, true, false],
    ["of somebody else", { ...lock, Who: "runner@there" }, journal, false, false],
    ["from before", { ...lock, Created: "2026-11-21T11:59:00Z" }, journal, false, false],
    ["from after it failed", lock, { ...journal, until: "2026-11-21T12:04:00Z" }, false, false],
    ["from before it failed", lock, { ...journal, until: "2026-11-21T12:06:00Z" }, false, true],
    ["that nothing is known of", lock, undefined, false, false],
    ["without a time", { ...lock, Created: "" }, journal, false, false],
  ])("%s", (_, held, left, alive, own) => {
    expect(isOwn(held, left, "runner@here", () => alive)).toBe(own);
  });
  it("is known by a journal, which stays when the command fails", async () => {
    let during: unknown;
    await journaled(folder, "dev", () => {
      during = readJournal(folder, "dev");
      return Promise.resolve();
    });
    expect(during).toEqual({ environment: "dev", pid: process.pid, forwards: true, since: expect.stringMatching(/Z$/) });
    expect(readJournal(folder, "dev")).toBeUndefined();
    await expect(journaled(folder, "dev", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(readJournal(folder, "dev")).toEqual({
      environment: "dev",
      pid: process.pid,
      forwards: true,
      since: expect.any(String),
      until: expect.any(String),
    });
  });
});

describe("drift", () => {
  it("of what the provider of Kubernetes always reports is none: versions, and nothing for empty", () => {
    const attribute = (path: string, before: unknown, after: unknown) => ({ path, before, after, forcesReplacement: false });
    const quota = (type: string, ...attributes: ReturnType<typeof attribute>[]) => ({
      address: `${type}.quota`,
      type,
      action: "update" as const,
      construct: "",
      attributes,
    });
    const noise = [
      attribute("metadata[0].resource_version", "296", "470"),
      attribute("metadata[0].annotations", null, {}),
      attribute("spec[0].scopes", [], undefined),
    ];
    const found = (...drift: unknown[]) => driftReport("dev", [{ stack: "dev-workloads", plan: { drift: drift as StackPlan["drift"] } }]);
    expect(found(quota("kubernetes_resource_quota_v1", ...noise))).toMatchObject({ state: "none", stacks: [{ drift: [] }] });
    const told = [attribute("metadata[0].labels.a", null, "b"), attribute("spec[0].hard.pods", "1", "2")];
    expect(found(quota("kubernetes_resource_quota_v1", ...noise, ...told))).toMatchObject({
      state: "drift",
      stacks: [{ drift: [{ attributes: told }] }],
    });
    // Of AWS nothing is noise, and what is gone is told without attributes too.
    expect(found(quota("aws_thing", ...noise)).stacks[0]!.drift[0]!.attributes).toEqual(noise);
    expect(found({ ...quota("kubernetes_resource_quota_v1"), action: "destroy" }).state).toBe("drift");
  });

  const change = {
    address: "aws_sqs_queue.orders",
    type: "aws_sqs_queue",
    action: "update",
    attributes: [{ path: "delay", before: 0, after: 5, forcesReplacement: false }],
  } as unknown as ResourceChange;
  it("of what Terraform is told to leave is none (ignore_changes)", () => {
    const service = (ignored: unknown) => ({ resource: { aws_ecs_service: { ml: { lifecycle: ignored } } } });
    const drifted = (lifecycle: unknown, paths: readonly string[], over: Partial<ResourceChange> = {}) => {
      const drift = [
        {
          ...change,
          address: "aws_ecs_service.ml",
          attributes: paths.map((path) => ({ path, before: 1, after: 0, forcesReplacement: false })),
          ...over,
        },
      ];
      const { state, stacks } = driftReport("dev", [{ stack: "dev-services", plan: { drift }, json: service(lifecycle) }]);
      const told = stacks[0]!.drift.flatMap(({ attributes }) => attributes.map(({ path }) => path));
      return [state, ...told];
    };
    const count = { ignore_changes: ["desired_count"] };
    expect(drifted(undefined, ["desired_count"])).toEqual(["drift", "desired_count"]);
    expect(drifted(count, ["desired_count"])).toEqual(["none"]);
    expect(drifted([count], ["desired_count"])).toEqual(["none"]);
    expect(drifted(count, ["desired_count"], { address: 'aws_ecs_service.ml["a.b"]' })).toEqual(["none"]);
    expect(drifted(count, ["desired_count", "desired_count_more", "name"])).toEqual(["drift", "desired_count_more", "name"]);
    expect(drifted(count, ["desired_count"], { address: "aws_ecs_service.data" })).toEqual(["drift", "desired_count"]);
    const size = { ignore_changes: ["scaling_config[0].desired_size", "tags"] };
    expect(drifted(size, ["scaling_config[0].desired_size", "tags.Owner"])).toEqual(["none"]);
    expect(drifted(size, ["scaling_config[0].desired_size", "scaling_config[0].max_size"])).toEqual([
      "drift",
      "scaling_config[0].max_size",
    ]);
    expect(drifted({ ignore_changes: "all" }, ["desired_count", "name"])).toEqual(["none"]);
    // What is gone is gone, whatever its attributes.
    expect(drifted({ ignore_changes: "all" }, [], { action: "destroy" })).toEqual(["drift"]);
    expect(drifted(count, ["desired_count"], { action: "destroy" })).toEqual(["drift"]);
  });
  it("is said by stack, and not where a stack could not be compared", () => {
    expect(driftReport("dev", [{ stack: "a", plan: { drift: [] } }]).state).toBe("none");
    expect(
      driftReport("dev", [
        { stack: "a", plan: { drift: [] } },
        { stack: "b", failure: "no credentials" },
      ]).state,
    ).toBe("unknown");
    expect(
      driftReport("dev", [
        { stack: "a", plan: { drift: [change] } },
        { stack: "b", failure: "no" },
      ]).state,
    ).toBe("drift");
  });
  it("is shown with its values, and calls nobody", () => {
    const text = driftMarkdown(
      driftReport("dev", [
        {
          stack: "dev-events",
          plan: {
            drift: [
              change,
              {
                ...change,
                action: "destroy",
                attributes: [{ path: "tags.Owner", before: "@everyone", after: undefined, forcesReplacement: false }],
              },
            ],
          },
        },
        { stack: "dev-data", plan: { drift: [] } },
      ]),
    );
    expect(text).toContain("## Drift in dev\n");
    expect(text).toContain(
      "### dev-events\n\n- **aws\\_sqs\\_queue.orders** was changed\n  - delay: 0 → 5\n- **aws\\_sqs\\_queue.orders** is gone\n  - tags.Owner: \\@everyone → not set",
    );
    expect(text).not.toContain("dev-data");
  });
  it("fits into an issue", () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...change, address: `aws_sqs_queue.q${index}` }));
    const text = driftMarkdown(driftReport("dev", [{ stack: "dev-events", plan: { drift: many } }]));
    expect(text.length).toBeLessThan(61_000);
    expect(text).toMatch(/The rest is in drift\.json of the run\.\n$/);
  });
});

describe("text of a stranger", () => {
  const visible = (text: string) => text.replaceAll("\u200B", "");
  it.each([
    ["@everyone, look", "@\u200Beveryone, look"],
    ["fixes #12 and GH-3", "fixes #\u200B12 and GH-\u200B3"],
    ["a <!-- npm run review --> b", "a <\u200B!-- npm run review --> b"],
    ["![x](https://example.com/x.png)", "!\u200B[x](https://example.com/x.png)"],
    ["<IMG src=x><a href=y>z</a>", "<\u200BIMG src=x><\u200Ba href=y>z<\u200B/a>"],
    ["<details><summary>prod</summary>", "<details><summary>prod</summary>"],
    ["## heading # 5 | a@ | user @ host", "## heading # 5 | a@ | user @ host"],
  ])("%j", (given, expected) => {
    expect(neutralised(given)).toBe(expected);
    expect(visible(neutralised(given))).toBe(given);
  });
  it("loses what turns text around", () => expect(neutralised("a\u202Eb\u0000c\r\nd")).toBe("abc\nd"));
  it("is read from a plain file of a modest size only", () => {
    writeFileSync(join(folder, "secret"), "token");
    symlinkSync(join(folder, "secret"), join(folder, "link"));
    mkdirSync(join(folder, "directory"));
    writeFileSync(join(folder, "huge"), "x".repeat(2_000_001));
    expect(readUntrusted(join(folder, "secret"))).toBe("token");
    expect(() => readUntrusted(join(folder, "link"))).toThrow("is no plain file");
    expect(() => readUntrusted(join(folder, "directory"))).toThrow("is no plain file");
    expect(() => readUntrusted(join(folder, "huge"))).toThrow("has 2000001 bytes; at most 2000000 are read.");
    expect(() => readUntrusted(join(folder, "nothing"))).toThrow("There is no file");
  });
  it("is cut at a line, with what is open closed", () => {
    expect(fitted("short", 100, "…")).toBe("short");
    const text = fitted(`<details>\n\n\`\`\`diff\n${"+ line\n".repeat(100)}\`\`\`\n</details>`, 300, "The rest is elsewhere.");
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text).toMatch(/\+ line\n```\n<\/details>\n\nThe rest is elsewhere\.\n$/);
  });
});

describe("a result", () => {
  const result: DeployResult = {
    version: 1,
    ok: false,
    environment: "dev",
    commit: "c".repeat(40),
    images: "",
    links: [{ title: "Alarms", url: "https://example.com/" }],
    reason: "dev-data is not applied",
    stacks: [
      { stack: "dev-network", outcome: "applied", created: 3, changed: 0, destroyed: 1, seconds: 61.4, notes: [] },
      {
        stack: "dev-data",
        outcome: "stopped",
        created: 0,
        changed: 0,
        destroyed: 0,
        seconds: 5,
        notes: ["aws_x.y is destroyed, which was not reviewed."],
      },
    ],
  };
  it("is a table with the reasons below", () => {
    expect(resultMarkdown(result)).toContain(
      "| dev-network | applied | 3 | 0 | 1 | 61 s |\n| dev-data | stopped | 0 | 0 | 0 | 5 s |\n\n### dev-data: stopped\n\n- aws\\_x.y is destroyed, which was not reviewed.",
    );
    expect(resultMarkdown({ ...result, ok: true, remaining: [] })).toMatch(
      /^## Deployed: dev\n[^]*Planned again: nothing is left to change\./,
    );
  });
});

describe("links", () => {
  const resource = (type: string, values: Readonly<Record<string, unknown>>): Resource => ({
    address: `${type}.x`,
    type,
    provider: "",
    construct: "",
    values,
  });
  it("lead to the load balancers by their listeners, and to the console", () => {
    const after = [
      resource("aws_lb", { arn: "arn:1", name: "web", dns_name: "web.example.com" }),
      resource("aws_lb", { arn: "arn:2", name: "plain", dns_name: "plain.example.com" }),
      resource("aws_lb", { arn: "arn:3", dns_name: "(known after apply)" }),
      resource("aws_lb_listener", { load_balancer_arn: "arn:1", protocol: "HTTPS" }),
      resource("aws_lb_listener", { load_balancer_arn: "arn:2", protocol: "HTTP" }),
      resource("aws_ecs_cluster", { name: "day-trade-dev" }),
      resource("aws_cloudwatch_dashboard", { dashboard_name: "Trading-System-dev" }),
      resource("aws_cloudwatch_dashboard", { dashboard_name: "(known after apply)" }),
    ];
    expect(linksOf([{ after }], "ap-northeast-1", "dev").map(({ title, url }) => `${title} ${url}`)).toEqual([
      "Load balancer web https://web.example.com/",
      "Load balancer plain http://plain.example.com/",
      "ECS cluster day-trade-dev https://ap-northeast-1.console.aws.amazon.com/ecs/v2/clusters/day-trade-dev/services?region=ap-northeast-1",
      "Dashboard Trading-System-dev https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#dashboards/dashboard/Trading-System-dev",
      "Alarms https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:",
      "Instances https://ap-northeast-1.console.aws.amazon.com/ec2/home?region=ap-northeast-1#Instances:tag:Environment=dev",
    ]);
  });
});
