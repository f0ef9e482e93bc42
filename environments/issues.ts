/** What zod reports about a literal, in the words of a person who edits one. */
import { z } from "zod";
import { pathTo, type Finding } from "./rules/finding";
import { environmentSchema, PARSING } from "./schema";

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
  return path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined), literal);
}

/** The keys of the strict object that an issue is about. */
function keysOf(instance: unknown, wanted: (field: z.ZodType) => boolean = () => true): string[] {
  return instance instanceof z.ZodObject ? Object.entries(instance.shape as Record<string, z.ZodType>).filter(([, field]) => wanted(field)).map(([key]) => key) : [];
}

/**
 * Words for what the schema itself has none for. For unknown keys they are the known ones, separated by commas:
 * only here does zod hand out the object that refused them.
 */
const words: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "unrecognized_keys": return keysOf(issue.inst).join(",");
    // An empty text stands for the list of values, which the issue holds itself.
    case "invalid_value": return "";
    case "invalid_key": return issue.issues[0]?.message ?? "a key of another form";
    case "too_small": return `a list of ${issue.minimum} or more`;
    case "too_big": return `a list of ${issue.maximum} at the most`;
    case "invalid_type": switch (issue.expected) {
      case "array": return "a list";
      case "boolean": return "true or false, without quotes";
      case "object": return `an object with the keys ${keysOf(issue.inst, (field) => !field.safeParse(undefined).success).join(", ")}`;
      case "record": return "an object of names and values";
      default: return "a text";
    }
    default: return "a value of another form";
  }
};

/** Changes, insertions and removals that turn one text into the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** `; did you mean …?` with the candidate that was probably meant, or nothing. */
function didYouMean(written: unknown, candidates: readonly unknown[], show: (candidate: string) => string): string {
  if (typeof written !== "string" || written.length > 64) return "";
  const [nearest] = candidates.filter((candidate) => typeof candidate === "string")
    .map((candidate) => ({ candidate, steps: distance(written.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= Math.max(2, Math.floor(candidate.length / 3)) && steps < candidate.length)
    .sort((a, b) => a.steps - b.steps);
  return nearest ? `; did you mean ${show(nearest.candidate)}?` : "";
}

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
    case "unrecognized_keys": return issue.keys.map((key) => {
      const known = issue.message.split(",");
      return { unknownKey: [...path, key], path: formatPath([...path, key]), value: valueAt(literal, [...path, key]), allowed: `no such key${didYouMean(key, known, String) || `; known here: ${known.join(", ")}`}` };
    });
    case "invalid_value": return at((issue.message || oneOf(issue.values)) + (issue.values.length > 1 ? didYouMean(value, issue.values, JSON.stringify) : ""));
    case "invalid_union": {
      if ("options" in issue && issue.options) return at(issue.message + didYouMean(value, issue.options, JSON.stringify));
      const meant = meantBranch(issue.errors);
      return meant ? meant.flatMap((nested) => findingsOf(nested, literal, path)) : at(issue.message);
    }
    default: return at(issue.message);
  }
}

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

/** Everything about the literal's shape that the schema refuses; empty when it is accepted. */
export function shapeFindings(literal: unknown): ShapeFinding[] {
  const { error } = environmentSchema.safeParse(literal, { ...PARSING, error: words });
  const findings = (error?.issues ?? []).flatMap((issue) => findingsOf(issue, literal));
  return [...findings, ...protoKeys(literal).filter(({ path }) => !findings.some((finding) => finding.path === path))];
}
