import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import type { StateBucket } from "../storage/state-bucket";
import type { GithubBoundary } from "./github-boundary";
import { deployImageDocument, deployRoleName, documentPrefix, iamPath, LOGON_ROTATION } from "./github-names";
import type { GithubOidc } from "./github-oidc";
import { grantLooking } from "./github-plan-role";
import { MANAGE_ACTIONS } from "./github-rights";
import { policyDocument, single } from "./policy";
import { Role } from "./role";

type Regions = readonly [own: string, ...copies: string[]];

export interface GithubDeployRoleProps {
  /** Name of the environment, in AWS and in GitHub. */
  readonly environment: string;
  /** Twelve digits. */
  readonly account: string;
  /** The environment's own region, such as `ap-northeast-1`, and that of its copies. */
  readonly regions: Regions;
  readonly github: GithubOidc;
  readonly states: StateBucket;
  readonly boundary: GithubBoundary;
  /** Names that it may set in zones of Route 53. @default none */
  readonly names?: readonly string[];
}

/** What a deploy may do, after GitHub's environment of the same name has let it through: manage the stacks, inside the boundary. */
export class GithubDeployRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: GithubDeployRoleProps) {
    super(scope, id);
    const { environment, account, regions, github, states, boundary, names = [] } = props;
    const role = new Role(this, "role", {
      name: deployRoleName(environment),
      description: `Deploys ${environment}`,
      assumedBy: github.trust(`environment:${environment}`),
      permissionsBoundary: boundary.arn,
      // A cluster, a database and a distribution, one after the other, take more than an hour.
      maxSessionDuration: 4 * 3600,
    });
    this.arn = role.arn;
    states.grantDeploy(role, environment);
    grantLooking(role, { account, environment });
    this.grantManaging(role, environment);
    this.grantIam(role, { environment, account, boundary });
    this.grantHosts(role, account, environment);
    this.grantData(role, account, regions);
    this.grantImages(role, account, environment);
    if (names.length > 0) this.grantNames(role, environment, names);
  }

  /**
   * What leads to the web application, and what ACM asks for to see whose the names are (`_<32 digits>.<name>`): a zone may hold more than this
   * environment's. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
   */
  private grantNames(role: Role, environment: string, names: readonly string[]): void {
    const policy = new IamPolicy(this, "names", {
      name: `${deployRoleName(environment)}-names`,
      description: `Sets the names of ${environment}`,
      policy: policyDocument([
        {
          actions: ["route53:ChangeResourceRecordSets"],
          resources: ["arn:aws:route53:::hostedzone/*"],
          conditions: {
            "ForAllValues:StringLike": {
              "route53:ChangeResourceRecordSetsNormalizedRecordNames": names.flatMap((name) => [name, `_${"?".repeat(32)}.${name}`]),
            },
            "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME"] },
          },
        },
      ]),
    });
    new IamRolePolicyAttachment(this, "names-attachment", { role: role.name, policyArn: policy.arn });
  }

  /**
   * Pushes images into the environment's repositories (OPS-055), and tells its machines one thing, by a document that takes nothing but a version: which
   * image of the web application to run (OPS-054).
   */
  private grantImages(role: Role, account: string, environment: string): void {
    const own = { StringEquals: { "aws:ResourceTag/Environment": environment } };
    const policy = new IamPolicy(this, "images", {
      name: `${deployRoleName(environment)}-images`,
      description: `Pushes images of ${environment}, and has its web application run them`,
      policy: policyDocument([
        { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
        {
          actions: [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
          ],
          resources: [`arn:aws:ecr:*:${account}:repository/*`],
          conditions: own,
        },
        { actions: ["ssm:SendCommand"], resources: [`arn:aws:ssm:*:${account}:document/${deployImageDocument(environment)}`] },
        {
          actions: ["ssm:SendCommand"],
          resources: [`arn:aws:ec2:*:${account}:instance/*`],
          conditions: { StringEquals: { "ssm:resourceTag/Environment": environment } },
        },
        { actions: ["ssm:GetCommandInvocation"], resources: ["*"] },
      ]),
    });
    new IamRolePolicyAttachment(this, "images-attachment", { role: role.name, policyArn: policy.arn });
  }

  /** Managed policies beside the role's own: together they are larger than one document may be. */
  private grantManaging(role: Role, environment: string): void {
    for (const [part, actions] of Object.entries(MANAGE_ACTIONS)) {
      const policy = new IamPolicy(this, part, {
        name: `${deployRoleName(environment)}-${part}`,
        description: `Manages the ${part} of ${environment}`,
        // On *: most ids are given by AWS only when a thing is made, and Create calls of EC2 name images and subnets beside it.
        // What keeps environments apart is the account, and the boundary's regions.
        policy: policyDocument([{ actions, resources: ["*"] }]),
      });
      new IamRolePolicyAttachment(this, `${part}-attachment`, { role: role.name, policyArn: policy.arn });
    }
  }

  /** IAM, on the environment's own path only, so that no role of anyone else can be changed or handed to a machine. Policies stand in roles: no stack makes managed ones. */
  private grantIam(role: Role, props: Pick<GithubDeployRoleProps, "environment" | "account" | "boundary">): void {
    const { environment, account, boundary } = props;
    const own = (kind: string) => `arn:aws:iam::${account}:${kind}${iamPath(environment)}*`;
    role.grant({
      sid: "RolesUnderBoundary",
      actions: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      resources: [own("role")],
      conditions: { StringEquals: { "iam:PermissionsBoundary": boundary.arn } },
    });
    role.grant({
      sid: "Roles",
      actions: [
        "iam:DeleteRole",
        "iam:PassRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRoleDescription",
      ],
      resources: [own("role")],
    });
    role.grant({
      sid: "InstanceProfiles",
      actions: [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:UntagInstanceProfile",
      ],
      resources: [own("instance-profile")],
    });
    // Roles that AWS defines; a service asks for its own the first time it is used.
    role.grant({
      sid: "ServiceLinkedRoles",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [`arn:aws:iam::${account}:role/aws-service-role/*`],
    });
  }

  /**
   * What hosts run and are told (Systems Manager): whoever associates a document with a machine is root there, so the environment's own documents
   * only, and none of AWS's that run any command. AWS does not look at the machines that an association's targets name, so it is they who refuse:
   * the role of a host reads its own document and no other (session-manager.ts).
   * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-iam.html
   */
  private grantHosts(role: Role, account: string, environment: string): void {
    const own = (kind: string, name: string) => `arn:aws:ssm:*:${account}:${kind}/${name}`;
    const documents = own("document", `${documentPrefix(environment)}*`);
    const associations = own("association", "*");
    const tagging = ["ssm:AddTagsToResource", "ssm:RemoveTagsFromResource"];
    role.grant({
      sid: "Documents",
      actions: [
        "ssm:CreateDocument",
        "ssm:DeleteAssociation",
        "ssm:DeleteDocument",
        "ssm:UpdateAssociation",
        "ssm:UpdateDocument",
        "ssm:UpdateDocumentDefaultVersion",
        ...tagging,
      ],
      resources: [documents],
    });
    // Whoever has Secrets Manager rotate a secret by a function must be able to call that function.
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    role.grant({
      sid: "LogonRotation",
      actions: ["lambda:InvokeFunction"],
      resources: [`arn:aws:lambda:*:${account}:function:${LOGON_ROTATION}*`],
    });
    // An association's id comes from AWS; the provider's default tags say whose it is.
    role.grant({
      sid: "NewAssociations",
      actions: ["ssm:CreateAssociation"],
      resources: [documents, associations],
      conditions: { StringEquals: { "aws:RequestTag/Environment": environment } },
    });
    role.grant({
      sid: "Associations",
      actions: ["ssm:DeleteAssociation", "ssm:UpdateAssociation", ...tagging],
      resources: [associations],
      conditions: { StringEquals: { "aws:ResourceTag/Environment": environment } },
    });
    // A window's role says what its tasks may run: one that the environment's own roles, under the boundary, can be passed as.
    role.grant({
      sid: "NewPatching",
      actions: ["ssm:CreateMaintenanceWindow", "ssm:CreatePatchBaseline"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestTag/Environment": environment } },
    });
    role.grant({
      sid: "Patching",
      actions: [
        "ssm:DeleteMaintenanceWindow",
        "ssm:DeletePatchBaseline",
        "ssm:DeregisterPatchBaselineForPatchGroup",
        "ssm:RegisterPatchBaselineForPatchGroup",
        "ssm:RegisterTargetWithMaintenanceWindow",
        "ssm:RegisterTaskWithMaintenanceWindow",
        "ssm:UpdateMaintenanceWindow",
        "ssm:UpdatePatchBaseline",
        ...tagging,
      ],
      resources: [own("maintenancewindow", "*"), own("patchbaseline", "*")],
      conditions: { StringEquals: { "aws:ResourceTag/Environment": environment } },
    });
    // Of both, and the second has no tags.
    role.grant({
      sid: "PatchingTasks",
      actions: [
        "ssm:DeregisterTargetFromMaintenanceWindow",
        "ssm:DeregisterTaskFromMaintenanceWindow",
        "ssm:UpdateMaintenanceWindowTarget",
        "ssm:UpdateMaintenanceWindowTask",
      ],
      resources: [own("maintenancewindow", "*"), own("windowtarget", "*"), own("windowtask", "*")],
    });
    role.grant({
      sid: "Parameters",
      actions: ["ssm:DeleteParameter", "ssm:PutParameter", ...tagging],
      resources: [own("parameter", `tss/${environment}/*`)],
    });
  }

  /** The little that a deploy does with contents: files it uploads, buckets it empties before it deletes them, volumes under a key. */
  private grantData(role: Role, account: string, regions: Regions): void {
    const objects = ["arn:aws:s3:::*/*"];
    const keys = [`arn:aws:kms:*:${account}:key/*`];
    const tagged = { StringEquals: { "s3:RequestObjectTag/ManagedBy": "cdktf" } };
    role.grant({ sid: "OwnFiles", actions: ["s3:PutObject", "s3:PutObjectTagging"], resources: objects, conditions: tagged });
    // S3 knows no tags when it deletes. Buckets that matter refuse: prevent_destroy, versions, the boundary for states.
    const ofAccount = { StringEquals: { "aws:ResourceAccount": account } };
    role.grant({ sid: "EmptyBuckets", actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"], resources: objects, conditions: ofAccount });
    // Keys get their ids from AWS; only for the services that encrypt with them, never for the role itself.
    role.grant({
      sid: "GrantsToServices",
      actions: ["kms:CreateGrant"],
      resources: keys,
      conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
    // EKS does not say of its grants that they are for AWS's resource. https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    role.grant({
      sid: "GrantsToClusters",
      actions: ["kms:CreateGrant"],
      resources: keys,
      conditions: { StringEquals: { "kms:ViaService": `eks.${regions[0]}.amazonaws.com` } },
    });
    const throughServices = { StringLike: { "kms:ViaService": single(regions.map((region) => `*.${region}.amazonaws.com`)) } };
    // DynamoDB encrypts and re-encrypts a table's own key, ECR gives its grant on a repository's key back.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html, https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    role.grant({
      sid: "KeysThroughServices",
      actions: [
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:RetireGrant",
      ],
      resources: keys,
      conditions: throughServices,
    });
  }
}
