import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Lazy, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policyDocument, type PolicyStatement } from "./policy";

/** Whoever can be given rights. Constructs hand out rights by methods such as `queue.grantSend(grantee)`. */
export interface Grantee {
  /** Adds a right; the same right twice counts once. */
  grant(statement: PolicyStatement): void;
}

export interface RoleProps {
  /** Physical name, 1 to 64 characters. */
  readonly name: string;
  readonly description: string;
  /** The service that takes the role, such as `ec2.amazonaws.com`; or whole trust statements. */
  readonly assumedBy: string | readonly Omit<PolicyStatement, "resources">[];
  /** ARN of the policy that no grant can exceed. @default none */
  readonly permissionsBoundary?: string;
  /** Longest session in seconds, 3600 to 43200. @default 3600 */
  readonly maxSessionDuration?: number;
}

/** An IAM role whose policy is the sum of its grants (SEC-046, design 8). */
export class Role extends Construct implements Grantee {
  readonly arn: string;
  readonly name: string;
  private readonly statements = new Map<string, PolicyStatement>();
  private readonly role: IamRole;
  private policy?: IamRolePolicy;

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const { name, description, assumedBy, permissionsBoundary, maxSessionDuration = 3600 } = props;
    this.role = new IamRole(this, "role", {
      name,
      description,
      permissionsBoundary,
      maxSessionDuration,
      assumeRolePolicy: trustPolicy(assumedBy),
    });
    this.arn = this.role.arn;
    this.name = this.role.name;
  }

  /** What must wait until the role has its rights depends on these. Ask when all grants are made. */
  get granted(): readonly ITerraformDependable[] {
    return this.policy ? [this.policy] : [];
  }

  grant(statement: PolicyStatement): void {
    if (!this.policy) {
      this.policy = new IamRolePolicy(this, "grants", {
        name: "grants",
        role: this.role.id,
        policy: Lazy.stringValue({ produce: () => policyDocument([...this.statements.values()]) }),
      });
    }
    this.statements.set(JSON.stringify(statement), statement);
  }
}

/** A trust policy names no resource. */
function trustPolicy(assumedBy: RoleProps["assumedBy"]): string {
  const statements = typeof assumedBy === "string" ? [{ principals: { Service: assumedBy }, actions: ["sts:AssumeRole"] }] : assumedBy;
  const document = JSON.parse(policyDocument(statements.map((statement) => ({ ...statement, resources: [] })))) as {
    Statement: { Resource?: unknown }[];
  };
  for (const statement of document.Statement) delete statement.Resource;
  return JSON.stringify(document);
}
