/** Turns a literal into an accepted environment, or says everything that is wrong with it. */
import { RULES, type Finding } from "./rules";
import { environmentSchema, type Environment, type EnvironmentLiteral } from "./schema";

/** A literal that was refused. `message` names its file and every finding; nothing has been synthesised. */
export class EnvironmentError extends Error {
  constructor(readonly file: string, readonly findings: readonly Finding[]) {
    const lines = findings.map(({ path, value, allowed }) => `  ${path} = ${show(value)}\n    allowed: ${allowed}`);
    super(`${file} has ${findings.length} ${findings.length === 1 ? "problem" : "problems"}:\n${lines.join("\n")}`);
    this.name = "EnvironmentError";
  }
}

function show(value: unknown): string {
  if (value === undefined) return "(missing)";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`), "");
}

function valueAt(literal: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined), literal);
}

/** What zod reports, as findings: an unknown key stands at its own path, and a union names what it takes. */
function shapeFindings(literal: unknown): Finding[] {
  const { error } = environmentSchema.safeParse(literal);
  return (error?.issues ?? []).flatMap((issue): Finding[] => {
    const path = [...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: formatPath([...path, key]), value: valueAt(literal, [...path, key]), allowed: "no such key" }));
    }
    if (issue.code === "invalid_value") {
      return [{ path: formatPath(path), value: valueAt(literal, path), allowed: `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}` }];
    }
    return [{ path: formatPath(path), value: valueAt(literal, path), allowed: issue.message.replace(/^Invalid input: expected /, "") }];
  });
}

/** The top-level keys that are well formed on their own. */
function acceptedKeys(literal: object): Partial<Environment> {
  const entries = Object.entries(environmentSchema.shape).flatMap(([key, schema]) => {
    const { success, data } = schema.safeParse((literal as Record<string, unknown>)[key]);
    return success ? [[key, data] as const] : [];
  });
  return Object.fromEntries(entries) as Partial<Environment>;
}

/**
 * Accepts a literal.
 * @param file path of the literal, for the message, such as `environments/prod.ts`
 * @throws EnvironmentError with every finding of the schema and of the rules
 */
export function parseEnvironment(literal: EnvironmentLiteral | unknown, file: string): Environment {
  if (typeof literal !== "object" || literal === null) throw new EnvironmentError(file, [{ path: "(the literal)", value: literal, allowed: "an object" }]);
  const accepted = acceptedKeys(literal);
  const runnable = RULES.filter(({ reads }) => reads.every((key) => key in accepted));
  const findings = [...shapeFindings(literal), ...runnable.flatMap((rule) => rule.check(accepted as Environment))];
  if (findings.length > 0) throw new EnvironmentError(file, findings);
  return accepted as Environment;
}
