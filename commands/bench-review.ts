/** What a review costs: reading and rendering a large plan against parsing its JSON, each in a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { table } from "./table";

const RESOURCES = 2000;
const REPEATS = 3;

/** Prints seconds and megabytes of one of two jobs on the same text. */
const PROGRAM = `
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

interface Measured { readonly seconds: number; readonly megabytes: number; readonly text: number }

export async function benchReview(root: string, folder: string): Promise<string> {
  const outfile = join(folder, "review.cjs");
  await build({ stdin: { contents: PROGRAM, resolveDir: root, loader: "ts" }, bundle: true, platform: "node", packages: "external", outfile, logLevel: "warning" });
  const measure = (job: string): Measured => {
    const runs = Array.from({ length: REPEATS }, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], { cwd: root, encoding: "utf8", env: { ...process.env, JOB: job, RESOURCES: String(RESOURCES) } });
      if (status !== 0) throw new Error(`The review's benchmark failed:\n${stderr}`);
      return JSON.parse(stdout) as Measured;
    });
    return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
  };
  const parse = measure("parse");
  const review = measure("review");
  return table(["ratio", "measured", "goal", "from"], [
    [`review of a plan of ${RESOURCES} resources / parsing its JSON`, (review.seconds / parse.seconds).toFixed(0), "—", `${review.seconds.toFixed(2)} s (goal < 3 s) / ${parse.seconds.toFixed(3)} s, ${(review.text / 1e6).toFixed(1)} MB of JSON`],
    ["memory of that review", `${review.megabytes.toFixed(0)} MB`, "≤ 500 MB", `parsing alone ${parse.megabytes.toFixed(0)} MB`],
  ]);
}
