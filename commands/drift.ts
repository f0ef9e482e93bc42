import { Command } from "commander";
import { Listr } from "listr2";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironment } from "../environments";
import type { Project } from "./project";
import { refusePlaceholderAccount } from "../delivery/examples";
import { driftMarkdown, driftReport, stackDrift, type Compared } from "../delivery/drift";
import { journaled } from "../delivery/journal";
import { readStack, selectStacks, stacksInOrder } from "../terraform/assembly";
import { traitsOf } from "../stacks/catalogue";
import { Terraform } from "../delivery/terraform";
import { Interrupted } from "../terraform/interrupt";
import { targetOf } from "./shared/target";
import { environmentArgument } from "./shared/environment-argument";
import { synthesise } from "../terraform/synthesis";
import { terraformSettings } from "../terraform/settings";

interface Options {
  readonly out?: string;
  readonly stacks?: string;
}

export function driftCommand({ root }: Project): Command {
  return new Command("drift")
    .description(
      "Compare an environment's account with what Terraform last wrote there. Changes nothing; credentials that only read are enough. What the code would change there: npm run diff. Exit code 0: no drift, 2: drift, 1: not everything could be compared.",
    )
    .addArgument(environmentArgument())
    .option("--stacks <names>", "only these stacks, separated by commas (default: all but workloads, which needs access to the cluster)")
    .option("--out <folder>", "write drift.md and drift.json there")
    .action(async (name: string, { out, stacks }: Options) => {
      const environment = loadEnvironment(name);
      const { output, isEmulated } = targetOf(root);
      if (!isEmulated) refusePlaceholderAccount(environment);
      await synthesise({ source: root, environments: [name] });
      // Credentials that only read AWS do not read a cluster, whose endpoint is mostly private too: only when it is asked for by name.
      const selected = selectStacks(stacksInOrder(output), name, stacks).filter((stack) => stacks || !traitsOf(stack.name).needsCluster);
      const settings = terraformSettings(join(root, ".rehearsal"));
      if (settings.note) console.error(settings.note);
      const terraform = new Terraform(settings);
      const found: Compared[] = [];
      try {
        await journaled(root, name, () =>
          new Listr(
            selected.map((stack) => ({
              title: stack.name,
              task: async (_: unknown, task: { title: string }) => {
                try {
                  await terraform.init(stack);
                  await terraform.plan(
                    stack,
                    (plan) => {
                      const compared = { stack: stack.name, plan, json: readStack(stack.folder) };
                      found.push(compared);
                      const { length } = stackDrift(compared).drift;
                      task.title = `${stack.name}: ${length === 0 ? "no drift" : `${length} drifted`}`;
                    },
                    ["-refresh-only"],
                  );
                } catch (error) {
                  if (error instanceof Interrupted) throw error;
                  // The others can still be compared.
                  found.push({ stack: stack.name, failure: (error as Error).message });
                  task.title = `${stack.name}: could not be compared`;
                }
              },
            })),
            { concurrent: false, exitOnError: true, registerSignalListeners: false, fallbackRenderer: "simple" },
          ).run(),
        );
      } finally {
        terraform.dispose();
      }
      const report = driftReport(name, found);
      if (out) {
        mkdirSync(out, { recursive: true });
        writeFileSync(join(out, "drift.json"), `${JSON.stringify(report, null, 2)}\n`);
        writeFileSync(join(out, "drift.md"), driftMarkdown(report));
      }
      console.log(`\n${driftMarkdown(report)}`);
      process.exitCode = { none: 0, drift: 2, unknown: 1 }[report.state];
    });
}
