/** Roles, users and policies of IAM that stacks name or need and do not make: AWS refuses a policy or an access entry that names nobody. */
import { isRecord } from "../../terraform/resolve";
import { AwsError } from "../aws";
import { blocksIn, bootstrapCommand, grouped, isLiteral, leaves, type Answer, type Found, type Need, type Subject } from "./need";

const ARN = /^arn:aws[\w-]*:iam::(\d{12}):(role|user|policy)\/(.+)$/;
const SERVICE_LINKED = /^aws-service-role\/([^/]+)\//;

/**
 * Whom key policies and other resources' policies name, whom access entries of EKS let in, and the boundaries of roles.
 *
 * Service-linked roles that no policy names are none of them: see `serviceLinkedRoles`.
 */
export function principals(subject: Subject): Need[] {
  const { environment, aws } = subject;
  const named = blocksIn(subject).flatMap((found) => namedBy(found.block).map((value): Found<string> => ({ ...found, value })));
  const made = madeBy(subject);
  return grouped(
    named.filter(({ value }) => !made.has(value)),
    ({ value }) => value,
  ).map(({ value, stacks, access }): Need => {
    const [, account, what, path] = ARN.exec(value)!;
    const service = SERVICE_LINKED.exec(path!)?.[1];
    const make =
      service !== undefined
        ? makeLinked(service)
        : path!.startsWith("tss-")
          ? bootstrapCommand(environment)
          : `make the ${what}, or take it out of the literal`;
    return {
      kind: service !== undefined ? "service-linked role" : what === "policy" ? "policy" : "principal",
      name: value,
      stacks,
      ask: async () => {
        if (account !== environment.account) return { state: "unknown", why: `it is one of the account ${account}, which is not asked` };
        const last = path!.split("/").at(-1)!;
        try {
          if (what === "policy") await aws(access).query("iam", "GetPolicy", { PolicyArn: value });
          else if (what === "role") await aws(access).query("iam", "GetRole", { RoleName: last });
          else await aws(access).query("iam", "GetUser", { UserName: last });
          return { state: "there" };
        } catch (error) {
          if (error instanceof AwsError && error.code === "NoSuchEntity")
            return { state: "missing", why: "this account has none, and AWS refuses to name one that is not there", make };
          throw error;
        }
      },
    };
  });
}

const makeLinked = (service: string): string => `aws iam create-service-linked-role --aws-service-name ${service}`;

/** By the type that first uses it. */
const FIRST_USED: Readonly<Record<string, { readonly service: string; readonly role: string; readonly without: Answer }>> = {
  // https://github.com/hashicorp/terraform-provider-aws/issues/15452
  aws_ecs_cluster: {
    service: "ecs.amazonaws.com",
    role: "AWSServiceRoleForECS",
    without: {
      state: "missing",
      why: "this account has none; ECS makes it with the first cluster, and then fails on it, because it is not yet known everywhere",
    },
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html
  aws_lb: {
    service: "elasticloadbalancing.amazonaws.com",
    role: "AWSServiceRoleForElasticLoadBalancing",
    without: {
      state: "advised",
      why: "this account has none; the first load balancer makes it, for whoever has the right iam:CreateServiceLinkedRole",
    },
  },
};

/**
 * Roles that AWS makes for whoever first uses a service and may (`iam:CreateServiceLinkedRole`, which the deploy role may): those whose first use
 * is known to fail or to be refused.
 */
export function serviceLinkedRoles(subject: Subject): Need[] {
  const { environment, aws } = subject;
  const using = blocksIn(subject, ...Object.keys(FIRST_USED)).map((found): Found<string> => ({ ...found, value: found.type }));
  return grouped(using, ({ value }) => value).map(({ value, stacks, access }): Need => {
    const { service, role, without } = FIRST_USED[value]!;
    return {
      kind: "service-linked role",
      name: `arn:aws:iam::${environment.account}:role/aws-service-role/${service}/${role}`,
      stacks,
      ask: async () => {
        try {
          await aws(access).query("iam", "GetRole", { RoleName: role });
          return { state: "there" };
        } catch (error) {
          if (error instanceof AwsError && error.code === "NoSuchEntity") return { ...without, make: makeLinked(service) };
          throw error;
        }
      },
    };
  });
}

function namedBy(block: Readonly<Record<string, unknown>>): string[] {
  const direct = [block.permissions_boundary, block.principal_arn];
  const policies = Object.values(block).flatMap((value) => (typeof value === "string" ? principalsOf(value) : []));
  return [...new Set([...direct, ...policies].filter((value): value is string => isLiteral(value) && ARN.test(value)))];
}

/** Who is named by the statements of a policy. */
function principalsOf(text: string): string[] {
  if (!text.trimStart().startsWith("{") || !text.includes("Principal")) return [];
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    return []; // put together by Terraform
  }
  const statements = isRecord(policy) ? [policy.Statement].flat() : [];
  return statements.flatMap((statement) =>
    isRecord(statement) && isRecord(statement.Principal) ? [...leaves(statement.Principal.AWS)] : [],
  );
}

/** ARNs of what these very stacks make. */
function madeBy(subject: Subject): ReadonlySet<string> {
  const { account } = subject.environment;
  return new Set(
    blocksIn(subject, "aws_iam_role", "aws_iam_policy", "aws_iam_user").flatMap(({ type, block: { name, path } }) =>
      isLiteral(name) ? [`arn:aws:iam::${account}:${type.slice("aws_iam_".length)}${isLiteral(path) ? path : "/"}${name}`] : [],
    ),
  );
}
