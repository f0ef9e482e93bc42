import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { IAspect } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { StateBucket } from "../storage/state-bucket";
import { WATCH_CHANGES } from "./account-rights";
import { boundaryArn, boundaryName, bootstrapArns, iamPath, peopleRoles } from "./github-names";
import { policyDocument } from "./policy";

export interface GithubBoundaryProps {
  /** Twelve digits. */
  readonly account: string;
  /** Name of the environment. */
  readonly environment: string;
  /** The environment's own region, and that of its copies (NET-001, NET-002). */
  readonly regions: readonly string[];
  readonly states: StateBucket;
  /** Name of the budget whose action stops spending: no workflow changes it. @default there is none */
  readonly budget?: string;
}

/**
 * Services without regions; CloudFront's certificates, web ACLs, logs and metrics stand in us-east-1, whatever the region, and so do the bill and
 * the topics that alarms there tell.
 */
const GLOBAL_ACTIONS = ["budgets:*", "ce:*", "cloudfront:*", "iam:*", "route53:*", "sts:*"];
const VIRGINIA_ACTIONS = [
  ...["acm:*", "cloudwatch:*", "kms:*", "logs:*", "sns:*", "wafv2:*"],
  // What people look at there, of what watches the account: IAM's and root's events among it (docs/runbooks/account-watch.md).
  ...["cloudtrail:LookupEvents", "config:DescribeConfigurationRecorderStatus", "guardduty:Get*", "guardduty:List*"],
];

/** Calls that give a role rights, or change them. */
const ROLE_RIGHTS_ACTIONS = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
];

/** Calls that change IAM, hand a role to a service, or take one. */
const IAM_CHANGES = [
  "iam:Add*",
  "iam:Attach*",
  "iam:Create*",
  "iam:Delete*",
  "iam:Detach*",
  "iam:PassRole",
  "iam:Put*",
  "iam:Remove*",
  "iam:Set*",
  "iam:Tag*",
  "iam:Untag*",
  "iam:Update*",
  "sts:AssumeRole",
];

/** What an environment may change in IAM: what stands on its path, and the roles that AWS defines and a service asks for. */
const ownIam = (account: string, environment: string): readonly string[] => [
  ...["instance-profile", "policy", "role"].map((kind) => `arn:aws:iam::${account}:${kind}${iamPath(environment)}*`),
  `arn:aws:iam::${account}:role/aws-service-role/*`,
];

/**
 * The most that the deploy role of an environment, and every role that it makes, can ever do, whatever policies they are given.
 *
 * It gives nothing: a right must stand in a role's own policy too. The wildcards below are therefore not rights but the fence.
 */
export class GithubBoundary extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: GithubBoundaryProps) {
    super(scope, id);
    const { account, budget, environment, regions, states } = props;
    const self = boundaryArn(account, environment);
    const policy = new IamPolicy(this, "policy", {
      name: boundaryName(environment),
      description: `The most that roles of ${environment} can do`,
      policy: policyDocument([
        { sid: "OwnRegions", actions: ["*"], resources: ["*"], conditions: { StringEquals: { "aws:RequestedRegion": regions } } },
        { sid: "GlobalServices", actions: GLOBAL_ACTIONS, resources: ["*"] },
        {
          sid: "EdgeServices",
          actions: VIRGINIA_ACTIONS,
          resources: ["*"],
          conditions: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
        },
        // Whoever could make a role without this boundary could leave it.
        {
          sid: "RolesCarryBoundary",
          effect: "Deny",
          actions: ROLE_RIGHTS_ACTIONS,
          resources: ["*"],
          conditions: { StringNotEquals: { "iam:PermissionsBoundary": self } },
        },
        // Nor by a role of somebody else: one whose trust it could rewrite, that it could hand to a machine, or take.
        { sid: "OnlyOwnIam", effect: "Deny", actions: IAM_CHANGES, resources: { allBut: ownIam(account, environment) } },
        {
          // On *: whosever boundary it is, and whatever the user is called. People come through single sign-on (SEC-048).
          sid: "NoWayAround",
          effect: "Deny",
          resources: ["*"],
          actions: [
            "iam:*AccessKey*",
            "iam:*LoginProfile",
            "iam:*SAMLProvider",
            "iam:AddUserToGroup",
            "iam:AttachGroupPolicy",
            "iam:AttachUserPolicy",
            "iam:CreateUser",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteUserPermissionsBoundary",
            "iam:PutGroupPolicy",
            "iam:PutUserPolicy",
          ],
        },
        // Whoever is watched does not stop the watch (SEC-072, SEC-074, SEC-075).
        { sid: "WatchIsFixed", effect: "Deny", actions: WATCH_CHANGES, resources: ["*"] },
        // Nor does a workflow change whom the roles for people let in: they stand on the environment's path, and are an administrator's (SEC-048).
        // Another role of the environment can still be made with any trust; Access Analyzer tells of one that lets in who is outside of the account.
        {
          sid: "BootstrapIsFixed",
          effect: "Deny",
          resources: [...bootstrapArns(account), peopleRoles(account)],
          actions: IAM_CHANGES,
        },
        // Bootstrap and the account's own stack are deployed by an administrator. Their states may be read and locked, so that a deploy of all stacks passes it.
        // Other environments' states are kept by their bucket itself (StateBucket.reserve).
        {
          sid: "StatesAreFixed",
          effect: "Deny",
          resources: [states.arn, `${states.arn}/*`],
          actions: ["s3:DeleteBucket*", "s3:DeleteObjectVersion*", "s3:PutBucket*", "s3:Put*Configuration"],
        },
        {
          sid: "AdministratorsStates",
          effect: "Deny",
          actions: ["s3:DeleteObject", "s3:PutObject"],
          resources: [`${states.arn}/*/account.tfstate`, `${states.arn}/*/bootstrap.tfstate`],
        },
        ...(budget !== undefined
          ? [
              {
                sid: "BudgetIsFixed",
                effect: "Deny" as const,
                // With its actions, whose ARNs begin so.
                resources: [`arn:aws:budgets::${account}:budget/${budget}*`],
                actions: [
                  "budgets:CreateBudgetAction",
                  "budgets:DeleteBudgetAction",
                  "budgets:ExecuteBudgetAction",
                  "budgets:ModifyBudget",
                  "budgets:UpdateBudgetAction",
                ],
              },
            ]
          : []),
        ...(states.key
          ? [
              {
                sid: "StateKey",
                effect: "Deny" as const,
                resources: [states.key.arn],
                actions: ["kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateAlias"],
              },
            ]
          : []),
      ]),
    });
    this.arn = policy.arn;
  }
}

/**
 * Puts what a stack makes in IAM on the environment's path and its roles under the environment's boundary: the deploy role may
 * make no others. `Aspects.of(stack).add(new IamUnderBoundary(environment))`, for every stack but bootstrap.
 */
export class IamUnderBoundary implements IAspect {
  private readonly path: string;
  private readonly boundary: string;

  constructor({ account, name }: { readonly account: string; readonly name: string }) {
    this.path = iamPath(name);
    this.boundary = boundaryArn(account, name);
  }

  visit(node: IConstruct): void {
    if (node instanceof IamRole || node instanceof IamPolicy || node instanceof IamInstanceProfile) node.path = this.path;
    if (node instanceof IamRole) node.permissionsBoundary = this.boundary;
  }
}
