/** Calls Terraform for one stack after the other, so that Ctrl-C never leaves a lock. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { StackPlan } from "../review/model";
import { readPlan } from "../review/plan/read";
import { redactText } from "../review/plan/redact";
import { pluginCache, type TerraformSettings } from "../terraform/settings";
import type { DeliveredStack } from "../terraform/assembly";

/** The person, or the workflow, stopped the command. */
export class Interrupted extends Error {
  constructor(during: string) {
    super(`Interrupted: ${during}. Terraform has finished what it had begun, has written its state and released its lock.`);
    this.name = "Interrupted";
  }
}

export interface Result {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** How long another plan or apply may hold the lock of a state. */
const LOCK_TIMEOUT = "-lock-timeout=120s";
const PLAN_FILE = "delivery.tfplan";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class Terraform {
  private readonly interruption = new AbortController();
  private readonly interrupt = () => { this.interruption.abort(); };
  private readonly variables: NodeJS.ProcessEnv;

  constructor(settings: TerraformSettings, variables: Readonly<Record<string, string>> = {}) {
    this.variables = { ...process.env, ...settings.variables, ...pluginCache(settings), ...variables };
    for (const signal of SIGNALS) process.on(signal, this.interrupt);
  }

  get isInterrupted(): boolean {
    return this.interruption.signal.aborted;
  }

  /** Takes its hands off Ctrl-C. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.interrupt);
  }

  /** @throws Error with what Terraform says of it */
  async init(stack: DeliveredStack): Promise<void> {
    await this.must(stack, ["init", "-input=false", "-no-color"], "terraform init");
  }

  /**
   * Plans a stack.
   * @param use gets the plan, and the file with it, which is gone afterwards: it holds every secret of the state
   */
  async plan<T>(stack: DeliveredStack, use: (plan: StackPlan, file: string) => Promise<T> | T, flags: readonly string[] = []): Promise<T> {
    const file = join(stack.folder, PLAN_FILE);
    try {
      await this.must(stack, ["plan", "-input=false", "-no-color", LOCK_TIMEOUT, ...flags, `-out=${PLAN_FILE}`], "terraform plan");
      const { output } = await this.must(stack, ["show", "-json", PLAN_FILE], "terraform show");
      return await use(readPlan(output, { stack: stack.name, file: `plan of ${stack.name}` }), file);
    } finally {
      rmSync(file, { force: true });
    }
  }

  /** Applies exactly a plan; Terraform refuses it when the state has changed since. */
  async apply(stack: DeliveredStack, file: string, onOutput: (text: string) => void): Promise<void> {
    await this.must(stack, ["apply", "-input=false", "-no-color", LOCK_TIMEOUT, file], "terraform apply", onOutput);
  }

  /** What the state of a stack says of itself, by name; nothing where it was never deployed. */
  async outputs(stack: DeliveredStack): Promise<Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>> {
    const { output } = await this.must(stack, ["output", "-json", "-no-color"], "terraform output");
    return JSON.parse(output) as Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
  }

  async forceUnlock(stack: DeliveredStack, id: string): Promise<void> {
    await this.must(stack, ["force-unlock", "-force", id], "terraform force-unlock");
  }

  private async must(stack: DeliveredStack, args: readonly string[], title: string, onOutput?: (text: string) => void): Promise<Result> {
    const result = await this.run(stack.folder, args, onOutput);
    if (this.isInterrupted) throw new Interrupted(`${title} of ${stack.name}`);
    if (result.code !== 0) throw new Error(`${title} of ${stack.name} ended with exit code ${result.code}:\n${redactText(result.errors.trim())}`);
    return result;
  }

  private run(cwd: string, args: readonly string[], onOutput: (text: string) => void = () => undefined): Promise<Result> {
    return new Promise((resolve, reject) => {
      const { signal } = this.interruption;
      if (signal.aborted) { resolve({ code: 1, output: "", errors: "" }); return; }
      // A group of its own: the terminal's Ctrl-C would reach Terraform beside ours, and a second one makes it drop everything.
      const child = spawn("terraform", args, { cwd, env: this.variables, stdio: ["ignore", "pipe", "pipe"], detached: true });
      const stop = () => { child.kill("SIGINT"); };
      signal.addEventListener("abort", stop, { once: true });
      let output = "";
      let errors = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => { output += text; onOutput(text); });
      child.stderr.setEncoding("utf8").on("data", (text: string) => { errors += text; });
      child.on("error", reject);
      child.on("close", (code) => {
        signal.removeEventListener("abort", stop);
        resolve({ code: code ?? 1, output, errors });
      });
    });
  }
}
