/** `npm run github` as a workflow runs it, against a server that stands in for GitHub's API. */
import { spawn } from "node:child_process";
import { build } from "esbuild";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withExamples } from "../helpers/examples";
import {
  BOT,
  GitHubApi,
  PROTECTED,
  TOKEN,
  type Comment,
  type GitHubEnvironment,
  type Issue,
  type PullRequest,
} from "../helpers/github-api";

const repository = join(__dirname, "..", "..");
const HEAD = "a".repeat(40);
const RUN = "https://github.com/example-org/infra/actions/runs/7";

let api: GitHubApi;
let program: string;
let folder: string;

beforeAll(async () => {
  api = await GitHubApi.start("example-org/infra");
  const cache = join(repository, "node_modules", ".cache", "trading-system");
  mkdirSync(cache, { recursive: true });
  program = join(cache, `github-test-${process.pid}.mjs`);
  await build({
    stdin: {
      contents: `import { githubCommand } from "./commands/github";
        try { await githubCommand().parseAsync(process.argv.slice(2), { from: "user" }); }
        catch (error) { console.error(error.message); process.exitCode = 1; }`,
      resolveDir: repository,
      loader: "ts",
    },
    outfile: program,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    plugins: [withExamples(repository)],
  });
});
afterAll(async () => {
  rmSync(program, { force: true });
  await api.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "github-test-"));
  [api.comments, api.issues, api.calls] = [[], [], []];
  api.environments = {};
  api.rights = undefined;
  api.pulls = { 12: { state: "open", head: { sha: HEAD }, base: { repo: { full_name: "example-org/infra" } } } };
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], variables: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: {
        PATH: process.env.PATH,
        GITHUB_TOKEN: TOKEN,
        GITHUB_REPOSITORY: "example-org/infra",
        GITHUB_API_URL: api.address,
        ...variables,
      },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += String(chunk);
      });
    child.on("close", (code) => {
      resolve({ code, text });
    });
  });
const review = (environment: string, text: string, number: unknown = 12) => {
  mkdirSync(join(folder, `review-${environment}`), { recursive: true });
  writeFileSync(join(folder, `review-${environment}`, "review.md"), text);
  writeFileSync(join(folder, `review-${environment}`, "pull-request.json"), JSON.stringify({ number }));
};
const comment = (...more: string[]) => run(["comment", folder, "--head", HEAD, "--run", RUN, ...more]);

describe("the comment of a pull request", () => {
  it("holds the reviews of all environments, and is updated where it stands", async () => {
    review("dev", "## dev");
    review("prod", "## prod");
    expect(await comment()).toEqual({ code: 0, text: "Comment of pull request 12: created.\n" });
    expect(api.comments.map(({ body }) => body)).toEqual([
      `<!-- trading-system-review -->\nReview of aaaaaaaaaaaa, made by the pull request's own code in [this run](${RUN}), which has all of it.\n\n## dev\n## prod`,
    ]);
    expect((await comment()).text).toContain("unchanged");
    review("prod", "## prod, again");
    expect((await comment()).text).toContain("updated");
    expect(api.comments).toHaveLength(1);
    expect(api.comments[0]!.body).toContain("## prod, again");
  });

  it("is found behind many others, is the only one, and nobody else's is touched", async () => {
    const own = (id: number) => ({ id, user: { login: BOT }, body: "<!-- trading-system-review -->\nold" });
    const foreign = { id: 1, user: { login: "mallory" }, body: "<!-- trading-system-review -->\nfine" };
    const other = { id: 2, user: { login: BOT }, body: "coverage <!-- trading-system-review -->" };
    api.comments = [foreign, other, { ...other, id: 3 }, { ...other, id: 4 }, own(5), own(6)];
    review("dev", "## dev");
    expect((await comment()).text).toContain("updated");
    expect(api.comments.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(api.comments.map(({ body }) => body.includes("## dev"))).toEqual([false, false, false, false, true]);
    expect(api.writes).toEqual(["DELETE /issues/comments/6", "PATCH /issues/comments/5"]);
  });

  it.each<[string, Partial<PullRequest>, string]>([
    [
      "has moved on",
      { head: { sha: "b".repeat(40) } },
      "Pull request 12 stands at another commit than the reviewed one; its own run will tell.",
    ],
    ["is closed", { state: "closed" }, "Pull request 12 is closed."],
    ["is another repository's", { base: { repo: { full_name: "example-org/other" } } }, "Pull request 12 is not one of example-org/infra."],
  ])("is not written when the pull request %s", async (_, more, message) => {
    api.pulls[12] = { ...api.pulls[12]!, ...more };
    review("dev", "## dev");
    expect(await comment()).toEqual({ code: 0, text: `${message}\n` });
    expect(api.writes).toEqual([]);
  });

  it.each<[string, () => void, string]>([
    [
      "names no pull request",
      () => {
        review("dev", "x", "12; DROP TABLE");
      },
      "pull-request.json holds no number of a pull request.",
    ],
    [
      "names one that is not there",
      () => {
        review("dev", "x", 13);
      },
      "Not Found",
    ],
    [
      "names several",
      () => {
        review("dev", "x", 12);
        review("prod", "x", 13);
      },
      "The reviews are of several pull requests.",
    ],
    [
      "is a link",
      () => {
        review("dev", "x");
        rmSync(join(folder, "review-dev", "review.md"));
        symlinkSync("/proc/self/environ", join(folder, "review-dev", "review.md"));
      },
      "is no plain file",
    ],
    [
      "is huge",
      () => {
        review("dev", "x".repeat(2_000_001));
      },
      "at most 2000000 are read",
    ],
    ["is empty", () => undefined, "holds 0 reviews; from 1 to 10 are expected."],
  ])("is refused of an artifact that %s", async (_, prepare, message) => {
    prepare();
    const { code, text } = await comment();
    expect([code, text]).toEqual([1, expect.stringContaining(message)]);
    expect(api.writes).toEqual([]);
  });

  it("calls nobody, loads nothing, passes for nothing else, and fits", async () => {
    review(
      "dev",
      `<!-- trading-system-review -->\n@everyone ![x](https://example.com/x.png) #1\n${"| a line of a long table |\n".repeat(3000)}`,
    );
    review("prod", `## prod\n${"x\n".repeat(60_000)}`);
    await comment();
    const [{ body }] = api.comments as [Comment];
    expect(body.length).toBeLessThan(65_536);
    expect(body.match(/<!--/g)).toHaveLength(1);
    expect(body).not.toMatch(/@everyone|!\[|#1/);
    expect(body.match(/The rest is in the artifacts of the run\./g)).toHaveLength(2);
  });

  it.each([
    ["--head", "main"],
    ["--run", "javascript:alert(1)"],
  ])("takes no %s but GitHub's", async (option, value) => {
    review("dev", "x");
    expect((await comment(option, value)).text).toContain(`${option} is no `);
    expect(api.calls).toEqual([]);
  });
});

describe("the issue on drift", () => {
  const drift = (state: string, text = "## Drift in dev\n@everyone") => {
    writeFileSync(join(folder, "drift.json"), JSON.stringify({ version: 1, environment: "dev", state, stacks: [] }));
    writeFileSync(join(folder, "drift.md"), text);
  };
  const issue = (name = "development") => run(["issue", name, folder]);

  it("is opened, left, updated and closed", async () => {
    drift("none");
    expect((await issue()).text).toBe("Issue on dev: none.\n");
    drift("drift");
    expect((await issue()).text).toBe("Issue on dev: opened.\n");
    expect(api.issues).toEqual([
      {
        number: 50,
        user: { login: BOT },
        title: "Drift in dev",
        body: "<!-- npm run drift: dev -->\n## Drift in dev\n@\u200Beveryone",
        state: "open",
        labels: ["drift"],
      },
    ]);
    expect((await issue()).text).toContain("unchanged");
    drift("drift", "more");
    expect((await issue("dev")).text).toContain("updated");
    expect(api.issues.map(({ body, state }) => [body, state])).toEqual([["<!-- npm run drift: dev -->\nmore", "open"]]);
    drift("none");
    expect((await issue()).text).toContain("closed");
    expect(api.issues.map(({ state, state_reason }) => [state, state_reason])).toEqual([["closed", "completed"]]);
    expect(api.comments.map(({ body }) => body)).toEqual(["The drift is gone."]);
  });

  it("is one, on the second page too, and not another environment's, a stranger's or a pull request", async () => {
    const open = (number: number, more: Partial<Issue> = {}): Issue => ({
      number,
      user: { login: BOT },
      title: "",
      body: "<!-- npm run drift: dev -->\nold",
      state: "open",
      labels: ["drift"],
      ...more,
    });
    api.issues = [
      open(1, { body: "<!-- npm run drift: prod -->\nold" }),
      open(2, { user: { login: "mallory" } }),
      open(3, { pull_request: {} }),
      open(5),
      open(4),
    ];
    drift("drift");
    expect((await issue()).text).toContain("updated");
    expect(api.writes).toEqual(["PATCH /issues/5", "PATCH /issues/4"]);
    expect(api.issues.map(({ number, state }) => [number, state])).toEqual([
      [1, "open"],
      [2, "open"],
      [3, "open"],
      [5, "closed"],
      [4, "open"],
    ]);
  });

  it("stays as it is when not everything could be compared", async () => {
    drift("unknown");
    expect(await issue()).toEqual({ code: 1, text: "Not all of dev could be compared, so its issue stays as it is.\n" });
    expect(api.calls).toEqual([]);
  });

  it("is not written for another environment", async () => {
    drift("drift");
    expect((await issue("production")).text).toContain("is of dev, not of prod.");
  });
});

describe("the number of a pull request", () => {
  it("comes from the event", async () => {
    const event = join(folder, "event.json");
    writeFileSync(event, JSON.stringify({ number: 12 }));
    expect(await run(["number", join(folder, "out")], { GITHUB_EVENT_PATH: event })).toEqual({ code: 0, text: "" });
    expect(JSON.parse(readFileSync(join(folder, "out", "pull-request.json"), "utf8"))).toEqual({ number: 12 });
    writeFileSync(event, JSON.stringify({ ref: "refs/heads/main" }));
    expect((await run(["number", join(folder, "out")], { GITHUB_EVENT_PATH: event })).text).toContain(
      "The event is none of a pull request",
    );
  });
});

describe("the protection of an environment", () => {
  const [policy, reviewers] = PROTECTED.protection_rules as [object, object];
  const protection = (name: string, { environment, rights }: { environment?: GitHubEnvironment; rights?: Record<string, string> } = {}) => {
    if (environment) api.environments[name] = environment;
    api.rights = rights ?? { actions: "read" };
    return run(["protection", name]);
  };

  it.each([
    ["prod", PROTECTED],
    ["dev", PROTECTED],
    ["dev", { ...PROTECTED, protection_rules: [policy] }],
  ] as const)("of %s passes as docs/delivery.md asks for it, with `actions: read` alone", async (name, environment) => {
    expect(await protection(name, { environment })).toEqual({ code: 0, text: `The environment ${name} is protected on GitHub.\n` });
  });

  it.each<[string, string, Partial<GitHubEnvironment> | undefined, string]>([
    ["is missing", "dev", undefined, "it does not exist, and GitHub would make it without any protection"],
    ["lets every branch deploy", "dev", { deployment_branch_policy: null }, "every branch may deploy to it; only the branch main may"],
    [
      "lets every protected branch deploy",
      "dev",
      { deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } },
      "every protected branch may deploy to it; only the branch main may",
    ],
    ["lets nobody deploy", "dev", { branches: [] }, "no branch may deploy to it"],
    [
      "lets another branch deploy",
      "prod",
      { branches: [...PROTECTED.branches, { name: "release/*", type: "branch" }] },
      "branch main, branch release/* may deploy to it",
    ],
    ["lets a tag deploy", "prod", { branches: [{ name: "main", type: "tag" }] }, "tag main may deploy to it"],
    ["asks nobody", "staging", { protection_rules: [policy] }, "nobody has to approve a deploy to it"],
    ["asks no one of none", "prod", { protection_rules: [{ ...reviewers, reviewers: [] }] }, "nobody has to approve a deploy to it"],
    [
      "lets its own starter approve",
      "prod",
      { protection_rules: [{ ...reviewers, prevent_self_review: false }] },
      "whoever starts a deploy may approve it",
    ],
  ])("refuses one that %s", async (_, name, more, message) => {
    const { code, text } = await protection(name, more && { environment: { ...PROTECTED, ...more } });
    expect([code, text]).toEqual([1, expect.stringContaining(message)]);
    expect(text).toContain(`The environment ${name} on GitHub does not protect`);
    expect(text).toContain("docs/delivery.md");
  });

  it("is not taken for granted where it cannot be asked for", async () => {
    expect(await protection("dev", { environment: PROTECTED, rights: { contents: "read" } })).toMatchObject({
      code: 1,
      text: expect.stringContaining("Resource not accessible by integration") as string,
    });
  });
});

it("says which variables it needs", async () => {
  review("dev", "x");
  const { code, text } = await run(["comment", folder, "--head", HEAD, "--run", RUN], { GITHUB_TOKEN: "" });
  expect([code, text]).toEqual([1, "GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) are needed, as a workflow has them.\n"]);
});
