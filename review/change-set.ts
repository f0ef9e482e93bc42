/**
 * What a reviewer agreed to, and whether a plan that was made later stays inside it.
 *
 * A deploy plans each stack again, because the stacks above it have changed since. The new plan may do less than the reviewed one
 * (something is applied already) and may know what was unknown then; it may do nothing more. Secrets are not here (plan/read.ts took
 * them out), so that a secret that differs from the reviewed one is not seen: only that it is one.
 */
import { DONE } from "./actions";
import { isHidden, UNKNOWN, type Action, type AttributeChange, type OutputChange, type StackPlan, type Values } from "./model";
import { isList, isObject } from "./json-values";
import { isCovered, shown, SynthesisedComparison, ValueComparison } from "./value-comparison";

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
  /** All arguments after the change, of what is made or updated. */
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
export function changeSetOf(
  plan: Pick<StackPlan, "stack" | "changes" | "outputs">,
  kind: "planned" | "synthesised" = "planned",
): ChangeSet {
  const changes = plan.changes.map(
    ({ address, action, previousAddress, deposed, importId, createBeforeDestroy, reason, attributes, before, after }): PlannedChange => {
      const id = before?.id;
      return {
        address,
        action,
        previousAddress,
        deposed,
        importId,
        createBeforeDestroy,
        reason,
        attributes: attributes.map(({ path, after: value, digest, forcesReplacement }) => ({
          path,
          after: value,
          digest,
          forcesReplacement,
        })),
        ...(typeof id === "string" && !isHidden(id) && { object: id }),
        ...((action === "create" || action === "replace" || action === "update") && after && { whole: after }),
      };
    },
  );
  return {
    stack: plan.stack,
    isSynthesised: kind === "synthesised",
    changes,
    outputs: plan.outputs.map(({ name, action, after }) => ({ name, action, after })),
  };
}

/**
 * By what was reviewed: what a later plan may do in its place. A replacement may have got as far as its first half; a creation that was cut off
 * between two calls, such as a log group that has no retention yet, is ended by an update.
 */
const COVERED: Readonly<Record<Action, readonly Action[]>> = {
  create: ["create", "update"],
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
  const outputs = new Map(reviewed.outputs.map((output) => [output.name, output]));
  const comparison = reviewed.isSynthesised ? new SynthesisedComparison() : new ValueComparison();
  return [
    ...planned.changes.flatMap((change) => {
      const before = known.get(keyOf(change)) ?? replacedBefore(known, change);
      // Without a plan nobody knew whether it was there: it may not turn out to exist.
      return reviewed.isSynthesised && before?.action === "create" && change.action === "update"
        ? [otherwise(before, change)]
        : addedByChange(before, change, comparison);
    }),
    ...planned.outputs.flatMap((output) => addedByOutput(outputs.get(output.name), output, comparison)),
  ];
}

const keyOf = ({ address, deposed = "" }: Pick<PlannedChange, "address" | "deposed">) => `${deposed}@${address}`;

/** The old object of a replacement that stopped after its first half: the same object whose end was reviewed. */
function replacedBefore(
  known: ReadonlyMap<string, PlannedChange>,
  { address, action, deposed, object }: PlannedChange,
): PlannedChange | undefined {
  const before = deposed === undefined || action !== "destroy" || object === undefined ? undefined : known.get(keyOf({ address }));
  return before?.action === "replace" && before.object === object ? { ...before, action: "destroy", deposed } : undefined;
}

/**
 * A creation that was cut off leaves an object that Terraform distrusts and makes anew. It was not there when the creation was
 * reviewed, so that nothing is lost that a reviewer has seen; what is made must be what was reviewed, in full.
 */
const isMadeAgain = (reviewed: PlannedChange, planned: PlannedChange) =>
  planned.action === "replace" &&
  planned.reason === "replace_because_tainted" &&
  (reviewed.action === "create" || reviewed.action === "replace");

const subjectOf = ({ address, deposed }: PlannedChange): string => (deposed === undefined ? address : `${address} (deposed ${deposed})`);
const otherwise = (reviewed: PlannedChange, planned: PlannedChange): string =>
  `${subjectOf(planned)} is ${DONE[planned.action]}; reviewed was that it is ${DONE[reviewed.action]}.`;

function addedByChange(reviewed: PlannedChange | undefined, planned: PlannedChange, comparison: ValueComparison): string[] {
  const { action } = planned;
  const subject = subjectOf(planned);
  if (!reviewed) return [`${subject} is ${DONE[action]}, which was not reviewed.`];
  const isAgain = isMadeAgain(reviewed, planned);
  if (!isAgain && !COVERED[reviewed.action].includes(action)) return [otherwise(reviewed, planned)];
  // Once it is made or replaced, what is updated is the new object.
  const isSuccessor = isAgain || ((reviewed.action === "create" || reviewed.action === "replace") && action === "update");
  // Of what is made, all of it was reviewed; of what is updated, what changes.
  const isWhole = isAgain || action === "create" || reviewed.action === "create";
  const values = isWhole
    ? comparison.differences(
        reviewed.whole ?? {},
        action === "update" ? withoutUnset(planned, reviewed.whole ?? {}) : (planned.whole ?? {}),
      )
    : planned.attributes.flatMap((attribute) => addedByAttribute(reviewed, attribute));
  return [
    ...RULES.filter(({ when }) => when(planned, reviewed, isSuccessor)).map(({ message }) => `${subject}${message(planned, reviewed)}`),
    ...values.map((text) => `${subject}: ${text}`),
  ];
}

/**
 * What AWS tells of an object that is there, without what nobody has set: an empty text, zero or false, of which the reviewed creation said
 * nothing. What the plan itself sets stays.
 */
function withoutUnset({ whole = {}, attributes }: PlannedChange, reviewed: Values): Values {
  const set = new Set(attributes.map(({ path }) => path));
  const of = (value: unknown, before: unknown, path: string): unknown => {
    if (value === "" || value === 0 || value === false) return isUnset(before) && !set.has(path) ? undefined : value;
    if (isList(value)) return value.map((item, index) => of(item, isList(before) ? before[index] : undefined, `${path}[${index}]`));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        of(item, isObject(before) ? (before as Values)[key] : undefined, path === "" ? key : `${path}.${key}`),
      ]),
    );
  };
  return of(whole, reviewed, "") as Values;
}
const isUnset = (value: unknown): boolean => value === undefined || value === null;

interface Rule {
  readonly rule: string;
  /** @param isSuccessor whether the planned object is one that the reviewed change made */
  readonly when: (planned: PlannedChange, reviewed: PlannedChange, isSuccessor: boolean) => boolean;
  /** Said of the resource. */
  readonly message: (planned: PlannedChange, reviewed: PlannedChange) => string;
}

/** What must not differ beside the values. */
const RULES: readonly Rule[] = [
  {
    rule: "moved from elsewhere",
    when: (planned, reviewed) => planned.previousAddress !== undefined && planned.previousAddress !== reviewed.previousAddress,
    message: ({ previousAddress }) => ` comes from ${previousAddress}, which was not reviewed.`,
  },
  {
    rule: "imported by another id",
    when: (planned, reviewed) => planned.importId !== undefined && planned.importId !== reviewed.importId,
    message: ({ importId }) => ` is imported as ${importId}, which was not reviewed.`,
  },
  {
    rule: "another object",
    when: (planned, reviewed, isSuccessor) => planned.object !== undefined && planned.object !== reviewed.object && !isSuccessor,
    message: ({ action, object }, reviewed) =>
      `: another object is ${DONE[action]} than the reviewed one (${object}${reviewed.object === undefined ? "" : `, not ${reviewed.object}`}).`,
  },
  {
    rule: "destroyed first",
    when: (planned, reviewed) =>
      planned.action === "replace" && reviewed.action === "replace" && reviewed.createBeforeDestroy && !planned.createBeforeDestroy,
    message: () => " is destroyed before its successor is there; reviewed was the other order.",
  },
];

function addedByAttribute(
  reviewed: PlannedChange,
  { path, after, digest, forcesReplacement }: PlannedChange["attributes"][number],
): string[] {
  const same = reviewed.attributes.find((attribute) => attribute.path === path);
  const above = same ?? reviewed.attributes.find((attribute) => isHidden(attribute.after) && isBelow(path, attribute.path));
  if (!above) return [`${path} becomes ${shown(after)}, which was not reviewed.`];
  const found: string[] = [];
  if (forcesReplacement && !above.forcesReplacement) found.push(`${path} forces its replacement, which was not reviewed.`);
  if (same ? !isSameValue(same, { after, digest }) : above.after !== UNKNOWN && !isHidden(after))
    found.push(`${path} becomes ${shown(after)}; reviewed was ${shown(above.after)}.`);
  return found;
}

const isBelow = (path: string, above: string) => path.startsWith(`${above}.`) || path.startsWith(`${above}[`);

/** Digests tell more than values where a value is hidden. */
function isSameValue(reviewed: Pick<AttributeChange, "after" | "digest">, planned: Pick<AttributeChange, "after" | "digest">): boolean {
  if (reviewed.after === UNKNOWN || reviewed.digest === undefined || planned.digest === undefined)
    return isCovered(reviewed.after, planned.after);
  return reviewed.digest === planned.digest;
}

function addedByOutput(
  reviewed: ChangeSet["outputs"][number] | undefined,
  { name, action, after }: ChangeSet["outputs"][number],
  comparison: ValueComparison,
): string[] {
  if (!reviewed) return [`Output ${name} is ${DONE[action]}, which was not reviewed.`];
  if ((action === "destroy") !== (reviewed.action === "destroy"))
    return [`Output ${name} is ${DONE[action]}; reviewed was that it is ${DONE[reviewed.action]}.`];
  if (action === "destroy" || comparison.covers(reviewed.after, after)) return [];
  return [`Output ${name} becomes ${shown(after)}; reviewed was ${shown(reviewed.after)}.`];
}
