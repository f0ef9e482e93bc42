/** The steps of a rehearsal. Each ends quietly or throws with the reason. */
import pLimit from "p-limit";
import { REHEARSAL_STATE_BUCKET } from "../stacks/target";
import type { Cdktf, RunOptions } from "./cdktf";
import { watchStacks, type Screen } from "./display";
import type { Emulator, Inventory } from "./emulator";
import type { StackProgress } from "./progress";

/** Runs cdktf over stacks. @throws with what Terraform said */
export async function apply(
  cdktf: Cdktf,
  command: "deploy" | "destroy",
  patterns: readonly string[],
  screen: Screen,
  options: RunOptions = {},
): Promise<StackProgress[]> {
  const reader = await watchStacks(screen, (watch) => cdktf.run(command, patterns, watch, options));
  if (reader.code !== 0) throw new Error(reader.errors.join("\n") || `cdktf ${command} ended with exit code ${reader.code}`);
  return [...reader.stacks.values()];
}

/** Every stack planned again, two at a time (a plan is work for the processor, not waiting). */
export async function secondPlan(cdktf: Cdktf, screen: Screen): Promise<void> {
  const drifted: string[] = [];
  await pLimit(2).map(cdktf.stacks(), async (stack) => {
    screen.output = stack;
    const { code, output } = await cdktf.terraform(stack, ["plan", "-detailed-exitcode", "-input=false", "-no-color", "-lock=false"]);
    if (code !== 0)
      drifted.push(
        `${stack}: ${code === 2 ? "the second plan is not empty" : `terraform plan ended with exit code ${code}`}\n${output.slice(output.indexOf("Terraform will perform"))}`,
      );
  });
  if (drifted.length > 0) throw new Error(drifted.join("\n\n"));
}

/** A destroy of protected data must fail, and must say why. */
export async function protectedData(cdktf: Cdktf, stack: string): Promise<void> {
  const { code, output } = await cdktf.terraform(stack, ["plan", "-destroy", "-refresh=false", "-input=false", "-no-color", "-lock=false"]);
  if (code === 0) throw new Error(`${stack} is protected, yet its destroy was planned`);
  if (!output.includes("lifecycle.prevent_destroy"))
    throw new Error(`${stack}: the destroy failed for another reason than its protection:\n${output}`);
}

/**
 * The one documented way: the same environment with `deletionProtection` lifted, deployed once. Only where that changes a resource:
 * `prevent_destroy` alone is nothing that a state knows of.
 */
export async function lift(cdktf: Cdktf, screen: Screen): Promise<void> {
  const before = new Map(cdktf.stacks().map((stack) => [stack, cdktf.resources(stack)]));
  await cdktf.synth({ DELETION_PROTECTION: "lifted" });
  const changed = cdktf.stacks().filter((stack) => cdktf.resources(stack) !== before.get(stack));
  if (changed.length > 0) await apply(cdktf, "deploy", changed, screen, { refresh: false, alone: true });
}

/** Neither the states nor the emulator hold anything but the bucket of the states. @param zones made beforehand, in which no record may be left */
export async function nothingLeft(emulator: Emulator, cdktf: Cdktf, region: string, zones: readonly string[]): Promise<void> {
  const states = await emulator.states(REHEARSAL_STATE_BUCKET, region);
  const stacks = cdktf.stacks().length;
  if (states.size !== stacks)
    throw new Error(`${stacks} stacks were deployed, and the bucket holds ${states.size} states: ${[...states.keys()].join(", ")}`);
  const remaining = [...states].flatMap(([key, { resources }]) =>
    resources.filter(({ mode }) => mode === "managed").map(({ type, name }) => `${key}: ${type}.${name}`),
  );
  if (remaining.length > 0) throw new Error(`The states still hold:\n  ${remaining.join("\n  ")}`);
  for (const zone of zones) await emulator.deleteZone(zone);
  const found = heldBeside(await emulator.inventory(), [REHEARSAL_STATE_BUCKET]);
  if (found.length > 0) throw new Error(`The emulator still holds after the destroy:\n  ${found.join("\n  ")}`);
}

/** What the emulator says of itself, what it only guessed, and what it has no place for. */
export async function limitsOf(emulator: Emulator, cdktf: Cdktf): Promise<readonly string[]> {
  const { inferred } = await emulator.coverage();
  const notChosen = cdktf.notChosen();
  return [
    ...(notChosen.length > 0 ? [`${notChosen.join(", ")}, which this rehearsal leaves out`] : []),
    ...cdktf
      .leftOut()
      .map(
        (stack) =>
          `${stack}, because no Kubernetes runs in the emulator's cluster: npm run test:cluster installs its releases in a real one`,
      ),
    ...(await emulator.limits()),
    ...inferred.map(({ service, operation }) => `${service} ${operation} was answered by inference only`),
  ];
}

/** What an inventory holds beside some buckets, as lines such as `sqs ap-northeast-1 queues: orders`. */
function heldBeside(inventory: Inventory, exceptBuckets: readonly string[]): string[] {
  return Object.entries(inventory).flatMap(([service, regions]) =>
    Object.entries(regions).flatMap(([region, collections]) =>
      Object.entries(collections).flatMap(([collection, keys]) =>
        keys.filter((key) => !(service === "s3" && exceptBuckets.includes(key))).map((key) => `${service} ${region} ${collection}: ${key}`),
      ),
    ),
  );
}
