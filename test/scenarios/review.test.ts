/**
 * Pull requests as strangers make them, reviewed by the real command on a state that is made of the base, and once more on a rehearsal of the
 * base, which must say the same. One change takes them all, each in a part of its own; it takes some minutes.
 */
import { existsSync } from "node:fs";
import type { Finding, Report, ResourceChange } from "../../review/model";
import { ProjectCopy } from "../helpers/project-copy";
import { findingsOf, substanceOf } from "../helpers/ways";

jest.setTimeout(25 * 60_000);

const PLANTED = "Tr0ub4dor-and-3-horses";

describe("a pull request", () => {
  let copy: ProjectCopy;
  let result: ReturnType<ProjectCopy["run"]>;
  let report: Report;
  let rehearsed: { readonly run: typeof result; readonly report: Report };
  const written = (file: string) => copy.read(`review.out/${file}`);
  const all = (): Finding[] =>
    report.environments.flatMap(({ stacks, findings }) => [...findings, ...stacks.flatMap((stack) => stack.findings)]);
  const changes = (): ResourceChange[] => report.environments.flatMap(({ stacks }) => stacks.flatMap(({ plan }) => plan.changes));
  const rulesOf = (construct: string) =>
    all()
      .filter((finding) => finding.construct.startsWith(construct))
      .map(({ rule }) => rule);
  const actionsOf = (construct: string) =>
    changes()
      .filter((change) => change.construct.startsWith(construct))
      .map(({ type, action }) => `${action} ${type}`);

  beforeAll(() => {
    copy = new ProjectCopy();
    const edit = copy.edit.bind(copy);
    // The remote desktop is closed at the base, so that opening it is a change.
    edit("environments/dev.ts", 'adminCidrs: ["0.0.0.0/0"]', 'adminCidrs: ["203.0.113.0/24"]');
    // An image is pinned, so that another one is a change.
    edit(
      "environments/common.ts",
      'ssmParameter: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"',
      'id: "ami-0dafcef159b1fc745"',
    );
    copy.commit("base");
    copy.git("checkout", "-q", "-b", "work");

    edit("stacks/data.ts", 'this.bucket("backtest-results"', 'this.bucket("backtests"'); // rename a construct
    edit(
      "environments/dev.ts",
      "globalSecondaryIndexes }",
      'globalSecondaryIndexes: globalSecondaryIndexes.map((index, position) => (position === 0 ? { ...index, projectedAttributes: [...index.projectedAttributes, "reviewed"] } : index)) }',
    ); // change a GSI
    edit("environments/dev.ts", 'adminCidrs: ["203.0.113.0/24"]', 'adminCidrs: ["0.0.0.0/0"]'); // open 3389
    edit("constructs/storage/table.ts", "pointInTimeRecovery: { enabled: true", "pointInTimeRecovery: { enabled: false"); // drop PITR
    edit("environments/common.ts", 'id: "ami-0dafcef159b1fc745"', 'id: "ami-0dafcef159b1fc746"'); // bump an AMI
    edit(
      "environments/dev.ts",
      "    scheduler: {",
      `    reports: { image: "day-trade-reports-dev:0.1.0", cpu: 256, memory: 512, environment: { REPORT_USER: "https://trader:${PLANTED}@reports.example.org/" } },\n    scheduler: {`,
    ); // add a service, with a password in it
    copy.append("hosts/windows/monitor_services.ps1", "# one more line\n"); // change a script
    copy.commit("work");
    result = copy.run("review", "dev", "--base", "main");
    if (existsSync(copy.path("review.out", "review.json"))) report = JSON.parse(written("review.json")) as Report;
    const run = copy.run("review", "dev", "--base", "main", "--rehearse", "--out", "review.out/rehearsed");
    if (run.status === 1) rehearsed = { run, report: JSON.parse(written("rehearsed/review.json")) as Report };
  });
  afterAll(() => {
    copy.remove();
  });

  it("is refused, with the files written and nothing left behind", () => {
    expect({ status: result.status, output: result.stdout + result.stderr }).toMatchObject({
      status: 1,
      output: expect.stringContaining("review.html") as string,
    });
    expect(copy.leftovers()).toEqual([]);
    expect(copy.git("status", "--porcelain")).toBe("");
  });

  it("says from which base, and what was rehearsed why", () => {
    const source = { kind: "base", base: "main", baseCommit: copy.git("rev-parse", "main"), head: copy.git("rev-parse", "work") };
    expect(report.source).toEqual({ ...source, rehearsed: [] });
    expect(rehearsed.report.source).toEqual({ ...source, rehearsed: [{ environment: "dev", why: "--rehearse asks for it" }] });
    expect(result.stdout + result.stderr).not.toContain("starting the emulator");
    expect(rehearsed.run.stdout).toContain("created aws_");
    expect(report.environments.map(({ environment }) => environment)).toEqual(["dev"]);
    // The renamed bucket's outputs are new, and those who read them wait for it.
    expect(report.environments[0]!.stacks.map(({ stack, state }) => `${stack} ${state}`).sort()).toEqual([
      "dev-bootstrap unchanged",
      "dev-data planned",
      "dev-events unchanged",
      "dev-network unchanged",
      "dev-operations deferred",
      "dev-services deferred",
      "dev-trading deferred",
      "dev-web unchanged",
    ]);
  });

  it("does and risks the same by both ways", () => {
    expect(substanceOf(report)).toEqual(substanceOf(rehearsed.report));
    expect(findingsOf(report)).toEqual(findingsOf(rehearsed.report));
    // The sums differ by what the emulator fills in, such as a public address of a host; what the change costs does not.
    const difference = ({ environments }: Report) => environments.map(({ cost }) => (cost.after - cost.before).toFixed(2));
    expect(difference(report)).toEqual(difference(rehearsed.report));
  });

  it("that renames a construct destroys a bucket and makes another", () => {
    expect(actionsOf("dev-data/backtest-results")).toContain("destroy aws_s3_bucket");
    expect(actionsOf("dev-data/backtests")).toContain("create aws_s3_bucket");
    expect(rulesOf("dev-data/backtest-results")).toContain("data/destroyed");
  });

  it("that changes an index and drops point-in-time recovery says both of the table", () => {
    expect(rulesOf("dev-data/order-state")).toEqual(expect.arrayContaining(["data/index-changed", "data/backups-off"]));
    expect(actionsOf("dev-data/order-state")).toEqual(["update aws_dynamodb_table"]);
  });

  it("that opens the remote desktop to everyone says so", () => {
    const opened = all().filter(({ rule }) => rule === "network/ingress-opened");
    expect(opened.some(({ message }) => message.includes("3389") && message.includes("0.0.0.0/0"))).toBe(true);
  });

  it("that names another image replaces the Windows host, and says by which attribute", () => {
    const host = changes().find(({ type, construct }) => type === "aws_instance" && construct.startsWith("dev-trading/windows"))!;
    expect(host.action).toBe("replace");
    expect(host.attributes.filter(({ forcesReplacement }) => forcesReplacement).map(({ path }) => path)).toEqual(["ami"]);
    expect(rulesOf("dev-trading/windows")).toContain("compute/host-replaced");
  });

  it("that adds a service creates it, prices it, and never shows the password in it", () => {
    expect(actionsOf("dev-services/service-reports")).toEqual(
      expect.arrayContaining(["create aws_ecs_service", "create aws_ecs_task_definition", "create aws_ecr_repository"]),
    );
    expect(report.environments[0]!.cost.after).toBeGreaterThan(report.environments[0]!.cost.before);
    expect(rulesOf("dev-services/service-reports")).toContain("policy/plain-secret-in-environment");
    for (const text of [written("review.md"), written("review.html"), written("review.json"), result.stdout, result.stderr])
      expect(text).not.toContain(PLANTED);
  });

  it("that changes a script uploads a new bundle and replaces nothing for it", () => {
    expect(changes().filter(({ type }) => type === "aws_s3_object").length).toBeGreaterThan(0);
  });

  it("has every refusal at a line of the code", () => {
    const refusals = all().filter(({ severity }) => severity === "refusal");
    expect(refusals.length).toBeGreaterThan(4);
    for (const { rule, source } of refusals)
      expect({ rule, source }).toEqual({ rule, source: expect.stringMatching(/^(stacks|constructs)\/[\w/-]+\.ts:\d+$/) as string });
  });
});

describe("one value changed in every environment", () => {
  let copy: ProjectCopy;
  let result: ReturnType<ProjectCopy["run"]>;
  beforeAll(() => {
    copy = new ProjectCopy();
    copy.commit("base");
    copy.git("checkout", "-q", "-b", "work");
    copy.replace(["environments/common.ts"], /(queueDefaults = \{[^}]*receiveWaitTimeSeconds: )20/, "$119");
    copy.commit("work");
    result = copy.run("review", "--base", "main");
  });
  afterAll(() => {
    copy.remove();
  });

  it("makes a comment of ten lines, and a page on which nothing that it did not touch stands open", () => {
    expect({ status: result.status, output: result.stdout + result.stderr }).toMatchObject({ status: 0 });
    const comment = copy.read("review.out/review.md");
    expect(comment).toMatch(/^## ✅ Passes: no refusal · \d updated$/m);
    expect(comment).toMatch(/^Nothing is lost, opened or dearer: /m);
    expect(comment).toMatch(/^- updated .*-events\/orders\/queue.* in `dev`, `staging`, `prod`: `receive_wait_time_seconds` `20` → `19`$/m);
    const lines = comment.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(comment).not.toMatch(/<details>|\| --- \|/);
    expect(copy.read("review.out/review.html")).not.toMatch(/<details[^>]* open/);
  });
});
