/** Conditions of IAM statements: which of two lets less through. */
import { holds } from "./cidr";
import { covers } from "./glob";
import { isRecord } from "./reading";
import { canonical } from "../json-values";

/** Operator, key, values; operators and keys in lower case, as IAM does not tell them apart. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export function conditionOf(value: unknown): Condition {
  if (!isRecord(value)) return {};
  const lower = (record: Record<string, unknown>) => Object.entries(record).map(([key, inner]) => [key.toLowerCase(), inner] as const);
  return Object.fromEntries(
    lower(value)
      .filter(([, keys]) => isRecord(keys))
      .map(([operator, keys]) => [
        operator,
        Object.fromEntries(
          lower(keys as Record<string, unknown>).map(([key, values]) => [
            key,
            (Array.isArray(values) ? (values as unknown[]) : [values]).map((item) => (typeof item === "string" ? item : canonical(item))),
          ]),
        ),
      ]),
  );
}

/** The operator without what only changes how it is put, such as `ForAnyValue:`; those must be the same on both sides. */
const bare = (operator: string) => operator.replace(/^forany(value)?:|^forall(values)?:/, "").replace(/ifexists$/, "");
const isNegative = (operator: string) => /^(string|arn|numeric|date)not|^notipaddress/.test(bare(operator));

/** Whether a value that one operator accepts is accepted by another. */
function accepts(outerOperator: string, outer: string, inner: string): boolean {
  const operator = bare(outerOperator);
  if (operator.startsWith("ipaddress") || operator.startsWith("notipaddress")) return holds(outer, inner);
  if (operator === "stringlike" || operator.startsWith("arn") || operator === "stringnotlike") return covers(outer, inner);
  return operator === "stringequalsignorecase" ? outer.toLowerCase() === inner.toLowerCase() : outer === inner;
}

/** Operators that accept all that the named one accepts. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  stringequals: ["stringequals", "stringlike", "stringequalsignorecase", "stringequalsifexists", "stringlikeifexists"],
  stringlike: ["stringlike", "stringlikeifexists"],
  arnequals: ["arnequals", "arnlike"],
  arnlike: ["arnlike", "arnequals"],
};

/** A literal that holds a star means the star itself under StringEquals, and any text under StringLike. */
const asPattern = (operator: string, value: string) =>
  bare(operator) === "stringequals" ? value.replaceAll("*", "${*}").replaceAll("?", "${?}") : value;

/** Whether all that `inner` lets through, `outer` lets through too. */
export function isAsStrict(inner: Condition, outer: Condition): boolean {
  return Object.entries(outer).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => isImplied(inner, operator, key, values)),
  );
}

function isImplied(inner: Condition, operator: string, key: string, values: readonly string[]): boolean {
  return Object.entries(inner).some(([other, keys]) => {
    const own = keys[key];
    if (!own || !(other === operator || (WIDER[other] ?? []).includes(operator))) return false;
    // What must not be: the stricter one forbids all that the other forbids. What must be: it accepts nothing that the other does not.
    if (isNegative(operator)) return values.every((value) => own.some((mine) => accepts(other, mine, value)));
    if (operator.startsWith("forall")) return other === operator && canonical([...own].sort()) === canonical([...values].sort());
    return own.every((mine) =>
      values.some(
        (value) =>
          value === mine ||
          accepts(operator, value, bare(operator) === bare(other) && bare(other) !== "stringequals" ? mine : asPattern(other, mine)),
      ),
    );
  });
}
