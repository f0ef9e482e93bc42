/** Runs a table of rules: an edit that each refuses, and the neighbour value that passes. */
import type { Rule } from "../../environments/rules";
import { imageParts } from "../../environments/schema/services";
import { edited, findingsOf, GONE, messageOf, valueAt, type Base, type Edits } from "./edits";

export interface Case {
  readonly rule: string;
  readonly base: Base;
  /** What is refused, … */
  readonly refused: Edits;
  /** … where, and with which words behind `allowed:`. */
  readonly path: string;
  readonly allowed: string | RegExp;
  /** What is accepted. */
  readonly accepted: Edits;
}

const title = ({ rule, base, refused }: Case) =>
  `${rule}: ${base} with ${Object.entries(refused)
    .map(([path, value]) => `${path} = ${value === GONE ? "(gone)" : JSON.stringify(value)}`)
    .join(", ")
    .slice(0, 100)}`;

/** What a finding may show for a value: itself, how many there are where that would fill the screen, or the repository alone of an image. */
const shown = (value: unknown): unknown[] => [
  value,
  value ?? [],
  Array.isArray(value) ? `${value.length} indexes` : "",
  "101 projected attributes",
  "9 tags",
  typeof value === "string" ? imageParts(value).repository : "",
];

/** Holds every case to its rule, and every rule to having a case. */
export function testRules(rules: readonly Rule[], cases: readonly Case[]): void {
  it.each(cases.map((entry) => [title(entry), entry] as const))("refuses %s", (_, { base, refused, path, allowed }) => {
    const literal = edited(base, refused);
    const finding = findingsOf(literal).find(
      (candidate) =>
        candidate.path === path && (typeof allowed === "string" ? candidate.allowed === allowed : allowed.test(candidate.allowed)),
    );
    expect({ path, allowed: finding?.allowed ?? findingsOf(literal) }).toEqual({ path, allowed: expect.any(String) as string });
    expect(shown(valueAt(literal, path))).toContainEqual(finding!.value);
    expect(messageOf(literal)).toContain(`${path} = `);
  });

  it.each(cases.map((entry) => [`${entry.rule}: ${JSON.stringify(entry.accepted).slice(0, 90)}`, entry] as const))(
    "accepts the neighbour of %s",
    (_, { base, accepted }) => {
      expect(findingsOf(edited(base, accepted))).toEqual([]);
    },
  );

  it("has a case for every rule, and rules with names of their own", () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...new Set(cases.map(({ rule }) => rule))].sort()).toEqual([...names].sort());
  });
}
