/** IAM policy documents: the only place that knows their JSON. */

/** One statement of a policy. Actions and resources are exact; `*` needs its reason beside it (design 8). */
export interface PolicyStatement {
  readonly sid?: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Such as `sqs:SendMessage`. */
  readonly actions: readonly string[];
  /** ARNs; in a Deny also all but some. */
  readonly resources: readonly string[] | { readonly allBut: readonly string[] };
  /** Whom a resource policy speaks of: `{ Service: "sns.amazonaws.com" }`, or `"*"`. */
  readonly principals?: "*" | Readonly<Record<string, string | readonly string[]>>;
  /** `{ ArnEquals: { "aws:SourceArn": … } }`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document of version 2012-10-17 (SEC-041). Tokens in it are resolved by Terraform. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", principals, actions, resources, conditions }) => ({
      ...(sid && { Sid: sid }),
      Effect: effect,
      ...(principals && { Principal: principals }),
      Action: single(actions),
      ...("allBut" in resources ? { NotResource: single(resources.allBut) } : { Resource: single(resources) }),
      ...(conditions && { Condition: conditions }),
    })),
  });
}

/** IAM stores a list of one as its only member; written the same way, the second plan is empty. */
export const single = (items: readonly string[]): string | readonly string[] => (items.length === 1 ? items[0]! : items);

/** Refuses every call that does not come over TLS (SEC-061). */
export function denyWithoutTls(resources: readonly string[], service: string): PolicyStatement {
  return {
    sid: "DenyWithoutTls",
    effect: "Deny",
    principals: "*",
    actions: [`${service}:*`],
    resources,
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  };
}
