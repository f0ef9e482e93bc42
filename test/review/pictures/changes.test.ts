import { resolve } from "node:path";
import { loadEnvironments } from "../../fixtures/environments";
import { changesPicture, changesSvg } from "../../../review/pictures/changes";
import { gravestByPart } from "../../../review/pictures/change-marks";
import type { Action } from "../../../review/model";
import { shapesIn, type Box } from "../../../review/pictures/graph";
import { changeOf, planOf } from "../../helpers/report";
import { synthEnvironments } from "../../helpers/synth";
import type { StackJson } from "../../../terraform/assembly";

const root = resolve(__dirname, "..", "..", "..");
const stacks = synthEnvironments({ environments: loadEnvironments().filter(({ name }) => name === "prod"), target: { kind: "aws" } });
const prod: Readonly<Record<string, StackJson>> = stacks;
const boxes = (...[head, review]: Parameters<typeof changesPicture>): Box[] =>
  [...shapesIn(changesPicture(head, review).shapes)].filter((part): part is Box => part.kind === "box");
const NOTHING = { changes: new Map<string, Action>() };

describe("the picture of a review", () => {
  const constructOf = (block: unknown) => (block as { "//": { metadata: { path: string } } })["//"].metadata.path;
  /** prod-data without its backtest results; prod-workloads no longer there at all. */
  const head = Object.fromEntries(
    Object.entries(prod)
      .filter(([stack]) => stack !== "prod-workloads")
      .map(([stack, json]) => [stack, without(json, "prod-data/backtest-results")]),
  );

  function without({ resource, ...rest }: StackJson, part: string): StackJson {
    return {
      ...rest,
      resource: Object.fromEntries(
        Object.entries(resource!).map(([type, blocks]) => [
          type,
          Object.fromEntries(Object.entries(blocks).filter(([, block]) => !constructOf(block).startsWith(`${part}/`))),
        ]),
      ),
    };
  }

  it("shows what changes with what it refers to and what refers to it, and counts the rest", () => {
    const review = { changes: new Map<string, Action>([["prod-events/orders", "update"]]) };
    const { shapes, edges } = changesPicture(prod, review);
    expect(edges).toContainEqual({ from: "prod-events/orders", to: "prod-events/system-alerts", kind: "reference" });
    const events = new Set(
      Object.values(prod["prod-events"]!.resource!).flatMap((blocks) =>
        Object.values(blocks).map((block) => constructOf(block).split("/")[1]),
      ),
    );
    const drawn = boxes(prod, review).filter(({ id }) => id.startsWith("prod-events/"));
    expect(drawn.map(({ id }) => id)).toContain("prod-events/orders");
    expect(drawn.length).toBeLessThan(events.size);
    expect(shapes).toContainEqual(
      expect.objectContaining({ kind: "frame", id: "prod-events", lines: [`${events.size - drawn.length} parts stay`] }),
    );
    // Every line has an end in what changes, or is one from stack to stack of such.
    const parts = edges.filter(({ kind }) => kind === "reference");
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.filter(({ from, to }) => from !== "prod-events/orders" && to !== "prod-events/orders")).toEqual([]);
    expect(edges.filter(({ kind }) => kind === "flow").filter(({ from, to }) => ![from, to].includes("prod-events"))).toEqual([]);
  });

  it("shows nothing where nothing changes", () => expect(changesPicture(prod, NOTHING)).toMatchObject({ shapes: [], edges: [] }));

  it.each([
    ["create", "+ creates"],
    ["update", "~ updates"],
    ["replace", "± replaces"],
    ["destroy", "− destroys"],
    ["move", "→ moves"],
    ["import", "↓ imports"],
    ["forget", "⊘ forgets"],
  ] as const)("marks a part that holds a %s, and no other", (action, text) => {
    const marked = boxes(prod, { changes: new Map<string, Action>([["prod-events/orders", action]]) }).filter(
      ({ mark }) => mark !== undefined,
    );
    expect(marked.map(({ id, mark }) => [id, mark])).toEqual([["prod-events/orders", { text, action }]]);
  });

  it("draws what is only in the base: parts of a stack that stays, and a stack that is gone", () => {
    const gone = boxes(head, { ...NOTHING, base: prod })
      .filter(({ mark }) => mark?.gone)
      .map(({ id }) => id);
    expect(gone.filter((id) => !id.startsWith("prod-workloads/"))).toEqual(["prod-data/backtest-results"]);
    const parts = Object.values(prod["prod-workloads"]!.resource!)
      .flatMap((blocks) => Object.values(blocks))
      .map((block) => constructOf(block).split("/")[1]!);
    expect(gone).toHaveLength(1 + new Set(parts).size);
    expect(changesPicture(head, { ...NOTHING, base: prod }).shapes).toContainEqual(
      expect.objectContaining({ id: "prod-workloads", lines: ["no longer there"] }),
    );
  });

  it("gives the classes to the drawing, in the page's colours and on its ground; the same bytes each time", async () => {
    const review = { changes: new Map<string, Action>([["prod-events/orders", "replace"]]), base: prod };
    const svg = await changesSvg(head, review, root);
    expect(svg).toContain('<g class="node changed replace">');
    expect(svg).toContain('<g class="node changed destroy gone">');
    expect(svg).toContain(">± replaces</text>");
    expect(svg).toContain("--pic-ground:var(--bg)");
    expect(svg).not.toContain('fill="var(--pic-ground)"/>\n');
    expect(await changesSvg(head, review, root)).toBe(svg);
  });

  it("takes the gravest action of each part; an address without a construct belongs to none", () => {
    const change = (construct: string, action: Action) => changeOf({ construct, action });
    expect([
      ...gravestByPart([
        planOf("prod-data", {
          changes: [
            change("prod-data/cache/a", "create"),
            change("prod-data/cache/b", "replace"),
            change("prod-data/cache/c", "update"),
            change("prod-data/key", "move"),
          ],
        }),
        planOf("prod-events", {
          changes: [
            change("prod-events/orders/a", "update"),
            change("prod-events/orders/b", "destroy"),
            change("aws_s3_bucket.a", "destroy"),
          ],
        }),
      ]),
    ]).toEqual([
      ["prod-data/cache", "replace"],
      ["prod-data/key", "move"],
      ["prod-events/orders", "destroy"],
    ]);
  });
});
