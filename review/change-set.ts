/**
 * What a reviewer agreed to, and whether a plan that was made later stays inside it.
 *
 * A deploy plans each stack again, because the stacks above it have changed since. The new plan may do less than the reviewed one
 * (something is applied already) and may know what was unknown then; it may do nothing more. Secrets are not here (plan/read.ts took
 * them out), so that a secret that differs from the reviewed one is not seen: only that it is one.
 */
import { REDACTED, SENSITIVE, UNKNOWN, type Action, type AttributeChange, type OutputChange, type StackPlan, type Values } from "./model";
import { DONE } from "./report/words";

/** What of one change must have been reviewed. */
export interface PlannedChange {
  readonly address: string;
  readonly action: Action;
  readonly previousAddress?: string;
  readonly deposed?: string;
  readonly importId?: string;
  readonly createBeforeDestroy: boolean;
  /** Terraform's own word for why. */
  readonly reason?: string;
  readonly attributes: readonly Pick<AttributeChange, "path" | "after" | "digest" | "forcesReplacement">[];
  /** Id of the object that is changed or goes; a replaced object of the same address has another. */
  readonly object?: string;
  /** All arguments after the change, of what is made. */
  readonly whole?: Values;
}

export interface ChangeSet {
  readonly stack: string;
  /**
   * Worked out from what was synthesised, because no plan was possible yet (state `compared`). The provider has not seen it, so
   * that a plan made later has defaults and computed attributes beside it, blocks as lists, and knows what is sensitive.
   */
  readonly isSynthesised: boolean;
  readonly changes: readonly PlannedChange[];
  readonly outputs: readonly Pick<OutputChange, "name" | "action" | "after">[];
}

/** @param kind `synthesised` for a stack that could not be planned when it was reviewed */
export function changeSetOf(plan: Pick<StackPlan, "stack" | "changes" | "outputs">, kind: "planned" | "synthesised" = "planned"): ChangeSet {
  const changes = plan.changes.map(({ address, action, previousAddress, deposed, importId, createBeforeDestroy, reason, attributes, before, after }): PlannedChange => {
    const id = before?.id;
    return {
      address, action, previousAddress, deposed, importId, createBeforeDestroy, reason,
      attributes: attributes.map(({ path, after: value, digest, forcesReplacement }) => ({ path, after: value, digest, forcesReplacement })),
      ...(typeof id === "string" && !isHidden(id) && { object: id }),
      ...((action === "create" || action === "replace") && after && { whole: after }),
    };
  });
  return { stack: plan.stack, isSynthesised: kind === "synthesised", changes, outputs: plan.outputs.map(({ name, action, after }) => ({ name, action, after })) };
}

/** By what was reviewed: what a later plan may do in its place. A replacement may have got as far as its first half. */
const COVERED: Readonly<Record<Action, readonly Action[]>> = {
  create: ["create"],
  update: ["update", "move", "import"],
  replace: ["replace", "update", "create", "move"],
  destroy: ["destroy"],
  move: ["move"],
  import: ["import"],
  forget: ["forget"],
};

/** @returns a sentence for everything in `planned` that was not reviewed; nothing when all of it was */
export function addedTo(reviewed: ChangeSet, planned: ChangeSet): string[] {
  const known = new Map(reviewed.changes.map((change) => [keyOf(change), change]));
  return [
    ...planned.changes.flatMap((change) => addedByChange(known.get(keyOf(change)) ?? replacedBefore(known, change), change, reviewed.isSynthesised)),
    ...planned.outputs.flatMap((output) => addedByOutput(reviewed.outputs.find(({ name }) => name === output.name), output, reviewed.isSynthesised)),
  ];
}

const keyOf = ({ address, deposed = "" }: Pick<PlannedChange, "address" | "deposed">) => `${deposed}@${address}`;

/** The old object of a replacement that stopped after its first half: the same object whose end was reviewed. */
function replacedBefore(known: ReadonlyMap<string, PlannedChange>, { address, action, deposed, object }: PlannedChange): PlannedChange | undefined {
  const before = deposed === undefined || action !== "destroy" || object === undefined ? undefined : known.get(keyOf({ address }));
  return before?.action === "replace" && before.object === object ? { ...before, action: "destroy", deposed } : undefined;
}

/**
 * A creation that was cut off leaves an object that Terraform distrusts and makes anew. It was not there when the creation was
 * reviewed, so that nothing is lost that a reviewer has seen; what is made must be what was reviewed, in full.
 */
const isMadeAgain = (reviewed: PlannedChange, planned: PlannedChange) =>
  planned.action === "replace" && planned.reason === "replace_because_tainted" && (reviewed.action === "create" || reviewed.action === "replace");

function addedByChange(reviewed: PlannedChange | undefined, planned: PlannedChange, lenient: boolean): string[] {
  const { address, action } = planned;
  const subject = planned.deposed === undefined ? address : `${address} (deposed ${planned.deposed})`;
  if (!reviewed) return [`${subject} is ${DONE[action]}, which was not reviewed.`];
  const again = isMadeAgain(reviewed, planned);
  if (!again && !COVERED[reviewed.action].includes(action)) return [`${subject} is ${DONE[action]}; reviewed was that it is ${DONE[reviewed.action]}.`];
  const found: string[] = [];
  if (planned.previousAddress !== undefined && planned.previousAddress !== reviewed.previousAddress) found.push(`${subject} comes from ${planned.previousAddress}, which was not reviewed.`);
  if (planned.importId !== undefined && planned.importId !== reviewed.importId) found.push(`${subject} is imported as ${planned.importId}, which was not reviewed.`);
  // Once it is replaced, what is updated is the new object.
  const isSuccessor = again || (reviewed.action === "replace" && action === "update");
  if (planned.object !== undefined && planned.object !== reviewed.object && !isSuccessor) found.push(`${subject}: another object is ${DONE[action]} than the reviewed one (${planned.object}${reviewed.object === undefined ? "" : `, not ${reviewed.object}`}).`);
  if (action === "replace" && reviewed.action === "replace" && reviewed.createBeforeDestroy && !planned.createBeforeDestroy) found.push(`${subject} is destroyed before its successor is there; reviewed was the other order.`);
  if (!again) for (const attribute of planned.attributes) found.push(...addedByAttribute(reviewed, attribute).map((text) => `${subject}: ${text}`));
  if ((again || action === "create") && planned.whole) found.push(...addedByValue(reviewed.whole ?? {}, planned.whole, "", lenient).map((text) => `${subject}: ${text}`));
  return found;
}

function addedByAttribute(reviewed: PlannedChange, { path, after, digest, forcesReplacement }: PlannedChange["attributes"][number]): string[] {
  const same = reviewed.attributes.find((attribute) => attribute.path === path);
  const above = same ?? reviewed.attributes.find((attribute) => isHidden(attribute.after) && isBelow(path, attribute.path));
  if (!above) return [`${path} becomes ${shown(after)}, which was not reviewed.`];
  const found: string[] = [];
  if (forcesReplacement && !above.forcesReplacement) found.push(`${path} forces its replacement, which was not reviewed.`);
  if (same ? !isSameValue(same, { after, digest }) : above.after !== UNKNOWN && !isHidden(after)) found.push(`${path} becomes ${shown(after)}; reviewed was ${shown(above.after)}.`);
  return found;
}

const isBelow = (path: string, above: string) => path.startsWith(`${above}.`) || path.startsWith(`${above}[`);

/** Digests tell more than values where a value is hidden; an unknown value may become any. */
function isSameValue(reviewed: Pick<AttributeChange, "after" | "digest">, planned: Pick<AttributeChange, "after" | "digest">): boolean {
  if (reviewed.after === UNKNOWN) return true;
  if (reviewed.digest !== undefined && planned.digest !== undefined) return reviewed.digest === planned.digest;
  if (isRedacted(reviewed.after)) return isHidden(planned.after);
  return canonical(reviewed.after) === canonical(planned.after);
}

function addedByOutput(reviewed: ChangeSet["outputs"][number] | undefined, planned: ChangeSet["outputs"][number], lenient: boolean): string[] {
  const { name, action, after } = planned;
  if (!reviewed) return [`Output ${name} is ${DONE[action]}, which was not reviewed.`];
  if ((action === "destroy") !== (reviewed.action === "destroy")) return [`Output ${name} is ${DONE[action]}; reviewed was that it is ${DONE[reviewed.action]}.`];
  const isSame = lenient ? addedByValue(reviewed.after, after, name, true).length === 0 : isSameValue(reviewed, { after });
  return action === "destroy" || isSame ? [] : [`Output ${name} becomes ${shown(after)}; reviewed was ${shown(reviewed.after)}.`];
}

/**
 * Compares what is made. What was reviewed must be there with the same values: an argument that is gone (`encrypted`) counts as
 * much as one that is new. Lenient: what the provider adds by itself does not count.
 */
function addedByValue(reviewed: unknown, planned: unknown, path: string, lenient: boolean): string[] {
  if (reviewed === UNKNOWN) return [];
  if (isRedacted(reviewed)) return isHidden(planned) ? [] : differs(path, reviewed, planned);
  if (lenient && (planned === SENSITIVE || (planned === UNKNOWN && canonical(reviewed).search(HOLE) >= 0) || isFilledIn(reviewed, planned))) return [];
  if (lenient && isObject(reviewed) && Array.isArray(planned) && planned.length === 1) return addedByValue(reviewed, planned[0], path, lenient);
  if (isEmpty(reviewed) && isEmpty(planned)) return [];
  if (isObject(reviewed) && isObject(planned)) {
    const keys = [...new Set([...Object.keys(reviewed), ...Object.keys(planned)])].sort();
    return keys.flatMap((key) => (lenient && isEmpty(reviewed[key]) ? [] : addedByValue(reviewed[key], planned[key], path === "" ? key : `${path}.${key}`, lenient)));
  }
  if (Array.isArray(reviewed) && Array.isArray(planned)) return addedByList(reviewed, planned, path, lenient);
  if (isObject(planned) && isEmpty(reviewed)) return addedByValue({}, planned, path, lenient);
  return scalar(reviewed, lenient) === scalar(planned, lenient) ? [] : differs(path, reviewed, planned);
}

/** What is not known yet in the middle of a synthesised text: a reference such as `${aws_sqs_queue.orders.arn}`. */
const HOLE = /\(known after apply\)|\$\{[^{}]*[.(][^{}]*\}/;

/** A text that was synthesised with references in it: what stands around them is there, in this order. */
function isFilledIn(reviewed: unknown, planned: unknown): boolean {
  if (typeof reviewed !== "string" || typeof planned !== "string" || !HOLE.test(reviewed)) return false;
  if (hasInOrder(planned, reviewed.split(HOLE))) return true;
  const [before, after] = [reviewed, planned].map(parsedObject); // the provider writes JSON its own way
  return before !== undefined && after !== undefined && addedByValue(before, after, "", true).length === 0;
}

/** Whether a text is these parts with anything between them. */
function hasInOrder(text: string, parts: readonly string[]): boolean {
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && text.length - last.length >= at;
}

function parsedObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Sets come in the order of their values, which an unknown one changes once it is known, and the provider changes too. */
function addedByList(reviewed: readonly unknown[], planned: readonly unknown[], path: string, lenient: boolean): string[] {
  if (reviewed.length !== planned.length) return differs(path, reviewed, planned);
  const inPlace = planned.flatMap((item, index) => addedByValue(reviewed[index], item, `${path}[${index}]`, lenient));
  if (inPlace.length === 0 || !(lenient || canonical(reviewed).includes(UNKNOWN))) return inPlace;
  return isPermutation(reviewed, planned, lenient) ? [] : inPlace;
}

/** Whether each planned item can be given a reviewed one of its own; known items first, so that no unknown one takes their place. */
function isPermutation(reviewed: readonly unknown[], planned: readonly unknown[], lenient: boolean): boolean {
  const left = [...reviewed].sort((a, b) => Number(canonical(a).includes(UNKNOWN)) - Number(canonical(b).includes(UNKNOWN)));
  return planned.every((item) => {
    const at = left.findIndex((candidate) => addedByValue(candidate, item, "", lenient).length === 0);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

const differs = (path: string, reviewed: unknown, planned: unknown) => [isEmpty(reviewed)
  ? `${path} is ${shown(planned)}, which was not reviewed.`
  : `${path} is ${shown(planned)}; reviewed was ${shown(reviewed)}.`];

const isRedacted = (value: unknown) => typeof value === "string" && REDACTED.includes(value);
const isHidden = (value: unknown) => value === UNKNOWN || isRedacted(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
/** Not set: Terraform writes null, an empty list or an empty map in its place. */
const isEmpty = (value: unknown): boolean => value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

/** Terraform converts: `"5"` in JSON is a number where one is wanted, and `$${` a `${`. */
function scalar(value: unknown, lenient: boolean): string {
  return lenient && typeof value !== "object" ? String(value).replaceAll("$${", "${").replaceAll("%%{", "%{") : canonical(value);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  const sorted = (item: unknown): unknown => (Array.isArray(item) ? item.map(sorted) : isObject(item) ? Object.fromEntries(Object.keys(item).sort().map((key) => [key, sorted(item[key])])) : item);
  return JSON.stringify(sorted(value)) ?? "null";
}

const LONGEST_SHOWN = 120;
function shown(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (isHidden(value)) return value as string;
  const text = canonical(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
