/**
 * The first hours of somebody who uses the project: their own values in every literal, a further environment, a service, a queue, a changed
 * field on each platform, each as the documents say it and with nothing else edited. The lines that are added are the documents' own.
 *
 * OWN_VALUES  "all": every quick test runs with them at the end, not only those of commands
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Report } from "../../review/model";
import { ProjectCopy } from "../helpers/project-copy";

jest.setTimeout(45 * 60_000);

/** What README and docs/deploying.md tell to replace, and names that somebody would give; nobody's account ids. */
const OWN: readonly (readonly [RegExp, string])[] = [
  [/111122223333/g, "100000000001"],
  [/444455556666/g, "200000000002"],
  [/777788889999/g, "300000000003"],
  [/example-org\/trading-system-infrastructure/g, "sakura/infrastructure"],
  [/example\.com/g, "sakura.test"],
  [/0a1b2c3d-4e5f-4a6b-8c7d/g, "5e6f7a8b-1c2d-4e3f-9a0b"],
  [/203\.0\.113\.0\/24/g, "198.18.7.0/25"],
  [/"tss-/g, '"sakura-'],
  [/"TSS_/g, '"Sakura_'],
  [/"day-trade-/g, '"sakura-trade-'],
];
/** A field of a service or of what serves it, and another value, on each platform. */
const CHANGES: readonly (readonly [file: string, from: string, to: string])[] = [
  [
    "environments/dev.ts",
    '"sakura-trade-data-dev:0.1.0", ...dataService',
    '"sakura-trade-data-dev:0.1.0", ...dataService, stopSeconds: 45',
  ], // ECS
  [
    "environments/prod.ts",
    '"sakura-trade-scheduler:0.1.0", ...schedulerService',
    '"sakura-trade-scheduler:0.1.0", ...schedulerService, environment: { LOG_LEVEL: "debug" }',
  ], // EKS
  ["environments/qa.ts", "...schedulerService", "...schedulerService, memory: 2048"], // somebody's own cluster
];

let copy: ProjectCopy;
beforeAll(() => {
  copy = new ProjectCopy();
  copy.run("docs");
  copy.commit("as it comes");
});
afterAll(() => {
  copy.remove();
});

/** Runs one of our commands. @throws with what it printed, where it does not end as it should */
function command(...args: readonly string[]): string {
  const { status, stdout, stderr } = copy.run(...args);
  if (status !== 0) throw new Error(`npm run ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

function jestPasses(...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join("node_modules", "jest", "bin", "jest.js"), ...args], {
    cwd: copy.folder,
    encoding: "utf8",
    env: { ...copy.variables, NODE_OPTIONS: "" },
  });
  if (status !== 0) throw new Error(stdout + stderr);
}

/** The first block of code below a heading of a page, without its first and last lines (`services: {`, `…,`, `},`). */
function documented(page: string, heading: string): string {
  const [, after] = copy.read(page).split(`\n## ${heading}\n`);
  const block = /```ts\n([^]*?)```/.exec(after ?? "")?.[1];
  const inner = block && /^[^\n]*\n\s*…,\n([^]*)\n\},\n$/.exec(block)?.[1];
  if (!inner) throw new Error(`${page} has no such block below "${heading}"`);
  return inner;
}

const report = (): Report => JSON.parse(copy.read("review.out/review.json")) as Report;
/** Of each environment the stacks that a deploy would change. */
const changedStacks = () =>
  Object.fromEntries(
    report().environments.map(({ environment, stacks }) => [
      environment,
      stacks
        .filter(({ plan }) => plan.changes.length > 0)
        .map(({ stack }) => stack)
        .sort(),
    ]),
  );

it("one's own accounts, repository, addresses, certificates, networks and names", () => {
  for (const [from, to] of OWN) copy.replace(["environments/dev.ts", "environments/staging.ts", "environments/prod.ts"], from, to);
  // What is left to do is what needs the world: credentials of that account.
  const { status, stdout, stderr } = copy.run("deploy", "dev");
  expect({ status, output: stdout + stderr }).toEqual({
    status: 1,
    output: expect.stringContaining("Without credentials nothing can be asked of the account 100000000001") as string,
  });
  expect(stdout + stderr).not.toContain("of the example");
  command("docs");
  jestPasses("test/literals", "test/workflows");
  // To Terraform it is another account: nothing is compared, and that is said first.
  command("review", "dev", "--base", "main");
  expect(copy.read("review.out/review.md").slice(0, 2000)).toContain("100000000001");
  copy.commit("Our own values");
});

it("a further environment", () => {
  const said = command("environment", "add", "qa", "--from", "staging", "--account", "400000000004");
  expect(said).toContain("accepted by every rule");
  expect(command("environment", "list")).toMatch(/^qa +staging +400000000004 /m);
  copy.edit("environments/qa.ts", 'platform: "eks"', 'platform: { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "qa" }');
  command("docs");
  jestPasses("test/literals", "test/workflows");
  expect(copy.read(".github/workflows/deploy.yml")).toMatch(/options: \[.*\bqa\b.*\]/);
  expect(command("rehearse", "qa", "--stacks", "events")).toContain("qa-events");
  copy.commit("An environment for quality assurance");
});

it("a service in ten lines, with a queue, through tests, rehearsal and review", () => {
  const secret = /`(reportsApi: \{.*?\})`/.exec(copy.read("docs/services.md"))![1]!;
  copy.edit("environments/dev.ts", "  services: {\n", `  services: {\n${documented("docs/services.md", "A service in ten lines")}\n`);
  copy.edit("environments/dev.ts", "    secrets: {\n", `    serviceSecrets: { ${secret} },\n    secrets: {\n`);
  copy.edit("environments/dev.ts", "  events: {\n", `  events: {\n${documented("docs/services.md", "A queue")}\n`);
  copy.edit(
    "environments/dev.ts",
    'grants: ["processedMarketData.read"]',
    'grants: ["processedMarketData.read", "queues.riskReports.consume"]',
  );
  command("docs");
  jestPasses("test/literals", "test/workflows");
  // As the page says: the plan passes, with the service's cost in it.
  command("review", "dev", "--base", "main");
  expect(changedStacks()).toEqual({ dev: ["dev-data", "dev-events", "dev-operations", "dev-services"] });
  command("rehearse", "dev", "--stacks", "services");
  copy.commit("Reports");
});

it("a field on each platform", () => {
  for (const [file, from, to] of CHANGES) copy.edit(file, from, to);
  command("docs");
  expect(copy.git("status", "--short")).toContain("charts/day-trade-ml/values.production.yaml");
  jestPasses("test/literals", "test/workflows");
  command("review", "--base", "main");
  expect(changedStacks()).toMatchObject({ dev: ["dev-services"], staging: [], qa: ["qa-workloads"], prod: ["prod-workloads"] });
});

it("every other test, which knows nothing of these values", () => {
  if (process.env.OWN_VALUES === "all")
    jestPasses(
      "--testPathIgnorePatterns",
      "test/(mutation|property|scenarios|cluster|workflow-runs|charts/checkov|review/checkov|rights/rehearsals/rehearsals)",
    );
  else jestPasses("test/commands");
});
