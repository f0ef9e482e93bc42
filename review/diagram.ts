/** The picture of an environment: its stacks, the parts in them and what refers to what, drawn from the synthesised Terraform. */
import { instance } from "@viz-js/viz";
import { MARKS } from "./marks";
import type { Action } from "./model";
import { blocksOf, referencesOf, type Reference, type ReferringStack } from "./references";

/** What the picture is drawn from. */
export type DiagramStack = ReferringStack;

/** A construct of the first level: what a stack's constructor names. */
interface Part {
  readonly id: string;
  /** Types of its resources, the most frequent first: `s3_bucket …`. */
  readonly types: Map<string, number>;
}

/** What a review adds to the picture. */
export interface DiagramChanges {
  /** `stack/part` → the gravest of what happens in it; see gravestByPart. */
  readonly changes: ReadonlyMap<string, Action>;
  /** The same stacks at the base: parts that are only there are drawn too, as ones that go. */
  readonly base?: Readonly<Record<string, DiagramStack>>;
}

const quote = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
/** Parts that nearly everything refers to; their edges would hide the others. */
const QUIET = /^(key|providers?|aws(-[a-z]+-[a-z]+-\d)?)$/;

/** Types that stand beside another one, whose part it is. */
const SUPPORTING = /^aws_(security_group|vpc_security_group|iam_|kms_|cloudwatch_metric)/;

type Parts = ReadonlyMap<string, ReadonlyMap<string, Part>>;

/** Every part of every stack. @param owners is filled: address in its stack → part */
function partsOf(stacks: Readonly<Record<string, DiagramStack>>, owners: Map<string, string>): Parts {
  const parts = new Map<string, ReadonlyMap<string, Part>>();
  for (const [stack, json] of Object.entries(stacks)) {
    const found = new Map<string, Part>();
    for (const { address, type, block, isData } of blocksOf(json)) {
      const [, first = ""] = pathOf(block).split("/");
      owners.set(`${stack} ${address}`, first);
      if (isData) continue;
      const part = found.get(first) ?? { id: first, types: new Map<string, number>() };
      part.types.set(type, (part.types.get(type) ?? 0) + 1);
      found.set(first, part);
    }
    parts.set(stack, found);
  }
  return parts;
}

/**
 * @param stacks name → JSON, all of one environment
 * @param review marks what changes; its classes (`create`, `gone`, …) are for a page's colours
 * @returns the graph in Graphviz's language
 */
export function diagramDot(stacks: Readonly<Record<string, DiagramStack>>, review?: DiagramChanges): string {
  const owners = new Map<string, string>();
  const parts = partsOf(stacks, owners);
  const lines = [
    "digraph environment {",
    `  graph [rankdir=LR, fontname="Helvetica", fontsize=13, compound=true, nodesep=0.15, ranksep=0.9, bgcolor="${review ? "transparent" : "white"}", pad=0.2]`,
    '  node [shape=box, style="rounded,filled", fillcolor="white", color="#5f6b7a", fontname="Helvetica", fontsize=11, margin="0.12,0.06"]',
    '  edge [color="#8793a3", arrowsize=0.6]',
  ];
  const gone = review?.base ? onlyIn(partsOf(review.base, new Map()), parts) : new Map<string, Part[]>();
  for (const stack of [...parts.keys(), ...[...gone.keys()].filter((name) => !parts.has(name))]) {
    const found = parts.get(stack) ?? new Map<string, Part>();
    const count = [...found.values()].reduce((sum, { types }) => sum + [...types.values()].reduce((a, b) => a + b, 0), 0);
    lines.push(`  subgraph ${quote(`cluster ${stack}`)} {`, `    label=${quote(`${stack}  (${parts.has(stack) ? `${count} resources` : "no longer there"})`)}; style="rounded,filled"; fillcolor="#f3f6fa"; color="#c3ccd8"`);
    for (const part of found.values()) lines.push(`    ${quote(`${stack}/${part.id}`)} [label=${marked(part, review?.changes.get(`${stack}/${part.id}`))}]`);
    for (const part of gone.get(stack) ?? []) lines.push(`    ${quote(`${stack}/${part.id}`)} [label=${goneLabel(part)}]`);
    lines.push("  }");
  }
  const drawn = edges(stacks, owners).filter(([from, to]) => hasNode(parts, from) && hasNode(parts, to));
  for (const [from, to] of drawn) if (stackOf(from) === stackOf(to)) lines.push(`  ${quote(from)} -> ${quote(to)}`);
  lines.push(...edgesBetweenStacks(drawn));
  return [...lines, "}", ""].join("\n");
}

const stackOf = (node: string) => node.split("/")[0]!;

/** One edge from a stack to another: an edge for each pair of parts would be a tangle, and docs/rights.md tells who may do what. */
function edgesBetweenStacks(drawn: readonly (readonly [from: string, to: string])[]): string[] {
  const between = new Map(drawn.filter(([from, to]) => stackOf(from) !== stackOf(to)).map(([from, to]) => [`${stackOf(from)} ${stackOf(to)}`, { from, to }]));
  return [...between.values()].map(({ from, to }) =>
    `  ${quote(from)} -> ${quote(to)} [ltail=${quote(`cluster ${stackOf(from)}`)}, lhead=${quote(`cluster ${stackOf(to)}`)}, color="#2f6fb5", penwidth=1.6]`);
}

/** The picture as SVG. The same stacks give the same bytes. */
export async function diagramSvg(stacks: Readonly<Record<string, DiagramStack>>, review?: DiagramChanges): Promise<string> {
  const viz = await instance();
  return viz.renderString(diagramDot(stacks, review), { format: "svg", engine: "dot" });
}

/** Parts of the base that are not in the head. */
function onlyIn(base: Parts, head: Parts): ReadonlyMap<string, readonly Part[]> {
  const found = [...base].map(([stack, parts]) => [stack, [...parts.values()].filter(({ id }) => !head.get(stack)?.has(id))] as const);
  return new Map(found.filter(([, parts]) => parts.length > 0));
}

/** Label and, where something changes, what marks it: sign, colour and class. */
function marked(part: Part, action: Action | undefined): string {
  if (action === undefined) return quote(label(part));
  const { text, fill, color } = MARKS[action];
  return `${quote(`${label(part)}\n${text}`)}, class=${quote(`changed ${action}`)}, fillcolor="${fill}", color="${color}", penwidth=2`;
}

/** A part without a successor, whatever becomes of it: where its stack is no longer synthesised, nobody destroys it. */
const goneLabel = (part: Part): string =>
  `${quote(`${label(part)}\n− no longer there`)}, class="changed destroy gone", style="rounded,filled,dashed", fillcolor="${MARKS.destroy.fill}", color="${MARKS.destroy.color}", penwidth=2`;

function label({ id, types }: Part): string {
  const total = [...types.values()].reduce((sum, count) => sum + count, 0);
  // What the part is for, not what it needs for it; among several the shortest name is the plainest.
  const rank = (type: string) => (SUPPORTING.test(type) ? 1000 : 0) + type.length;
  const main = [...types.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))[0]!.replace(/^(aws|kubernetes)_|_v\d$/g, "");
  return total === 1 ? `${id}\n${main}` : `${id}\n${main} + ${total - 1}`;
}

function hasNode(parts: Parts, node: string): boolean {
  const [stack = "", part = ""] = node.split("/");
  return !QUIET.test(part) && parts.get(stack)?.has(part) === true;
}

const pathOf = (block: unknown): string => ((block as { "//"?: { metadata?: { path?: string } } })["//"]?.metadata?.path ?? "");

/** References between parts, within a stack and, through remote state, across stacks. */
function edges(stacks: Readonly<Record<string, DiagramStack>>, owners: ReadonlyMap<string, string>): [string, string][] {
  const found = new Set<string>();
  for (const [stack, json] of Object.entries(stacks)) {
    for (const { address, block } of blocksOf(json)) {
      const from = `${stack}/${owners.get(`${stack} ${address}`)}`;
      for (const reference of referencesOf(block)) {
        const to = ownerOf(stack, reference, owners);
        if (to !== undefined && to !== from) found.add(`${from} ${to}`);
      }
    }
  }
  return [...found].sort().map((pair) => pair.split(" ") as [string, string]);
}

/** `stack/part` of what is referred to. cdktf names an output after the address, its dots left out, with the attribute at the end. */
function ownerOf(from: string, { stack, address }: Reference, owners: ReadonlyMap<string, string>): string | undefined {
  const prefix = `${stack ?? from} `;
  const key = stack === undefined ? `${prefix}${address}` : [...owners.keys()].find((candidate) => candidate.startsWith(prefix) && address.startsWith(candidate.slice(prefix.length).replaceAll(".", "")));
  const part = key && owners.get(key);
  return part ? `${stack ?? from}/${part}` : undefined;
}
