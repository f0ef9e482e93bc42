/** One stack: its parts, what they have to do with each other and with parts of other stacks. */
import type { Box, Edge, Frame, Picture } from "./graph";
import { partBox, partEdges, partsOfStacks } from "./stack-parts";
import { Stacks } from "./synthesised-stacks";
import type { StackJson } from "../../terraform/assembly";

const stackOf = (id: string): string => id.split("/")[0]!;
const partOf = (id: string): string => id.split("/")[1]!;

/** @param name whose picture it is; @param stacks name → JSON, all of the environment */
export function stackPicture(name: string, stacks: Readonly<Record<string, StackJson>>): Picture {
  const all = new Stacks(stacks);
  const parts = partsOfStacks(all);
  const isOwn = (id: string) => stackOf(id) === name;
  const isDrawn = (id: string) => parts.get(stackOf(id))?.has(partOf(id)) === true;
  const edges = partEdges(all).filter(({ from, to }) => (isOwn(from) || isOwn(to)) && isDrawn(from) && isDrawn(to));
  // Whoever only uses it is one box a stack: the lines of each part of theirs would hide its own.
  const shown = edges.filter(({ from, kind }) => isOwn(from) || kind === "traffic");
  const users = usersOf(edges.filter((edge) => !shown.includes(edge)));
  const ends = new Set(shown.flatMap(({ from, to }) => [from, to]));
  const own: Frame = {
    kind: "frame",
    id: name,
    style: "stack",
    title: name,
    lines: [`${all.resources.filter(({ stack, isData }) => stack === name && !isData).length} resources`],
    children: [...parts.get(name)!].map(([part, resources]) => partBox(name, part, resources)),
  };
  const others = [...parts]
    .filter(([stack]) => stack !== name)
    .map(([stack, found]): Frame => ({
      kind: "frame",
      id: stack,
      style: "other",
      title: stack,
      children: [...found]
        .filter(([part]) => ends.has(`${stack}/${part}`))
        .map(([part, resources]) => partBox(stack, part, resources, false)),
    }));
  return {
    title: `The stack ${name}`,
    shapes: [...users.boxes, own, ...others.filter(({ children }) => children.length > 0)],
    edges: [...shown, ...users.edges],
  };
}

function usersOf(edges: readonly Edge[]): { readonly boxes: readonly Box[]; readonly edges: readonly Edge[] } {
  const stacks = [...new Set(edges.map(({ from }) => stackOf(from)))];
  const partsOf = (stack: string) => [...new Set(edges.filter(({ from }) => stackOf(from) === stack).map(({ from }) => partOf(from)))];
  return {
    boxes: stacks.map((stack) => ({ kind: "box", id: `users ${stack}`, title: stack, lines: [partsOf(stack).join(", ")] })),
    edges: stacks.flatMap((stack) =>
      [...new Set(edges.filter(({ from }) => stackOf(from) === stack).map(({ to }) => to))].map(
        (to) => ({ from: `users ${stack}`, to, kind: "reference" }) as const,
      ),
    ),
  };
}
