/** Takes policies of IAM apart and says what one allows beyond another, whatever the order and grouping of their statements. */
import { isRecord, shown } from "./reading";
import { covers, meet } from "./glob";
import { conditionOf, isAsStrict, type Condition } from "./policy-conditions";
import { canonical } from "../json-values";

/** All that is in the list, or all but that. */
interface Selection {
  readonly but: boolean;
  readonly patterns: readonly string[];
}

interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  /** `AWS:arn:…`, `Service:ec2.amazonaws.com`, `*`; none in a policy of a role. */
  readonly principals?: Selection;
  readonly actions: Selection;
  readonly resources: Selection;
  readonly condition: Condition;
}

/** @returns undefined where the text is no policy */
export function parsePolicy(text: unknown): readonly Statement[] | undefined {
  let document: unknown = text;
  if (typeof text === "string") {
    try {
      document = JSON.parse(text);
    } catch {
      return undefined;
    }
  }
  if (!isRecord(document) || document.Statement === undefined) return undefined;
  return list(document.Statement).filter(isRecord).map(statementOf);
}

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
const texts = (value: unknown): string[] => list(value).map((item) => (typeof item === "string" ? item : canonical(item)));

function statementOf(statement: Record<string, unknown>): Statement {
  const selection = (key: string, read: (value: unknown) => string[]): Selection | undefined => {
    if (statement[key] !== undefined) return { but: false, patterns: read(statement[key]) };
    return statement[`Not${key}`] === undefined ? undefined : { but: true, patterns: read(statement[`Not${key}`]) };
  };
  const everything: Selection = { but: false, patterns: ["*"] };
  return {
    ...(typeof statement.Sid === "string" && { sid: statement.Sid }),
    effect: statement.Effect === "Deny" ? "Deny" : "Allow",
    principals: selection("Principal", principalsOf),
    // Actions are not told apart by case.
    actions: selection("Action", (value) => texts(value).map((action) => action.toLowerCase())) ?? everything,
    resources: selection("Resource", texts) ?? everything,
    condition: conditionOf(statement.Condition),
  };
}

function principalsOf(value: unknown): string[] {
  if (!isRecord(value)) return texts(value);
  return Object.entries(value).flatMap(([kind, ids]) => texts(ids).map((id) => (kind === "AWS" && id === "*" ? "*" : `${kind}:${id}`)));
}

/** Whether `outer` takes in all that `inner` does. */
function selects(outer: Selection | undefined, inner: Selection | undefined): boolean {
  if (!outer || !inner) return outer === inner;
  if (!outer.but)
    return inner.but
      ? outer.patterns.includes("*")
      : inner.patterns.every((pattern) => outer.patterns.some((other) => covers(other, pattern)));
  return inner.but
    ? outer.patterns.every((pattern) => inner.patterns.some((other) => covers(other, pattern)))
    : inner.patterns.every((pattern) => !outer.patterns.some((other) => meet(other, pattern)));
}

/** One action on one resource for one principal each, so that statements that are grouped otherwise compare equal. */
function atoms(statement: Statement): Statement[] {
  const each = (selection: Selection | undefined): (Selection | undefined)[] =>
    selection && !selection.but ? selection.patterns.map((pattern) => ({ but: false, patterns: [pattern] })) : [selection];
  return each(statement.principals).flatMap((principals) =>
    each(statement.actions).flatMap((actions) =>
      each(statement.resources).map((resources) => ({ ...statement, principals, actions: actions!, resources: resources! })),
    ),
  );
}

const isWithin = (inner: Statement, outer: Statement) =>
  selects(outer.principals, inner.principals) &&
  selects(outer.actions, inner.actions) &&
  selects(outer.resources, inner.resources) &&
  isAsStrict(inner.condition, outer.condition);

/** What a policy allows beyond another: its new rights, and denials that the other had. */
export interface Widening {
  readonly allowed: readonly Statement[];
  readonly noLongerDenied: readonly Statement[];
}

export function widening(before: readonly Statement[], after: readonly Statement[]): Widening {
  const of = (statements: readonly Statement[], effect: Statement["effect"]) =>
    statements.filter((statement) => statement.effect === effect);
  const beyond = (inner: readonly Statement[], outer: readonly Statement[]) =>
    inner.flatMap(atoms).filter((atom) => !outer.some((statement) => isWithin(atom, statement)));
  return {
    allowed: beyond(of(after, "Allow"), of(before, "Allow")),
    noLongerDenied: beyond(of(before, "Deny"), of(after, "Deny")),
  };
}

const words = ({ but, patterns }: Selection, everything: string): string =>
  but ? `everything but ${patterns.join(", ")}` : patterns.includes("*") ? everything : patterns.join(", ");

/** `s3:getobject on arn:… for AWS:…`. */
export function wordsOf({ principals, actions, resources, condition }: Statement): string {
  const conditions = Object.keys(condition).length === 0 ? "" : ` when ${shown(condition)}`;
  return `${words(actions, "every action")} on ${words(resources, "everything")}${principals ? ` for ${words(principals, "everybody")}` : ""}${conditions}`;
}

/** A sentence's list, cut where nobody reads on. */
export function listed(statements: readonly Statement[], most = 3): string {
  const all = [...new Set(statements.map(wordsOf))];
  return `${all.slice(0, most).join("; ")}${all.length > most ? `; and ${all.length - most} more` : ""}`;
}

/** Conditions that keep everybody down to an account, an organisation or a source of ours. */
const NARROWS =
  /^(aws:(source(account|arn|vpc|vpce|ip|orgid|orgpaths)|principal(account|arn|orgid|orgpaths)|userid)|kms:(calleraccount|viaservice))$/;

/** A service that acts for whoever has set it up: a distribution of any account, in any of its buckets. */
const FOR_ANYBODY = ["*", "Service:cloudfront.amazonaws.com"];

/** Whether everybody may do it: a principal of `*`, or one that acts for everybody, with no condition that says who. */
export function isForEverybody({ effect, principals, condition }: Statement): boolean {
  if (effect !== "Allow" || !principals) return false;
  const everybody = principals.but || principals.patterns.some((pattern) => FOR_ANYBODY.includes(pattern));
  return (
    everybody &&
    !Object.values(condition).some((keys) => Object.entries(keys).some(([key, values]) => NARROWS.test(key) && !values.includes("*")))
  );
}

/** Whether it gives the rights of an administrator: every action, or every action of IAM. */
export const isAdministration = ({ effect, actions, principals }: Statement): boolean =>
  effect === "Allow" && !principals && (actions.but || actions.patterns.some((action) => ["*", "*:*", "iam:*"].includes(action)));

/** Whether it refuses requests that do not come over TLS. */
export const deniesWithoutTls = ({ effect, condition }: Statement): boolean =>
  effect === "Deny" && (condition.bool?.["aws:securetransport"] ?? []).includes("false");

export type { Statement };
