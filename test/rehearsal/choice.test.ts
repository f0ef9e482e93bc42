/** Which stacks a rehearsal takes, when it does not take all. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beyond, digestsOf, named, shapeOf } from "../../rehearsal/choice";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Stack {
  readonly resource?: unknown;
  readonly dependencies?: readonly string[];
}

/** What a synthesis leaves. @param stacks names without the environment */
function output(environment: string, stacks: Readonly<Record<string, Stack>>): string {
  const folder = mkdtempSync(join(tmpdir(), "choice-"));
  folders.push(folder);
  const full = (name: string) => `${environment}-${name}`;
  for (const [name, { resource }] of Object.entries(stacks)) {
    mkdirSync(join(folder, "stacks", full(name)), { recursive: true });
    writeFileSync(join(folder, "stacks", full(name), "cdk.tf.json"), JSON.stringify({ resource }));
  }
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify({
      stacks: Object.fromEntries(
        Object.entries(stacks).map(([name, { dependencies = [] }]) => [
          full(name),
          { name: full(name), workingDirectory: `stacks/${full(name)}`, dependencies: dependencies.map(full) },
        ]),
      ),
    }),
  );
  return folder;
}

describe("named stacks", () => {
  const folder = output("dev", {
    services: { dependencies: ["data"] },
    network: {},
    data: { dependencies: ["network"] },
    trading: { dependencies: ["network"] },
  });

  it("come with what they depend on, near and far, in the order of deployment", () => {
    expect(named(folder, "dev", "services")).toEqual(["dev-network", "dev-data", "dev-services"]);
    expect(named(folder, "dev", "trading, dev-data")).toEqual(["dev-network", "dev-data", "dev-trading"]);
  });

  it("come without what is deployed as it is synthesised, and with what has changed since and what depends on that", () => {
    const stacks = {
      network: { resource: { a: 1 } },
      data: { resource: { b: 1 }, dependencies: ["network"] },
      services: { resource: { c: 1 }, dependencies: ["data"] },
    };
    const deployed = digestsOf(output("dev", stacks));
    expect(named(output("dev", stacks), "dev", "services", deployed)).toEqual(["dev-services"]);
    expect(named(output("dev", stacks), "dev", "services,network", deployed)).toEqual(["dev-network", "dev-data", "dev-services"]);
    expect(named(output("dev", { ...stacks, network: { resource: { a: 2 } } }), "dev", "services", deployed)).toEqual([
      "dev-network",
      "dev-data",
      "dev-services",
    ]);
    expect(
      named(
        output("dev", { ...stacks, added: {}, services: { ...stacks.services, dependencies: ["data", "added"] } }),
        "dev",
        "services",
        deployed,
      ),
    ).toEqual(["dev-added", "dev-services"]);
  });

  it("must be there", () => {
    expect(() => named(folder, "dev", "web")).toThrow(/dev has no stack dev-web\. Its stacks: dev-network/);
  });
});

describe("the shape of a resource", () => {
  const same: [string, object, object][] = [
    ["values of the same kind", { name: "a", size: 1 }, { name: "b", size: 2 }],
    ["how many elements there are", { rule: [{ port: 80 }] }, { rule: [{ port: 80 }, { port: 443 }] }],
    ["tags and metadata", { name: "a", tags: { Name: "a" }, "//": { metadata: {} } }, { name: "a" }],
    ["the order of arguments", { name: "a", size: 1 }, { size: 1, name: "a" }],
  ];
  it.each(same)("does not depend on %s", (_, one, other) => {
    expect(shapeOf(one)).toBe(shapeOf(other));
  });

  const different: [string, object, object][] = [
    ["another argument", { name: "a" }, { name: "a", size: 1 }],
    ["another argument in an inner block", { rule: [{ port: 80 }] }, { rule: [{ port: 80, name: "web" }] }],
    ["a switch", { multi_az: true }, { multi_az: false }],
    ["a reference in place of a word", { role: "admin" }, { role: "${aws_iam_role.admin.name}" }],
    ["an empty list", { rules: [] }, { rules: ["a"] }],
    ["another kind of value", { size: "1" }, { size: 1 }],
  ];
  it.each(different)("depends on %s", (_, one, other) => {
    expect(shapeOf(one)).not.toBe(shapeOf(other));
  });
});

describe("what another environment does not show", () => {
  const nat = { aws_nat_gateway: { nat: { subnet_id: "${aws_subnet.a.id}" } } };
  const prod = output("prod", {
    network: { resource: nat },
    data: { resource: { aws_db_instance: { main: { multi_az: true, engine: "postgres" } } }, dependencies: ["network"] },
    services: { resource: { aws_ecs_cluster: { main: { name: "prod" } } }, dependencies: ["data"] },
  });

  it("is a resource of another shape in the same stack, and comes with what it depends on", () => {
    const staging = output("staging", {
      network: { resource: nat },
      data: { resource: { aws_db_instance: { main: { multi_az: false, engine: "postgres" } } }, dependencies: ["network"] },
      services: { resource: { aws_ecs_cluster: { main: { name: "staging" } } }, dependencies: ["data"] },
    });
    expect(beyond(staging, "staging", prod, "prod")).toEqual(["staging-network", "staging-data"]);
  });

  it("is a type or a stack that only this one has", () => {
    const staging = output("staging", {
      network: { resource: { ...nat, aws_instance: { nat: {} } } },
      research: { resource: { aws_sagemaker_notebook_instance: { notebook: {} } } },
    });
    expect(beyond(staging, "staging", prod, "prod")).toEqual(["staging-network", "staging-research"]);
  });

  it("is nothing of an environment that has less", () => {
    expect(beyond(output("staging", { network: { resource: nat }, data: { resource: {} } }), "staging", prod, "prod")).toEqual([]);
  });
});
