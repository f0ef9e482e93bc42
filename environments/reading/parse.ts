/** Turns a literal into an accepted environment, or says everything that is wrong with it. */
import { inspect } from "node:util";
import { z } from "zod";
import { shapeFindings, WHOLE_LITERAL } from "./issues";
import { RULES, type Finding } from "../rules";
import { environmentSchema, PARSING, type Environment, type EnvironmentLiteral } from "../schema";

/** A literal that was refused. `message` names its file and every finding; nothing has been synthesised. */
export class EnvironmentError extends Error {
  constructor(
    readonly file: string,
    readonly findings: readonly Finding[],
  ) {
    const lines = findings.map(({ path, value, allowed }) => `  ${path} = ${show(value)}\n    allowed: ${allowed}`);
    super(`${file} has ${findings.length} ${findings.length === 1 ? "problem" : "problems"}:\n${lines.join("\n")}`);
    this.name = "EnvironmentError";
  }
}

/** A value on one line, as the literal would hold it, however strange it is. */
function show(value: unknown): string {
  if (value === undefined) return "(missing)";
  // Numbers such as NaN have no JSON, and neither has a list that contains itself.
  const text =
    typeof value === "string"
      ? JSON.stringify(value)
      : inspect(value, { depth: 4, breakLength: Infinity, compact: true, maxArrayLength: 20, maxStringLength: 120 });
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/**
 * What is well formed of a literal: its top-level keys and, of a block or record that is not, the keys within it. Unknown keys hide
 * nothing. `parts` names what is there, as rules name what they read.
 */
function acceptedParts(
  literal: object,
  unknownKeys: readonly (readonly PropertyKey[])[],
): { readonly environment: Partial<Environment>; readonly parts: ReadonlySet<string> } {
  const known = unknownKeys.reduce<unknown>(without, literal) as Record<string, unknown>;
  const parts = new Set<string>();
  const environment: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(environmentSchema.shape)) {
    const { success, data } = schema.safeParse(known[key], PARSING);
    if (success) {
      parts.add(key);
      environment[key] = data;
    } else if (typeof known[key] === "object" && known[key] !== null && (schema instanceof z.ZodObject || schema instanceof z.ZodRecord)) {
      const written = known[key] as Record<string, unknown>;
      const fields =
        schema instanceof z.ZodObject
          ? Object.entries<z.ZodType>(schema.shape)
          : Object.keys(written).map((name) => [name, schema.valueType as z.ZodType] as const);
      const block: Record<string, unknown> = (environment[key] = {});
      for (const [name, field] of fields) {
        const result = field.safeParse(written[name], PARSING);
        if (!result.success) continue;
        parts.add(`${key}.${name}`);
        block[name] = result.data;
      }
      if (schema instanceof z.ZodRecord) parts.add(`${key}.*`);
    }
  }
  return { environment, parts };
}

/** A copy without the value at a path; the caller's object stays as it is. */
function without(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (typeof value !== "object" || value === null || key === undefined) return value;
  if (Array.isArray(value)) return value.map((entry: unknown, index) => (index === key ? without(entry, rest) : entry));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) =>
      name !== key ? [[name, entry]] : rest.length > 0 ? [[name, without(entry, rest)]] : [],
    ),
  );
}

/**
 * Accepts a literal.
 * @param file path of the literal, for the message, such as `environments/prod.ts`
 * @param name what the literal must call itself. @default anything
 * @throws EnvironmentError with every finding of the schema and of the rules
 */
export function parseEnvironment(literal: EnvironmentLiteral | unknown, file: string, name?: string): Environment {
  if (typeof literal !== "object" || literal === null || Array.isArray(literal))
    throw new EnvironmentError(file, [{ path: WHOLE_LITERAL, value: literal, allowed: "an object" }]);
  const shape = shapeFindings(literal);
  const { environment, parts } = acceptedParts(
    literal,
    shape.flatMap(({ unknownKey }) => (unknownKey ? [unknownKey] : [])),
  );
  const runnable = RULES.filter(({ reads }) => reads.every((part) => parts.has(part) || parts.has(part.split(".")[0]!)));
  const findings = [
    ...shape.map(({ path, value, allowed }) => ({ path, value, allowed })),
    ...(name !== undefined && environment.name !== undefined && environment.name !== name
      ? [{ path: "name", value: environment.name, allowed: `${JSON.stringify(name)}, the name of the literal and its file` }]
      : []),
    ...runnable.flatMap((rule) => rule.check(environment as Environment)),
  ];
  if (findings.length > 0) throw new EnvironmentError(file, findings);
  return environment as Environment;
}
