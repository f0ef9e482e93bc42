/**
 * What reaches an account, which an emulator stands in for: Cloud Deploy from the review to the deploy, cancelled, refused and unprotected; drift
 * and none; destruction. act asks nobody for an approval: that the deploy waits for one is GitHub's part, whose settings the first job asks for.
 *
 * Shortened: reviews after the first, whole in itself (test/scenarios/road); drift to one stack in development, and to its report elsewhere
 * (test/scenarios/delivery); the destruction itself, because cdktf asks Terraform's own registry for locks before it, whatever mirror there is.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeployResult } from "../../delivery/result";
import { REHEARSAL_STATE_BUCKET } from "../../stacks/target";
import { loadEnvironment } from "../fixtures/environments";
import { EmulatedAccount } from "../helpers/emulated-account";
import { openToAnOffice } from "../helpers/first-deploy";
import { GitHubApi, PROTECTED } from "../helpers/github-api";
import { ProjectCopy } from "../helpers/project-copy";
import { Act, expectJobs, REPOSITORY, type Run, type Shortened, type Trigger } from "./act";

jest.setTimeout(15 * 60_000);
const environment = loadEnvironment("dev");
const MAIN = "refs/heads/main";

let copy: ProjectCopy;
let act: Act;
let api: GitHubApi;
let account: EmulatedAccount;

beforeAll(async () => {
  copy = new ProjectCopy();
  openToAnOffice(copy);
  copy.git("branch", "other");
  act = new Act(copy);
  api = await GitHubApi.start(REPOSITORY);
  account = await EmulatedAccount.open(environment);
  await account.createStateBucket(environment);
  const { EMULATOR_ENDPOINT = "", AWS_ENDPOINT_URL = "", ...variables } = account.variables;
  Object.assign(act, { api: api.address, account: { EMULATOR_ENDPOINT, AWS_ENDPOINT_URL }, variables });
});
afterAll(async () => {
  act?.close();
  await account?.close();
  copy?.remove();
  await api?.close();
});
beforeEach(() => {
  api.calls = [];
  api.environments = { dev: { ...PROTECTED, protection_rules: [{ type: "branch_policy" }] } };
});

const locks = () => account.emulator.locks(REHEARSAL_STATE_BUCKET, environment.region);
const rolesOf = ({ journal }: Run) =>
  journal.flatMap(({ job, role, subject }) => (role ? [`${job}: ${role.split("/")[1]} for ${subject}`] : []));
const role = (kind: string) => `tss-${kind}-dev`;
const subject = (rest: string) => `repo:${REPOSITORY}:${rest}`;

describe("Cloud Deploy", () => {
  const deploy = (more: Partial<Trigger> = {}) => {
    api.rights = act.rights("deploy.yml", "environment");
    return act.run("deploy.yml", {
      event: "workflow_dispatch",
      ref: MAIN,
      payload: { inputs: { environment: "development", stacks: "events", image: "" } },
      ...more,
    });
  };
  let first: Run;
  /** The first one's review, in place of making it again. */
  const reviewed = (code = 0): Shortened => {
    const folder = act.artifact(first.number, "review");
    return {
      match: "run review",
      instead: { code, files: Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")])) },
    };
  };

  it("of another branch than main does nothing", async () => {
    expect((await deploy({ ref: "refs/heads/other" })).jobs).toEqual({});
    expect(api.calls).toEqual([]);
  });

  it("to an environment that GitHub would make without protection ends before anybody has credentials", async () => {
    api.environments = {};
    const run = await deploy();
    expect([run.jobs, run.text]).toEqual([
      { environment: "failure" },
      expect.stringContaining("it does not exist, and GitHub would make it"),
    ]);
    expect(rolesOf(run)).toEqual([]);
  });

  it("reviews with the plan role, deploys with the other one behind the environment, and leaves no lock when it is cancelled", async () => {
    // Of what AWS takes twice: a call that was cut off may have been carried out (docs/delivery.md).
    first = await deploy({
      payload: { inputs: { environment: "development", stacks: "network", image: "" } },
      cancelAt: /created aws_/,
      variables: { CLOUD_RUNNER: "inside" },
    });
    expectJobs(first, { environment: "success", review: "success", deploy: "failure" });
    expect(rolesOf(first)).toEqual([
      `review: ${role("plan")} for ${subject(`ref:${MAIN}`)}`,
      `deploy: ${role("deploy")} for ${subject("environment:dev")}`,
    ]);
    expect(first.steps.deploy).toMatchObject({ "Deploy what was reviewed": "failure", "Release the locks of a cancelled run": "success" });
    expect(first.commands("deploy").at(-1)).toBe("run unlock -- dev --own");
    expect(first.journal.flatMap(({ uploaded }) => uploaded ?? [])).toEqual(["review"]);
    expect(await locks()).toEqual([]);
  });

  it("deploys what was reviewed, only the stacks that were asked for", async () => {
    const run = await deploy({ npm: [reviewed()] });
    expectJobs(run, { environment: "success", review: "success", deploy: "success" });
    expect(run.journal.flatMap(({ job }) => job!).filter((job, index, all) => job !== all[index - 1])).toEqual([
      "environment",
      "review",
      "deploy",
    ]);
    const { stacks } = JSON.parse(readFileSync(join(act.artifact(run.number, "deploy"), "deploy.json"), "utf8")) as DeployResult;
    expect(Object.fromEntries(stacks.map(({ stack, outcome }) => [stack, outcome]))).toMatchObject({
      "dev-events": "applied",
      "dev-network": "left out",
    });
    expect(run.steps.deploy).not.toHaveProperty("Release the locks of a cancelled run");
  });

  it("ends with a review that refuses, which can be read", async () => {
    const run = await deploy({ npm: [reviewed(1)] });
    expect([run.jobs, rolesOf(run).length]).toEqual([{ environment: "success", review: "failure" }, 1]);
    expect(readdirSync(act.artifact(run.number, "review"))).toContain("review.html");
  });
});

describe("drift", () => {
  const report = (name: string, state: string): Shortened => ({
    match: `run drift -- ${name}`,
    instead: {
      code: { none: 0, drift: 2 }[state] ?? 1,
      files: { "drift.json": JSON.stringify({ version: 1, environment: name, state, stacks: [] }), "drift.md": `## ${state}` },
    },
  });
  const drift = (more: Partial<Trigger> = {}) => {
    api.rights = act.rights("drift.yml", "issue");
    return act.run("drift.yml", {
      event: "schedule",
      ref: MAIN,
      payload: {},
      npm: [{ match: "run drift -- dev", more: ["--stacks", "events"] }, report("staging", "none"), report("prod", "unknown")],
      ...more,
    });
  };
  const visible = environment.events.orderQueue.visibilityTimeoutSeconds;

  it("of another branch than main is not looked for", async () => {
    expect((await drift({ event: "workflow_dispatch", ref: "refs/heads/other" })).jobs).toEqual({});
  });

  it("opens an issue for what was changed, and fails for what could not be compared", async () => {
    await account.setVisibilityTimeout(environment, visible + 7);
    const run = await drift();
    // act knows one result for a whole matrix, so the steps are asked.
    const results = (job: string, step: string) =>
      Object.fromEntries(["development", "staging", "production"].map((name) => [name, run.steps[`${job} (${name})`]?.[step]]));
    expect(results("compare", "Compare")).toEqual({ development: "failure", staging: "success", production: "failure" });
    expect(results("compare", "What the word stands for")).toEqual({ development: "success", staging: "success", production: "success" });
    expect(results("issue", "Issue")).toEqual({ development: "success", staging: "success", production: "failure" });
    expect(rolesOf(run).sort()).toEqual(
      ["dev", "prod", "staging"].map((name) => `compare: tss-plan-${name} for ${subject(`ref:${MAIN}`)}`),
    );
    expect(api.issues.map(({ title, state }) => [title, state])).toEqual([["Drift in dev", "open"]]);
    expect(api.issues[0]!.body).toContain(`: ${visible} → ${visible + 7}\n`);
  });

  it("closes it once it is gone", async () => {
    await account.setVisibilityTimeout(environment, visible);
    await drift();
    expect(api.issues.map(({ state }) => state)).toEqual(["closed"]);
  });
});

describe("Destroy development", () => {
  const destroy = (confirm: string, more: Partial<Trigger> = {}) => {
    api.rights = act.rights("destroy.yml", "environment");
    return act.run("destroy.yml", {
      event: "workflow_dispatch",
      ref: MAIN,
      payload: { inputs: { environment: "development", confirm } },
      ...more,
    });
  };

  it("does nothing on another branch, or where GitHub asks nobody", async () => {
    expect((await destroy("dev", { ref: "refs/heads/other" })).jobs).toEqual({});
    api.environments = { dev: { ...PROTECTED, deployment_branch_policy: null } };
    const run = await destroy("dev");
    expect([run.jobs, run.text]).toEqual([{ environment: "failure" }, expect.stringContaining("every branch may deploy to it")]);
  });

  it("destroys nothing by another name", async () => {
    const run = await destroy("development");
    expectJobs(run, { environment: "success", destroy: "failure" });
    expect([run.steps.destroy!.Destroy, run.text]).toEqual(["failure", expect.stringContaining("destroy it and all its data")]);
  });

  it("destroys what the name was typed of, with the deploy role", async () => {
    const run = await destroy("dev", { npm: [{ match: "run destroy", instead: {} }] });
    expectJobs(run, { environment: "success", destroy: "success" });
    expect(run.commands("destroy")).toEqual(["run destroy -- dev --auto-approve --confirm dev"]);
    expect(rolesOf(run)).toEqual([`destroy: ${role("deploy")} for ${subject("environment:dev")}`]);
  });
});
