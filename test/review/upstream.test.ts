/** Outputs that are not known yet: the rewriting, and that real Terraform plans what comes of it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferUnknown, isStandIn, type IsSettled } from "../../review/planning/upstream";
import type { StackJson } from "../../terraform/assembly";

const output = "cross-stack-output-terraform_datavpcid";
const list = "cross-stack-output-terraform_datasubnetsids";
const reference = (name: string, stack = "dev-network") =>
  `\${data.terraform_remote_state.cross-stack-reference-input-${stack}.outputs.${name}}`;
const stateOf = (file: string) => ({ backend: "local", config: { path: file } });
const downstream = (file = "none.tfstate"): StackJson => ({
  data: { terraform_remote_state: { "cross-stack-reference-input-dev-network": stateOf(file) } },
  resource: { terraform_data: { a: { input: `id is ${reference(output)}` }, b: { input: reference(list) }, c: { input: "constant" } } },
});
const settled =
  (...names: string[]): IsSettled =>
  (name) =>
    names.includes(name);

describe("outputs that are not known yet", () => {
  it("changes nothing where every output is settled, or where the other stack is not planned", () => {
    expect(deferUnknown(downstream(), () => settled(output, list)).json).toEqual(downstream());
    expect(deferUnknown(downstream(), () => undefined)).toEqual({ json: downstream(), unknown: new Map() });
  });

  it("puts an unknown value in their place, a list where it is one", () => {
    const { json, unknown } = deferUnknown(downstream(), () => settled());
    expect(unknown).toEqual(new Map([["dev-network", [list, output].sort()]]));
    expect(json.resource!.terraform_data).toEqual({
      a: { input: "id is ${terraform_data.known-after-its-upstream.id}" },
      b: { input: "${[terraform_data.known-after-its-upstream.id]}" },
      c: { input: "constant" },
      "known-after-its-upstream": {},
    });
  });

  it("leaves those that are settled", () => {
    const { json, unknown } = deferUnknown(downstream(), () => settled(list));
    expect(unknown).toEqual(new Map([["dev-network", [output]]]));
    expect(json.resource!.terraform_data!.b).toEqual({ input: reference(list) });
    expect(json.data).toEqual(downstream().data);
  });

  it("does not read a state that nobody asks any more, which may not be there yet", () => {
    expect(deferUnknown(downstream(), () => settled()).json).not.toHaveProperty("data.terraform_remote_state");
  });

  it("knows its stand-in from everybody's resources", () => {
    expect(isStandIn("terraform_data.known-after-its-upstream")).toBe(true);
    expect(isStandIn("terraform_data.other")).toBe(false);
  });
});

describe("with Terraform itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "upstream-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const terraform = (...args: string[]) =>
    spawnSync("terraform", args, { cwd: folder, encoding: "utf8", env: { ...process.env, CHECKPOINT_DISABLE: "1" } });
  const plan = (json: StackJson) => {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));
    terraform("init", "-input=false");
    const { status, stderr } = terraform("plan", "-out=p", "-input=false", "-no-color");
    return {
      status,
      stderr,
      plan:
        status === 0
          ? (JSON.parse(terraform("show", "-json", "p").stdout) as {
              resource_changes: { address: string; change: { after: { input?: unknown }; after_unknown: { input?: unknown } } }[];
            })
          : undefined,
    };
  };

  it("is refused as it stands, and planned with unknown values in place of what is missing", () => {
    expect(plan(downstream())).toMatchObject({ status: 1, stderr: expect.stringContaining("Unable to find remote state") as string });
    const { status, stderr, plan: planned } = plan(deferUnknown(downstream(), () => settled()).json);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const of = (id: string) => planned!.resource_changes.find(({ address }) => address === `terraform_data.${id}`)!.change;
    expect(of("a").after_unknown.input).toBe(true);
    expect(of("b").after_unknown.input).toEqual([true]);
    expect(of("c").after.input).toBe("constant");
  });
});
