/** Calls Terraform for one stack after the other, so that Ctrl-C never leaves a lock. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { StackPlan } from "../review/model";
import { readPlan } from "../review/plan/read";
import type { Stack } from "../terraform/assembly";
import { Interrupted, onInterrupt } from "../terraform/interrupt";
import { runProgram } from "../terraform/programs";
import { refuseUnlockedProviders, withLockExplained } from "../terraform/provider-lock";
import { withLeftBehind } from "./left-behind";
import { pluginCache, type TerraformSettings } from "../terraform/settings";

/** @param during what was going on */
export const interruptedDuring = (during: string): Interrupted =>
  new Interrupted(`Interrupted: ${during}. Terraform has written its state and released its lock.`);

/** How long another plan or apply may hold the lock of a state. */
const LOCK_TIMEOUT = "-lock-timeout=120s";
const PLAN_FILE = "delivery.tfplan";

export class Terraform {
  private readonly interruption = new AbortController();
  private readonly variables: NodeJS.ProcessEnv;
  /** Takes its hands off Ctrl-C. */
  readonly dispose: () => void;

  constructor(settings: TerraformSettings, variables: Readonly<Record<string, string>> = {}) {
    this.variables = { ...process.env, ...settings.variables, ...pluginCache(settings), ...variables };
    this.dispose = onInterrupt(() => {
      this.interruption.abort();
    });
  }

  get isInterrupted(): boolean {
    return this.interruption.signal.aborted;
  }

  /** @throws Error with what Terraform says of it, or with providers that are not locked */
  async init(stack: Stack): Promise<void> {
    refuseUnlockedProviders(stack);
    await this.run(stack, ["init", "-input=false", "-no-color"], "terraform init");
  }

  /**
   * Plans a stack.
   * @param use gets the plan, and the file with it, which is gone afterwards: it holds every secret of the state
   */
  async plan<T>(stack: Stack, use: (plan: StackPlan, file: string) => Promise<T> | T, flags: readonly string[] = []): Promise<T> {
    const file = join(stack.folder, PLAN_FILE);
    try {
      await this.run(stack, ["plan", "-input=false", "-no-color", LOCK_TIMEOUT, ...flags, `-out=${PLAN_FILE}`], "terraform plan");
      const output = await this.run(stack, ["show", "-json", PLAN_FILE], "terraform show");
      return await use(readPlan(output, { stack: stack.name, file: `plan of ${stack.name}` }), file);
    } finally {
      rmSync(file, { force: true });
    }
  }

  /** Applies exactly a plan; Terraform refuses it when the state has changed since. */
  async apply(stack: Stack, file: string, onOutput: (text: string) => void): Promise<void> {
    await this.run(stack, ["apply", "-input=false", "-no-color", LOCK_TIMEOUT, file], "terraform apply", onOutput);
  }

  /** What the state of a stack says of itself, by name; nothing where it was never deployed. */
  async outputs(stack: Stack): Promise<Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>> {
    return JSON.parse(await this.run(stack, ["output", "-json", "-no-color"], "terraform output")) as Readonly<
      Record<string, { readonly value: unknown; readonly sensitive?: boolean }>
    >;
  }

  async forceUnlock(stack: Stack, id: string): Promise<void> {
    await this.run(stack, ["force-unlock", "-force", id], "terraform force-unlock");
  }

  /** @returns what it printed. @throws Error with what it said of a failure, Interrupted once it has ended after Ctrl-C */
  private async run(
    { name, folder }: Stack,
    args: readonly string[],
    title: string,
    onOutput: (text: string) => void = () => undefined,
  ): Promise<string> {
    const said = { stdout: "", stderr: "" };
    const code = await runProgram("terraform", args, {
      cwd: folder,
      env: this.variables,
      signal: this.interruption.signal,
      onAbort: "ask",
      onOutput: (text, stream) => {
        said[stream] += text;
        if (stream === "stdout") onOutput(text);
      },
    }).catch((error: unknown) => {
      throw this.isInterrupted ? interruptedDuring(`${title} of ${name}`) : error;
    });
    if (code !== 0)
      throw new Error(
        `${title} of ${name} ended with exit code ${code}:\n${withLeftBehind({ name }, withLockExplained(said.stderr.trim()))}`,
      );
    return said.stdout;
  }
}
