/** What a picture shows, before it is known where: boxes in frames, and lines between them. */
import type { Action } from "../model";

export interface Box {
  readonly kind: "box";
  readonly id: string;
  readonly title: string;
  /** Below the title, smaller; each is wrapped where it is long. */
  readonly lines: readonly string[];
  /** A name of icons.ts. */
  readonly icon?: string;
  /** What a review says of it. */
  readonly mark?: Mark;
}

export interface Mark {
  readonly text: string;
  readonly action: Action;
  /** Only in the base. */
  readonly gone?: boolean;
}

/** How a frame looks: by what can reach what stands in it, or what it bounds. */
export type FrameStyle = "account" | "network" | "public" | "private" | "closed" | "zone" | "cluster" | "region" | "stack" | "other";

export interface Frame {
  readonly kind: "frame";
  readonly id: string;
  readonly title: string;
  /** Below the title, smaller. */
  readonly lines?: readonly string[];
  readonly style: FrameStyle;
  readonly children: readonly Shape[];
}

export type Shape = Box | Frame;

/** `traffic`: packets that a security group lets through; `right`: calls that a policy allows; `flow`: what AWS itself passes on; `reference`: in the code. */
export type EdgeKind = "traffic" | "right" | "flow" | "reference";

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label?: string;
  /** Against the direction of reading, such as the way out: `to` is drawn on the left of `from`. */
  readonly backward?: boolean;
}

export interface Picture {
  /** For who cannot see it. */
  readonly title: string;
  readonly shapes: readonly Shape[];
  readonly edges: readonly Edge[];
}

/** All boxes and frames, each before what stands in it. */
export function* shapesIn(shapes: readonly Shape[]): Generator<Shape> {
  for (const shape of shapes) {
    yield shape;
    if (shape.kind === "frame") yield* shapesIn(shape.children);
  }
}
