/** What a call asks of IAM: actions, on what, under which conditions. */
import { REHEARSAL_STATE_BUCKET } from "../../../stacks/target";
import type { Request } from "../policy";
import { actionsOf, prefixOf } from "./actions";
import { onlyLooks, tagsIn, textsIn, type Account, type Call } from "./calls";

/** The environment whose rehearsal it was. */
export interface Rehearsed {
  readonly name: string;
  readonly account: string;
  /** Where its states are in an account; a rehearsal keeps them in a bucket of its own. */
  readonly stateBucket: string;
}

/** Services that are called in us-east-1, whatever the environment's region. */
const GLOBAL_SERVICES = ["budgets", "ce", "cloudfront", "iam", "route53", "sts"];

/** The action that tags on creation ask for, where it is not TagResource. */
const TAGGING: Readonly<Record<string, string>> = {
  acm: "AddTagsToCertificate",
  sagemaker: "AddTags",
  ec2: "CreateTags",
  elasticache: "AddTagsToResource",
  elbv2: "AddTags",
  rds: "AddTagsToResource",
  sqs: "TagQueue",
  ssm: "AddTagsToResource",
};
/** Services whose creations ask for no right to tag. */
const TAGS_FREELY: readonly string[] = ["autoscaling", "s3"];

/** Operations of S3 that speak of objects. */
const OF_OBJECTS = /Object(s|Tagging|Acl)?$/;
const OF_BUCKET = /^(ListObject|GetObjectLock|PutObjectLock)/;

const text = (call: Call, ...names: readonly string[]): string | undefined =>
  names.map((name) => (call.members as Call["members"] | null)?.[name]).find((value) => typeof value === "string") as string | undefined;

/** What calls of a service speak of, where its rights are given on less than everything. */
const RESOURCES: Readonly<Record<string, (call: Call, account: Account, rehearsed: Rehearsed) => string | undefined>> = {
  iam(call, account) {
    const [role, profile, policy] = [text(call, "RoleName"), text(call, "InstanceProfileName"), text(call, "PolicyName")];
    if (call.operation === "CreateServiceLinkedRole")
      return `arn:aws:iam::${call.account}:role/aws-service-role/${text(call, "AWSServiceName")}/AWSServiceRole`;
    if (call.operation === "CreatePolicy") return `arn:aws:iam::${call.account}:policy${text(call, "Path") ?? "/"}${policy}`;
    if (profile !== undefined) return account.profileArn(call.account, profile);
    if (role !== undefined) return account.roleArn(call.account, role);
    return text(call, "PolicyArn", "OpenIDConnectProviderArn");
  },
  s3(call, _, { stateBucket }) {
    const [bucket, key] = [text(call, "Bucket"), text(call, "Key")];
    const name = `arn:aws:s3:::${bucket === REHEARSAL_STATE_BUCKET ? stateBucket : bucket}`;
    return OF_OBJECTS.test(call.operation) && !OF_BUCKET.test(call.operation) ? `${name}/${key ?? "*"}` : name;
  },
  ssm(call) {
    const name = text(call, "Name", "ResourceId");
    const at = `arn:aws:ssm:${call.region}`;
    const kind = text(call, "ResourceType");
    if (/Parameter/.test(call.operation) || kind === "Parameter")
      return name === undefined
        ? undefined
        : `${at}:${name.startsWith("/aws/service/") ? "" : call.account}:parameter/${name.replace(/^\//, "")}`;
    // What is not made yet has no id, and the tags it is made with are judged all the same.
    if (/MaintenanceWindow/.test(call.operation) || kind === "MaintenanceWindow")
      return `${at}:${call.account}:maintenancewindow/${text(call, "WindowId", "ResourceId") ?? "mw-new"}`;
    if (/PatchBaseline/.test(call.operation) || kind === "PatchBaseline")
      return `${at}:${call.account}:patchbaseline/${text(call, "BaselineId", "ResourceId") ?? "pb-new"}`;
    if (/Association/.test(call.operation) && name === undefined) return `${at}:${call.account}:association/${text(call, "AssociationId")}`;
    if (kind === "Association") return `${at}:${call.account}:association/${name}`;
    return name === undefined ? undefined : `${at}:${name.startsWith("AWS-") ? "" : call.account}:document/${name}`;
  },
  route53(call) {
    const zone = text(call, "HostedZoneId");
    return zone === undefined ? undefined : `arn:aws:route53:::hostedzone/${zone.replace("/hostedzone/", "")}`;
  },
  kms(call) {
    const id = text(call, "KeyId", "TargetKeyId");
    return id === undefined || id.startsWith("arn:")
      ? id
      : `arn:aws:kms:${call.region}:${call.account}:${id.startsWith("alias/") ? id : `key/${id}`}`;
  },
};

/** The ARN that a call speaks of: one of its own service among its members, or one that only `*` means. */
function resourceOf(call: Call, account: Account, rehearsed: Rehearsed): string {
  const prefix = prefixOf(call.service);
  return (
    RESOURCES[call.service]?.(call, account, rehearsed) ??
    textsIn(call.members)
      .map(([, value]) => value)
      .find((value) => value.startsWith(`arn:aws:${prefix}:`)) ??
    "*"
  );
}

/** The roles that a call hands to a service. */
function rolesPassed(call: Call, account: Account): readonly string[] {
  if (call.service === "iam" ? call.operation !== "AddRoleToInstanceProfile" : onlyLooks(call.operation)) return [];
  if (call.service === "iam") return [account.roleArn(call.account, text(call, "RoleName")!)];
  const profile = call.members.IamInstanceProfile as { readonly Arn?: string; readonly Name?: string } | undefined;
  const named = textsIn(call.members)
    .filter(([name, value]) => /role/i.test(name) && value.startsWith(`arn:aws:iam::${call.account}:role/`))
    .map(([, value]) => value);
  return profile === undefined ? named : [...named, account.roleOfProfile(call.account, profile.Name ?? profile.Arn ?? "")];
}

/** The actions beside a call's own that its members ask for. */
function besides(call: Call, account: Account, resource: string): readonly Pick<Request, "action" | "resource">[] {
  const passed = rolesPassed(call, account).map((role) => ({ action: "iam:PassRole", resource: role }));
  const creates =
    /^(Allocate|Create|Put|Register|Request|Run)/.test(call.operation) &&
    Object.keys(tagsIn(call.members)).length > 0 &&
    !TAGS_FREELY.includes(call.service);
  const kind = /^Create(\w+)$/.exec(call.operation)?.[1];
  const tagging = creates
    ? [
        {
          action: `${prefixOf(call.service)}:${call.service === "iam" ? `Tag${kind}` : (TAGGING[call.service] ?? "TagResource")}`,
          resource,
        },
      ]
    : [];
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: with tags it asks for the right to give them.
  const objects =
    call.service === "s3" && call.operation === "PutObject" && call.members.Tagging !== undefined
      ? [{ action: "s3:PutObjectTagging", resource }]
      : [];
  return [...passed, ...tagging, ...objects];
}

/** What a change of records is judged by, a line for each. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html */
function ofRecords(call: Call, what: "Name" | "Type"): string | undefined {
  const { Changes } = (call.members.ChangeBatch ?? {}) as {
    readonly Changes?: readonly { readonly ResourceRecordSet: { readonly Name: string; readonly Type: string } }[];
  };
  return Changes?.map(({ ResourceRecordSet: record }) =>
    what === "Name" ? record.Name.toLowerCase().replace(/\.$/, "") : record.Type,
  ).join("\n");
}

/** Every request that IAM judges when a call is made. */
export function requestsOf(call: Call, account: Account, rehearsed: Rehearsed): readonly Request[] {
  const resource = resourceOf(call, account, rehearsed);
  const own = actionsOf(call.service, call.operation).map((action) => ({ action, resource }));
  const tags = tagsIn(call.members);
  const [bucket, key, role] = [text(call, "Bucket"), text(call, "Key"), text(call, "RoleName")];
  const sent = Object.fromEntries(new URLSearchParams(text(call, "Tagging") ?? ""));
  const context = (name: string): string | undefined => {
    const [, kind, tag] = /^(?:\w+:)?(.*[Tt]ag)\/(.+)$/.exec(name) ?? [];
    switch (kind) {
      case "RequestTag":
        return tags[tag!];
      case "RequestObjectTag":
        return sent[tag!];
      case "ExistingObjectTag":
        return account.tagsOf(bucket!, key!)[tag!];
      // The provider's default tags are on all that a stack makes.
      case "ResourceTag":
      case "resourceTag":
        return { ManagedBy: "cdktf", Environment: rehearsed.name }[tag!];
    }
    switch (name) {
      case "aws:RequestedRegion":
        return GLOBAL_SERVICES.includes(call.service) ? "us-east-1" : call.region;
      case "aws:ResourceAccount":
      case "aws:PrincipalAccount":
      case "aws:SourceAccount":
        return call.account;
      case "route53:ChangeResourceRecordSetsNormalizedRecordNames":
        return ofRecords(call, "Name");
      case "route53:ChangeResourceRecordSetsRecordTypes":
        return ofRecords(call, "Type");
      case "iam:PermissionsBoundary":
        return text(call, "PermissionsBoundary") ?? (role === undefined ? undefined : account.boundaryOf(role));
      default:
        return undefined;
    }
  };
  return own.length === 0 ? [] : [...own, ...besides(call, account, resource)].map((request) => ({ ...request, context }));
}
