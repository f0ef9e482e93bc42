/** The review command where there is nothing to review, where it is stopped, and where it is asked for what cannot be. */
import { mkdirSync, writeFileSync } from "node:fs";
import { readExceptions } from "../../review/exceptions";
import type { Report } from "../../review/model";
import { ProjectCopy } from "../helpers/project-copy";
import { foreignCases } from "../review/plans/foreign";

jest.setTimeout(10 * 60_000);

let copy: ProjectCopy;
beforeAll(() => {
  copy = new ProjectCopy();
  copy.commit("base");
});
afterAll(() => {
  copy.remove();
});

describe("npm run review", () => {
  it("passes a change that synthesises the same bytes, without deploying anything", () => {
    copy.edit("README.md", "# Trading system infrastructure", "# The trading system's infrastructure");
    // Azure's literals are none of those that are planned, and that is said.
    copy.append("environments/azure/dev.ts", "// one more line\n");
    copy.commit("words");
    const { status, stdout, stderr } = copy.run("review", "--base", "HEAD^");
    const report = JSON.parse(copy.read("review.out/review.json")) as Report;
    expect({ status, states: [...new Set(report.environments.flatMap(({ stacks }) => stacks.map(({ state }) => state)))] }).toEqual({
      status: 0,
      states: ["unchanged"],
    });
    expect(report.environments.map(({ environment }) => environment)).toEqual(["dev", "staging", "prod"]);
    expect(report.exceptionErrors).toEqual([]);
    expect(report.limits).toContain(
      "Policy of dev, staging, prod was not judged again: base and working tree synthesise the same bytes there, and are judged by the same rules",
    );
    expect(report.limits.filter((limit) => limit.includes("Azure"))).toEqual([
      "what changes on Azure was not planned, because nothing emulates Azure (docs/azure.md): environments/azure/dev.ts",
    ]);
    expect(stdout + stderr).not.toMatch(/making the state|starting the emulator|checkov/);
    expect(copy.leftovers()).toEqual([]);
  });

  it("judges everything where the rules changed and nothing else: every exception is needed, and none has been forgotten", () => {
    const [exception] = readExceptions(copy.read("review/exceptions.yaml"), "").filter(({ construct }) => construct.startsWith("prod-"));
    copy.append("review/exceptions.yaml", "# one more line\n");
    expect(copy.run("review", "--base", "HEAD").status).toBe(0);
    const judged = JSON.parse(copy.read("review.out/review.json")) as Report;
    expect({
      states: [...new Set(judged.environments.flatMap(({ stacks }) => stacks.map(({ state }) => state)))],
      errors: judged.exceptionErrors,
    }).toEqual({ states: ["unchanged"], errors: [] });
    // One that is taken out though it is needed is missed.
    copy.edit("review/exceptions.yaml", exception!.construct, "prod-network/nothing");
    expect(copy.run("review", "prod", "--base", "HEAD").status).toBe(1);
    expect(
      (JSON.parse(copy.read("review.out/review.json")) as Report).environments.flatMap(({ stacks }) =>
        stacks.flatMap(({ findings }) =>
          findings.filter(({ severity, excepted }) => severity === "refusal" && !excepted).map(({ rule, construct }) => [rule, construct]),
        ),
      ),
    ).toContainEqual([exception!.rule, exception!.construct]);
    copy.git("checkout", "-q", "--", "review/exceptions.yaml");
  });

  it("reads the plans of a project that is not ours", () => {
    mkdirSync(copy.path("plans"));
    const wanted = ["google_sql_database_instance is destroyed", "random_password is new", "azurerm_storage_account"];
    for (const [index, { plan }] of foreignCases.filter(({ name }) => wanted.includes(name)).entries())
      writeFileSync(copy.path("plans", `stack-${index}.json`), JSON.stringify(plan));
    const { status, stdout, stderr } = copy.run("review", "--plan", "plans");
    expect({ status, output: stdout + stderr }).toMatchObject({ status: 1, output: expect.stringContaining("data/destroyed") as string });
    const report = JSON.parse(copy.read("review.out/review.json")) as Report;
    expect(report.source).toEqual({ kind: "files", folder: "plans" });
    expect(report.environments.map(({ environment, stacks, diagram }) => [environment, stacks.length, diagram])).toEqual([
      ["files", 3, undefined],
    ]);
    expect(report.environments[0]!.cost.unknownTypes).toContain("azurerm_storage_account");
    for (const file of ["review.md", "review.html", "review.json"])
      expect(copy.read(`review.out/${file}`)).not.toMatch(/hunter2|old-value|planted/);
  });

  it("is quick where only what changes is asked for: npm run plan", () => {
    copy.edit("environments/dev.ts", "deadLetterAlarmPeriodSeconds: 300", "deadLetterAlarmPeriodSeconds: 60");
    const { status, stdout } = copy.run("plan", "dev", "--base", "HEAD");
    expect({ status, text: stdout.slice(stdout.indexOf("Planned on")) }).toEqual({
      status: 0,
      text: [
        `Planned on HEAD (${copy.git("rev-parse", "HEAD").slice(0, 7)}), with ${copy.git("rev-parse", "HEAD").slice(0, 7)}+changes on top of it; no account involved.`,
        "",
        "dev-events",
        ...["notifications", "orders"].flatMap((queue) => [
          `  ~ aws_cloudwatch_metric_alarm  dev-events/${queue}/dead-letter-alarm/alarm`,
          "      period: 300 → 60",
        ]),
        "",
        "What AWS itself would refuse, and what only a deploy shows, is not in these plans: npm run rehearse deploys an environment on the emulator.",
        "2 updated; 7 of 8 stacks stay as they are.",
        "",
      ].join("\n"),
    });
    expect(copy.leftovers()).toEqual([]);
    copy.git("checkout", "-q", "--", "environments/dev.ts");
  });

  it("leaves nothing behind when it is stopped", async () => {
    copy.edit("environments/dev.ts", 'adminCidrs: ["0.0.0.0/0"]', 'adminCidrs: ["203.0.113.0/24"]');
    const child = copy.start("review", "dev", "--base", "HEAD");
    const ended = new Promise<number | null>((done) => {
      child.on("close", done);
    });
    await new Promise<void>((done) => {
      let text = "";
      child.stdout!.on("data", (chunk) => {
        text += String(chunk);
        if (text.includes("making the state")) done();
      });
      void ended.then(() => {
        done();
      });
    });
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(copy.leftovers()).toEqual([]);
    copy.git("checkout", "-q", "--", "environments/dev.ts");
  });

  it.each([
    ["an environment that there is not", ["review", "nowhere"], 'There is no environment "nowhere". Valid names: dev, staging, prod.'],
    ["a base that there is not", ["review", "dev", "--base", "no-such"], 'There is no commit "no-such" to compare with.'],
    ["two sources of plans", ["review", "dev", "--base", "HEAD", "--account"], "exclude each other"],
    ["a folder without plans", ["review", "--plan", "docs"], "docs holds no plan. Write one for each stack: terraform show -json"],
    ["an image of a service that there is not", ["review", "dev", "--image", "none=1.0.0"], 'dev has no service "none"'],
  ])("refuses %s", (_, args, message) => {
    const { status, stdout, stderr } = copy.run(...args);
    expect({ status, output: stdout + stderr }).toEqual({ status: 1, output: expect.stringContaining(message) as string });
    expect(copy.leftovers()).toEqual([]);
  });
});
