import { Command } from "commander";
import { abortOnInterrupt } from "../terraform/interrupt";
import { execa } from "execa";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Project } from "./project";
import { startControlPlane, type ControlPlane } from "./cluster/control-plane";

const HELP = `
The tests make the namespaces day-trade-dev, day-trade-staging and day-trade, and take them away again; a cluster that has one of them is
refused. They need a cluster whose nodes can run the images, or whose nodes only pretend to, as those of --start.`;

interface Options {
  readonly start: boolean;
  readonly values?: string;
  readonly json?: string;
}

export function testClusterCommand(project: Project): Command {
  return new Command("test:cluster")
    .description("Install, upgrade, break and remove the chart on a Kubernetes cluster, with the values of every environment.")
    .option(
      "--start",
      "on a control plane that is started on this machine and stopped again; its parts are built first, which takes some minutes once and needs Go",
      false,
    )
    .option("--values <file>", "further values for every installation, such as the registry of a real cluster")
    .option("--json <file>", "write jest's report to a file")
    .argument("[pattern...]", "only test files of this name")
    .addHelpText("after", HELP)
    .action((patterns: string[], options: Options) => testCluster(project, patterns, options));
}

async function testCluster(project: Project, patterns: readonly string[], { start, values, json }: Options): Promise<void> {
  if (values !== undefined && !existsSync(values)) throw new Error(`There is no file ${values}.`);
  if (!start && !process.env.KUBECONFIG)
    throw new Error(
      "KUBECONFIG names no cluster to test on. Set it to a file of your own, or let one be started here: npm run test:cluster -- --start",
    );
  const more: Readonly<Record<string, string>> = {
    CLUSTER_REQUIRED: "1",
    ...(values !== undefined && { CLUSTER_VALUES: resolve(values) }),
  };
  const report = json === undefined ? [] : ["--json", "--outputFile", resolve(json)];
  const files = patterns.length > 0 ? patterns.map((pattern) => `test/cluster/.*${pattern}`) : ["test/cluster"];
  const interrupt = new AbortController();
  const dispose = abortOnInterrupt(interrupt, "Interrupted: what was started is stopped.");
  let plane: ControlPlane | undefined;
  try {
    if (start) {
      const folder = await programs(project.root, interrupt.signal);
      const began = Date.now();
      plane = await startControlPlane(folder, interrupt.signal);
      console.log(`A control plane is up (${Math.round((Date.now() - began) / 1000)} s).`);
      await jest(
        project,
        [...report, ...files],
        { ...more, KUBECONFIG: plane.kubeconfig, PATH: `${folder}${delimiter}${process.env.PATH ?? ""}` },
        interrupt.signal,
      );
    } else await jest(project, [...report, ...files], more, interrupt.signal);
  } catch (error) {
    throw interrupt.signal.aborted ? interrupt.signal.reason : error;
  } finally {
    await plane?.stop();
    dispose();
  }
}

/** Built where they are not there yet. @returns their folder */
async function programs(root: string, cancelSignal: AbortSignal): Promise<string> {
  const { exitCode, stdout } = await execa(process.execPath, [join(root, "commands", "cluster", "programs.mjs")], {
    reject: false,
    stdin: "ignore",
    stderr: "inherit",
    cancelSignal,
  });
  cancelSignal.throwIfAborted();
  if (exitCode !== 0) throw new Error("There is nothing to start a control plane with.");
  return stdout.trim();
}

/** One file after the other: they share the cluster. */
async function jest(
  { root }: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cancelSignal: AbortSignal,
): Promise<void> {
  const { exitCode } = await execa(join(root, "node_modules", ".bin", "jest"), ["--runInBand", ...args], {
    cwd: root,
    reject: false,
    stdio: "inherit",
    env,
    cancelSignal,
    forceKillAfterDelay: 20_000,
  });
  cancelSignal.throwIfAborted();
  if (exitCode !== 0) process.exitCode = 1;
}
