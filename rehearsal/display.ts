/** Shows the stacks of a deploy or destroy while they are worked on. */
import type { Watch } from "./cdktf";
import type { ProgressReader, StackProgress } from "./progress";

/** Where the current state of a step is shown. */
export interface Screen {
  output: string;
}

const BAR_WIDTH = 20;
const REFRESH_MILLISECONDS = 500;

/** One line for a stack: `dev-data  ████████············  8/21  creating aws_s3_bucket…  12 s`. */
export function stackLine(stack: StackProgress, width: number, now = Date.now()): string {
  const name = stack.name.padEnd(width);
  const elapsed = `${Math.round(((stack.finished ?? now) - stack.started) / 1000)} s`;
  if (stack.result) return `${name}  done, ${stack.done} resources, ${elapsed}`;
  if (stack.planned === undefined) return `${name}  planning or waiting for other stacks, ${elapsed}`;
  const filled = stack.planned === 0 ? BAR_WIDTH : Math.min(BAR_WIDTH, Math.round((stack.done / stack.planned) * BAR_WIDTH));
  const [first] = stack.active;
  const active = first ? `${first[1]} ${first[0].split(".")[0]}${stack.active.size > 1 ? ` and ${stack.active.size - 1} more` : ""}` : "";
  return `${name}  ${"█".repeat(filled)}${"·".repeat(BAR_WIDTH - filled)}  ${stack.done}/${stack.planned}  ${active}  ${elapsed}`;
}

/** Runs cdktf and shows its stacks: live where there is a terminal, a line for each resource elsewhere. */
export async function watchStacks<T extends ProgressReader>(task: Screen, run: (watch: Watch) => Promise<T>): Promise<T> {
  const live = process.stdout.isTTY;
  let timer: NodeJS.Timeout | undefined;
  let shown: ProgressReader | undefined;
  const draw = () => {
    if (!shown) return;
    const width = Math.max(...[...shown.stacks.keys()].map((name) => name.length));
    task.output = [...shown.stacks.values()].map((stack) => stackLine(stack, width)).join("\n");
  };
  try {
    return await run({
      onStart: (reader) => {
        shown = reader;
        if (live) timer = setInterval(draw, REFRESH_MILLISECONDS);
      },
      onDone: ({ stack, address, action, time }) => {
        const progress = shown?.stacks.get(stack);
        if (!live) task.output = `${stack} ${progress?.done}/${progress?.planned ?? "?"} ${action} ${address} (${time})`;
      },
    });
  } finally {
    clearInterval(timer);
  }
}
