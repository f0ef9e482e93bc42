/** What is wrong in a drawing, one line each: what overlaps, stands out of its frame or box, or runs through something. */
import { shapesIn, type Shape, type Picture } from "../../review/pictures/graph";
import type { Drawing, Point, Rectangle } from "../../review/pictures/layout";
import { textWidth } from "../../review/pictures/text-width";

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const inset = ({ x, y, width, height }: Rectangle, by: number): Rectangle => ({
  x: x + by,
  y: y + by,
  width: width - 2 * by,
  height: height - 2 * by,
});
const segment = (a: Point, b: Point): Rectangle => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x) || 0.01,
  height: Math.abs(a.y - b.y) || 0.01,
});
const segments = (points: readonly Point[]): Rectangle[] => points.slice(1).map((point, index) => segment(points[index]!, point));

export function geometryErrors({ shapes }: Picture, { boxes, frames, edges, width, height }: Drawing): string[] {
  const placed = new Map([...boxes, ...frames].map((one) => [one.shape.id, one]));
  const errors: string[] = [];
  const check = (fine: boolean, error: string) => {
    if (!fine) errors.push(error);
  };
  const siblings = (own: readonly Shape[], around: Rectangle) => {
    for (const [index, shape] of own.entries()) {
      const at = placed.get(shape.id)!;
      check(within(at, around), `${shape.id} stands out of its frame`);
      for (const other of own.slice(index + 1)) check(!overlap(at, placed.get(other.id)!), `${shape.id} and ${other.id} overlap`);
      if (shape.kind === "frame") siblings(shape.children, at);
    }
  };
  siblings(shapes, { x: 0, y: 0, width, height });
  check(placed.size === [...shapesIn(shapes)].length, "an id stands twice");

  for (const { shape, texts, ...at } of [...boxes, ...frames]) {
    for (const { text, x, y, size, bold } of texts)
      check(within({ x, y: y - size * 0.8, width: textWidth(text, size, bold), height: size }, at), `"${text}" runs over ${shape.id}`);
  }
  for (const frame of frames) {
    for (const { text, x, y, size, bold } of frame.texts)
      for (const box of boxes)
        check(
          !overlap({ x, y: y - size * 0.8, width: textWidth(text, size, bold), height: size }, box),
          `"${text}" of ${frame.shape.id} runs over ${box.shape.id}`,
        );
  }
  const labels = edges.flatMap(({ label }) => label ?? []);
  for (const [index, label] of labels.entries()) {
    for (const other of labels.slice(index + 1))
      check(!overlap(label, other), `the labels "${label.text.text}" and "${other.text.text}" overlap`);
    for (const box of boxes) check(!overlap(label, box), `the label "${label.text.text}" lies on ${box.shape.id}`);
  }
  for (const { edge, points, label: own } of edges) {
    const name = `${edge.from} → ${edge.to}`;
    check(points.length >= 2, `${name} is not drawn`);
    for (const line of segments(points)) {
      for (const box of boxes) check(!overlap(line, inset(box, 1)), `${name} runs through ${box.shape.id}`);
      for (const label of labels)
        if (label !== own) check(!overlap(line, inset(label, 1)), `${name} runs through the label "${label.text.text}"`);
    }
    for (const [end, id] of [
      [points[0]!, edge.from],
      [points.at(-1)!, edge.to],
    ] as const) {
      const at = placed.get(id)!;
      check(
        within({ ...end, width: 0, height: 0 }, inset(at, -1)) && !within({ ...end, width: 0, height: 0 }, inset(at, 1)),
        `${name} does not end at ${id}`,
      );
    }
  }
  return [...new Set(errors)];
}
