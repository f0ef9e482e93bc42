import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environmentNames, loadEnvironments } from "../../environments";
import { diagramDot, diagramSvg } from "../../review/diagram";
import { synthEnvironments } from "../helpers/synth";

const root = resolve(__dirname, "..", "..");
const stacks = synthEnvironments({ environments: loadEnvironments(), target: { kind: "aws" } });
const of = (name: string) => Object.fromEntries(Object.entries(stacks).filter(([stack]) => stack.startsWith(`${name}-`)));

describe("the picture of an environment", () => {
  it.each([...environmentNames])("of %s in docs/pictures is current (npm run docs writes it again)", async (name) => {
    expect(readFileSync(join(root, "docs", "pictures", `${name}.svg`), "utf8")).toBe(await diagramSvg(of(name)));
  });

  it("shows stacks with all their resources, parts, and references within and across stacks", () => {
    const dot = diagramDot(of("prod"));
    const count = Object.values(of("prod")["prod-data"]!.resource!).reduce((sum, blocks) => sum + Object.keys(blocks).length, 0);
    expect(dot).toContain(`prod-data  (${count} resources)`);
    expect(dot).toContain('"prod-events/orders" -> "prod-events/system-alerts"');
    // One edge from stack to stack, however many parts refer to however many.
    expect(dot.match(/ltail="cluster \S+", lhead="cluster \S+"/g)!.sort()).toEqual([
      ["data", "events"], ["data", "network"], ["services", "data"], ["services", "events"], ["services", "network"], ["trading", "data"], ["trading", "events"], ["trading", "network"],
      ["workloads", "data"], ["workloads", "events"], ["workloads", "network"], ["workloads", "services"],
    ].map(([from, to]) => `ltail="cluster prod-${from}", lhead="cluster prod-${to}"`));
  });
});
