import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeVariables, type Changes } from "../../environments/reading/changes";
import { readStack, stacksInOrder, type StackJson } from "../../terraform/assembly";
import { synthesise } from "../../terraform/synthesis";

/** Where nobody listens (port 9 is `discard`): so nothing of it can be deployed. */
const NO_EMULATOR = "http://127.0.0.1:9";

/** An environment's stacks by name with values that its literal does not have; in a folder of their own, because `cdktf.out` is what is deployed. */
export async function changedStacks(root: string, name: string, changes: Changes): Promise<ReadonlyMap<string, StackJson>> {
  const output = mkdtempSync(join(tmpdir(), "changed-"));
  try {
    const variables = { ...changeVariables(changes), EMULATOR_ENDPOINT: NO_EMULATOR };
    await synthesise({ source: root, output, environments: [name], variables });
    return new Map(stacksInOrder(output, name).map((stack) => [stack.name, readStack(stack.folder)]));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
