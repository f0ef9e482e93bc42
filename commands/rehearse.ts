import { Command, Option } from "commander";
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { parseImages, type Changes } from "../environments/reading/changes";
import { goBack } from "../rehearsal/kept";
import { rehearse, type RehearsalReport } from "../rehearsal/rehearse";
import type { Project } from "./project";
import { imageOption } from "./deploy";
import { environmentArgument } from "./shared/environment-argument";
import { table } from "./shared/table";

interface Options extends Pick<Changes, "platform"> {
  readonly keep: boolean;
  readonly reset: boolean;
  readonly stacks?: string;
  readonly beyond?: string;
  readonly json?: string;
  readonly calls?: string;
  readonly image: readonly string[];
}

export function rehearseCommand({ root, python }: Project): Command {
  return new Command("rehearse")
    .description(
      "Deploy an environment on an AWS emulator on this machine, plan it again (must be empty), destroy it (nothing may be left). Needs no AWS account.",
    )
    .addArgument(environmentArgument())
    .option("--keep", "leave it deployed and the emulator running, to look at; again: deploy the working tree on top", false)
    .addOption(
      new Option("--reset", "back to how it was when --keep had deployed it: the emulator, its states, cdktf.out")
        .default(false)
        .conflicts(["keep", "platform", "image", "stacks", "beyond"]),
    )
    .option(
      "--stacks <names>",
      "only these stacks, such as data,services, and what they depend on (what is kept and has not changed is not deployed again)",
    )
    .addOption(
      new Option(
        "--beyond <environment>",
        "only the stacks with something that a rehearsal of this environment does not show, and what they depend on",
      ).conflicts("stacks"),
    )
    .option("--json <file>", "write the report to a file")
    .option("--calls <file>", "write to a file what was called in AWS, a line of JSON each")
    .addOption(new Option("--platform <platform>", "what runs the services, in place of the literal's").choices(["ecs", "eks", "none"]))
    .addOption(imageOption())
    .action(async (environment: string, { keep, reset, stacks, beyond, json, calls, platform, image }: Options) => {
      const write = (report: object) => {
        if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
      };
      try {
        if (reset) {
          const { status, seconds } = await goBack(root, environment);
          write({ ok: true, environment, deployed: status.deployed, seconds, endpoint: status.endpoint });
          console.log(
            `${environment} is again as it was deployed at ${status.deployed}: the emulator at ${status.endpoint} and its states went back in ${seconds.toFixed(1)} s, and so did cdktf.out.`,
          );
          return;
        }
        const only = stacks !== undefined ? { stacks } : beyond !== undefined ? { beyond } : undefined;
        const report = await rehearse({
          root,
          python,
          environment,
          keep,
          calls,
          only,
          changes: { platform, images: parseImages(image.join(",")) },
        });
        write({ ok: true, ...report });
        console.log(summary(report));
      } catch (error) {
        write({ ok: false, environment, reason: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    });
}

/** What a person wants to know at the end. */
function summary(report: RehearsalReport): string {
  const whole = (seconds?: number) => (seconds === undefined ? "" : `${Math.round(seconds)} s`);
  const stacks = table(
    ["stack", "created", "changed", "destroyed", "deploy", "destroy"],
    report.stacks.map(({ name, created, changed, destroyed, deploySeconds, destroySeconds }) => [
      name,
      String(created),
      String(changed),
      String(destroyed),
      whole(deploySeconds),
      whole(destroySeconds),
    ]),
  );
  const phases = report.phases.map(({ name, seconds }) => `${name.toLowerCase()} ${whole(seconds)}`).join(", ");
  const limits = ["A rehearsal does not show:", ...report.limits.map((limit) => `  - ${limit}`)];
  const { endpoint, folder, cannotGoBack } = report;
  const [first] = report.stacks;
  const look =
    endpoint && folder
      ? [
          "",
          `${report.environment} is deployed on the emulator at ${endpoint}. Look around:`,
          `  set -a; . ${relative(process.cwd(), folder)}/env; set +a      # points Terraform, cdktf and AWS tools at the emulator`,
          `  npx cdktf diff '${first!.name}' --skip-synth --output "$CDKTF_OUTDIR"`,
          `  terraform -chdir="$CDKTF_OUTDIR/stacks/${first!.name}" state list`,
          `  curl -s '${endpoint}/rehearsal/inventory?account='$AWS_ACCESS_KEY_ID`,
          "Change a file and run the same command again: only the change is deployed.",
          cannotGoBack === undefined
            ? `Back to how it is now, whatever happens to it: npm run rehearse -- ${report.environment} --reset`
            : `It cannot go back to how it is now: ${cannotGoBack}`,
          "Stop it: npm run stop",
        ]
      : [];
  return ["", stacks, "", phases, "", ...limits, ...look].join("\n");
}
