/** What zod reports about a literal, in the words of a person who edits one. */
import { z } from "zod";
import { didYouMean } from "./did-you-mean";
import { pathTo, type Finding } from "../rules/finding";
import { environmentSchema, PARSING } from "../schema";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A finding about the literal's shape. */
export interface ShapeFinding extends Finding {
  /** The path of a key that the schema does not know; its value hides nothing else. */
  readonly unknownKey?: Path;
}

/** The path of the whole literal, which has no key. */
export const WHOLE_LITERAL = "(the literal)";

const formatPath = (path: Path): string => path.reduce<string>(pathTo, "") || WHOLE_LITERAL;

/** The value at a path; undefined where nothing stands, whatever a prototype holds. */
function valueAt(literal: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    literal,
  );
}

/** The keys of the strict object that an issue is about. */
function keysOf(instance: unknown, wanted: (field: z.ZodType) => boolean = () => true): string[] {
  return instance instanceof z.ZodObject
    ? Object.entries(instance.shape as Record<string, z.ZodType>)
        .filter(([, field]) => wanted(field))
        .map(([key]) => key)
    : [];
}

/**
 * Words for what the schema itself has none for. For unknown keys they are the known ones, separated by commas:
 * only here does zod hand out the object that refused them.
 */
const words: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "unrecognized_keys":
      return keysOf(issue.inst).join(",");
    // An empty text stands for the list of values, which the issue holds itself.
    case "invalid_value":
      return "";
    case "invalid_key":
      return issue.issues[0]?.message ?? "a key of another form";
    case "too_small":
      return `a list of ${issue.minimum} or more`;
    case "too_big":
      return `a list of ${issue.maximum} at the most`;
    case "invalid_type":
      switch (issue.expected) {
        case "array":
          return "a list";
        case "boolean":
          return "true or false, without quotes";
        case "object":
          return `an object with the keys ${keysOf(issue.inst, (field) => !field.safeParse(undefined).success).join(", ")}`;
        case "record":
          return "an object of names and values";
        default:
          return "a text";
      }
    default:
      return "a value of another form";
  }
};

function oneOf(values: readonly unknown[]): string {
  const list = values.map((value) => JSON.stringify(value));
  return list.length === 1 ? `${list[0]}` : `one of ${list.join(", ")}`;
}

/**
 * The branch of a union that was meant: the only one whose outer shape fits, else the one with the fewest problems.
 * Undefined when none stands out, so that the union's own words serve best.
 */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const shaped = branches.filter((issues) => !issues.some(({ path, code }) => path.length === 0 && code !== "unrecognized_keys"));
  const fewest = Math.min(...shaped.map((issues) => issues.length));
  const best = shaped.filter((issues) => issues.length === fewest);
  return best.length === 1 ? best[0] : undefined;
}

function findingsOf(issue: Issue, literal: unknown, parent: Path = []): ShapeFinding[] {
  const path = [...parent, ...issue.path];
  const value = valueAt(literal, path);
  const at = (allowed: string): Finding[] => [{ path: formatPath(path), value, allowed }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const known = issue.message.split(",");
        return {
          unknownKey: [...path, key],
          path: formatPath([...path, key]),
          value: valueAt(literal, [...path, key]),
          allowed: `no such key${didYouMean(key, known, String) || `; known here: ${known.join(", ")}`}`,
        };
      });
    case "invalid_value":
      return at(
        (issue.message || oneOf(issue.values)) +
          (issue.values.length > 1 ? didYouMean(value, issue.values) : "") +
          quotesHint(issue, value),
      );
    case "invalid_union": {
      if ("options" in issue && issue.options) return at(issue.message + didYouMean(value, issue.options));
      const meant = meantBranch(issue.errors);
      const choices = issue.errors
        .flat()
        .flatMap((nested) => (nested.code === "invalid_value" && nested.path.length === 0 ? nested.values : []));
      return meant
        ? meant.flatMap((nested) => findingsOf(nested, literal, path))
        : at(issue.message + didYouMean(value, choices) + quotesHint(issue, value));
    }
    default:
      return at(issue.message + quotesHint(issue, value));
  }
}

/** Whether a number would have been accepted, or come nearer. */
function wantsNumber(issue: Issue): boolean {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "number" || issue.expected === "int";
    case "invalid_value":
      return issue.values.some((value) => typeof value === "number");
    case "invalid_union":
      return issue.errors.flat().some((nested) => nested.path.length === 0 && wantsNumber(nested));
    default:
      return false;
  }
}

/** A number in quotes is a text. */
const quotesHint = (issue: Issue, value: unknown): string =>
  typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) && wantsNumber(issue) ? `; a number is written without quotes: ${value}` : "";

/**
 * Keys called `__proto__`, as JSON can hold them: zod leaves them out of records without a word.
 * Each object is visited once, so that a literal that contains itself ends too.
 */
function protoKeys(value: unknown, path: Path = [], seen = new Set<unknown>()): ShapeFinding[] {
  if (typeof value !== "object" || value === null || seen.has(value) || path.length > 16) return [];
  seen.add(value);
  return Object.keys(value).flatMap((name): ShapeFinding[] => {
    const key = Array.isArray(value) ? Number(name) : name;
    if (name === "__proto__") return [{ path: formatPath([...path, key]), value: valueAt(value, [key]), allowed: "no such key" }];
    return protoKeys((value as Record<string, unknown>)[name], [...path, key], seen);
  });
}

/** Everything about the literal's shape that a schema refuses; empty when it is accepted. @param schema @default AWS's */
export function shapeFindings(literal: unknown, schema: z.ZodType = environmentSchema): ShapeFinding[] {
  const { error } = schema.safeParse(literal, { ...PARSING, error: words });
  const findings = (error?.issues ?? []).flatMap((issue) => findingsOf(issue, literal));
  return [...findings, ...protoKeys(literal).filter(({ path }) => !findings.some((finding) => finding.path === path))];
}
