/** What policies say of a request: identity-based ones within a permissions boundary, as AWS evaluates them inside an account. */

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Request {
  /** Such as `sqs:CreateQueue`. */
  readonly action: string;
  /** An ARN; `*` where the action speaks of none. */
  readonly resource: string;
  /** Values of condition keys; a key that a request does not have is undefined. */
  readonly context: (key: string) => string | undefined;
}

export type Verdict = "allowed" | "denied" | "not granted" | "outside the boundary";

export const list = (items: string | readonly string[] = []): readonly string[] => [items].flat();

/** Whether a text is as a pattern of a policy wants it; actions do not tell capitals from small letters. */
export function matches(pattern: string, text: string, flags = ""): boolean {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    flags,
  ).test(text);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html @throws for an operator that no policy here had when this was written */
export function judge(request: Request, identity: readonly Statement[], boundary?: readonly Statement[]): Verdict {
  const says = (statements: readonly Statement[], effect: Statement["Effect"]) =>
    statements.some((statement) => statement.Effect === effect && speaksOf(statement, request));
  if (says([...identity, ...(boundary ?? [])], "Deny")) return "denied";
  if (!says(identity, "Allow")) return "not granted";
  return boundary === undefined || says(boundary, "Allow") ? "allowed" : "outside the boundary";
}

function speaksOf(statement: Statement, request: Request): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const action = (pattern: string) => matches(pattern, request.action, "i");
  const resource = (pattern: string) => matches(pattern, request.resource);
  return (
    (NotAction === undefined ? list(Action).some(action) : !list(NotAction).some(action)) &&
    (NotResource === undefined ? list(Resource).some(resource) : !list(NotResource).some(resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, list(wanted), request.context(key))),
    )
  );
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function holds(operator: string, wanted: readonly string[], value: string | undefined): boolean {
  // Of several values each stands on a line of its own; it holds of none, too.
  const [, ofEach] = /^ForAllValues:(.+)$/.exec(operator) ?? [];
  if (ofEach !== undefined) return value === undefined || value.split("\n").every((one) => holds(ofEach, wanted, one));
  const [, , name, ifExists] = /^(ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return wanted.includes(String(value === undefined));
  const negated = /Not/.test(name ?? "");
  // Without the key nothing is equal to it: a negated operator holds, and so does what asks only if it exists.
  if (value === undefined) return negated || ifExists !== undefined;
  switch (name) {
    case "StringEquals":
    case "StringNotEquals":
      return wanted.includes(value) !== negated;
    case "Bool":
      return wanted.includes(value);
    case "StringLike":
    case "StringNotLike":
    case "ArnLike":
    case "ArnNotLike":
    case "ArnEquals":
    case "ArnNotEquals":
      return wanted.some((pattern) => matches(pattern, value)) !== negated;
    default:
      throw new Error(`The condition operator ${operator} is not known here: add it to test/rights/policy.ts`);
  }
}
