/** Every rule that a plan is held against, how severe it is and why. Names are what review/exceptions.yaml speaks of. */
import type { Finding, ResourceChange, RiskClass, Severity, StackPlan } from "../model";
import type { Names } from "../construct-names";

interface RuleText {
  readonly severity: Severity;
  readonly riskClass: RiskClass;
  /** What it is about, for the documentation. */
  readonly about: string;
}

const refuse = (riskClass: RiskClass, about: string): RuleText => ({ severity: "refusal", riskClass, about });
const notice = (riskClass: RiskClass, about: string): RuleText => ({ severity: "notice", riskClass, about });

/**
 * A refusal needs an exception with a reason: data would be lost, a door opened, or trading stopped or left unwatched.
 * A notice is what a reviewer must see and may accept by approving. A refusal's rule gives a notice where the new value is only known
 * after it is applied: nobody can say that it is bad, and nobody can say that it is good.
 */
export const RULES = {
  "data/destroyed": refuse("data", "A resource that holds data is destroyed"),
  "data/replaced": refuse("data", "A resource that holds data is destroyed and made anew"),
  "data/forgotten": refuse("data", "A resource that holds data stays, and nobody manages it any more"),
  "data/deposed": refuse("data", "What an unfinished replacement left over is destroyed, and it holds data"),
  "data/protected": refuse("data", "Terraform will refuse to destroy it: it stands under prevent_destroy"),
  "data/encryption-weakened": refuse("data", "Data is encrypted no more, or by a key that is not ours"),
  "data/deletion-protection-off": refuse("data", "What kept data from being deleted is turned off"),
  "data/backups-off": refuse("data", "Backups, versions or copies end or are kept for a shorter time"),
  "data/index-changed": refuse("data", "A table's index goes or is built anew, and queries on it fail meanwhile"),
  "data/expires-sooner": refuse("data", "Data is deleted by itself, or sooner than before"),
  "data/retention-changed": notice("data", "Logs, versions, messages or images are kept for a shorter time"),
  "data/dead-letter-removed": refuse("data", "Messages that fail are lost in place of being kept aside"),
  "data/consumed-late": refuse("data", "Messages go, or are given out again, before whoever works on them is done"),
  "data/audit-log-off": refuse("data", "A record of who did what ends"),
  "data/availability-lowered": notice("data", "One zone's outage takes it down"),
  "data/ownership-weakened": refuse("data", "Objects may belong to other accounts"),
  "identity/policy-widened": refuse("identity", "A policy allows what it did not allow before"),
  "identity/policy-added": notice("identity", "A new role or resource comes with a policy of its own"),
  "identity/policy-unknown": notice("identity", "A changed policy is only known after it is applied"),
  "identity/trust-widened": refuse("identity", "More can take a role than before"),
  "identity/boundary-removed": refuse("identity", "A role leaves its permissions boundary"),
  "identity/admin-granted": refuse("identity", "Somebody becomes an administrator"),
  "identity/access-granted": notice("identity", "Somebody gets access to a cluster, or a role gets a policy"),
  "identity/secret-in-state": refuse("identity", "A password stands in Terraform's state"),
  "identity/tags-changed": notice("identity", "Tags that rights and costs go by change"),
  "network/ingress-opened": refuse("network exposure", "More of the network can connect than before"),
  "network/ingress-added": notice("network exposure", "Something inside may connect that could not"),
  "network/egress-opened": notice("network exposure", "It may connect to more of the Internet than before"),
  "network/made-public": refuse("network exposure", "It can be reached from the Internet"),
  "network/policy-public": refuse("network exposure", "A policy lets everybody in"),
  "network/tls-weakened": refuse("network exposure", "Connections in clear or by old ciphers are accepted"),
  "network/firewall-weakened": refuse("network exposure", "A web application firewall lets through what it held back"),
  "network/reach-cut": refuse("network exposure", "What runs reaches something no more that it reached"),
  "network/placement-changed": notice("network exposure", "It moves to other subnets or gets other security groups"),
  "network/address-lost": notice("network exposure", "A public address goes, and those who have listed it do not know the next one"),
  "notification/alarm-removed": refuse("notification", "An alarm goes"),
  "notification/alarm-silenced": refuse("notification", "An alarm tells nobody"),
  "notification/alarm-changed": notice("notification", "An alarm watches something else, or later"),
  "notification/host-without-alarms": refuse("notification", "A host stays and its last alarm goes"),
  "notification/subscription-removed": refuse("notification", "Somebody is told no more"),
  "notification/event-changed": refuse("notification", "An event rule sees or tells something else"),
  "notification/reach-cut": refuse("notification", "What alarms and events tell no longer reaches somebody whom it reached"),
  "identity/foreign-account": refuse("identity", "An account is named that neither the base nor a literal knows"),
  "data/foreign-bucket": refuse("data", "A bucket is named that is not ours"),
  "network/foreign-address": refuse("network exposure", "A host or network is named that neither the base nor a literal knows"),
  "compute/foreign-source": refuse("compute", "Code, charts or images come from where none came from before"),
  "runs/provisioner": refuse("compute", "A deploy runs commands, on the machine that deploys or on a host"),
  "runs/external-data": refuse("compute", "A plan runs a program or asks an address"),
  "runs/provider": refuse("identity", "Terraform's providers come from elsewhere, or work in other accounts or with other servers"),
  "runs/backend": refuse("identity", "Terraform's state is kept elsewhere"),
  "runs/ignored-changes": refuse("compute", "Terraform no longer looks at something"),
  "runs/helm": refuse("compute", "A release is rewritten before it is installed, or runs something beside it"),
  "runs/host-commands": refuse("compute", "Hosts run other commands"),
  "data/unjudged": notice("data", "Data changes in a way that no rule speaks of"),
  "identity/unjudged": notice("identity", "Rights change in a way that no rule speaks of"),
  "network/unjudged": notice("network exposure", "The network changes in a way that no rule speaks of"),
  "notification/unjudged": notice("notification", "Those who are told, or what they are told, changes in a way that no rule speaks of"),
  "compute/host-replaced": refuse("compute", "A host is destroyed, with what runs on it"),
  "compute/host-restarted": notice("compute", "A host is stopped and started"),
  "compute/termination-protection-off": refuse("compute", "Anyone may terminate or delete it"),
  "compute/metadata-open": refuse("compute", "Programs on a machine can take its rights without a token"),
  "compute/privileges-raised": refuse("compute", "A container gets rights over its machine"),
  "compute/service-scaled-down": refuse("compute", "A service runs no task, or fewer"),
  "compute/image-changed": notice("compute", "It runs another image or version"),
  "compute/image-checks-off": refuse("compute", "Images change under their tag, or are not scanned"),
  "compute/rollback-off": notice("compute", "A failed deployment stays or is not noticed"),
  "compute/schedule-changed": notice("compute", "It is started or stopped at another time"),
  "compute/version-unpinned": refuse("compute", "What is installed depends on the day"),
  "compute/limits-changed": notice("compute", "Other limits hold for what runs"),
  "compute/configuration-changed": notice("compute", "Hosts are set up otherwise"),
  "compute/output-removed": notice("compute", "An output goes that another stack may read"),
} as const satisfies Readonly<Record<string, RuleText>>;

export type RuleName = keyof typeof RULES;

/** What a rule sees beside its change. */
export interface Context {
  readonly plan: StackPlan;
  /** @default nothing is named */
  readonly names?: Names;
  readonly protected: ReadonlySet<string>;
  /** @default nothing is known of accounts */
  readonly accounts?: ReadonlySet<string>;
  /** Whether an argument of a resource stands in the code. @default all of them may */
  readonly written?: (address: string, argument: string) => boolean;
}

/** What a rule says of one change. */
export interface Verdict {
  readonly rule: RuleName;
  readonly message: string;
  /** @default that of the rule */
  readonly severity?: Severity;
  /** What it was seen at; two tables that see the same there tell it once. */
  readonly path?: string;
}

/** One way to look at a change. */
export type Look = (change: ResourceChange, context: Context) => readonly Verdict[];

export function findingOf(
  { rule, message, severity }: Verdict,
  { construct, address }: Pick<ResourceChange, "construct" | "address">,
  stack: string,
): Finding {
  const { riskClass, severity: usual } = RULES[rule];
  return { rule, severity: severity ?? usual, riskClass, stack, construct, address, message };
}
