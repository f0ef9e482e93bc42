/** What it costs that an alert reaches people: the functions' bundles against an empty Node, and the way from an alarm to Slack on the emulator. */
import { unzipSync } from "fflate";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { table } from "../shared/table";
import { bundled } from "./reviews";

const FUNCTIONS = ["slack-notification", "alert-ingestion", "system-alert"];
/** Prints where their zip files are. */
const PATHS = `
  import { functionCode } from "./constructs/functions/function-code";
  console.log(JSON.stringify(${JSON.stringify(FUNCTIONS)}.map((name) => functionCode(name).path)));`;
/** The best counts: everything else is the machine's other work. */
const REPEATS = 7;
/** Not the most memory that was held: a process begins with that of whoever started it. */
const MEASURE = `
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ seconds: (user + system) / 1e6, megabytes: process.memoryUsage.rss() / 1e6 }));`;

interface Loaded {
  /** Of the processor: what else the machine does counts little in them. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** Of a process of Node that loads a file, from its own begin. */
function load(file: string, code: Uint8Array): Loaded {
  writeFileSync(file, code);
  const runs = Array.from({ length: REPEATS }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", `require(${JSON.stringify(file)});${MEASURE}`], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, AWS_REGION: "ap-northeast-1", AWS_LAMBDA_FUNCTION_NAME: "bench", SETTINGS: '{"namespace":"bench"}' },
    });
    if (status !== 0) throw new Error(`${file} could not be loaded:\n${stderr}`);
    return JSON.parse(stdout) as Loaded;
  });
  return { seconds: Math.min(...runs.map(({ seconds }) => seconds)), megabytes: Math.min(...runs.map(({ megabytes }) => megabytes)) };
}

/** @param folder in which the bundles are unpacked */
export async function benchFunctions(root: string, folder: string): Promise<string> {
  const { status, stdout, stderr } = spawnSync(process.execPath, [await bundled(root, join(folder, "functions.cjs"), PATHS)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The functions could not be bundled:\n${stderr}`);
  const paths = JSON.parse(stdout) as readonly string[];
  const empty = load(join(folder, "empty.cjs"), new Uint8Array());
  const rows = FUNCTIONS.map((name, index) => {
    const zip = readFileSync(paths[index]!);
    const code = unzipSync(zip)["index.js"]!;
    const { seconds, megabytes } = load(join(folder, `${name}.cjs`), code);
    const [times, memory] = [seconds / empty.seconds, megabytes / empty.megabytes].map((ratio) => ratio.toFixed(2));
    return [
      name,
      `${code.length} (zip ${zip.length})`,
      `${times} (${(seconds * 1000).toFixed(0)} / ${(empty.seconds * 1000).toFixed(0)} ms)`,
      `${memory} (${megabytes.toFixed(0)} / ${empty.megabytes.toFixed(0)} MB)`,
    ];
  });
  return table(["function", "bytes", "loading / empty Node", "memory / empty Node"], rows);
}

/** Deploys dev's events stack on the emulator that runs functions. */
export function benchAlarmToSlack(root: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", join(root, "test", "functions", "measured-chain.ts")],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The benchmark of alerts failed:\n${stderr}`);
  const { first, later } = JSON.parse(stdout.trim().split("\n").at(-1)!) as { readonly first: number; readonly later: readonly number[] };
  const median = [...later].sort((a, b) => a - b)[Math.floor(later.length / 2)]!;
  return table(
    ["ratio", "measured", "from"],
    [
      [
        `alarm to Slack on the emulator, the first, which loads the function / median of ${later.length} later`,
        (first / median).toFixed(2),
        `${first.toFixed(2)} s / ${median.toFixed(2)} s`,
      ],
    ],
  );
}
