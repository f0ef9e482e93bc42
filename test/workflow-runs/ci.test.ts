/** ci.yml: which checks run when. Their commands are shortened to nothing: they are what runs this test. hosts.yml wants Windows and is not run. */
import { ProjectCopy } from "../helpers/project-copy";
import { Act, type Trigger } from "./act";

jest.setTimeout(5 * 60_000);
let copy: ProjectCopy;
let act: Act;

beforeAll(() => {
  copy = new ProjectCopy();
  copy.commit("As it is");
  copy.git("update-ref", "refs/pull/12/merge", "HEAD");
  act = new Act(copy);
});
afterAll(() => {
  act?.close();
  copy?.remove();
});

const PROGRAMS = { match: "run --silent programs", instead: { prints: "/where/programs/are" } };
const ci = (event: Trigger["event"], failing?: string) =>
  act.run("ci.yml", {
    event,
    ref: event === "pull_request" ? "refs/pull/12/merge" : "refs/heads/main",
    payload: event === "pull_request" ? { number: 12 } : {},
    npm: [PROGRAMS, ...["test", "run check"].map((match) => ({ match, instead: { code: match === failing ? 1 : 0 } }))],
  });
const TEST = ["run --silent programs -- helm", "test"];

it("a pull request is tested, and no more", async () => {
  const run = await ci("pull_request");
  expect([run.jobs, run.commands("test")]).toEqual([{ test: "success" }, TEST]);
});

it.each([
  ["push", "run check"],
  ["schedule", "run check -- --all"],
] as const)("on a %s to main the longer checks come after", async (event, command) => {
  const run = await ci(event);
  expect([run.jobs, run.commands("test"), run.commands("check")]).toEqual([
    { test: "success", check: "success" },
    TEST,
    ["run --silent programs", command],
  ]);
});

it("nothing longer runs once a test failed", async () => {
  expect((await ci("push", "test")).jobs).toEqual({ test: "failure" });
});
