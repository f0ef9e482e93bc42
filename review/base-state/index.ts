/** Makes the state that a stack has once it is deployed, without any API: no emulator, no account. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { NOBODY } from "../../rehearsal/emulator";
import { digestOf, isObject } from "../json-values";
import type { Terraform } from "../planning/planner";
import { Unanswered, type Answers } from "./answers";
import { closed } from "./closed";
import type { KeptStates } from "./kept-states";
import { RUNS, testFile } from "./mock";
import { stateOf, withUpdates, type TestPlan, type TestState } from "./state";
import type { StackJson } from "../../terraform/assembly";

export { Answers, Unanswered } from "./answers";
export { closed } from "./closed";
export { KeptStates } from "./kept-states";
export { asksWith } from "./mock";

/** Nothing of the person's is looked at, and nothing answers: what the provider would ask of AWS all the same fails at once. */
const ALONE = {
  ...NOBODY,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_MAX_ATTEMPTS: "1",
};

/** No state could be made that the stack itself has nothing to change in. */
export class NoBaseState extends Error {
  constructor(stack: string, why: string) {
    super(`${stack}: ${why}`);
    this.name = "NoBaseState";
  }
}

/** A stack where Terraform works; its synthesised files are there. */
export interface Place {
  readonly name: string;
  readonly folder: string;
  readonly json: StackJson;
  /** Of all its files. */
  readonly digest: string;
}

/** Where providers are, or why they are not. */
interface Initialised {
  readonly home: string;
  readonly why?: string;
}

/** Runs Terraform for stacks that need nobody; one `terraform init` serves all that have the same providers. */
export class Alone {
  private readonly initialised = new Map<string, Promise<Initialised>>();

  /**
   * @param folder for what `terraform init` fetches
   * @param terraform with variables beside its own
   */
  constructor(
    private readonly folder: string,
    private readonly terraform: (variables: NodeJS.ProcessEnv) => Terraform,
  ) {}

  /** @throws NoBaseState when its providers cannot be had */
  async run({ name, folder, json }: Place, args: readonly string[]): ReturnType<Terraform> {
    const required = json.terraform?.required_providers ?? {};
    const key = digestOf(required);
    if (!this.initialised.has(key)) this.initialised.set(key, this.init(join(this.folder, key), required));
    const { home, why } = await this.initialised.get(key)!;
    if (why !== undefined) throw new NoBaseState(name, why);
    copyFileSync(join(home, LOCK_FILE), join(folder, LOCK_FILE));
    const call = () => this.terraform({ ...ALONE, TF_DATA_DIR: join(home, ".terraform") })(folder, args);
    const result = await call();
    // A busy machine may be too slow to start a provider once; a rehearsal in place of that would make it busier.
    return result.code !== 0 && LATE.test(result.stdout + result.stderr) ? call() : result;
  }

  private async init(home: string, required: unknown): Promise<Initialised> {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "providers.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
    const { code, stdout, stderr } = await this.terraform({})(home, ["init", "-input=false", "-no-color"]);
    return { home, ...(code !== 0 && { why: `terraform init failed: ${firstError(stderr || stdout)}` }) };
  }
}

const LATE = /timeout while waiting for plugin to start/;
const LOCK_FILE = ".terraform.lock.hcl";
const TEST_FILE = "base-state.tftest.hcl";
const PLAN_FILE = "base-state.tfplan";
export const STATE_FILE = "terraform.tfstate";

/** Plans until the state is one that nothing changes in; the second is the last where values depend on values. */
const ROUNDS = 3;

/**
 * @param kept states that were made before
 * @returns the text of the state, in which the same configuration plans no change
 * @throws NoBaseState where that cannot be shown, with the reason
 */
export async function baseState(stack: Place, answers: Answers, alone: Alone, kept?: KeptStates): Promise<string> {
  try {
    const own = closed(stack.json, answers);
    const test = testFile(own, answers);
    const make = () => makeState(stack, own, test, alone);
    return await (kept ? kept.get([stack.digest, JSON.stringify(own), test], make) : make());
  } catch (error) {
    if (error instanceof Unanswered) throw new NoBaseState(stack.name, error.message);
    throw error;
  }
}

async function makeState(stack: Place, own: StackJson, testText: string, alone: Alone): Promise<string> {
  const { name, folder } = stack;
  const fail = (why: string): never => {
    throw new NoBaseState(name, why);
  };
  try {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(own));
    writeFileSync(join(folder, TEST_FILE), testText);
    const test = await alone.run(stack, ["test", "-json", "-verbose", `-filter=${TEST_FILE}`]);
    const { plan, state, error } = read(test.stdout);
    if (test.code !== 0 || !plan || !state) return fail(`its mocked apply failed: ${error ?? firstError(test.stderr || test.stdout)}`);

    let text = stateOf(own, plan, state);
    for (let round = 1; ; round += 1) {
      writeFileSync(join(folder, STATE_FILE), text, { mode: 0o600 });
      const again = await alone.run(stack, [
        "plan",
        `-out=${PLAN_FILE}`,
        "-detailed-exitcode",
        "-input=false",
        "-no-color",
        "-lock=false",
        "-refresh=false",
      ]);
      if (again.code === 0) return text;
      if (again.code !== 2) return fail(`its plan failed: ${firstError(again.stderr || again.stdout)}`);
      // A text or a set that depends on what was not known yet is brought into the provider's form only now.
      const { code, stdout, stderr } = await alone.run(stack, ["show", "-json", PLAN_FILE]);
      if (code !== 0) return fail(`its plan cannot be shown: ${firstError(stderr)}`);
      const next = round < ROUNDS ? withUpdates(text, JSON.parse(stdout) as TestPlan) : undefined;
      if (next === undefined) return fail(`on the state that was made for it the same configuration changes ${changed(again.stdout)}`);
      text = next;
    }
  } finally {
    for (const file of [TEST_FILE, PLAN_FILE]) rmSync(join(folder, file), { force: true });
  }
}

/** What the two runs of the test left: one JSON a line. */
function read(output: string): { readonly plan?: TestPlan; readonly state?: TestState; readonly error?: string } {
  const lines = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map(
      (line) =>
        JSON.parse(line) as {
          readonly type: string;
          readonly "@testrun"?: string;
          readonly test_plan?: TestPlan;
          readonly test_state?: TestState;
          readonly diagnostic?: unknown;
        },
    );
  const of = (type: string, run: string) => lines.find((line) => line.type === type && line["@testrun"] === run);
  const diagnostic = lines.find(
    ({ type, diagnostic: found }) => type === "diagnostic" && isObject(found) && found.severity === "error",
  )?.diagnostic;
  return {
    plan: of("test_plan", RUNS.plan)?.test_plan,
    state: of("test_state", RUNS.apply)?.test_state,
    ...(isObject(diagnostic) && { error: [diagnostic.summary, diagnostic.detail].filter(Boolean).join(": ").split("\n")[0] }),
  };
}

/** Addresses that a printed plan speaks of. */
function changed(printed: string): string {
  const addresses = [...printed.matchAll(/^\s*# (\S+) (?:will|must) be/gm)].map(([, address]) => address!);
  return addresses.length === 0
    ? "its outputs"
    : addresses.slice(0, 3).join(", ") + (addresses.length > 3 ? ` and ${addresses.length - 3} more` : "");
}

const firstError = (output: string): string =>
  output
    .split("\n")
    .map((line) => line.replace(/^[╷│╵]\s?/, "").trim())
    .find((line) => line.startsWith("Error:"))
    ?.replace(/^Error: /, "") ?? "it gave no reason";
