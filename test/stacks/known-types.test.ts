/** A resource type that is new here: one message names every list that does not have it yet (docs/contributing.md). */
import { FREE, pricerOf } from "../../review/cost/types";
import { isSupporting, KINDS } from "../../review/pictures/resource-types";
import { TAGGABLE } from "../../review/policy/own/tags";
import { CLASSIFIED } from "../../review/risk/classes";
import { heldBy } from "../../review/risk/stateful";
import { loadEnvironments } from "../fixtures/environments";
import { synthEnvironments, type Block } from "../helpers/synth";

interface Seen {
  readonly isTagged: boolean;
  /** By Terraform, in an environment that protects what it holds. */
  readonly isProtected: boolean;
}

const isProtected = (block: Block): boolean =>
  (block.lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;

/** Every list with the types that it must have, and where it stands. */
const LISTS: readonly (readonly [file: string, has: (type: string, seen: Seen) => boolean])[] = [
  ["review/cost/types (a price, or FREE)", (type) => FREE.has(type) || pricerOf(type) !== undefined],
  ["review/risk/classes.ts", (type) => CLASSIFIED.includes(type)],
  ["review/risk/stateful.ts", (type, seen) => !seen.isProtected || heldBy(type) !== undefined],
  ["review/policy/own/tags.ts", (type, { isTagged }) => !isTagged || (TAGGABLE as readonly string[]).includes(type)],
  ["review/pictures/resource-types.ts", (type) => !type.startsWith("aws_") || Object.hasOwn(KINDS, type) || isSupporting(type)],
];

/** Type → the lists that lack it. */
const lacking = (seen: ReadonlyMap<string, Seen>): string[] =>
  [...seen].flatMap(([type, of]) => {
    const files = LISTS.filter(([, has]) => !has(type, of)).map(([file]) => file);
    return files.length > 0 ? [`${type}: ${files.join(", ")}`] : [];
  });

it("every type that a stack makes is in every list that must know it", () => {
  const seen = new Map<string, Seen>();
  for (const { resource = {} } of Object.values(synthEnvironments({ environments: loadEnvironments(), target: { kind: "aws" } })))
    for (const [type, blocks] of Object.entries(resource))
      for (const block of Object.values(blocks)) {
        const before = seen.get(type);
        seen.set(type, {
          isTagged: Boolean(before?.isTagged) || block.tags !== undefined,
          isProtected: Boolean(before?.isProtected) || isProtected(block),
        });
      }
  expect(seen.size).toBeGreaterThan(50);
  expect(lacking(seen)).toEqual([]);
});

it("a type that nobody knows is told with all of them at once", () => {
  expect(lacking(new Map([["aws_brand_new", { isTagged: true, isProtected: true }]]))).toEqual([
    "aws_brand_new: review/cost/types (a price, or FREE), review/risk/classes.ts, review/risk/stateful.ts, review/policy/own/tags.ts, review/pictures/resource-types.ts",
  ]);
});
