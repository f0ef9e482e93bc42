/** Which rights rehearsals used, and which they did not. */
import { list, matches, type Statement } from "../policy";
import { NOT_NEEDED, serviceOf, type Reference } from "../reference";
import type { RoleKind, Unused } from "./unused";

export const TABLE = "test/rights/rehearsals/unused.ts";

const nameOf = (action: string): string => action.slice(serviceOf(action).length + 1);
const isLook = (pattern: string): boolean => /^(Describe|Get|List)/.test(nameOf(pattern));

/** Every action that statements allow, as AWS names it; where and under which conditions is not looked at. */
export function allowedBy(statements: readonly Statement[], reference: Reference): readonly string[] {
  const patterns = patternsOf(statements);
  return [...new Set(patterns.map(serviceOf))]
    .flatMap((service) => Object.values(reference[service] ?? {}).map(({ name }) => `${service}:${name}`))
    .filter((action) => patterns.some((pattern) => matches(pattern, action, "i")))
    .sort();
}

/** The actions as statements write them, patterns included. */
export const patternsOf = (statements: readonly Statement[]): readonly string[] =>
  statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => list(Action));

/** Those that were used, and what they depend on by AWS's reference; in small letters. */
export function neededBy(used: readonly string[], reference: Reference): ReadonlySet<string> {
  const dependent = used.flatMap((action) => reference[serviceOf(action)]?.[nameOf(action).toLowerCase()]?.dependent ?? []);
  return new Set([...used, ...dependent.filter((action) => NOT_NEEDED[action] === undefined)].map((action) => action.toLowerCase()));
}

export interface Rights {
  /** See `allowedBy`. */
  readonly allowed: readonly string[];
  /** See `neededBy`. */
  readonly needed: ReadonlySet<string>;
}

/** What is wrong with the table for a role, as a person corrects it. */
export function faultsOf(table: readonly Unused[], role: RoleKind, { allowed, needed }: Rights): readonly string[] {
  const unused = allowed.filter((action) => !needed.has(action.toLowerCase()));
  const rows = table
    .filter(({ roles }) => roles.includes(role))
    .flatMap(({ actions, reason }) => actions.map((pattern) => ({ pattern, reason })));
  const covers = (pattern: string, action: string) => matches(pattern, action, "i");
  return [
    ...unused
      .filter((action) => !rows.some(({ pattern }) => covers(pattern, action)))
      .map(
        (action) =>
          `The ${role} role may ${action}, which no rehearsal used. Take it away (constructs/identity), or write in ${TABLE}, with why it stays: { roles: ["${role}"], actions: ["${action}"], reason: "…" },`,
      ),
    ...rows
      .filter(({ pattern }) => !unused.some((action) => covers(pattern, action)))
      .map(
        ({ pattern, reason }) =>
          `${TABLE}: take "${pattern}" of the ${role} role out of the row "${reason}": ${allowed.some((action) => covers(pattern, action)) ? "a rehearsal uses it" : "the role does not have it"}.`,
      ),
  ];
}

/** Rows that hide what they speak of: patterns of calls that change something, and actions that stand twice. */
export function hiddenIn(table: readonly Unused[]): readonly string[] {
  const named = table.flatMap(({ roles, actions }) => actions.flatMap((action) => roles.map((role) => `${action} of the ${role} role`)));
  return [
    ...table
      .flatMap(({ actions }) => actions)
      .filter((action) => action.includes("*") && !isLook(action))
      .map((action) => `${action} changes something: name each action`),
    ...named.filter((name, index) => named.indexOf(name) !== index).map((name) => `${name} stands twice`),
  ];
}
