/**
 * A pull request, from plan.yml to the comment. Planned for real: a change, and none. Shortened elsewhere: `npm run review`, whose own tests are
 * test/scenarios/review*.
 */
import { GitHubApi } from "../helpers/github-api";
import { ProjectCopy } from "../helpers/project-copy";
import { Act, REPOSITORY, type Run, type Shortened, type Trigger } from "./act";

jest.setTimeout(10 * 60_000);
const NUMBER = 12;
const MERGE = `refs/pull/${NUMBER}/merge`;

let copy: ProjectCopy;
let act: Act;
let api: GitHubApi;

beforeAll(async () => {
  copy = new ProjectCopy();
  copy.commit("As it is");
  act = new Act(copy);
  api = await GitHubApi.start(REPOSITORY);
  act.api = api.address;
});
afterAll(async () => {
  act?.close();
  copy?.remove();
  await api?.close();
});
beforeEach(() => {
  api.calls = [];
});

/** Makes the pull request out of a change of main, which stays checked out. @returns its head */
function pullRequest(change: () => void): string {
  copy.git("checkout", "-q", "-B", "change", "main");
  change();
  copy.git("add", "-A");
  copy.git("commit", "-q", "--allow-empty", "-m", "A change");
  const head = copy.git("rev-parse", "HEAD");
  copy.git("update-ref", MERGE, head);
  copy.git("checkout", "-q", "main");
  api.pulls = { [NUMBER]: { state: "open", head: { sha: head }, base: { repo: { full_name: REPOSITORY } } } };
  return head;
}
const plan = (more: Partial<Trigger> = {}) =>
  act.run("plan.yml", {
    event: "pull_request",
    ref: MERGE,
    payload: { number: NUMBER, pull_request: { base: { ref: "main" }, head: { ref: "change" } } },
    ...more,
  });
const comment = (of: Run, head: string, { conclusion = of.jobs.review!, event = "pull_request", repository = REPOSITORY } = {}) => {
  api.rights = act.rights("comment.yml", "comment");
  return act.run("comment.yml", {
    event: "workflow_run",
    ref: "refs/heads/main",
    payload: {
      workflow_run: {
        id: of.number,
        event,
        conclusion,
        head_sha: head,
        head_branch: "change",
        head_repository: { full_name: repository },
        html_url: `https://github.com/${REPOSITORY}/actions/runs/${of.number}`,
      },
    },
  });
};
const reviewed = (text: string, code = 0): Shortened => ({ match: "run review", instead: { code, files: { "review.md": text } } });
/** By the beginning of their names; what is not among them was skipped. */
const stepsOf = (run: Run, job: string) =>
  Object.fromEntries(Object.entries(run.steps[job] ?? {}).map(([name, result]) => [name.split("@")[0], result]));
const SET_UP = {
  "actions/checkout": "success",
  "actions/setup-node": "success",
  "actions/setup-python": "success",
  "hashicorp/setup-terraform": "success",
};

describe("a pull request", () => {
  it("that changes something is planned, and commented on", async () => {
    const head = pullRequest(() =>
      copy.edit("environments/dev.ts", "deadLetterAlarmPeriodSeconds: 300", "deadLetterAlarmPeriodSeconds: 60"),
    );
    const run = await plan();
    expect([run.jobs, stepsOf(run, "review")]).toEqual([
      { review: "success" },
      { ...SET_UP, Review: "success", "Number of the pull request": "success", "actions/upload-artifact": "success" },
    ]);
    const commented = await comment(run, head);
    expect([commented.jobs, api.writes, commented.text]).toEqual([
      { comment: "success" },
      [`POST /issues/${NUMBER}/comments`],
      expect.stringContaining(`Comment of pull request ${NUMBER}: created.`),
    ]);
    expect(api.comments[0]!.body).toContain(`Review of ${head.slice(0, 12)}`);
    expect(api.comments[0]!.body).toMatch(/period.*300.*60/s);
  });

  it("that changes nothing is planned too, and its comment says so", async () => {
    const head = pullRequest(() => undefined);
    const run = await plan();
    expect(run.jobs).toEqual({ review: "success" });
    expect((await comment(run, head)).jobs).toEqual({ comment: "success" });
    expect(api.writes).toEqual([`PATCH /issues/comments/${api.comments[0]!.id}`]);
    expect(api.comments[0]!.body).not.toMatch(/period.*300.*60/s);
  });

  it("that is refused fails, and is commented on all the same", async () => {
    const head = pullRequest(() => undefined);
    const run = await plan({ npm: [reviewed("## Refused", 1)] });
    expect([run.jobs, stepsOf(run, "review")]).toMatchObject([
      { review: "failure" },
      { Review: "failure", "Number of the pull request": "success", "actions/upload-artifact": "success" },
    ]);
    expect((await comment(run, head)).jobs).toEqual({ comment: "success" });
    expect(api.comments.map(({ body }) => body)).toEqual([expect.stringContaining("## Refused")]);
  });

  it("of a fork runs its own code without any rights, and is commented on by the code of main", async () => {
    const head = pullRequest(() => copy.edit("package.json", '"github": "node commands/run.mjs github"', '"github": "echo taken over"'));
    const run = await plan({
      npm: [
        { match: "run review", instead: { files: { "review.md": "@everyone", "pull-request.json": JSON.stringify({ number: NUMBER }) } } },
      ],
    });
    expect(run.text).toContain("taken over");
    expect([run.jobs, api.calls, run.journal.filter(({ role }) => role)]).toEqual([{ review: "success" }, [], []]);
    const commented = await comment(run, head, { repository: "mallory/trading-system-infrastructure" });
    expect([commented.jobs, commented.text]).toEqual([{ comment: "success" }, expect.not.stringContaining("taken over")]);
    expect(api.comments[0]!.body).not.toContain("@everyone");
  });

  it("that moved on while it was planned gets no comment of what it was", async () => {
    pullRequest(() => undefined);
    const run = await plan({ npm: [reviewed("## Old")] });
    const commented = await comment(run, "b".repeat(40));
    expect([commented.jobs, api.writes]).toEqual([{ comment: "success" }, []]);
  });

  it("whose run is cancelled leaves nothing, and no comment", async () => {
    const head = pullRequest(() => undefined);
    const run = await plan({ cancelAt: /run\.mjs review/ });
    expect(run.jobs).toEqual({ review: "failure" }); // act knows no other word
    expect(Object.keys(stepsOf(run, "review"))).toEqual([...Object.keys(SET_UP), "Review"]);
    expect((await comment(run, head, { conclusion: "cancelled" })).jobs).toEqual({});
  });

  it("is the only thing that is commented on", async () => {
    const head = pullRequest(() => undefined);
    const run = await plan({ npm: [reviewed("## Some")] });
    expect((await comment(run, head, { event: "push" })).jobs).toEqual({});
  });
});
