/** What a review costs: reading and rendering a large plan against parsing its JSON, and whole reviews from command to report. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { table } from "../shared/table";

const RESOURCES = 2000;
const REPEATS = 3;

/** Prints seconds and megabytes of one of two jobs on the same text. */
const READING = `
  import { bigPlan } from "./test/helpers/big-plan";
  import { estimate } from "./review/cost/estimate";
  import { readPlan } from "./review/plan/read";
  import { ownPolicyFindings } from "./review/policy/own";
  import { surroundingsOf } from "./review/policy/subjects";
  import { json } from "./review/report/json";
  import { markdown } from "./review/report/markdown";
  import { page } from "./review/report/page";
  import { classOf, heldBy, risksOf } from "./review/risk";

  const text = bigPlan(Number(process.env.RESOURCES));
  const before = process.resourceUsage().maxRSS;
  const started = process.hrtime.bigint();
  let characters = 0;
  if (process.env.JOB === "parse") characters = Object.keys(JSON.parse(text)).length;
  else {
    const plan = readPlan(text, { stack: "bench" });
    const cost = estimate({ plans: [plan] });
    const findings = [...risksOf(plan, { protected: new Set() }), ...ownPolicyFindings("bench", surroundingsOf(plan, text), "notice")];
    const report = {
      source: { kind: "files", folder: "bench" }, exceptionErrors: [], limits: [],
      environments: [{ environment: "files", findings: [], cost, stacks: [{ stack: "bench", state: "planned", plan, findings }] }],
    };
    characters = markdown(report, { classOf, heldBy }).length + page(report, { classOf, heldBy, root: process.cwd() }).length + json(report, { classOf }).length;
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024, characters, text: text.length }));`;

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly text: number;
}

/** A program of this project in a file of its own. @returns its path */
export const bundled = async (root: string, outfile: string, contents: string): Promise<string> => {
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    packages: "external",
    outfile,
    logLevel: "warning",
  });
  return outfile;
};

export async function benchReading(root: string, folder: string): Promise<string> {
  const outfile = await bundled(root, join(folder, "reading.cjs"), READING);
  const measure = (job: string): Measured => {
    const runs = Array.from({ length: REPEATS }, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, JOB: job, RESOURCES: String(RESOURCES) },
      });
      if (status !== 0) throw new Error(`The review's benchmark failed:\n${stderr}`);
      return JSON.parse(stdout) as Measured;
    });
    return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
  };
  const parse = measure("parse");
  const review = measure("review");
  return table(
    ["ratio", "measured", "goal", "from"],
    [
      [
        `review of a plan of ${RESOURCES} resources / parsing its JSON`,
        (review.seconds / parse.seconds).toFixed(0),
        "—",
        `${review.seconds.toFixed(2)} s (goal < 3 s) / ${parse.seconds.toFixed(3)} s, ${(review.text / 1e6).toFixed(1)} MB of JSON`,
      ],
      ["memory of that review", `${review.megabytes.toFixed(0)} MB`, "≤ 500 MB", `parsing alone ${parse.megabytes.toFixed(0)} MB`],
    ],
  );
}

/**
 * Reviews of edits in a copy of the project, each from the command to its report, and prints their seconds. The first review of all installs
 * and sets up what later ones find; of each edit's base nothing is kept yet.
 */
const REVIEWS = `
  import { rmSync } from "node:fs";
  import { ProjectCopy } from "./test/helpers/project-copy";

  const copy = new ProjectCopy(process.env.ROOT);
  const edits = {
    one: [["environments/common.ts", "visibilityTimeoutSeconds: 60,", "visibilityTimeoutSeconds: 61,"]],
    every: ["dev", "staging", "prod"].map((name) => ["environments/" + name + ".ts", 'tags: { Project: "trading-system" }', 'tags: { Project: "trading" }']),
  };
  const review = (...options) => {
    const started = process.hrtime.bigint();
    const { stdout, stderr } = copy.run("review", "--base", "main", ...options);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (!stdout.includes("The whole review:")) throw new Error(stdout + stderr);
    if (!options.includes("--rehearse") && stdout.includes("was rehearsed")) throw new Error("A base was rehearsed:\\n" + stdout);
    return seconds;
  };
  try {
    copy.commit("base");
    copy.append("review/exceptions.yaml", "# one more line\\n");
    review(); // checkov, bundles
    copy.git("checkout", "-q", "--", ".");
    copy.git("checkout", "-q", "-b", "work");
    const seconds = {};
    for (const [name, places] of Object.entries(edits)) {
      for (const place of places) copy.edit(...place);
      rmSync(copy.path("node_modules", ".cache", "trading-system", "base-states"), { recursive: true, force: true });
      seconds[name] = review();
      seconds[name + " again"] = review();
      if (name === "one" && process.env.REHEARSE) seconds.rehearsed = review("--rehearse");
      copy.git("checkout", "-q", "--", ".");
    }
    console.log(JSON.stringify(seconds));
  } finally {
    copy.remove();
  }`;

export async function benchReviews(root: string, folder: string, rehearsal: boolean): Promise<string> {
  const program = await bundled(root, join(folder, "reviews.cjs"), REVIEWS);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ROOT: root, REHEARSE: rehearsal ? "1" : "" },
  });
  if (status !== 0) throw new Error(`The benchmark of reviews failed:\n${stderr}`);
  const seconds = JSON.parse(stdout.trim().split("\n").at(-1)!) as Readonly<
    Record<"one" | "one again" | "every" | "every again" | "rehearsed", number>
  >;
  const time = (value: number) => `${value.toFixed(0)} s`;
  return table(
    ["review, from command to report", "measured", "goal", "again on the same base"],
    [
      ["one stack changed in three environments", time(seconds.one), "≤ 60 s", time(seconds["one again"])],
      ["every stack changed in all three", time(seconds.every), "≤ 240 s", time(seconds["every again"])],
      ...(rehearsal
        ? [
            [
              "one stack changed in three environments, by rehearsal / without",
              (seconds.rehearsed / seconds.one).toFixed(1),
              "≥ 8",
              `${time(seconds.rehearsed)} / ${time(seconds.one)}`,
            ],
          ]
        : []),
    ],
  );
}
