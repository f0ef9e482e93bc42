/** Reads what `cdktf deploy` and `cdktf destroy` print into the state of each stack. */
import { stripVTControlCharacters } from "node:util";

export interface StackProgress {
  readonly name: string;
  /** Resources that the plan creates, changes or destroys; undefined before there is a plan. */
  planned?: number;
  /** Resources that are done. */
  done: number;
  /** What each of them took: address → seconds. */
  readonly seconds: Map<string, number>;
  /** Resources that are being worked on: address → what is being done. */
  readonly active: Map<string, string>;
  /** Set when Terraform has finished with the stack. */
  result?: { readonly added: number; readonly changed: number; readonly destroyed: number };
  /** Milliseconds since the epoch. */
  started: number;
  finished?: number;
}

/** A resource that was created, changed or destroyed. */
export interface ResourceDone {
  readonly stack: string;
  /** Terraform's address, such as `aws_sqs_queue.orders_queue_A1AAE4D8`. */
  readonly address: string;
  readonly action: "created" | "changed" | "destroyed";
  /** Such as `25s`. */
  readonly time: string;
}

const PLAN = /^Plan: (?:\d+ to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/;
const NO_CHANGES = /^No changes\./;
const RESULT = /^(?:Apply|Destroy) complete! Resources: (?:(\d+) imported, )?(?:(\d+) added, (\d+) changed, )?(\d+) destroyed/;
const STARTED = /^(\S+)(?: \(.*?\))?: (Creating|Modifying|Destroying)\.\.\./;
const DONE = /^(\S+)(?: \(.*?\))?: (Creation|Modifications|Destruction) complete after (\S+)/;
const ACTIONS = { Creation: "created", Modifications: "changed", Destruction: "destroyed" } as const;

export class ProgressReader {
  readonly stacks: Map<string, StackProgress>;
  /** What Terraform and cdktf reported as wrong, as printed. */
  readonly errors: string[] = [];
  private current?: StackProgress;
  private rest = "";
  private inError = false;

  constructor(
    names: readonly string[],
    private readonly onDone: (event: ResourceDone) => void = () => undefined,
    private readonly now = Date.now,
  ) {
    this.stacks = new Map(
      names.map((name) => [
        name,
        { name, done: 0, seconds: new Map<string, number>(), active: new Map<string, string>(), started: this.now() },
      ]),
    );
  }

  /** Takes the next piece of output, cut anywhere. */
  write(chunk: string): void {
    const lines = (this.rest + chunk).split(/\r?\n/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(stripVTControlCharacters(line));
  }

  /** The output is over. */
  end(): void {
    this.line(stripVTControlCharacters(this.rest));
    this.rest = "";
  }

  private line(line: string): void {
    // cdktf puts the stack's name before the first line of each piece and spaces before the others.
    const named = /^(\S+)\s{2,}(.*)$/.exec(line);
    const stack = named && this.stacks.get(named[1]!);
    if (stack) this.current = stack;
    else if (named || /^\S/.test(line)) this.current = undefined;
    const text = (stack ? named[2]! : line).trimEnd();
    this.keepError(text.trim());
    if (this.current) read(this.current, text.trim(), this.onDone, this.now);
  }

  private keepError(text: string): void {
    if (/^[│╷╵\s]*Error:/.test(text)) this.inError = true;
    else if (
      /: Still \w+\.\.\. \[/.test(text) ||
      STARTED.test(text) ||
      DONE.test(text) ||
      PLAN.test(text) ||
      RESULT.test(text) ||
      /^\d+ Stacks? /.test(text)
    )
      this.inError = false;
    if (this.inError) this.errors.push(text);
  }
}

/** `1m5s` → 65. */
function secondsOf(time: string): number {
  const [, hours = "0", minutes = "0", seconds = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(time) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function read(stack: StackProgress, text: string, onDone: (event: ResourceDone) => void, now: () => number): void {
  const plan = PLAN.exec(text);
  if (plan) stack.planned = Number(plan[1]) + Number(plan[2]) + Number(plan[3]);
  if (NO_CHANGES.test(text)) {
    stack.planned = 0;
    stack.result = { added: 0, changed: 0, destroyed: 0 };
    stack.finished = now();
  }
  const started = STARTED.exec(text);
  if (started) stack.active.set(started[1]!, started[2]!.toLowerCase());
  const done = DONE.exec(text);
  if (done) {
    stack.active.delete(done[1]!);
    stack.done += 1;
    stack.seconds.set(done[1]!, secondsOf(done[3]!));
    onDone({ stack: stack.name, address: done[1]!, action: ACTIONS[done[2] as keyof typeof ACTIONS], time: done[3]! });
  }
  const result = RESULT.exec(text);
  if (result) {
    stack.result = { added: Number(result[2] ?? 0), changed: Number(result[3] ?? 0), destroyed: Number(result[4]) };
    stack.finished = now();
  }
}
