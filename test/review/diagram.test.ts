import { loadEnvironments } from "../fixtures/environments";
import { diagramDot, diagramSvg, type DiagramStack } from "../../review/diagram";
import { gravestByPart } from "../../review/marks";
import type { Action } from "../../review/model";
import { changeOf, planOf } from "../helpers/report";
import { synthEnvironments } from "../helpers/synth";

const stacks = synthEnvironments({ environments: loadEnvironments(), target: { kind: "aws" } });
const of = (name: string) => Object.fromEntries(Object.entries(stacks).filter(([stack]) => stack.startsWith(`${name}-`)));

describe("the picture of an environment", () => {
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

describe("the picture of a review", () => {
  const prod: Readonly<Record<string, DiagramStack>> = of("prod");
  const nodeOf = (dot: string, part: string) => dot.split("\n").find((line) => line.startsWith(`    "${part}" [`));
  /** prod-data without its backtest results; prod-workloads no longer there at all. */
  const head = Object.fromEntries(Object.entries(prod).filter(([stack]) => stack !== "prod-workloads").map(([stack, json]) => [stack, without(json, "prod-data/backtest-results")]));

  function without({ resource, ...rest }: DiagramStack, part: string): DiagramStack {
    const isKept = (block: unknown) => !(block as { "//": { metadata: { path: string } } })["//"].metadata.path.startsWith(`${part}/`);
    return { ...rest, resource: Object.fromEntries(Object.entries(resource!).map(([type, blocks]) => [type, Object.fromEntries(Object.entries(blocks).filter(([, block]) => isKept(block)))])) };
  }

  it.each([
    ["create", "+ creates", "#d8f0dc", "#1b6e34"], ["update", "~ updates", "#fbf0c4", "#7a5b00"], ["replace", "± replaces", "#fde2c8", "#a34a00"], ["destroy", "− destroys", "#fbdcd9", "#b3261e"],
    ["move", "→ moves", "#e4e7fb", "#3c4aa8"], ["import", "↓ imports", "#d8f0dc", "#1b6e34"], ["forget", "⊘ forgets", "#fbdcd9", "#b3261e"],
  ] as const)("marks a part that holds a %s by class, sign and colour", (action, text, fill, color) => {
    const dot = diagramDot(prod, { changes: new Map<string, Action>([["prod-events/orders", action]]) });
    expect(dot).toContain(`\n${text}", class="changed ${action}", fillcolor="${fill}", color="${color}", penwidth=2]`);
    expect(dot.match(/class=/g)).toHaveLength(1);
    expect(nodeOf(dot, "prod-events/system-alerts")).toBe(nodeOf(diagramDot(prod), "prod-events/system-alerts"));
  });

  it("draws what is only in the base: parts of a stack that stays, and a stack that is gone", () => {
    const dot = diagramDot(head, { changes: new Map(), base: prod });
    const gone = [...dot.matchAll(/^ {4}"(\S+)" \[label="[^"]*\n− no longer there", class="changed destroy gone", style="rounded,filled,dashed"/gm)].map(([, part]) => part);
    expect(gone).toContain("prod-data/backtest-results");
    expect(gone.filter((part) => !part!.startsWith("prod-workloads/"))).toEqual(["prod-data/backtest-results"]);
    expect(gone).toHaveLength(1 + new Set(partsOf("prod-workloads")).size);
    expect(dot).toContain('label="prod-workloads  (no longer there)"');
  });
  const partsOf = (stack: string) => Object.values(prod[stack]!.resource!).flatMap((blocks) => Object.values(blocks)).map((block) => (block as { "//": { metadata: { path: string } } })["//"].metadata.path.split("/")[1]!);

  it("gives the classes to the drawing, whose ground lets the page's shine through", async () => {
    const svg = await diagramSvg(head, { changes: new Map([["prod-events/orders", "replace"]]), base: prod });
    expect(svg).toContain('class="node changed replace"');
    expect(svg).toContain('class="node changed destroy gone"');
    expect(svg).toContain(">± replaces</text>");
    expect(svg).not.toContain('fill="white" stroke="none"');
    expect(await diagramSvg(head, { changes: new Map([["prod-events/orders", "replace"]]), base: prod })).toBe(svg);
  });

  it("takes the gravest action of each part; an address without a construct belongs to none", () => {
    const change = (construct: string, action: Action) => changeOf({ construct, action });
    expect([...gravestByPart([
      planOf("prod-data", { changes: [change("prod-data/cache/a", "create"), change("prod-data/cache/b", "replace"), change("prod-data/cache/c", "update"), change("prod-data/key", "move")] }),
      planOf("prod-events", { changes: [change("prod-events/orders/a", "update"), change("prod-events/orders/b", "destroy"), change("aws_s3_bucket.a", "destroy")] }),
    ])]).toEqual([["prod-data/cache", "replace"], ["prod-data/key", "move"], ["prod-events/orders", "destroy"]]);
  });
});
