/** The steps of a rehearsal. Each ends quietly or throws with the reason. */
import { REHEARSAL_STATE_BUCKET } from "../stacks/target";
import type { Cdktf } from "./cdktf";
import { watchStacks, type Screen } from "./display";
import type { Emulator } from "./emulator";
import { left } from "./left";
import type { StackProgress } from "./progress";

/** Runs cdktf over stacks. @throws with what Terraform said */
export async function apply(cdktf: Cdktf, command: "deploy" | "destroy", patterns: readonly string[], screen: Screen): Promise<StackProgress[]> {
  const reader = await watchStacks(screen, (watch) => cdktf.run(command, patterns, watch));
  if (reader.code !== 0) throw new Error(reader.errors.join("\n") || `cdktf ${command} ended with exit code ${reader.code}`);
  return [...reader.stacks.values()];
}

/** Every stack planned again, two at a time (a plan is work for the processor, not waiting). */
export async function secondPlan(cdktf: Cdktf, screen: Screen): Promise<void> {
  const drifted: string[] = [];
  const queue = cdktf.stacks();
  const worker = async () => {
    for (let stack = queue.shift(); stack !== undefined; stack = queue.shift()) {
      screen.output = stack;
      const { code, output } = await cdktf.terraform(stack, ["plan", "-detailed-exitcode", "-input=false", "-no-color", "-lock=false"]);
      if (code !== 0) drifted.push(`${stack}: ${code === 2 ? "the second plan is not empty" : `terraform plan ended with exit code ${code}`}\n${output.slice(output.indexOf("Terraform will perform"))}`);
    }
  };
  await Promise.all([worker(), worker()]);
  if (drifted.length > 0) throw new Error(drifted.join("\n\n"));
}

/** A destroy of protected data must fail, and must say why. */
export async function protectedData(cdktf: Cdktf, name: string): Promise<void> {
  const stack = `${name}-data`;
  const { code, output } = await cdktf.terraform(stack, ["plan", "-destroy", "-input=false", "-no-color", "-lock=false"]);
  if (code === 0) throw new Error(`${stack} is protected, yet its destroy was planned`);
  if (!output.includes("lifecycle.prevent_destroy")) throw new Error(`${stack}: the destroy failed for another reason than its protection:\n${output}`);
}

/** The one documented way: the same environment with `deletionProtection` lifted, deployed once. */
export async function lift(cdktf: Cdktf, screen: Screen): Promise<void> {
  await cdktf.synth({ DELETION_PROTECTION: "lifted" });
  await apply(cdktf, "deploy", cdktf.stacks(), screen);
}

/** Neither the states nor the emulator hold anything but the bucket of the states. */
export async function nothingLeft(emulator: Emulator, cdktf: Cdktf): Promise<void> {
  const states = await Promise.all(cdktf.stacks().map(async (stack) => ({ stack, ...(await cdktf.terraform(stack, ["state", "list"])) })));
  const remaining = states.filter(({ output }) => output.trim() !== "" && !output.startsWith("No state file"));
  if (remaining.length > 0) throw new Error(remaining.map(({ stack, output }) => `${stack} still holds in its state:\n${output}`).join("\n"));
  const found = left(await emulator.inventory(), [REHEARSAL_STATE_BUCKET]);
  if (found.length > 0) throw new Error(`The emulator still holds after the destroy:\n  ${found.join("\n  ")}`);
}

/** What the emulator says of itself, what it only guessed, and what it has no place for. */
export async function limitsOf(emulator: Emulator, cdktf: Cdktf): Promise<readonly string[]> {
  const { inferred } = await emulator.coverage();
  return [...cdktf.leftOut().map((stack) => `${stack}, because no Kubernetes runs in the emulator's cluster: npm run test:cluster installs its releases in a real one`), ...await emulator.limits(), ...inferred.map(({ service, operation }) => `${service} ${operation} was answered by inference only`)];
}
