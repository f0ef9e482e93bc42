import { Argument, Command, InvalidArgumentError } from "commander";
import { Listr } from "listr2";
import { Aws } from "../delivery/aws";
import { isAmiss, lookAtSwitch, releaseSwitch, throwSwitch, type Switched, type Switching } from "../delivery/kill-switch/switch";
import { loadEnvironment } from "../environments";
import { Interrupted, onInterrupt } from "../terraform/interrupt";
import { exitCodeOf, progressLines, statusCodeOf, switchedText } from "./kill-switch/text";
import type { Project } from "./project";
import { accessTo } from "./shared/access";
import { confirmByName } from "./shared/confirm";
import { environmentArgument } from "./shared/environment-argument";
import { placeOf } from "./shared/target";

interface Options {
  readonly reason?: string;
  readonly emergency: boolean;
  readonly confirm?: string;
  readonly without?: string;
  readonly wait: number;
}
type Position = "on" | "off" | "status";

/** Nobody who throws a kill switch waits longer for a table or for Systems Manager. */
const TIMEOUT_MILLISECONDS = 5000;
/** OPS-001. */
const REASONS = { on: "Emergency activation", off: "Released", status: "" };
const TITLES = { on: "Stopping", off: "Making ready", status: "Asking" };

export function killSwitchCommand({ root }: Project): Command {
  return new Command("kill-switch")
    .description(
      "Stop all trading in an environment, let it trade again, or look: writes the item that every start of a trading program reads, and tells the hosts through Systems Manager. Positions stay open: docs/runbooks/kill-switch.md. Exit code 0: as asked for; 1: nothing was changed; 2: the item is written, but a host failed or did not answer; 3: the item is not written. Of status: 0 off, 10 on, 11 unknown.",
    )
    .addArgument(environmentArgument())
    .addArgument(new Argument("<position>", "on asks nothing, off asks for the environment's name").choices(["on", "off", "status"]))
    .option("--reason <text>", `for people, in the item (default: "${REASONS.on}", "${REASONS.off}")`)
    .option("--emergency", "on: write over whatever is there, and stop the hosts even if the table does not answer", false)
    .option("--confirm <name>", "off: the environment's name, where it would be asked for")
    .option("--without <hosts>", "off: names or ids of hosts that are gone, separated by commas, which are not waited for")
    .option("--wait <seconds>", "until a host that does not answer counts as silent", seconds, 90)
    .action(async (name: string, position: Position, options: Options) => {
      const environment = loadEnvironment(name);
      if (options.emergency && position !== "on")
        throw new Error(
          `--emergency goes with on alone: ${position === "off" ? "off never writes over what somebody else has just written" : "status writes nothing"}.`,
        );
      // Nobody should take a drill for the real thing, nor the other way round.
      const { endpoint, words } = placeOf(root, environment);
      if (position === "off") await confirmByName(name, "let its hosts trade again", options.confirm);
      const stop = new AbortController();
      const end = onInterrupt(() => {
        stop.abort();
      });
      const aws = new Aws({ ...accessTo(environment, endpoint), timeoutMilliseconds: TIMEOUT_MILLISECONDS });
      try {
        const switched = await shown(`${TITLES[position]}: ${name} ${words}`, (onProgress) =>
          turned(position, options, {
            aws,
            environment,
            reason: options.reason ?? REASONS[position],
            waitSeconds: options.wait,
            signal: stop.signal,
            onProgress,
          }),
        );
        console.log(switchedText(switched));
        if (stop.signal.aborted && position !== "status")
          throw new Interrupted(
            `Interrupted: hosts were not waited for, what they were told stays in force. ${switched.item ? "The item is as said above" : "The item is not written"}; npm run kill-switch -- ${name} status shows the rest.`,
          );
        process.exitCode = position === "status" ? statusCodeOf(switched) : exitCodeOf(switched, position === "on" ? "active" : "inactive");
      } finally {
        end();
        aws.dispose();
      }
    });
}

function turned(position: Position, { emergency, without }: Options, switching: Switching): Promise<Switched> {
  if (position === "on") return throwSwitch(switching, emergency);
  if (position === "off") return releaseSwitch(switching, without?.split(",").filter(Boolean));
  return lookAtSwitch(switching);
}

/** Live where there is a terminal; elsewhere the end is enough. */
async function shown(title: string, work: (onProgress: Switching["onProgress"]) => Promise<Switched>): Promise<Switched> {
  let switched: Switched | undefined;
  const list = new Listr(
    [
      {
        title,
        task: async (_, task) => {
          switched = await work((progress) => {
            task.title = progress.item ? `${title} (the item is ${progress.item.state})` : title;
            if (process.stdout.isTTY) task.output = progressLines(progress).join("\n");
          });
          // Its words stand below: here only that not all is as asked for.
          if (switched.faults.length > 0 || switched.reports.some(isAmiss)) throw new Error("not all is as asked for");
        },
        rendererOptions: { outputBar: Infinity },
      },
    ],
    { registerSignalListeners: false, fallbackRenderer: "simple" },
  );
  try {
    await list.run();
  } catch (error) {
    if (!switched) throw error;
  }
  return switched!;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 600) throw new InvalidArgumentError("a whole number of seconds, 1 to 600.");
  return value;
}
