import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Quota } from "../../environments/facts/kubernetes-quota";

/** https://kubernetes.io/docs/concepts/security/pod-security-standards */
export type PodSecurityLevel = "restricted" | "baseline" | "privileged";

export interface NamespaceProps {
  readonly name: string;
  readonly podSecurity: PodSecurityLevel;
}

/** A namespace that refuses pods below a level of Pod Security. */
export class Namespace extends Construct {
  readonly namespace: ITerraformDependable;
  readonly name: string;
  /** A reference that is known once the namespace stands. */
  readonly id: string;

  constructor(scope: Construct, id: string, { name, podSecurity }: NamespaceProps) {
    super(scope, id);
    const levels = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, podSecurity] as const);
    this.name = name;
    const namespace = new NamespaceV1(this, "namespace", { metadata: { name, labels: Object.fromEntries(levels) } });
    this.namespace = namespace;
    this.id = namespace.id;
  }
}

export interface ServiceNamespaceProps {
  readonly name: string;
  readonly quota: Quota;
}

/** Where the services run: the strictest level, a quota, sizes for what names none, and no traffic but what further policies allow. */
export class ServiceNamespace extends Namespace {
  /** All that must stand before anything is installed. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, quota }: ServiceNamespaceProps) {
    super(scope, id, { name, podSecurity: "restricted" });
    const dependsOn = [this.namespace];
    const metadata = (own: string) => ({ name: own, namespace: name });
    this.ready = [
      new ResourceQuotaV1(this, "quota", {
        metadata: metadata("services"),
        spec: {
          // Kubernetes writes 2000m as 2: the same form here, or every plan would change it.
          hard: {
            "requests.cpu": quota.milliCpu % 1000 === 0 ? String(quota.milliCpu / 1000) : `${quota.milliCpu}m`,
            "requests.memory": quota.memory % 1024 === 0 ? `${quota.memory / 1024}Gi` : `${quota.memory}Mi`,
            pods: String(quota.pods),
            persistentvolumeclaims: String(quota.volumes),
            // The Ingress is the one way in.
            "services.loadbalancers": "0",
            "services.nodeports": "0",
          },
        },
        dependsOn,
      }),
      new LimitRangeV1(this, "limits", {
        metadata: metadata("services"),
        // With a quota, a container that names no requests would be refused.
        spec: {
          limit: [{ type: "Container", default: { cpu: "500m", memory: "512Mi" }, defaultRequest: { cpu: "100m", memory: "128Mi" } }],
        },
        dependsOn,
      }),
      new NetworkPolicyV1(this, "default-deny", {
        metadata: metadata("default-deny"),
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        dependsOn,
      }),
    ];
  }
}
