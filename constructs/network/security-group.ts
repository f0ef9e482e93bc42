import { SecurityGroup as AwsSecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformStack, Token, type ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { Network } from "./network";

/** The other side of a rule. */
export type Peer =
  | SecurityGroup
  /** IPv4 network. */
  | { readonly cidr: string }
  /** Such as a gateway endpoint's, or that of CloudFront. */
  | { readonly prefixListId: string }
  /** A group that a service made, such as that of an EKS cluster; `owner` is the construct that stands for the service. */
  | { readonly securityGroupId: string; readonly owner: IConstruct };

/** A network as part of a construct's id: `10.0.1.0/24` → `10-0-1-0-24`. */
export const cidrId = (cidr: string): string => cidr.replace(/[^0-9]+/g, "-");

/** A port, or all ports from one to another. */
export type Ports = number | { readonly from: number; readonly to: number };

export interface SecurityGroupRule {
  readonly peer: Peer;
  /** Each gives a rule of its own. Left out exactly when `protocol` is `all`. */
  readonly ports?: Ports | readonly Ports[];
  /** `all` means every protocol and port. @default "tcp" */
  readonly protocol?: "tcp" | "udp" | "all";
  /** 1 to 255 of the characters that EC2 takes; shown in the console. */
  readonly description: string;
}

export interface SecurityGroupProps {
  /** Physical name, 1 to 255 characters; AWS reserves the prefix `sg-` (C-11). */
  readonly name: string;
  /** What the documents call the group, such as `sg-redis`: its `Name` tag (C-11). @default name */
  readonly documentedName?: string;
  /** 1 to 255 characters. A change replaces the group. */
  readonly description: string;
  readonly network: Pick<Network, "vpcId">;
}

/** A security group without rules: nothing enters and nothing leaves until it is allowed (SEC-017). Each rule is a resource of its own (design 9). */
export class SecurityGroup extends Construct {
  readonly id: string;
  private readonly made: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    const { name, documentedName = name, description, network } = props;
    checkTexts(
      [
        { when: /^sg-/.test(name), message: `name ${JSON.stringify(name)} begins with sg-, which AWS reserves` },
        {
          when: !EC2_TEXT.test(name) && !Token.isUnresolved(name),
          message: `name ${JSON.stringify(name)} is not 1 to 255 of ${EC2_CHARACTERS}`,
        },
        descriptionRule(description),
      ],
      this,
    );
    const group = new AwsSecurityGroup(this, "group", { name, description, vpcId: network.vpcId, tags: { Name: documentedName } });
    this.id = group.id;
  }

  /** The rules so far: for a member that cannot wait for its way out. */
  get rules(): readonly ITerraformDependable[] {
    return this.made;
  }

  /** Lets the peer open connections to members of this group. Answers need no rule: groups are stateful. @returns what was made, for whoever waits for it */
  allowFrom(id: string, rule: SecurityGroupRule): readonly ITerraformDependable[] {
    return this.addRules("from", id, rule);
  }

  /** Lets members of this group open connections to the peer. */
  allowTo(id: string, rule: SecurityGroupRule): void {
    this.addRules("to", id, rule);
  }

  private addRules(direction: "from" | "to", id: string, rule: SecurityGroupRule): readonly ITerraformDependable[] {
    const { peer, ports, protocol = "tcp", description } = rule;
    checkTexts(
      [
        descriptionRule(description),
        { when: (ports === undefined) !== (protocol === "all"), message: `rule ${id}: ports are left out exactly when protocol is "all"` },
      ],
      this,
    );
    const { scope, prefix } = this.ruleScope(peer);
    const Rule = direction === "from" ? VpcSecurityGroupIngressRule : VpcSecurityGroupEgressRule;
    const common = { securityGroupId: this.id, ...peerAttributes(peer), description };
    const made =
      ports === undefined
        ? [new Rule(scope, `${prefix}${direction}-${id}-all`, { ...common, ipProtocol: "-1" })]
        : [ports]
            .flat()
            .map(portRange)
            .map(
              ({ from, to }) =>
                new Rule(scope, `${prefix}${direction}-${id}-${from === to ? from : `${from}-${to}`}`, {
                  ...common,
                  ipProtocol: protocol,
                  fromPort: from,
                  toPort: to,
                }),
            );
    this.made.push(...made);
    return made;
  }

  /** A rule between groups of two stacks stands in the later one, because a stack depends only on stacks above it (design 26). */
  private ruleScope(peer: Peer): { scope: Construct; prefix: string } {
    const owner = peer instanceof SecurityGroup ? peer : "owner" in peer ? peer.owner : this;
    if (stackPosition(owner) <= stackPosition(this)) return { scope: this, prefix: "" };
    const path = this.node.path.slice(TerraformStack.of(this).node.path.length + 1).replaceAll("/", "-");
    return { scope: owner as Construct, prefix: `${path}-` };
  }
}

const EC2_CHARACTERS = "a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*";
const EC2_TEXT = /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/;

const descriptionRule = (description: string) => ({
  when: !EC2_TEXT.test(description) && !Token.isUnresolved(description),
  message: `description ${JSON.stringify(description)} is not 1 to 255 of ${EC2_CHARACTERS}`,
});

/** @throws Error with every rule that is broken: AWS would refuse the group only when it is applied */
function checkTexts(rules: readonly { readonly when: boolean; readonly message: string }[], construct: Construct): void {
  const broken = rules.filter(({ when }) => when).map(({ message }) => message);
  if (broken.length > 0) throw new Error(`security group ${construct.node.path}: ${broken.join("; ")}`);
}

/** Stacks are made in deploy order, so their place among the app's children tells which is the later one. */
function stackPosition(construct: IConstruct): number {
  const stack = TerraformStack.of(construct);
  return stack.node.scope?.node.children.indexOf(stack) ?? 0;
}

const portRange = (ports: Ports) => (typeof ports === "number" ? { from: ports, to: ports } : ports);

function peerAttributes(peer: Peer) {
  if (peer instanceof SecurityGroup) return { referencedSecurityGroupId: peer.id };
  if ("cidr" in peer) return { cidrIpv4: peer.cidr };
  if ("prefixListId" in peer) return { prefixListId: peer.prefixListId };
  return { referencedSecurityGroupId: peer.securityGroupId };
}
