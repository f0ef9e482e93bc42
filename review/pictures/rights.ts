/** Who may call what: the policies of roles, from what has a role to what a policy names. */
import type { Resource, Stacks } from "./synthesised-stacks";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/** What a role may do with one resource. */
export interface Right {
  readonly resource: Resource;
  readonly actions: readonly string[];
}

export class Rights {
  constructor(private readonly stacks: Stacks) {}

  /** Each resource that the role's policies name. */
  of(role: Resource): Right[] {
    const found = new Map<string, { resource: Resource; actions: string[] }>();
    for (const { policy, stack } of this.policies(role)) {
      for (const { Effect, Action, Resource: named } of statementsOf(policy)) {
        if (Effect !== "Allow") continue;
        for (const resource of this.stacks.references({ stack }, named)) {
          const right = found.get(resource.key) ?? { resource, actions: [] };
          found.set(resource.key, { resource, actions: [...right.actions, ...[Action].flat()] });
        }
      }
    }
    return [...found.values()];
  }

  /** Whether the role may call an action on anything. */
  may(role: Resource, action: string): boolean {
    return this.policies(role).some(({ policy }) =>
      statementsOf(policy).some(({ Effect, Action }) => Effect === "Allow" && [Action].flat().includes(action)),
    );
  }

  private policies(role: Resource): { readonly policy: unknown; readonly stack: string }[] {
    const isOfRole = ({ stack, block }: Resource) => this.stacks.references({ stack }, block.role).some(({ key }) => key === role.key);
    const attached = this.stacks
      .of("aws_iam_role_policy_attachment")
      .filter(isOfRole)
      .flatMap((attachment) =>
        this.stacks.references(attachment, attachment.block.policy_arn).filter(({ type }) => type === "aws_iam_policy"),
      );
    return [...this.stacks.of("aws_iam_role_policy").filter(isOfRole), ...attached].map(({ block, stack }) => ({
      policy: block.policy,
      stack,
    }));
  }
}

function statementsOf(policy: unknown): readonly Statement[] {
  if (typeof policy !== "string" || !policy.startsWith("{")) return [];
  return [(JSON.parse(policy) as { Statement: Statement | readonly Statement[] }).Statement].flat();
}
