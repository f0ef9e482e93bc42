/** Edits of literals, as a person makes them, and what the parser says to them. */
import { dev } from "../fixtures/environments/dev";
import { EnvironmentError, parseEnvironment } from "../../environments/reading/parse";
import { prod } from "../fixtures/environments/prod";
import type { Finding } from "../../environments/rules";
import type { Environment } from "../../environments/schema";
import { staging } from "../fixtures/environments/staging";

export const LITERALS = { dev, staging, prod };
export type Base = keyof typeof LITERALS;

/** Marks a key that an edit takes away. */
export const GONE = Symbol("gone");

/** Path in the literal, as code writes it → its new value, or `GONE`. */
export type Edits = Readonly<Record<string, unknown>>;

/** Without a database no service may connect to one. */
export const WITHOUT_DATABASE: Edits = {
  database: "none",
  "data.rds": GONE,
  "services.ml.grants": [],
  "services.data.grants": [],
  "services.scheduler.grants": [],
};

/** An edge without an API of its own. */
export const WITHOUT_WEB_API: Edits = { "web.service": GONE, "web.cache": GONE, "web.database": GONE };

/** Without a second region nothing is copied there. */
export const WITHOUT_COPIES: Edits = { "backup.copies": GONE, "backup.table": GONE, "data.rds.copyRetentionDays": GONE };

/** `network.subnets.private[1]` → its keys. A key that is no identifier stands in brackets and quotes. */
export const keysOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? (index === undefined ? name! : Number(index)),
  );

/** A copy of the literal with the edits made. */
export function edited(base: Base, edits: Edits): unknown {
  // Through JSON, so that what two places share is two copies.
  const literal = JSON.parse(JSON.stringify(LITERALS[base])) as unknown;
  for (const [path, value] of Object.entries(edits)) {
    const keys = keysOf(path);
    const last = keys.pop()!;
    const parent = keys.reduce<Record<string | number, unknown>>(
      (object, key, index) => {
        // A block that the literal leaves out is begun.
        object[key] ??= typeof (keys[index + 1] ?? last) === "number" ? [] : {};
        return object[key] as Record<string | number, unknown>;
      },
      literal as Record<string, unknown>,
    );
    if (value === GONE) delete parent[last];
    else parent[last] = value;
  }
  return literal;
}

/** What stands at a path; undefined where nothing does. */
export const valueAt = (literal: unknown, path: string): unknown =>
  keysOf(path).reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined),
    literal,
  );

/** What the parser finds; empty when it accepts. Any error but an EnvironmentError is thrown on. */
export function findingsOf(literal: unknown): readonly Finding[] {
  try {
    parseEnvironment(literal, "environments/test.ts");
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.findings;
    throw error;
  }
}

/** The message that a person sees. @throws when the literal is accepted */
export function messageOf(literal: unknown): string {
  try {
    parseEnvironment(literal, "environments/test.ts");
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the literal was accepted");
}

/** An accepted environment. */
export const environment = (base: Base, edits: Edits = {}): Environment => parseEnvironment(edited(base, edits), `environments/${base}.ts`);
