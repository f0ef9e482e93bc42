/** The order and the states in which stacks are planned, with a Terraform that answers as told. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planStacks, type PlannerOptions, type StackInput, type Terraform } from "../../review/planning/planner";
import { synthesisedStacks, type SynthesisedStack } from "../../terraform/assembly";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const reference = "${data.terraform_remote_state.cross-stack-reference-input-dev-network.outputs.cross-stack-output-vpc}";
const NETWORK = { resource: { terraform_data: { vpc: { input: "vpc" } } } };
const DATA = { resource: { terraform_data: { table: { input: reference, lifecycle: { prevent_destroy: true } } } } };

/** Writes stacks as cdktf does. */
function synthesised(
  stacks: Readonly<
    Record<string, { readonly json: object; readonly dependencies?: readonly string[]; readonly files?: Readonly<Record<string, string>> }>
  >,
): Map<string, SynthesisedStack> {
  const output = mkdtempSync(join(tmpdir(), "planner-"));
  folders.push(output);
  const manifest = {
    stacks: Object.fromEntries(
      Object.entries(stacks).map(([name, { dependencies = [] }]) => [
        name,
        { dependencies, synthesizedStackPath: `stacks/${name}/cdk.tf.json`, workingDirectory: `stacks/${name}` },
      ]),
    ),
  };
  for (const [name, { json, files = {} }] of Object.entries(stacks)) {
    mkdirSync(join(output, "stacks", name), { recursive: true });
    writeFileSync(join(output, "stacks", name, "cdk.tf.json"), JSON.stringify(json));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(output, "stacks", name, file), text);
  }
  writeFileSync(join(output, "manifest.json"), JSON.stringify(manifest));
  return new Map(synthesisedStacks(output, "dev").map((stack) => [stack.name, stack]));
}

const EMPTY = { format_version: "1.2", resource_changes: [] };
const plan = (actions: Readonly<Record<string, string>>) =>
  JSON.stringify({
    ...EMPTY,
    prior_state: { values: { outputs: Object.fromEntries(Object.keys(actions).map((name) => [name, { value: "x" }])) } },
    output_changes: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, { actions: [action] }])),
  });

/** @param answers what `terraform show -json` prints, by the stack's name; an Error is what `terraform plan` fails with */
async function planned(
  stacks: Map<string, SynthesisedStack>,
  answers: Readonly<Record<string, string | Error>>,
  before = new Map<string, SynthesisedStack>(),
  against: PlannerOptions["against"] = (name) => (name.endsWith("-workloads") ? "nothing" : "world"),
) {
  const calls: string[] = [];
  const seen: Record<string, string> = {};
  const terraform: Terraform = (folder, args) => {
    const stack = folder.split("/").at(-1)!;
    calls.push(`${stack} ${args[0]}${args.includes("-refresh=false") ? " without looking" : ""}`);
    const answer = answers[stack];
    if (args[0] === "plan") {
      seen[stack] = readFileSync(join(folder, "cdk.tf.json"), "utf8");
      writeFileSync(join(folder, "review.tfplan"), "");
      if (answer instanceof Error) return Promise.resolve({ code: 1, stdout: "", stderr: answer.message });
    }
    return Promise.resolve({ code: 0, stdout: args[0] === "show" ? String(answer) : "", stderr: "" });
  };
  const inputs = await planStacks({
    stacks: [...stacks.values()],
    before,
    terraform,
    planArguments: ["-lock=false"],
    against,
    onProgress: () => undefined,
  });
  return {
    inputs: Object.fromEntries(inputs.map((input) => [input.stack, input])) as Record<string, StackInput>,
    order: inputs.map(({ stack }) => stack),
    calls,
    seen,
  };
}

describe("synthesised stacks", () => {
  it("come in the order in which they are deployed", () => {
    const stacks = synthesised({
      "dev-a": { json: {}, dependencies: ["dev-z"] },
      "dev-m": { json: {}, dependencies: ["dev-a", "other-x"] },
      "dev-z": { json: {} },
      "prod-a": { json: {} },
    });
    expect([...stacks.keys()]).toEqual(["dev-z", "dev-a", "dev-m"]);
  });

  it("differ when a file beside the JSON does", () => {
    const digest = (files: Readonly<Record<string, string>>) => synthesised({ "dev-a": { json: {}, files } }).get("dev-a")!.digest;
    expect(digest({ script: "a" })).toBe(digest({ script: "a" }));
    expect(digest({ script: "a" })).not.toBe(digest({ script: "b" }));
    expect(digest({ script: "a" })).not.toBe(digest({ other: "a" }));
    expect(digest({ script: "a", ".terraform.lock.hcl": "x" })).toBe(digest({ script: "a" }));
  });

  it("are none where nothing was synthesised", () => {
    expect(synthesisedStacks(join(tmpdir(), "no-such-folder"), "dev")).toEqual([]);
  });
});

describe("planning stacks", () => {
  const both = () => synthesised({ "dev-network": { json: NETWORK }, "dev-data": { json: DATA, dependencies: ["dev-network"] } });

  it("does not plan what is the same to the byte", async () => {
    const { inputs, calls } = await planned(both(), {}, both());
    expect(calls).toEqual([]);
    expect(Object.values(inputs).map(({ state }) => state)).toEqual(["unchanged", "unchanged"]);
  });

  it("plans what differs, its upstream first", async () => {
    const answer = plan({ "cross-stack-output-vpc": "no-op" });
    const { inputs, order, calls } = await planned(both(), { "dev-network": answer, "dev-data": plan({}) });
    expect(order).toEqual(["dev-network", "dev-data"]);
    expect(calls).toEqual(["dev-network init", "dev-network plan", "dev-network show", "dev-data init", "dev-data plan", "dev-data show"]);
    expect(inputs["dev-network"]).toMatchObject({ state: "planned", raw: answer });
    expect(inputs["dev-data"]!.state).toBe("planned");
  });

  it.each([
    ["has another value", plan({ "cross-stack-output-vpc": "update" })],
    ["is new", plan({ "cross-stack-output-vpc": "create" }).replace('"outputs":{"cross-stack-output-vpc":{"value":"x"}}', '"outputs":{}')],
    ["has no state", JSON.stringify(EMPTY)],
  ])("defers a stack whose upstream's output %s, even when its own JSON is the same", async (_, network) => {
    const before = new Map([["dev-data", both().get("dev-data")!]]);
    const { inputs, seen } = await planned(both(), { "dev-network": network, "dev-data": plan({}) }, before);
    expect(inputs["dev-data"]).toMatchObject({
      state: "deferred",
      why: "values that are known only once dev-network is applied stand as unknown in its plan",
    });
    expect(seen["dev-data"]).toContain("${terraform_data.known-after-its-upstream.id}");
  });

  it("shows what would be destroyed though Terraform refuses to, and leaves the files as they were", async () => {
    const stacks = both();
    const file = join(stacks.get("dev-data")!.folder, "cdk.tf.json");
    const { seen } = await planned(stacks, { "dev-network": plan({ "cross-stack-output-vpc": "no-op" }), "dev-data": plan({}) });
    expect(JSON.parse(seen["dev-data"]!)).toEqual({ resource: { terraform_data: { table: { input: reference, lifecycle: {} } } } });
    expect(readFileSync(file, "utf8")).toBe(JSON.stringify(DATA));
    expect(existsSync(join(stacks.get("dev-data")!.folder, "review.tfplan"))).toBe(false);
  });

  it("goes on when one is refused, and says why without frames and secrets", async () => {
    const { inputs } = await planned(
      both(),
      {
        "dev-network": new Error("╷\n│ Error: Invalid value\n│\n│   on cdk.tf.json\n│ password=hunter2-hunter2\n╵\n"),
        "dev-data": plan({}),
      },
      both(),
    );
    const changed = await planned(
      synthesised({ "dev-network": { json: { resource: {} } }, "dev-data": { json: DATA, dependencies: ["dev-network"] } }),
      {
        "dev-network": new Error("╷\n│ Error: Invalid value\n│\n│   on cdk.tf.json\n│ password=hunter2-hunter2\n╵\n"),
        "dev-data": plan({}),
      },
    );
    expect(inputs["dev-network"]!.state).toBe("unchanged");
    expect(changed.inputs["dev-network"]).toMatchObject({ state: "failed" });
    expect(changed.inputs["dev-network"]!.why).toMatch(/^terraform plan failed: Invalid value\n\s+on cdk\.tf\.json\n/);
    expect(changed.inputs["dev-network"]!.why).not.toContain("hunter2");
    expect(changed.inputs["dev-data"]!.state).toBe("planned");
  });

  it("sets up one stack at a time, because they share a cache of providers, and plans two", async () => {
    const busy = { init: 0, plan: 0, show: 0 };
    const most = { init: 0, plan: 0, show: 0 };
    const terraform: Terraform = async (_, [step]) => {
      const name = step as keyof typeof busy;
      busy[name] += 1;
      most[name] = Math.max(most[name], busy[name]);
      await new Promise((done) => {
        setTimeout(done, 20);
      });
      busy[name] -= 1;
      return { code: 0, stdout: plan({}), stderr: "" };
    };
    const stacks = [
      ...synthesised(Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`dev-${name}`, { json: NETWORK }]))).values(),
    ];
    await planStacks({ stacks, before: new Map(), terraform, planArguments: [], against: () => "world", onProgress: () => undefined });
    expect(most).toEqual({ init: 1, plan: 2, show: 2 });
  });

  it("compares what has no provider to plan it", async () => {
    const { inputs, calls } = await planned(
      synthesised({ "dev-workloads": { json: { resource: { helm_release: { chart: { name: "chart" } } } } } }),
      {},
    );
    expect(calls).toEqual([]);
    expect(inputs["dev-workloads"]).toMatchObject({ state: "compared" });
    expect(JSON.parse(inputs["dev-workloads"]!.raw)).toMatchObject({
      resource_changes: [{ address: "helm_release.chart", change: { actions: ["create"] } }],
    });
  });

  describe("from the state alone", () => {
    const workloads = (input: unknown) =>
      synthesised({
        "dev-network": { json: NETWORK },
        "dev-workloads": { json: { resource: { helm_release: { chart: { name: input } } } }, dependencies: ["dev-network"] },
      });
    const against: PlannerOptions["against"] = (name) => (name.endsWith("-workloads") ? "cluster" : "world");

    it("plans a stack whose cluster it may not look into, and says so", async () => {
      const { inputs, calls } = await planned(
        workloads("chart"),
        { "dev-network": plan({}), "dev-workloads": plan({}) },
        new Map(),
        against,
      );
      expect(calls).toContain("dev-workloads plan without looking");
      expect(calls).toContain("dev-network plan");
      expect(inputs["dev-workloads"]).toMatchObject({
        state: "planned",
        why: "planned from its state alone: whoever only reads may not look at what stands",
      });
    });

    it("compares it while its cluster is yet to be made, and fails where that is no reason", async () => {
      const refused = new Error("Error: no cluster");
      const yet = await planned(
        workloads(reference),
        { "dev-network": JSON.stringify(EMPTY), "dev-workloads": refused },
        new Map(),
        against,
      );
      expect(yet.inputs["dev-workloads"]!.state).toBe("compared");
      const there = await planned(workloads("chart"), { "dev-network": plan({}), "dev-workloads": refused }, new Map(), against);
      expect(there.inputs["dev-workloads"]!.state).toBe("failed");
    });

    it("does not swallow why it fails where secrets alone keep it from looking", async () => {
      const { inputs, calls } = await planned(
        workloads(reference),
        { "dev-network": JSON.stringify(EMPTY), "dev-workloads": new Error("Error: no right to the state") },
        new Map(),
        (name) => (name.endsWith("-workloads") ? "state" : "world"),
      );
      expect(calls).toContain("dev-workloads plan without looking");
      expect(inputs["dev-workloads"]).toMatchObject({ state: "failed", why: "terraform plan failed: no right to the state" });
    });
  });
});
