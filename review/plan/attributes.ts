/** What differs between a resource before and after, attribute by attribute. */
import type { AttributeChange } from "../model";
import { excerpts } from "./excerpt";
import { digestOf, canonical, isList } from "../json-values";
import { Hidden, holdsHidden, isMarkedObject, isUnknown, same, shown, type Marked, type MarkedObject } from "./hidden";
import { parsedJson } from "./redact";

interface Difference {
  readonly path: string;
  readonly before: Marked | undefined;
  readonly after: Marked | undefined;
}
type Steps = readonly (string | number)[];

/** Maps of tags and labels: a tag that comes or goes is shown, not the map. */
const TAGS = /^(?:tags(?:_all)?|(?:effective_|terraform_)?labels|annotations)$/;
/** What providers work out from another attribute: the same difference told twice. */
const ECHOES: readonly (readonly [echo: string, of: string])[] = [
  ["tags_all", "tags"],
  ["effective_labels", "labels"],
  ["terraform_labels", "labels"],
];
/** By these blocks of a list are known again when others come or go before them; the first that all have. */
const IDENTITIES: readonly string[] = ["name", "id", "Sid", "sid", "index_name", "key", "Name", "Id", "rule_number", "priority", "type"];

/**
 * A text or list that is not set and an empty one mean the same to providers, which mix them up: told only where nothing else differs,
 * so that an update never looks like none. An empty object is a block, and means something.
 * @param replacePaths what forces a replacement, as the plan has it
 * @param isDrift whether a difference between nothing and nothing is left out altogether
 */
export function attributeChanges(
  before: MarkedObject,
  after: MarkedObject,
  replacePaths: readonly Steps[],
  isDrift = false,
): AttributeChange[] {
  const all = [...ofObjects(before, after, "")];
  const telling = withoutEchoes(all.filter((difference) => !(isNothing(difference.before) && isNothing(difference.after))));
  const found = new Map<string, Difference>();
  for (const difference of telling.length > 0 || isDrift ? telling : withoutEchoes(all)) {
    // A block that goes and another that comes at its index.
    const { path } = difference;
    const other = found.get(path);
    found.set(path, other ? { path, before: other.before ?? difference.before, after: difference.after ?? other.after } : difference);
  }
  const forced = replacePaths.map((steps) => ({ steps, path: pathText(steps) }));
  const forces = (path: string) => forced.some((force) => isWithin(path, force.path) || (force.path !== "" && isWithin(force.path, path)));
  for (const { steps, path } of forced) {
    // Never lose why: what cannot be told apart, such as a set's element, is named by itself.
    if (path !== "" && ![...found.keys()].some((other) => isWithin(other, path) || isWithin(path, other)))
      found.set(path, { path, before: at(before, steps), after: at(after, steps) });
  }
  return [...found.values()]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, before: was, after: is }) => {
      // Two different references: to read "known after apply" twice helps nobody.
      if (isUnknown(was) && isUnknown(is) && typeof (was as Hidden).inner === "string" && typeof (is as Hidden).inner === "string") {
        return { path, before: (was as Hidden).inner, after: (is as Hidden).inner, forcesReplacement: forces(path) };
      }
      const digest = is === undefined || !holdsHidden(is) ? digestOf(is ?? null) : undefined;
      return {
        path,
        ...excerpts(was === undefined || was === null ? undefined : shown(was), is === undefined || is === null ? undefined : shown(is)),
        forcesReplacement: forces(path),
        ...(digest === undefined ? {} : { digest }),
      };
    });
}

const key = (path: string, name: string): string => {
  const step = /^[\w-]+$/.test(name) ? name : `[${JSON.stringify(name)}]`;
  return path === "" || step.startsWith("[") ? `${path}${step}` : `${path}.${step}`;
};
/** `["ingress", 0, "cidr_blocks"]` as `ingress[0].cidr_blocks`. */
export const pathText = (steps: Steps): string =>
  steps.reduce<string>((path, step) => (typeof step === "number" ? `${path}[${step}]` : key(path, step)), "");
/** Whether it is that attribute, or a part of it; everything is within the empty path. */
export const isWithin = (path: string, outer: string): boolean =>
  path === outer || (path.startsWith(outer) && (outer === "" || path[outer.length] === "." || path[outer.length] === "["));

function at(value: Marked | undefined, steps: Steps): Marked | undefined {
  const [step, ...rest] = steps;
  if (step === undefined || value === undefined) return value;
  if (typeof step === "number") return isList(value) ? at((value as readonly Marked[])[step], rest) : undefined;
  return isMarkedObject(value) ? at(value[step], rest) : undefined;
}

function* ofObjects(before: MarkedObject, after: MarkedObject, path: string): Generator<Difference> {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [own(before, name), own(after, name)];
    const isTags = path === "" && TAGS.test(name);
    yield* of(isTags && isMarkedObject(is) ? (was ?? {}) : was, isTags && isMarkedObject(was) ? (is ?? {}) : is, key(path, name));
  }
}
const isNothing = (value: Marked | undefined): boolean =>
  value === undefined || value === null || value === "" || (isList(value) && value.length === 0);
const own = (object: MarkedObject, name: string): Marked | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);

function* of(before: Marked | undefined, after: Marked | undefined, path: string): Generator<Difference> {
  if (same(before ?? undefined, after ?? undefined)) return;
  const inside = inJson(before, after);
  if (isMarkedObject(before) && isMarkedObject(after)) yield* ofObjects(before, after, path);
  else if (isBlocks(before) && isBlocks(after)) yield* ofBlocks(before, after, path);
  else if (
    isList(before) &&
    isList(after) &&
    before.length === after.length &&
    (before as readonly Marked[]).every(
      (value, index) => same(value, (after as readonly Marked[])[index]) || inJson(value, (after as readonly Marked[])[index]),
    )
  ) {
    // Texts of JSON, such as a Helm release's values.
    for (const [index, value] of (before as readonly Marked[]).entries())
      yield* of(value, (after as readonly Marked[])[index], `${path}[${index}]`);
  } else if (inside) {
    const differences = [...of(...inside, path)];
    // Spaces and the order of keys only: still a change of the text.
    yield* differences.length > 0 ? differences : [{ path, before, after }];
  } else yield { path, before, after };
}

function inJson(before: Marked | undefined, after: Marked | undefined): readonly [Marked, Marked] | undefined {
  const [was, is] = [jsonOf(before), jsonOf(after)];
  return was !== undefined && is !== undefined && isList(was) === isList(is) ? [was, is] : undefined;
}
const jsonOf = (value: Marked | undefined): Marked | undefined =>
  value instanceof Hidden
    ? isUnknown(value)
      ? undefined
      : value.inner
    : typeof value === "string"
      ? (parsedJson(value) as Marked | undefined)
      : undefined;

const isBlocks = (value: Marked | undefined): value is readonly MarkedObject[] =>
  isList(value) && (value as readonly Marked[]).every(isMarkedObject);

/**
 * Lists and sets of blocks look alike in a plan. Equal blocks belong together wherever they stand, then those with the same name, then
 * the rest in order, so that one block more is one change. Paths have the index after the change; of what goes, the index before.
 */
function* ofBlocks(before: readonly MarkedObject[], after: readonly MarkedObject[], path: string): Generator<Difference> {
  const texts = after.map(canonical);
  const left = new Map<number, MarkedObject>(after.entries());
  const gone = new Map<number, MarkedObject>();
  for (const [index, block] of before.entries()) {
    const text = canonical(block);
    const match =
      texts[index] === text && left.has(index) && same(block, after[index])
        ? index
        : texts.findIndex((other, position) => other === text && left.has(position) && same(block, after[position]));
    if (match >= 0) left.delete(match);
    else gone.set(index, block);
  }
  if (left.size === 0 && gone.size === 0) {
    // Only the order: told once, it may matter.
    yield { path, before, after };
    return;
  }
  for (const [index, position] of pairs(gone, left)) {
    yield* of(gone.get(index), left.get(position), `${path}[${position}]`);
    gone.delete(index);
    left.delete(position);
  }
  for (const [index, block] of gone) yield { path: `${path}[${index}]`, before: block, after: undefined };
  for (const [position, block] of left) yield { path: `${path}[${position}]`, before: undefined, after: block };
}

function pairs(gone: ReadonlyMap<number, MarkedObject>, left: ReadonlyMap<number, MarkedObject>): (readonly [number, number])[] {
  const identity = IDENTITIES.find((name) =>
    [...gone.values(), ...left.values()].every((block) => typeof block[name] === "string" || typeof block[name] === "number"),
  );
  if (identity === undefined) {
    const positions = [...left.keys()];
    return [...gone.keys()].slice(0, positions.length).map((index, order) => [index, positions[order]!] as const);
  }
  const found: (readonly [number, number])[] = [];
  const taken = new Set<number>();
  for (const [index, block] of gone) {
    for (const [position, other] of left) {
      if (taken.has(position) || other[identity] !== block[identity]) continue;
      taken.add(position);
      found.push([index, position]);
      break;
    }
  }
  return found;
}

/** The provider writes default tags into tags_all as well; only what differs from the tags' own difference is kept. */
function withoutEchoes(differences: readonly Difference[]): readonly Difference[] {
  const byPath = new Map(differences.map((difference) => [difference.path, difference]));
  return differences.filter(({ path, before, after }) => {
    const echo = ECHOES.find(([name]) => isWithin(path, name));
    if (!echo) return true;
    const source = byPath.get(`${echo[1]}${path.slice(echo[0].length)}`);
    // Unknown in the echo only because it is worked out later.
    return !(source && (same(source.before, before) || source.before === before) && (same(source.after, after) || source.after === after));
  });
}
