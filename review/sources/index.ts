/** From a construct's path to the line that makes it. */
import { isOnAzure } from "../../terraform/assembly";
import { readClasses, WHOLE, type Class, type Site } from "./syntax";

/**
 * Construct path → `stacks/data.ts:41`, the line that makes the innermost construct that the code tells of; undefined for a path that
 * no stack of the project has. Reads stacks/ and constructs/ once.
 * @param root folder of the project
 * @param constructs all paths that will be asked for, where they are known: classes that make parts of the same name, such as a stack's
 * two forms, are told apart by the other parts that they make
 * @throws when a folder is missing
 */
export function sourcesOf(root: string, constructs: Iterable<string> = []): (construct: string) => string | undefined {
  const places = placesOf(root, constructs);
  return (construct) => places(construct).at(-1);
}

/** The same with all lines on the way, from the stack's own to the innermost construct's. */
export function placesOf(root: string, constructs: Iterable<string> = []): (construct: string) => readonly string[] {
  // Stacks of both clouds have the same names, and their parts the same ids; no file makes parts of both.
  const [ofAws, ofAzure] = [read(root, (file) => !AZURE_FILE.test(file)), read(root, (file) => AZURE_FILE.test(file))];
  const found = new Map<string, readonly string[]>();
  const resolve = (paths: Iterable<string>): void => {
    for (const [name, stack] of treeOf(paths)) {
      const code = isOnAzure(name) ? ofAzure : ofAws;
      const candidates = code.stacks.filter(({ id }) => name.endsWith(`-${id}`));
      keep(name, best(candidates.map(({ lineage, place }) => below([lineage], stack, { place, weight: 0 }, code))), found);
    }
  };
  resolve(constructs);
  return (construct) => {
    if (!found.has(construct)) resolve([construct]);
    const segments = construct.split("/");
    const known = segments.map((_, index) => segments.slice(0, segments.length - index).join("/")).find((path) => found.has(path));
    return known === undefined ? [] : found.get(known)!;
  };
}

/** Paths as a tree: segment → what is below it. */
class Tree extends Map<string, Tree> {}

function treeOf(paths: Iterable<string>): Tree {
  const root = new Tree();
  for (const path of paths) {
    let tree = root;
    for (const segment of path.split("/")) {
      const next = tree.get(segment) ?? new Tree();
      tree.set(segment, next);
      tree = next;
    }
  }
  return root;
}

/** A class and those that it extends. */
type Lineage = readonly Class[];

interface Code {
  readonly classes: readonly Class[];
  /** By the name of the class. */
  readonly lineages: ReadonlyMap<string, Lineage>;
  readonly stacks: readonly { readonly id: string; readonly place: string; readonly lineage: Lineage }[];
}

const AZURE_FILE = /^(stacks|constructs)\/azure\//;

function read(root: string, isRead: (file: string) => boolean): Code {
  const classes = readClasses(root, ["stacks", "constructs"], isRead);
  const lineageOf = (one: Class): Lineage => {
    const base = one.base === undefined ? undefined : classes.get(one.base);
    return base ? [one, ...lineageOf(base)] : [one];
  };
  const lineages = new Map([...classes.values()].map((one) => [one.name, lineageOf(one)]));
  const stacks = [...lineages.values()].flatMap((lineage) => {
    const stack = lineage.find((one) => one.stack)?.stack;
    return stack ? [{ ...stack, lineage }] : [];
  });
  return { classes: [...classes.values()], lineages, stacks };
}

/** A line, and the lines of what it makes. */
interface Found {
  readonly place: string;
  /** How sure it is, of itself and all that is below. */
  readonly weight: number;
  readonly children: ReadonlyMap<string, Found>;
}

/** One more segment found counts for more than how well any other is. */
const SEGMENT = 1000;

/** @param context classes of the construct and of those above it, the innermost first */
function below(context: readonly Lineage[], tree: Tree, line: Pick<Found, "place" | "weight">, code: Code): Found {
  const children = new Map<string, Found>();
  let { weight } = line;
  for (const [id, rest] of tree) {
    const found = best(
      candidates(context, id, code).flatMap(({ made, place, weight: own }) => {
        const lineage = code.lineages.get(made);
        // A resource has nothing below it. `Construct` itself holds what others put into it.
        if (rest.size > 0 && !lineage && made !== "Construct") return [];
        return [
          below(lineage ? [lineage, ...context] : context, rest, { place, weight: rest.size === 0 && !lineage ? own + LEAF : own }, code),
        ];
      }),
    );
    if (!found) continue;
    children.set(id, found);
    weight += SEGMENT + found.weight;
  }
  return { place: line.place, weight, children };
}

interface Candidate extends Pick<Found, "place" | "weight"> {
  /** Name of the class. */
  readonly made: string;
}

/** A path mostly ends in a resource, which is no class of ours. */
const LEAF = 100;
/** Whose line it is weighs more than what the line says of the id. */
const OWN = 60,
  ABOVE = 30;

/**
 * Lines that may make a child of this id: the children of the innermost class, and of the functions that it hands itself to; what the classes above it
 * put into it; and, where the code says the id, what any other class puts into a construct that it was handed.
 */
function candidates([own = [], ...outer]: readonly Lineage[], id: string, { classes }: Code): Candidate[] {
  const above = outer.flat();
  const near = [...own, ...above];
  const isHanded = ({ method = "", ofThis }: Site) => !ofThis && own.some(({ handsItselfTo }) => handsItselfTo.has(method));
  const matching = (one: Class, least: number): Candidate[] =>
    one.sites.flatMap((site) => {
      const match = least === OWN || !site.ofThis ? site.id.exec(id) : null;
      const said = match && saidBy(site, match, one, near);
      const rank = isHanded(site) ? OWN : least;
      return !said || (rank === 0 && said.known === 0) ? [] : [{ made: site.made, place: said.place, weight: rank + said.known }];
    });
  return [
    ...own.flatMap((one) => matching(one, OWN)),
    ...above.flatMap((one) => matching(one, ABOVE)),
    ...classes.filter((one) => !near.includes(one)).flatMap((one) => matching(one, 0)),
  ];
}

/** Where a variable brings the id, or a part of it, a call of the method around it may say it; in the same class that call is the line to show. */
function saidBy(
  { known, method, place }: Site,
  [, ...captured]: RegExpExecArray,
  itself: Class,
  near: readonly Class[],
): Pick<Site, "known" | "place"> {
  if (known === WHOLE || method === undefined) return { known, place };
  const calls = (one: Class) => one.calls.find((call) => call.method === method && captured.includes(call.text));
  const call = calls(itself);
  if (call) return { known: WHOLE, place: call.place };
  return { known: near.some(calls) ? WHOLE : known, place };
}

/** The first of those with the greatest weight. */
function best(found: readonly Found[]): Found | undefined {
  return found.reduce<Found | undefined>((most, one) => (most && most.weight >= one.weight ? most : one), undefined);
}

/** Notes the lines of a path and of all below it. */
function keep(path: string, found: Found | undefined, into: Map<string, readonly string[]>, above: readonly string[] = []): void {
  if (!found) return;
  const places = [...above, found.place];
  into.set(path, places);
  for (const [id, child] of found.children) keep(`${path}/${id}`, child, into, places);
}
