/**
 * The literals in `environments/`, whose values are their owner's: what must hold of anybody's. All other tests run on example literals of
 * their own (test/fixtures/environments), so whatever fails here is about `environments/*.ts`. The real provider's word on them is in
 * test/terraform/stacks.test.ts, that of the scanners in test/review/checkov; `npm test` and `npm run check` rehearse them.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { environmentNames, literalPath, loadEnvironment, loadEnvironments } from "../../environments/index";
import { estimate } from "../../review/cost/estimate";
import { plannedStack } from "../../review/cost/synthesised";
import { readExceptions } from "../../review/exceptions";
import { synthEnvironments } from "../helpers/synth";
import type { StackJson } from "../../terraform/assembly";

const root = resolve(__dirname, "..", "..");

/** Says all that is wrong, each with what to do. */
const expectNothing = (problems: readonly string[]) => {
  if (problems.length > 0) throw new Error(problems.join("\n"));
};

describe("each literal", () => {
  // A refusal names the path, the value and what is allowed.
  it.each(environmentNames)("%s is accepted", (name) => {
    loadEnvironment(name);
  });
});

// Whatever follows would only say again what is refused above.
const accepted = environmentNames.every((name) => {
  try {
    return Boolean(loadEnvironment(name));
  } catch {
    return false;
  }
});
(accepted ? describe : describe.skip)("the literals together", () => {
  // A refusal names both files, the path and the value.
  it("fit: accounts, state buckets and names do not collide", () => {
    loadEnvironments();
  });

  it("are synthesised to the same bytes every time, whatever the time zone, the locale and the working folder", () => {
    const [first, second] = [
      { TZ: "UTC", LANG: "C", cwd: root },
      { TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", cwd: tmpdir() },
    ].map(({ cwd, ...variables }) => {
      const outdir = mkdtempSync(join(tmpdir(), "determinism-"));
      try {
        execFileSync(process.execPath, [join(root, "commands", "synth-app.mjs")], {
          cwd,
          env: { ...process.env, ENVIRONMENTS: "", ...variables, CDKTF_OUTDIR: outdir },
        });
        return filesIn(outdir);
      } finally {
        rmSync(outdir, { recursive: true });
      }
    }) as [Map<string, string>, Map<string, string>];
    for (const name of environmentNames) expect([...first.keys()]).toContain(join("stacks", `${name}-network`, "cdk.tf.json"));
    const differing = [...new Set([...first.keys(), ...second.keys()])].filter((file) => first.get(file) !== second.get(file));
    expectNothing(
      differing.map(
        (file) =>
          `${file} is not the same twice: a value in environments/*.ts depends on the time, the machine or chance (Date, process.env, Math.random). Write the value itself.`,
      ),
    );
  });
});

/** Budgets are compared with the estimate that docs/cost.md shows. */
(accepted ? describe : describe.skip)("the budget", () => {
  const today = new Date().toISOString().slice(0, 10);
  const file = "review/exceptions.yaml";

  it.each(environmentNames)("of %s is kept, or it stands in review/exceptions.yaml that it is not", (name) => {
    const environment = loadEnvironment(name);
    const stacks = synthEnvironments({ environments: [environment], target: { kind: "aws" } }) as Readonly<Record<string, StackJson>>;
    const { after, budget } = estimate({ environment, plans: Object.entries(stacks).map(([stack, json]) => plannedStack(stack, json)) });
    const isExcepted = readExceptions(readFileSync(join(root, file), "utf8"), file).some(
      ({ construct, rule, expires }) => rule === "cost/over-budget" && construct === name && expires >= today,
    );
    expectNothing(
      budget === undefined || after <= budget || isExcepted
        ? []
        : [
            `${literalPath(name)}: cost.budgetDollars = ${budget}, but what it describes is estimated at $${after.toFixed(2)} a month. ` +
              `Raise the budget, describe less (docs/cost.md has a line for each part, after \`npm run docs\`), or add to ${file}: construct: ${name}, rule: cost/over-budget.`,
          ],
    );
  });
});

const filesIn = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .sort()
      .filter((file) => statSync(join(folder, file)).isFile())
      .map((file) => [file, readFileSync(join(folder, file), "base64")]),
  );
