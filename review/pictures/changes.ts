/** The picture of a review: what changes in an environment beside what it refers to and what refers to it; the rest is only counted. */
import { doing } from "../actions";
import type { Action } from "../model";
import { many } from "../numbers";
import type { Box, Edge, Frame, Mark, Picture } from "./graph";
import { layout } from "./layout";
import { partBox, partEdges, partsOfStacks, type Parts } from "./stack-parts";
import { svg } from "./svg";
import { Stacks } from "./synthesised-stacks";
import type { StackJson } from "../../terraform/assembly";

/** What a review adds to the picture. */
export interface MarkedChanges {
  /** `stack/part` → the gravest of what happens in it; see gravestByPart. */
  readonly changes: ReadonlyMap<string, Action>;
  /** The same stacks at the base: parts that are only there are drawn too, as ones that go. */
  readonly base?: Readonly<Record<string, StackJson>>;
}

const stackOf = (id: string): string => id.split("/")[0]!;

/** @param stacks name → JSON, all of one environment */
export function changesPicture(stacks: Readonly<Record<string, StackJson>>, { changes, base = {} }: MarkedChanges): Picture {
  const head = new Stacks(stacks);
  const parts = partsOfStacks(head);
  const before = partsOfStacks(new Stacks(base));
  const isThere = (id: string) => parts.get(stackOf(id))?.has(id.split("/")[1]!) === true;
  const all = partEdges(head).filter(({ from, to }) => isThere(from) && isThere(to));
  const touching = all.filter(({ from, to }) => changes.has(from) || changes.has(to));
  const drawn = new Set([...changes.keys(), ...touching.flatMap(({ from, to }) => [from, to])]);
  const frames = [...new Set([...parts.keys(), ...before.keys()])].flatMap((stack) => frameOf(stack, parts, before, { changes, drawn }));
  const edges = touching.map(({ from, to }): Edge => ({ from, to, kind: "reference" }));
  const within = edges.filter(({ from, to }) => stackOf(from) === stackOf(to));
  return { title: "What changes, and what refers to it", shapes: frames, edges: [...within, ...betweenStacks(edges)] };
}

/** The picture as SVG in a page's colours. The same stacks give the same bytes. @param root the project's folder */
export async function changesSvg(stacks: Readonly<Record<string, StackJson>>, review: MarkedChanges, root: string): Promise<string> {
  return svg(await layout(changesPicture(stacks, review)), { root, inPage: true });
}

/** A stack with what is drawn of it, parts of the base that are no longer there last; none where nothing is. */
function frameOf(
  stack: string,
  parts: Parts,
  before: Parts,
  { changes, drawn }: Pick<MarkedChanges, "changes"> & { readonly drawn: ReadonlySet<string> },
): Frame[] {
  const found = parts.get(stack) ?? new Map<string, never>();
  const mark = (part: string): Mark | undefined => {
    const action = changes.get(`${stack}/${part}`);
    return action && { text: doing(action), action };
  };
  const shown = [...found].filter(([part]) => drawn.has(`${stack}/${part}`));
  const here = shown.map(([part, resources]): Box => ({ ...partBox(stack, part, resources, false), mark: mark(part) }));
  const gone = [...(before.get(stack) ?? [])]
    .filter(([part]) => !found.has(part))
    .map(([part, resources]): Box => ({
      ...partBox(stack, part, resources, false),
      mark: { text: "− no longer there", action: "destroy", gone: true },
    }));
  if (here.length + gone.length === 0) return [];
  const others = found.size - shown.length;
  return [
    {
      kind: "frame",
      id: stack,
      style: "stack",
      title: stack,
      lines: parts.has(stack) ? (others > 0 ? [many(others, "part stays", "parts stay")] : []) : ["no longer there"],
      children: [...here, ...gone],
    },
  ];
}

/** One line from a stack to another: one for each pair of parts would be a tangle, and docs/rights.md tells who may do what. */
function betweenStacks(edges: readonly Edge[]): Edge[] {
  const pairs = new Set(
    edges.filter(({ from, to }) => stackOf(from) !== stackOf(to)).map(({ from, to }) => `${stackOf(from)} ${stackOf(to)}`),
  );
  return [...pairs].sort().map((pair) => {
    const [from, to] = pair.split(" ") as [string, string];
    return { from, to, kind: "flow" };
  });
}
