/** A drawing as SVG: light and dark, as the reader's system has it. The same drawing gives the same bytes. */
import type { Box, Edge, EdgeKind, Frame, FrameStyle } from "./graph";
import { iconSymbol } from "./icons";
import { ICON, type Drawing, type Placed, type PlacedEdge, type Point, type Rectangle, type Text } from "./layout";
import { FONT, textWidth } from "./text-width";

/** Every colour is a pair: light, dark. */
const COLORS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  ground: ["#ffffff", "#0d1117"],
  text: ["#1f2933", "#e6edf3"],
  soft: ["#52606d", "#a9b4c0"],
  box: ["#ffffff", "#161b22"],
  line: ["#9aa5b1", "#57606a"],
  account: ["#fafbfc", "#10151c"],
  other: ["#f3f5f7", "#151b23"],
  network: ["#f4f0fb", "#17132a"],
  "network-line": ["#8c5fd0", "#8f6fd6"],
  public: ["#eaf5e6", "#13231a"],
  "public-line": ["#6a9c3f", "#5b8f4a"],
  private: ["#e3f0f7", "#10212e"],
  "private-line": ["#3a8ab0", "#4489ad"],
  closed: ["#fdf3e0", "#2a2110"],
  "closed-line": ["#c08a2d", "#b0842f"],
  traffic: ["#b4530a", "#f0a35e"],
  flow: ["#6b3fa0", "#c8a2f5"],
  reference: ["#7b8794", "#8b949e"],
  "right-0": ["#1d63b8", "#79b8ff"],
  "right-1": ["#0e7c86", "#4fd1c5"],
  "right-2": ["#a3266e", "#f48fb1"],
  "right-3": ["#4d7c0f", "#a3d65c"],
  "right-4": ["#5a5f6b", "#c2c8d0"],
  "right-5": ["#3b3f9e", "#aab4ff"],
  "right-6": ["#b3261e", "#ff9d94"],
};
const SHADES = 7;

const declared = (value: (pair: readonly [light: string, dark: string]) => string): string =>
  Object.entries(COLORS)
    .map(([name, pair]) => `--pic-${name}:${value(pair)}`)
    .join(";");

/** Every class and variable begins with `pic`, but for those that a page colours, so that the page keeps its own. */
const RULES = [
  `.pic text{fill:var(--pic-text);font-family:${FONT}}`,
  ".pic .pic-soft{fill:var(--pic-soft)}",
  ".pic-box{fill:var(--pic-box);stroke:var(--pic-line)}",
  ".pic-icon{color:var(--pic-text)}",
  ...["account", "region"].map((style) => `.pic-${style}{fill:var(--pic-account);stroke:var(--pic-line)}`),
  ...["network", "public", "private", "closed"].map((style) => `.pic-${style}{fill:var(--pic-${style});stroke:var(--pic-${style}-line)}`),
  ...["zone", "cluster"].map((style) => `.pic-${style}{fill:none;stroke:var(--pic-soft);stroke-dasharray:4 3}`),
  ...["stack", "other"].map((style) => `.pic-${style}{fill:var(--pic-other);stroke:var(--pic-line)}`),
  ".pic-line{fill:none;stroke-width:1.4}",
  ".pic-halo{fill:var(--pic-ground);stroke:none}",
  ".node.changed .pic-box{stroke-width:2}",
  ".node.gone .pic-box{stroke-dasharray:5 3}",
  ...["traffic", "flow", "reference", ...Array.from({ length: SHADES }, (_, shade) => `right-${shade}`)].map(
    (kind) => `.pic-${kind}{stroke:var(--pic-${kind})}.pic-arrow-${kind}{fill:var(--pic-${kind})}`,
  ),
].join("");

/** As the reader's system has it. */
const ALONE = `.pic{${declared(([light]) => light)}}@media (prefers-color-scheme:dark){.pic{${declared(([, dark]) => dark)}}}${RULES}`;
/** As the page has it, which may be told otherwise than the system. */
const IN_PAGE = `.pic{${declared(([light, dark]) => `light-dark(${light},${dark})`)};--pic-ground:var(--bg);--pic-box:var(--bg);--pic-text:var(--text);--pic-soft:var(--soft);--pic-other:var(--panel)}${RULES}`;

/** What lines mean, for those that a picture has. */
const LEGEND: readonly (readonly [kind: EdgeKind, shown: string, words: string])[] = [
  ["traffic", "traffic", "security groups let it through, on this port"],
  ["right", "right-0", "a policy allows it to call this; a colour for each caller"],
  ["flow", "flow", "the cloud, people or the pipeline pass it on"],
  ["reference", "reference", "uses it: the code refers to it"],
];

const number = (value: number): string => String(Math.round(value * 10) / 10);
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const rectangle = ({ x, y, width, height }: Rectangle, className: string, radius: number): string =>
  `<rect class="${className}" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="${radius}"/>`;

/** With `textLength` no font makes it wider than its box. */
const text = ({ x, y, text: words, size, bold, soft }: Text): string =>
  `<text x="${number(x)}" y="${number(y)}" font-size="${size}"${bold ? ' font-weight="700"' : ""}${soft ? ' class="pic-soft"' : ""} textLength="${number(textWidth(words, size, bold))}" lengthAdjust="spacingAndGlyphs">${escaped(words)}</text>`;

/** @param root the project's folder, below which the icons lie; @param inPage a page holds it: its colours are the page's, and it has no ground and no legend */
export function svg(
  { title, width, height, frames, boxes, edges }: Drawing,
  { root, inPage = false }: { readonly root: string; readonly inPage?: boolean },
): string {
  const icons = [...new Set(boxes.flatMap(({ shape }) => shape.icon ?? []))].sort();
  const callers = [...new Set(edges.flatMap(({ edge }) => (edge.kind === "right" ? [edge.from] : [])))];
  const shade = ({ kind, from }: Edge): string => (kind === "right" ? `right-${callers.indexOf(from) % SHADES}` : kind);
  const legend = inPage ? [] : LEGEND.filter(([kind]) => edges.some(({ edge }) => edge.kind === kind));
  const [fullWidth, fullHeight] = [
    Math.max(width, legend.length > 0 ? LEGEND_WIDTH : 0),
    height + legend.length * LEGEND_LINE + (legend.length > 0 ? 8 : 0),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="pic" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${inPage ? IN_PAGE : ALONE}</style>`,
    "<defs>",
    ...icons.map((name, index) => iconSymbol(name, `icon-${index}`, root)),
    "</defs>",
    ...(inPage ? [] : [`<rect width="${fullWidth}" height="${fullHeight}" fill="var(--pic-ground)"/>`]),
    ...frames.map(frame),
    ...edges.map((placed) => line(placed, shade(placed.edge))),
    ...boxes.map((placed) => box(placed, icons)),
    // Above the lines, so that none runs through a word.
    ...frames.map((placed) => heading(placed, groundOf(placed, frames))),
    ...edges.flatMap(({ label }) => (label ? [rectangle(label, "pic-halo", 3) + text(label.text)] : [])),
    ...legend.map(([, kind, words], index) => legendLine(kind, words, height + index * LEGEND_LINE)),
    "</svg>",
    "",
  ].join("\n");
}

const LEGEND_LINE = 18,
  LEGEND_WIDTH = 380;
const legendLine = (kind: string, words: string, y: number): string =>
  `<path class="pic-line pic-${kind}" d="M14 ${y}H38"/><path class="pic-arrow-${kind}" d="M42 ${y}L35 ${y - 3.5}L35 ${y + 3.5}Z"/>${text({ text: words, size: 10.5, bold: false, soft: true, x: 50, y: y + 4 })}`;

const frame = (placed: Placed<Frame>): string => rectangle(placed, `pic-${placed.shape.style}`, 8);

/** On a patch of its frame's own ground, which no line shows through. */
function heading({ texts }: Placed<Frame>, ground: string): string {
  return texts
    .map(
      ({ x, y, ...line }) =>
        `<rect x="${number(x - 3)}" y="${number(y - 11)}" width="${number(textWidth(line.text, line.size, line.bold) + 6)}" height="14" fill="var(--pic-${ground})"/>${text({ x, y, ...line })}`,
    )
    .join("");
}

const FILLS: Readonly<Partial<Record<FrameStyle, string>>> = {
  account: "account",
  region: "account",
  network: "network",
  public: "public",
  private: "private",
  closed: "closed",
  stack: "other",
  other: "other",
};

/** The colour below a frame's title: its own, or of what it stands in where it has none. */
function groundOf(placed: Placed<Frame>, frames: readonly Placed<Frame>[]): string {
  const around = frames
    .slice(0, frames.indexOf(placed) + 1)
    .filter(
      ({ x, y, width, height, shape }) =>
        FILLS[shape.style] !== undefined &&
        x <= placed.x &&
        y <= placed.y &&
        x + width >= placed.x + placed.width &&
        y + height >= placed.y + placed.height,
    );
  return FILLS[around.at(-1)?.shape.style ?? "zone"] ?? "ground";
}

function box({ shape, texts, ...at }: Placed<Box>, icons: readonly string[]): string {
  const { icon, mark } = shape;
  const image =
    icon === undefined
      ? ""
      : `<use class="pic-icon" href="#icon-${icons.indexOf(icon)}" x="${number(at.x + 8)}" y="${number(at.y + (at.height - ICON) / 2)}" width="${ICON}" height="${ICON}"/>`;
  const drawn = rectangle(at, "pic-box", 5) + image + texts.map(text).join("");
  return mark ? `<g class="node changed ${mark.action}${mark.gone ? " gone" : ""}">${drawn}</g>` : `<g class="node">${drawn}</g>`;
}

/** A line, and an arrow where it ends. */
function line({ points }: PlacedEdge, kind: string): string {
  const end = points.at(-1)!;
  const before = points.at(-2) ?? end;
  return `<path class="pic-line pic-${kind}" d="${path(points)}"/><path class="pic-arrow-${kind}" d="${arrow(before, end)}"/>`;
}

function path(points: readonly Point[]): string {
  const [first, ...rest] = points;
  return `M${number(first!.x)} ${number(first!.y)}${rest.map(({ x, y }) => `L${number(x)} ${number(y)}`).join("")}`;
}

function arrow(from: Point, to: Point): string {
  const [dx, dy] = [Math.sign(Math.round(to.x - from.x)), Math.sign(Math.round(to.y - from.y))];
  const [x, y] = [to.x - 7 * dx, to.y - 7 * dy];
  return `M${number(to.x)} ${number(to.y)}L${number(x - 3.5 * dy)} ${number(y - 3.5 * dx)}L${number(x + 3.5 * dy)} ${number(y + 3.5 * dx)}Z`;
}
