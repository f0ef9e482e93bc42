/** Where everything of a picture stands: sizes from the widths of its texts, places and lines by ELK's layered layout, which bends lines around boxes. */
import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import { shapesIn, type Box, type Edge, type Frame, type Shape, type Picture } from "./graph";
import { textWidth, wrapped } from "./text-width";

export interface Point {
  readonly x: number;
  readonly y: number;
}
/** In pixels, from the upper left corner of the picture. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** A text with the point at which its line begins. */
export interface Text extends Point {
  readonly text: string;
  readonly size: number;
  readonly bold: boolean;
  readonly soft?: boolean;
}

export interface Placed<T extends Shape> extends Rectangle {
  readonly shape: T;
  readonly texts: readonly Text[];
}

export interface PlacedEdge {
  readonly edge: Edge;
  /** From where it begins to where its arrow points. */
  readonly points: readonly Point[];
  readonly label?: Rectangle & { readonly text: Text };
}

export interface Drawing {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Each before those inside it. */
  readonly frames: readonly Placed<Frame>[];
  readonly boxes: readonly Placed<Box>[];
  readonly edges: readonly PlacedEdge[];
}

export const ICON = 28;
const TITLE = 12,
  SMALL = 10.5,
  LABEL = 10.5;
const PAD = 8,
  LINE = 14,
  FRAME_PAD = 14;
/** Longer lines are wrapped. */
const WIDEST = 160;
const MARGIN = 12;

/** Of what stands in a frame too: a frame does not take them from the one around it. */
const SPACING: Readonly<Record<string, string>> = {
  "elk.layered.spacing.nodeNodeBetweenLayers": "24",
  "elk.layered.spacing.edgeNodeBetweenLayers": "12",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "8",
  "elk.spacing.nodeNode": "12",
  "elk.spacing.edgeNode": "10",
  "elk.spacing.edgeEdge": "8",
  "elk.spacing.componentComponent": "12",
};

const OPTIONS: Readonly<Record<string, string>> = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.padding": `[top=${MARGIN},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
  // The same places in every run.
  "elk.randomSeed": "1",
  "elk.layered.thoroughness": "20",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  ...SPACING,
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
};

/** The same picture is laid out the same. */
export async function layout({ title, shapes, edges }: Picture): Promise<Drawing> {
  const texts = new Map<string, readonly Text[]>();
  const boxIds = new Set([...shapesIn(shapes)].flatMap((shape) => (shape.kind === "box" ? shape.id : [])));
  const busses = new Set(edges.filter(({ from }) => boxIds.has(from)).flatMap((edge) => busOf(edge) ?? []));
  const lines = edges.map((edge, index) => elkEdge(edge, `e${index}`, busses));
  const root: ElkNode = await new ELK().layout({
    id: "",
    layoutOptions: OPTIONS,
    children: shapes.map((shape) => elkNode(shape, texts, busses)),
    edges: lines,
  });

  const frames: Placed<Frame>[] = [];
  const boxes: Placed<Box>[] = [];
  const nodes = nodesById(root);
  const place = (shape: Shape): void => {
    const { x, y, width, height } = nodes.get(shape.id)!;
    const at = { x: x!, y: y!, width: width!, height: height! };
    const placed = texts.get(shape.id)!.map((text) => ({ ...text, x: text.x + at.x, y: text.y + at.y }));
    if (shape.kind === "box") boxes.push({ ...at, shape, texts: placed });
    else {
      frames.push({ ...at, shape, texts: placed });
      shape.children.forEach(place);
    }
  };
  shapes.forEach(place);
  const laid = new Map((root.edges ?? []).map((edge) => [edge.id!, edge as ElkExtendedEdge]));
  return {
    title,
    width: Math.ceil(root.width!),
    height: Math.ceil(root.height!),
    frames,
    boxes,
    edges: edges.map((edge, index) => placedEdge(edge, laid.get(`e${index}`)!)),
  };
}

/** Where lines of one kind leave a box as one, to shape on the way; undefined for those that say more. */
const busOf = ({ from, kind, label, backward }: Edge): string | undefined =>
  (kind === "right" || kind === "reference") && label === undefined && !backward ? `${from} ${kind}` : undefined;

function elkEdge(edge: Edge, id: string, busses: ReadonlySet<string>): ElkExtendedEdge {
  const { from, to, label, backward } = edge;
  const bus = busOf(edge);
  const source = bus !== undefined && busses.has(bus) ? bus : from;
  const ends = backward ? { sources: [to], targets: [source] } : { sources: [source], targets: [to] };
  const labels =
    label === undefined
      ? []
      : [
          {
            id: `${id}l`,
            text: label,
            width: textWidth(label, LABEL) + 8,
            height: LINE,
            layoutOptions: { "elk.edgeLabels.inline": "true" },
          },
        ];
  return { id, ...ends, labels };
}

function elkNode(shape: Shape, texts: Map<string, readonly Text[]>, busses: ReadonlySet<string>): ElkNode {
  if (shape.kind === "frame") {
    const lines = shape.lines ?? [];
    texts.set(shape.id, [
      { text: shape.title, size: TITLE, bold: true, x: FRAME_PAD, y: 19 },
      ...lines.map((text, index) => ({ text, size: SMALL, bold: false, soft: true, x: FRAME_PAD, y: 19 + LINE * (index + 1) })),
    ]);
    const head = Math.max(textWidth(shape.title, TITLE, true), ...lines.map((line) => textWidth(line, SMALL)));
    const layoutOptions = {
      ...SPACING,
      "elk.padding": `[top=${LINE * (1 + lines.length) + 22},left=${FRAME_PAD},bottom=${FRAME_PAD},right=${FRAME_PAD}]`,
      // Height before width: ELK turns a downward layout by a quarter and forgets this one.
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${LINE * (1 + lines.length) + FRAME_PAD},${Math.ceil(head + 2 * FRAME_PAD)})`,
    };
    // It lays out an empty one like a box.
    if (shape.children.length === 0)
      return { id: shape.id, width: Math.ceil(head + 2 * FRAME_PAD), height: LINE * (1 + lines.length) + FRAME_PAD };
    return { id: shape.id, layoutOptions, children: shape.children.map((child) => elkNode(child, texts, busses)) };
  }
  const { placed, width, height } = boxTexts(shape);
  texts.set(shape.id, placed);
  const ports = ["right", "reference"]
    .map((kind) => `${shape.id} ${kind}`)
    .filter((id) => busses.has(id))
    .map((id) => ({ id, width: 0, height: 0, layoutOptions: { "elk.port.side": "SOUTH" } }));
  return { id: shape.id, width, height, ports, layoutOptions: ports.length > 0 ? { "elk.portConstraints": "FIXED_SIDE" } : {} };
}

function boxTexts({ title, lines, icon, mark }: Box): {
  readonly placed: readonly Text[];
  readonly width: number;
  readonly height: number;
} {
  const left = icon === undefined ? PAD : PAD + ICON + PAD;
  const small = lines.flatMap((line) => wrapped(line, SMALL, WIDEST)).map((text) => ({ text, size: SMALL, bold: false, soft: true }));
  const rows = [{ text: title, size: TITLE, bold: true }, ...small, ...(mark ? [{ text: mark.text, size: SMALL, bold: true }] : [])];
  const content = rows.length * LINE;
  const height = Math.max(content, icon === undefined ? 0 : ICON) + 2 * PAD;
  const top = (height - content) / 2 + 11;
  return {
    placed: rows.map((row, index) => ({ ...row, x: left, y: top + index * LINE })),
    width: Math.ceil(left + Math.max(...rows.map(({ text, size, bold }) => textWidth(text, size, bold))) + PAD),
    height,
  };
}

function nodesById(node: ElkNode, found = new Map<string, ElkNode>()): Map<string, ElkNode> {
  found.set(node.id, node);
  for (const child of node.children ?? []) nodesById(child, found);
  return found;
}

function placedEdge(edge: Edge, { sections = [], labels = [] }: ElkExtendedEdge): PlacedEdge {
  const points = sections
    .flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint])
    .map(({ x, y }) => ({ x, y }));
  const [label] = labels;
  return {
    edge,
    points: edge.backward ? points.reverse() : points,
    label:
      label && edge.label !== undefined
        ? {
            x: label.x!,
            y: label.y!,
            width: label.width!,
            height: label.height!,
            text: { text: edge.label, size: LABEL, bold: false, x: label.x! + 4, y: label.y! + 11 },
          }
        : undefined,
  };
}
