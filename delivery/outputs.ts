/** What the stacks of an environment say of themselves once they are deployed: Terraform's outputs, read from their states. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStack, type Stack } from "../terraform/assembly";
import { isForStacks, outputOfStack } from "../terraform/references";
import type { Terraform } from "./terraform";

export interface Output {
  /** Such as `orders_queue_url`. */
  readonly name: string;
  readonly value: unknown;
  readonly description?: string;
}

export interface StackOutputs {
  readonly stack: string;
  /** For people and scripts, in the order of their names. */
  readonly outputs: readonly Output[];
  /** All of them, cdktf's own too, by the reference with which another stack reads them. */
  readonly references: Readonly<Record<string, unknown>>;
}

/**
 * Reads a stack's outputs. Only its state is asked: no provider is installed or started.
 * @param scratch folder in which Terraform may work
 * @throws Error when the state cannot be read; a stack that was never deployed has no outputs
 */
export async function readOutputs(
  { name, folder: synthesised, dependencies }: Stack,
  scratch: string,
  terraform: Pick<Terraform, "init" | "outputs">,
): Promise<StackOutputs> {
  const { terraform: { backend } = {}, output = {} } = readStack(synthesised);
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  // Under the name by which whatever looks at a stack finds it.
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { backend } }), { mode: 0o600 });
  const stack = { name, folder, dependencies };
  await terraform.init(stack);
  const found = Object.entries(await terraform.outputs(stack)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    stack: name,
    outputs: found
      .filter(([key, { sensitive }]) => !isForStacks(key) && sensitive !== true)
      .map(([key, { value }]) => ({
        name: key,
        value,
        ...(output[key]?.description !== undefined && { description: output[key].description }),
      })),
    references: Object.fromEntries(found.map(([key, { value }]) => [outputOfStack(name, key), value])),
  };
}
