/** Who may talk to whom, by the rules of NetworkPolicy: a connection needs one policy of the sender and one of the receiver that let it pass. */
import ipaddr from "ipaddr.js";
import type { Manifest } from "./helm";

/** A pod of the namespace or of another one, or an address outside. */
export interface Party {
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly address?: string;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly protocol: string; readonly port: number }[];
}
interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Readonly<Record<string, string>>): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== "In") throw new Error(`policies.ts does not know the operator ${operator}`);
      return labels[key] !== undefined && values.includes(labels[key]);
    })
  );
}
const within = (address: string, cidr: string): boolean => ipaddr.parse(address).match(ipaddr.parseCIDR(cidr));

function matches({ podSelector, namespaceSelector, ipBlock }: Peer, party: Party, home: string): boolean {
  if (ipBlock)
    return (
      party.address !== undefined &&
      within(party.address, ipBlock.cidr) &&
      !(ipBlock.except ?? []).some((cidr) => within(party.address!, cidr))
    );
  if (!party.labels) return false;
  const namespace = party.namespace ?? home;
  const there = namespaceSelector ? selects(namespaceSelector, { "kubernetes.io/metadata.name": namespace }) : namespace === home;
  return there && selects(podSelector ?? {}, party.labels);
}

/** Whether one side's policies let a connection pass. No policy for a pod means that all may. */
function passes(
  direction: "Ingress" | "Egress",
  policies: readonly PolicySpec[],
  self: Party,
  other: Party,
  port: number,
  protocol: string,
  home: string,
): boolean {
  if (!self.labels || (self.namespace ?? home) !== home) return true;
  const own = policies.filter(({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, self.labels!));
  if (own.length === 0) return true;
  return own
    .flatMap((policy) => (direction === "Ingress" ? policy.ingress : policy.egress) ?? [])
    .some((rule) => {
      const peers = direction === "Ingress" ? rule.from : rule.to;
      return (
        (!peers || peers.some((peer) => matches(peer, other, home))) &&
        (!rule.ports || rule.ports.some((entry) => entry.port === port && entry.protocol === protocol))
      );
    });
}

/** Whether the policy is one of a pod with these labels. */
export const selectedBy = ({ spec }: Pick<Manifest, "spec">, labels: Readonly<Record<string, string>>): boolean =>
  selects((spec as PolicySpec).podSelector, labels);

export function mayTalk(
  manifests: readonly Pick<Manifest, "kind" | "spec">[],
  home: string,
  from: Party,
  to: Party,
  port: number,
  protocol = "TCP",
): boolean {
  const policies = manifests.filter(({ kind }) => kind === "NetworkPolicy").map(({ spec }) => spec as PolicySpec);
  return passes("Egress", policies, from, to, port, protocol, home) && passes("Ingress", policies, to, from, port, protocol, home);
}
