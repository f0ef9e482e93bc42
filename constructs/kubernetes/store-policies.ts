import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CHART_RELEASE } from "./names";
import { ALERTMANAGER_ACCOUNT } from "./releases";
import { POSTGRESQL, VALKEY } from "./releases";

export interface StorePoliciesProps {
  readonly namespace: string;
  /** Stands when the namespace does. */
  readonly namespaceReady: ITerraformDependable;
  /** Services that may connect to each; a store that is not there has no list. */
  readonly clients: { readonly database?: readonly string[]; readonly cache?: readonly string[] };
}

/** What PostgreSQL's instances serve to each other and to their operator, and their metrics. */
const STATUS = 8000;
const METRICS = 9187;

const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port: String(port) }));
const namespaced = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
/** Pods of our chart that are one of these services. */
const servicesNamed = (names: readonly string[]) => ({
  podSelector: {
    matchLabels: { "app.kubernetes.io/instance": CHART_RELEASE },
    matchExpressions: [{ key: "app.kubernetes.io/component", operator: "In", values: [...names].sort() }],
  },
});

/** Who may talk to the in-cluster database and cache, beside the namespace's rule that nobody talks to anybody. */
export class StorePolicies extends Construct {
  private readonly props: StorePoliciesProps;

  constructor(scope: Construct, id: string, props: StorePoliciesProps) {
    super(scope, id);
    this.props = props;
    const { database, cache } = props.clients;
    if (database) {
      const itself = { podSelector: { matchLabels: { "cnpg.io/cluster": POSTGRESQL.cluster } } };
      this.add(
        "postgresql",
        itself.podSelector.matchLabels,
        [
          ...(database.length > 0 ? [{ from: [servicesNamed(database)], ports: tcp(POSTGRESQL.port) }] : []),
          { from: [itself], ports: tcp(POSTGRESQL.port, STATUS) },
          { from: [namespaced("cnpg-system")], ports: tcp(POSTGRESQL.port, STATUS) },
          { from: [namespaced(ALERTMANAGER_ACCOUNT.namespace)], ports: tcp(METRICS) },
        ],
        [
          { to: [itself], ports: tcp(POSTGRESQL.port, STATUS) },
          { to: [namespaced("kube-system")], ports: [{ protocol: "UDP", port: "53" }, ...tcp(53)] },
          // Each instance watches its cluster's state in the Kubernetes API, whose address no label tells.
          { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: tcp(443, 6443) },
        ],
      );
    }
    if (cache)
      this.add(
        "valkey",
        { "app.kubernetes.io/instance": "valkey" },
        cache.length > 0 ? [{ from: [servicesNamed(cache)], ports: tcp(VALKEY.port) }] : [],
        [],
      );
  }

  private add(
    name: string,
    matchLabels: Record<string, string>,
    ingress: NetworkPolicyV1SpecIngress[],
    egress: NetworkPolicyV1SpecEgress[],
  ): void {
    const { namespace, namespaceReady } = this.props;
    new NetworkPolicyV1(this, name, {
      metadata: { name, namespace },
      spec: { podSelector: { matchLabels }, policyTypes: ["Ingress", "Egress"], ingress, egress },
      dependsOn: [namespaceReady],
    });
  }
}
