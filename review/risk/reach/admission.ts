/** Whether somebody may still do something by the policies that stand: what let them before must let them as widely as before. */
import { isEqual } from "../../json-values";
import { covers } from "../glob";
import { isAsStrict } from "../policy-conditions";
import { deniesWithoutTls, type Statement } from "../policy-document";
import { nameOf, type Node } from "./world";

/** Who does what to which resource. */
export interface Request {
  /** `Service:sns.amazonaws.com`; undefined by the policies of a role. */
  readonly who?: string;
  /** In lower case: `sns:publish`. */
  readonly action: string;
  readonly target: Node;
  /** For whom the service does it: statements for other sources do not count. */
  readonly source?: Node;
}

/** What policies say of a request. */
export interface Answer {
  readonly allowed: readonly Statement[];
  readonly denied: readonly Statement[];
}

/** Undefined where a policy cannot be read: nothing is said of it. */
export function answerOf(statements: readonly Statement[] | undefined, request: Request): Answer | undefined {
  const speaking = statements?.filter((statement) => concerns(statement, request));
  return (
    speaking && { allowed: speaking.filter(({ effect }) => effect === "Allow"), denied: speaking.filter(({ effect }) => effect === "Deny") }
  );
}

function concerns({ principals, actions, resources, condition }: Statement, { who, action, target, source }: Request): boolean {
  const takes = (selection: { readonly but: boolean; readonly patterns: readonly string[] }, meant: (pattern: string) => boolean) =>
    selection.but !== selection.patterns.some(meant);
  if (who !== undefined && !(principals && takes(principals, (pattern) => pattern === "*" || pattern === who))) return false;
  const sources = Object.values(condition).flatMap((keys) => keys["aws:sourcearn"] ?? []);
  if (source && sources.length > 0 && !sources.some((pattern) => isMeant(pattern, source))) return false;
  return takes(actions, (pattern) => covers(pattern, action)) && takes(resources, (pattern) => isMeant(pattern, target));
}

/** A resource is named as itself, with what is in it, or by a pattern of its ARN. */
function isMeant(pattern: string, target: Node): boolean {
  const { key, values } = target;
  if (pattern === "*" || pattern.startsWith(`\${${key}}`)) return true;
  if (!pattern.startsWith("arn:")) return false;
  // Account and region of an ARN in the code are those of the account, of one in a state that is made up they are not.
  const last = pattern.split(/[:/]/).at(-1)!;
  return (typeof values.arn === "string" && covers(pattern, values.arn)) || (last !== "" && covers(last, nameOf(target)));
}

/** Whether a request that was let through is refused from now on; false where either side is not known. */
export function isCut(before: Answer | undefined, after: Answer | undefined): boolean {
  if (!before || !after || before.allowed.length === 0) return false;
  const stands = after.allowed.some((statement) => before.allowed.some(({ condition }) => isAsStrict(condition, statement.condition)));
  return (
    !stands || after.denied.some((statement) => !deniesWithoutTls(statement) && !before.denied.some((other) => isEqual(other, statement)))
  );
}
