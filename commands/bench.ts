import { Command } from "commander";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { environmentNames } from "../environments";
import { rehearse } from "../rehearsal/rehearse";
import { benchAlarmToSlack, benchFunctions } from "./bench/alerts";
import { benchReading, benchReviews } from "./bench/reviews";
import { benchSecrets } from "./bench/secrets";
import type { Project } from "./project";
import { targetOf } from "./shared/target";
import { longestChain } from "./bench/longest-chain";
import { synthesisedStacks } from "../terraform/assembly";
import { synthesise } from "../terraform/synthesis";
import { table } from "./shared/table";

/** Each measurement is repeated; the best time counts, because everything else is the machine's other work. */
const REPEATS = 5;

interface Measured {
  readonly seconds: number;
  /** Most memory held at once. */
  readonly megabytes: number;
}

export function benchCommand({ root, python }: Project): Command {
  return new Command("bench")
    .description("What synthesis, reviews and alerts cost, as ratios measured in one run on this machine.")
    .option("--ts-node <times>", "how often to measure ts-node, which is slow", "1")
    .option("--no-rehearsal", "leave out what deploys on the emulator, which takes many minutes")
    .option("--no-reviews", "leave out whole reviews, which take some minutes")
    .action(async ({ tsNode, rehearsal, reviews }: { tsNode: string; rehearsal: boolean; reviews: boolean }) => {
      const folder = mkdtempSync(join(root, "node_modules", ".cache", "bench-"));
      try {
        console.log(await bench(root, folder, Number(tsNode)));
        console.log(`\n${await benchReading(root, folder)}`);
        console.log(`\n${await benchSecrets(root, folder)}`);
        console.log(`\n${await benchFunctions(root, folder)}`);
        console.log(`\n${benchAlarmToSlack(root)}`);
        if (reviews) console.log(`\n${await benchReviews(root, folder, rehearsal)}`);
        if (rehearsal) console.log(`\n${await benchRehearsal(root, python)}`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

async function bench(root: string, folder: string, tsNodeTimes: number): Promise<string> {
  const probe = join(folder, "probe.cjs");
  writeFileSync(probe, 'process.on("exit", () => process.stderr.write(`\\nmaxRSS ${process.resourceUsage().maxRSS}\\n`));');
  const node = (args: readonly string[], variables: Readonly<Record<string, string>> = {}, times = REPEATS): Measured => {
    const runs = Array.from({ length: times }, () => {
      const outdir = mkdtempSync(join(tmpdir(), "bench-"));
      const started = process.hrtime.bigint();
      const { status, stderr } = spawnSync(process.execPath, ["-r", probe, ...args], {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, CDKTF_OUTDIR: outdir, ...variables },
      });
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      rmSync(outdir, { recursive: true });
      if (status !== 0) throw new Error(`node ${args.join(" ")} failed:\n${stderr}`);
      return { seconds, megabytes: Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024 };
    });
    return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
  };

  // (a) The floor: node requiring cdktf and the provider modules that the project uses, and nothing else.
  const { metafile } = await build({
    entryPoints: [join(root, "main.ts")],
    bundle: true,
    platform: "node",
    packages: "external",
    write: false,
    metafile: true,
    outfile: join(folder, "main.cjs"),
  });
  const modules = [
    ...new Set(
      Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path)),
    ),
  ].filter((path) => /^(cdktf|constructs|@cdktf\/)/.test(path));
  const floorFile = join(folder, "floor.cjs");
  writeFileSync(floorFile, modules.map((path) => `require(${JSON.stringify(path)});`).join("\n"));

  const app = join(root, "commands", "synth-app.mjs");
  const floor = node([floorFile]);
  const one = node([app], { ENVIRONMENTS: "dev" });
  const all = node([app]);

  // (b) The same program as `cdktf init` would run it: ts-node, types checked.
  const config = join(folder, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions: { types: ["node"] } }));
  const tsNode = node(
    ["-r", "ts-node/register", join(root, "main.ts")],
    { TS_NODE_PROJECT: config, TS_NODE_TRANSPILE_ONLY: "false" },
    tsNodeTimes,
  );

  // Growth: the same environment under other names, in one process each.
  const growth = await growthFile(root, folder);
  const sizes = [1, 10, 30] as const;
  const grown = sizes.map((count) => node([growth], { COUNT: String(count) }, 3));

  const ratio = (a: Measured, b: Measured) => (a.seconds / b.seconds).toFixed(2);
  const time = ({ seconds }: Measured) => `${seconds.toFixed(2)} s`;
  const [g1, g10, g30] = grown as [Measured, Measured, Measured];
  const perEnvironment = (from: Measured, to: Measured, count: number) => ((to.seconds - from.seconds) / count) * 1000;
  const rows = [
    ["synthesis of dev / loading cdktf and its provider modules", ratio(one, floor), "≤ 2", `${time(one)} / ${time(floor)}`],
    [`synthesis of all ${environmentNames.length} / loading`, ratio(all, floor), "≤ 3", `${time(all)} / ${time(floor)}`],
    [`synthesis of all ${environmentNames.length} / the same by ts-node`, ratio(all, tsNode), "≤ 0.2", `${time(all)} / ${time(tsNode)}`],
    [
      "cost of an environment, 11th to 30th / 2nd to 10th (1 is linear)",
      (perEnvironment(g10, g30, 20) / perEnvironment(g1, g10, 9)).toFixed(2),
      "about 1",
      `${perEnvironment(g10, g30, 20).toFixed(0)} ms / ${perEnvironment(g1, g10, 9).toFixed(0)} ms`,
    ],
    [
      `memory of synthesising all ${environmentNames.length}`,
      `${all.megabytes.toFixed(0)} MB`,
      "≤ 170 MB",
      `loading alone ${floor.megabytes.toFixed(0)} MB`,
    ],
  ];
  return `${table(["ratio", "measured", "goal", "from"], rows)}\n\nbest of ${REPEATS} runs, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}, ${modules.length} modules`;
}

/** A rehearsal's deploy against the waits that no parallelism can shorten. */
async function benchRehearsal(root: string, python: string): Promise<string> {
  await synthesise({ source: root, environments: ["dev"] });
  const { stacks, phases } = await rehearse({ root, python, environment: "dev", keep: false });
  const deploy = phases.find(({ name }) => name === "Deploy")!.seconds;
  const synthesised = synthesisedStacks(targetOf(root).output, "dev");
  const chainOf = (seconds: "resourceSeconds" | "resourceDestroySeconds") =>
    longestChain(
      Object.fromEntries(
        synthesised.map(({ name, json }) => [name, { json, seconds: stacks.find((stack) => stack.name === name)?.[seconds] ?? {} }]),
      ),
    );
  const chain = chainOf("resourceSeconds");
  // What is destroyed waits for what was made after it: the same chains the other way round.
  const chains = chain + chainOf("resourceDestroySeconds");
  const whole = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  return table(
    ["ratio", "measured", "from"],
    [
      [
        "deploy of dev in a rehearsal / its longest chain of provider waits",
        (deploy / chain).toFixed(2),
        `${deploy.toFixed(0)} s / ${chain.toFixed(0)} s`,
      ],
      [
        "whole rehearsal of dev / that chain and the one of its destroy",
        (whole / chains).toFixed(2),
        `${whole.toFixed(0)} s / ${chains.toFixed(0)} s`,
      ],
      [
        "whole rehearsal of dev / the chain of the deploy alone",
        (whole / chain).toFixed(2),
        `${whole.toFixed(0)} s / ${chain.toFixed(0)} s`,
      ],
    ],
  );
}

/** A program that synthesises COUNT environments like dev. */
async function growthFile(root: string, folder: string): Promise<string> {
  const outfile = join(folder, "growth.cjs");
  const contents = `
    import { loadEnvironment } from "./environments";
    import { createApp } from "./stacks/environment";
    const environment = loadEnvironment("dev");
    const environments = Array.from({ length: Number(process.env.COUNT) }, (_, index) => ({ ...environment, name: "dev" + index }));
    createApp({ environments, target: { kind: "aws" } }).synth();`;
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    packages: "external",
    outfile,
    logLevel: "warning",
  });
  return outfile;
}
