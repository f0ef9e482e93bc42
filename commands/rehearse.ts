import { Command, Option } from "commander";
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { environmentNames } from "../environments";
import { parseImages, type Changes } from "../environments/changes";
import { rehearse, type RehearsalReport } from "../rehearsal/rehearse";
import type { Project } from "./cli";
import { imageOption } from "./deploy";
import { table } from "./table";

interface Options extends Pick<Changes, "platform"> {
  readonly keep: boolean;
  readonly json?: string;
  readonly image: readonly string[];
}

export function rehearseCommand({ root, python }: Project): Command {
  return new Command("rehearse")
    .description("Deploy an environment on an AWS emulator on this machine, plan it again (must be empty), destroy it (nothing may be left). Needs no AWS account.")
    .argument("<environment>", `one of ${environmentNames.join(", ")}`)
    .option("--keep", "leave it deployed and the emulator running, to look at; again: deploy the working tree on top", false)
    .option("--json <file>", "write the report to a file")
    .addOption(new Option("--platform <platform>", "what runs the services, in place of the literal's").choices(["ecs", "eks", "none"]))
    .addOption(imageOption())
    .action(async (environment: string, { keep, json, platform, image }: Options) => {
      try {
        const report = await rehearse({ root, python, environment, keep, changes: { platform, images: parseImages(image.join(",")) } });
        if (json) writeFileSync(json, `${JSON.stringify({ ok: true, ...report }, null, 2)}\n`);
        console.log(summary(report));
      } catch (error) {
        if (json) writeFileSync(json, `${JSON.stringify({ ok: false, environment, reason: error instanceof Error ? error.message : String(error) }, null, 2)}\n`);
        throw error;
      }
    });
}

/** What a person wants to know at the end. */
function summary(report: RehearsalReport): string {
  const whole = (seconds?: number) => (seconds === undefined ? "" : `${Math.round(seconds)} s`);
  const stacks = table(["stack", "created", "changed", "destroyed", "deploy", "destroy"], report.stacks.map(({ name, created, changed, destroyed, deploySeconds, destroySeconds }) =>
    [name, String(created), String(changed), String(destroyed), whole(deploySeconds), whole(destroySeconds)]));
  const phases = report.phases.map(({ name, seconds }) => `${name.toLowerCase()} ${whole(seconds)}`).join(", ");
  const limits = ["A rehearsal does not show:", ...report.limits.map((limit) => `  - ${limit}`)];
  const { endpoint, folder } = report;
  const look = endpoint && folder ? [
    "",
    `${report.environment} is deployed on the emulator at ${endpoint}. Look around:`,
    `  set -a; . ${relative(process.cwd(), folder)}/env; set +a      # points Terraform, cdktf and AWS tools at the emulator`,
    `  npx cdktf diff '${report.environment}-events' --skip-synth --output "$CDKTF_OUTDIR"`,
    `  terraform -chdir="$CDKTF_OUTDIR/stacks/${report.environment}-data" state list`,
    `  curl -s '${endpoint}/rehearsal/inventory?account='$AWS_ACCESS_KEY_ID`,
    "Change a file and run the same command again: only the change is deployed.",
    "Stop it: npm run stop",
  ] : [];
  return ["", stacks, "", phases, "", ...limits, ...look].join("\n");
}
