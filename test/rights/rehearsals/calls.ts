/** The calls of a rehearsal, as the emulator wrote them down, and the account that they made. */
import { matches, type Statement } from "../policy";

type Members = Readonly<Record<string, unknown>>;

/** One call, with what the emulator keeps of its members: no contents, no secrets. */
export interface Call {
  /** The step of the rehearsal, such as `Deploy`. */
  readonly phase: string;
  /** `dev-data`; null for calls that no stack made. */
  readonly stack: string | null;
  /** botocore's name, such as `elbv2`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  readonly members: Members;
}

/** @throws for requests that the emulator could not read: nobody could say which right they need */
export function readCalls(text: string): readonly Call[] {
  let phase = "";
  const calls: Call[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const entry = JSON.parse(line) as Partial<Call> & { readonly unread?: string };
    if (entry.unread !== undefined) throw new Error(`The emulator did not know which operation this was: ${entry.unread}`);
    if (entry.operation === undefined) phase = entry.phase!;
    else calls.push({ ...(entry as Call), phase });
  }
  return calls;
}

interface Role {
  readonly arn: string;
  readonly boundary?: string;
  readonly inline: Map<string, readonly Statement[]>;
  readonly attached: Set<string>;
}

/** What calls have made of IAM and S3: the roles with their rights as deployed, every reference filled in. */
export class Account {
  private readonly roles = new Map<string, Role>();
  private readonly policies = new Map<string, readonly Statement[]>();
  private readonly profiles = new Map<string, string>();
  private readonly profileRoles = new Map<string, string>();
  private readonly objectTags = new Map<string, Readonly<Record<string, string>>>();

  constructor(calls: readonly Call[]) {
    for (const call of calls) this.follow(call);
  }

  private follow({ service, operation, account, members }: Call): void {
    const text = (name: string) => members[name] as string;
    const arn = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}${text("Path") ?? "/"}${name}`;
    if (service === "s3" && operation === "PutObject" && members.Tagging !== undefined)
      this.objectTags.set(`${text("Bucket")}/${text("Key")}`, Object.fromEntries(new URLSearchParams(text("Tagging"))));
    if (service !== "iam") return;
    switch (operation) {
      case "CreateRole":
        this.roles.set(text("RoleName"), {
          arn: arn("role", text("RoleName")),
          boundary: text("PermissionsBoundary"),
          inline: new Map(),
          attached: new Set(),
        });
        break;
      case "PutRolePolicy":
        this.roles.get(text("RoleName"))?.inline.set(text("PolicyName"), statementsOf(text("PolicyDocument")));
        break;
      case "AttachRolePolicy":
        this.roles.get(text("RoleName"))?.attached.add(text("PolicyArn"));
        break;
      case "CreatePolicy":
        this.policies.set(arn("policy", text("PolicyName")), statementsOf(text("PolicyDocument")));
        break;
      case "CreateInstanceProfile":
        this.profiles.set(text("InstanceProfileName"), arn("instance-profile", text("InstanceProfileName")));
        break;
      case "AddRoleToInstanceProfile":
        this.profileRoles.set(text("InstanceProfileName"), text("RoleName"));
        break;
    }
  }

  has(role: string): boolean {
    return this.roles.has(role);
  }

  /** @throws for a role that was not made, or a policy that the calls do not show */
  rightsOf(name: string): { readonly identity: readonly Statement[]; readonly boundary?: readonly Statement[] } {
    const role = this.roles.get(name);
    if (!role) throw new Error(`No call made the role ${name}`);
    const policy = (arn: string) => {
      const statements = this.policies.get(arn);
      if (!statements) throw new Error(`${name}: no call made the policy ${arn}`);
      return statements;
    };
    return {
      identity: [...[...role.inline.values()].flat(), ...[...role.attached].flatMap(policy)],
      boundary: role.boundary === undefined ? undefined : policy(role.boundary),
    };
  }

  /** ARN of a role; one that no call made stands on the path that AWS or somebody else gave it, which is not known. */
  roleArn(account: string, name: string): string {
    return this.roles.get(name)?.arn ?? `arn:aws:iam::${account}:role/unknown/${name}`;
  }

  boundaryOf(role: string): string | undefined {
    return this.roles.get(role)?.boundary;
  }

  profileArn(account: string, name: string): string {
    return this.profiles.get(name) ?? `arn:aws:iam::${account}:instance-profile/unknown/${name}`;
  }

  /** The role in a profile, which is named or given by its ARN. */
  roleOfProfile(account: string, profile: string): string {
    return this.roleArn(account, this.profileRoles.get(profile.split("/").at(-1)!) ?? "none");
  }

  tagsOf(bucket: string, key: string): Readonly<Record<string, string>> {
    return this.objectTags.get(`${bucket}/${key}`) ?? {};
  }
}

const statementsOf = (document: string): readonly Statement[] =>
  [(JSON.parse(document) as { readonly Statement: Statement | readonly Statement[] }).Statement].flat();

/** Every text in a call's members, with the name of the member that holds it. */
export function textsIn(value: unknown, name = ""): readonly (readonly [name: string, text: string])[] {
  if (typeof value === "string") return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, name));
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, item]) => textsIn(item, key)) : [];
}

/** Tags that a call gives, in whichever of AWS's shapes. */
export function tagsIn(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  const found: Record<string, string> = {};
  for (const [name, item] of Object.entries(value)) {
    if (/^(tags?|taglist)$/i.test(name)) {
      if (!Array.isArray(item)) Object.assign(found, item);
      else
        for (const tag of item as readonly Readonly<Record<string, string>>[])
          found[tag.Key ?? tag.key ?? tag.TagKey!] = tag.Value ?? tag.value ?? tag.TagValue ?? "";
    } else if (/^TagSpecifications$/.test(name)) for (const one of item as readonly unknown[]) Object.assign(found, tagsIn(one));
  }
  return found;
}

/** Whether calls of that name only look. */
export const onlyLooks = (operation: string): boolean =>
  ["Describe*", "Get*", "Head*", "List*"].some((pattern) => matches(pattern, operation));
