/**
 * Every stack of every environment has a state that is made of its code alone, so that no review need deploy anything; and what a review
 * says on such states of EKS and two regions is what it says on a rehearsal. On ECS review.test.ts shows the same.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformSettings } from "../../terraform/settings";
import { environmentNames, loadEnvironment } from "../fixtures/environments";
import { traitsOf } from "../../stacks/catalogue";
import { Alone, Answers, baseState } from "../../review/base-state";
import { terraformWith } from "../../review/planning/rehearsed";
import { PLANS } from "../../review/planning/slots";
import { synthesisedStacks } from "../../terraform/assembly";
import type { Report } from "../../review/model";
import { createApp } from "../../stacks/environment";
import { ProjectCopy } from "../helpers/project-copy";
import { findingsOf, substanceOf } from "../helpers/ways";
import { CONSTRUCTS } from "../mutation/review-constructs";
import { OVERLAYS } from "../mutation/review-overlays";

jest.setTimeout(45 * 60_000);

const folder = mkdtempSync(join(tmpdir(), "base-states-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each(environmentNames)("%s plans no change on the states that are made of it", async (name) => {
  const outdir = join(folder, name);
  createApp({ environments: [loadEnvironment(name)], target: { kind: "aws" }, outdir }).synth();
  const stacks = synthesisedStacks(outdir, name).filter((stack) => !traitsOf(stack.name).needsCluster);
  const { variables: settings } = terraformSettings(folder);
  const alone = new Alone(join(folder, "providers"), (variables) =>
    terraformWith({ ...process.env, ...settings, ...variables }, new AbortController().signal),
  );
  const answers = new Answers(new Map(stacks.map((stack) => [stack.name, stack.json])));
  const outcomes = await Promise.all(
    stacks.map((stack) =>
      PLANS(() => baseState(stack, answers, alone)).then(
        (text) => {
          const { resources } = JSON.parse(text) as { resources: readonly { type: string; name: string }[] };
          return [stack.name, resources.map(({ type, name: id }) => `${type}.${id}`).sort()];
        },
        (error: Error) => [stack.name, error.message],
      ),
    ),
  );
  const expected = stacks.map((stack) => [
    stack.name,
    Object.entries(stack.json.resource ?? {})
      .flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`))
      .sort(),
  ]);
  expect(outcomes).toEqual(expected);
});

/** Some of what the mutations of reviews do one by one: nothing of it stands in the way of another. */
const EDITS = [
  "prod: one NAT gateway",
  "prod: secret of the demo account",
  "prod: another database",
  "prod: UI for a wider network",
  "prod: another group of the engine",
  "prod: another image",
  "prod: flow log for a month",
  "prod: raw data never archived deeply",
  "prod: a smaller engine",
  "tags that move to another image",
  "key that services of any account may use",
  "Secrets of the cluster without the key",
  "any service account takes a role",
  "UI over old TLS",
  "queue reachable without TLS",
  "database tier open in the ACL",
  "right to connect to any database",
  "table without TTL",
];

it("a review says of many edits to prod what one on a rehearsal says", () => {
  const copy = new ProjectCopy();
  try {
    copy.commit("base");
    const edits = [...OVERLAYS, ...CONSTRUCTS].filter(({ name }) => EDITS.includes(name));
    expect(edits.map(({ name }) => name).sort()).toEqual([...EDITS].sort());
    for (const edit of edits) copy.change(edit);
    const review = (out: string, ...options: string[]) => {
      const { status, stdout, stderr } = copy.run("review", "prod", "--base", "HEAD", "--out", join("review.out", out), ...options);
      expect({ status, output: stdout + stderr }).toMatchObject({ status: 1, output: expect.stringContaining("review.html") as string });
      return JSON.parse(copy.read(`review.out/${out}/review.json`)) as Report;
    };
    const [stated, rehearsed] = [review("stated"), review("rehearsed", "--rehearse")];
    expect(stated.source).toMatchObject({ rehearsed: [] });
    // A rehearsal leaves out what needs a cluster.
    const comparable = (lines: readonly string[]) => lines.filter((line) => !line.includes("prod-workloads"));
    expect(comparable(substanceOf(stated))).toEqual(comparable(substanceOf(rehearsed)));
    expect(comparable(findingsOf(stated))).toEqual(comparable(findingsOf(rehearsed)));
    expect(substanceOf(stated).length).toBeGreaterThan(40);
  } finally {
    copy.remove();
  }
});
