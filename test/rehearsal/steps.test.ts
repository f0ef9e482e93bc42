/** The steps of a rehearsal that decide something by themselves; what Terraform decides, the rehearsals and scenarios show. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCdktf, type Cdktf, type RunOptions } from "../../rehearsal/cdktf";
import type { Emulator, State } from "../../rehearsal/emulator";
import { ProgressReader } from "../../rehearsal/progress";
import { lift, nothingLeft } from "../../rehearsal/steps";
import { Workspace } from "../../rehearsal/workspace";

describe("lifting the protection", () => {
  const folder = mkdtempSync(join(tmpdir(), "steps-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const workspace = new Workspace(folder);
  const write = (stack: string, resource: unknown) => {
    mkdirSync(join(workspace.output, "stacks", stack), { recursive: true });
    writeFileSync(
      join(workspace.output, "stacks", stack, "cdk.tf.json"),
      JSON.stringify({ "//": { metadata: { stackName: stack } }, resource }),
    );
  };
  const protectedKey = { aws_kms_key: { key: { lifecycle: { prevent_destroy: true }, tags: { Name: "key" } } } };
  const key = { aws_kms_key: { key: { tags: { Name: "key" } } } };
  const bucket = (force: boolean) => ({
    aws_s3_bucket: { bucket: { force_destroy: force, ...(!force && { lifecycle: { prevent_destroy: true } }) } },
  });

  /** cdktf whose synthesis writes what is given, and whose deploys are noted. */
  function cdktf(lifted: Readonly<Record<string, unknown>>): { cdktf: Cdktf; deployed: [readonly string[], RunOptions | undefined][] } {
    const deployed: [readonly string[], RunOptions | undefined][] = [];
    const real = createCdktf({
      root: folder,
      workspace,
      environment: "dev",
      changes: {},
      endpoint: "http://127.0.0.1:9",
      settings: { variables: {}, cdktfFlags: [] },
      signal: new AbortController().signal,
    });
    return {
      deployed,
      cdktf: {
        ...real,
        synth: (variables) => {
          expect(variables).toEqual({ DELETION_PROTECTION: "lifted" });
          for (const [stack, resource] of Object.entries(lifted)) write(stack, resource);
          return Promise.resolve();
        },
        run: (_, stacks, __, options) => {
          deployed.push([stacks, options]);
          return Promise.resolve(Object.assign(new ProgressReader(stacks), { code: 0 }));
        },
      },
    };
  }

  it("is deployed only where it changes a resource: Terraform's state knows nothing of prevent_destroy", async () => {
    write("dev-network", protectedKey);
    write("dev-data", bucket(false));
    const { cdktf: commands, deployed } = cdktf({ "dev-network": key, "dev-data": bucket(true) });
    await lift(commands, { output: "" });
    expect(deployed).toEqual([[["dev-data"], { refresh: false, alone: true }]]);
  });

  it("is not deployed where it changes nothing", async () => {
    write("dev-network", protectedKey);
    write("dev-data", bucket(true));
    const { cdktf: commands, deployed } = cdktf({ "dev-network": key, "dev-data": bucket(true) });
    await lift(commands, { output: "" });
    expect(deployed).toEqual([]);
  });
});

describe("nothing is left", () => {
  const cdktf = { stacks: () => ["dev-data", "dev-events"] } as unknown as Cdktf;
  const emulator = (states: Readonly<Record<string, State["resources"]>>, inventory = {}) =>
    ({
      states: () => Promise.resolve(new Map(Object.entries(states).map(([key, resources]) => [key, { resources }]))),
      inventory: () => Promise.resolve(inventory),
    }) as unknown as Emulator;

  it("when the states are empty and the emulator holds nothing but their bucket", async () => {
    await nothingLeft(
      emulator(
        { "dev/data.tfstate": [], "dev/events.tfstate": [{ mode: "data", type: "aws_partition", name: "here" }] },
        { s3: { "ap-northeast-1": { buckets: ["rehearsal-terraform-state"] } } },
      ),
      cdktf,
      "ap-northeast-1",
      [],
    );
  });

  it("in a zone that was there beforehand either: Route 53 deletes none that holds a record", async () => {
    const states = emulator({ "dev/data.tfstate": [], "dev/events.tfstate": [] });
    const gone: string[] = [];
    const deleteZone = async (id: string) => {
      if (id === "Z2") throw new Error("HostedZoneNotEmpty");
      gone.push(id);
    };
    await nothingLeft(Object.assign(states, { deleteZone }), cdktf, "ap-northeast-1", ["Z1"]);
    expect(gone).toEqual(["Z1"]);
    await expect(nothingLeft(states, cdktf, "ap-northeast-1", ["Z2"])).rejects.toThrow("HostedZoneNotEmpty");
  });

  it.each<[string, Readonly<Record<string, State["resources"]>>, object, RegExp]>([
    [
      "a state that holds a resource",
      { "dev/data.tfstate": [{ mode: "managed", type: "aws_s3_bucket", name: "raw" }], "dev/events.tfstate": [] },
      {},
      /dev\/data\.tfstate: aws_s3_bucket\.raw/,
    ],
    [
      "a state that is not there",
      { "dev/data.tfstate": [] },
      {},
      /2 stacks were deployed, and the bucket holds 1 states: dev\/data\.tfstate/,
    ],
    [
      "what the emulator holds",
      { "dev/data.tfstate": [], "dev/events.tfstate": [] },
      { sqs: { "ap-northeast-1": { queues: ["orders"] } } },
      /sqs ap-northeast-1 queues: orders/,
    ],
  ])("is not so with %s", async (_, states, inventory, reason) => {
    await expect(nothingLeft(emulator(states, inventory), cdktf, "ap-northeast-1", [])).rejects.toThrow(reason);
  });
});
