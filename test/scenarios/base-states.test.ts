/** Every stack of every environment has a state that is made of its code alone, so that no review need deploy anything. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformSettings } from "../../commands/terraform";
import { environmentNames, loadEnvironment } from "../../environments";
import { WITHOUT_EMULATOR as ON_KUBERNETES } from "../../rehearsal/cdktf";
import { Alone, Answers, baseState } from "../../review/base-state";
import { terraformWith } from "../../review/plans/rehearsed";
import { PLANS } from "../../review/plans/slots";
import { readStackFolders } from "../../review/plans/stacks";
import { createApp } from "../../stacks/environment";

jest.setTimeout(20 * 60_000);

const folder = mkdtempSync(join(tmpdir(), "base-states-"));
afterAll(() => { rmSync(folder, { recursive: true }); });

it.each(environmentNames)("%s plans no change on the states that are made of it", async (name) => {
  const outdir = join(folder, name);
  createApp({ environments: [loadEnvironment(name)], target: { kind: "aws" }, outdir }).synth();
  const stacks = readStackFolders(outdir, name).filter((stack) => !ON_KUBERNETES.test(stack.name));
  const { variables: settings } = terraformSettings(folder);
  const alone = new Alone(join(folder, "providers"), (variables) => terraformWith({ ...process.env, ...settings, ...variables }, new AbortController().signal));
  const answers = new Answers(new Map(stacks.map((stack) => [stack.name, stack.json])));
  const outcomes = await Promise.all(stacks.map((stack) => PLANS.run(() => baseState(stack, answers, alone)).then((text) => {
    const { resources } = JSON.parse(text) as { resources: readonly { type: string; name: string }[] };
    return [stack.name, resources.map(({ type, name: id }) => `${type}.${id}`).sort()];
  }, (error: Error) => [stack.name, error.message])));
  const expected = stacks.map((stack) => [stack.name, Object.entries(stack.json.resource ?? {}).flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`)).sort()]);
  expect(outcomes).toEqual(expected);
});
