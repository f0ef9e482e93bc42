import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { GROUPS } from "./names";

export interface RbacProps {
  /** Where the services run. */
  readonly namespace: string;
  /** Stands when the namespace does. */
  readonly namespaceReady: ITerraformDependable;
  /** Their names, or their ids where Entra has them; one that nobody is in gets no rights. @default each by its own name */
  readonly groups?: Readonly<Record<keyof typeof GROUPS, readonly string[]>>;
}

const BY_NAME: NonNullable<RbacProps["groups"]> = { deploy: [GROUPS.deploy], operations: [GROUPS.operations], readOnly: [GROUPS.readOnly] };

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const READ = ["get", "list", "watch"];
const WRITE = [...READ, "create", "update", "patch", "delete"];
const RBAC = "rbac.authorization.k8s.io";

/** What the chart is made of; Secrets, because Helm keeps its releases in them. */
const DEPLOY: readonly Rule[] = [
  { apiGroups: [""], resources: ["configmaps", "secrets", "serviceaccounts", "services"], verbs: WRITE },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: WRITE },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: WRITE },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: WRITE },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: WRITE },
  { apiGroups: ["external-secrets.io"], resources: ["externalsecrets", "secretstores"], verbs: WRITE },
  { apiGroups: ["monitoring.coreos.com"], resources: ["prometheusrules", "servicemonitors"], verbs: WRITE },
  { apiGroups: ["keda.sh"], resources: ["scaledobjects", "triggerauthentications"], verbs: WRITE },
  // `helm test` runs pods, and whoever deploys looks why they do not come up.
  { apiGroups: [""], resources: ["pods"], verbs: [...READ, "create", "delete"] },
  { apiGroups: [""], resources: ["events", "pods/log"], verbs: READ },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: READ },
];

/**
 * Beyond looking: restart by deleting pods, scale, and reach a pod; no shell in it, and no secret. Nothing that changes a pod's template: who does runs
 * it as any service account of the namespace, and has what that one may outside of the cluster.
 */
const OPERATE: readonly Rule[] = [
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["get", "patch", "update"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
  { apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] },
];

/** What Kubernetes' own role `view` leaves out because it belongs to no namespace. */
const LOOK_AT_CLUSTER: readonly Rule[] = [
  { apiGroups: [""], resources: ["namespaces", "nodes", "persistentvolumes"], verbs: READ },
  { apiGroups: ["metrics.k8s.io"], resources: ["nodes", "pods"], verbs: READ },
  { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: READ },
  { apiGroups: ["scheduling.k8s.io"], resources: ["priorityclasses"], verbs: READ },
];

/**
 * What the groups of people and pipelines may do (K8S-020, SEC-047): `day-trade:deploy` what a release of our chart takes,
 * `day-trade:operations` and `day-trade:read-only` what their names say. Nobody but `deploy` sees a Secret.
 */
export class Rbac extends Construct {
  private readonly props: RbacProps;

  constructor(scope: Construct, id: string, props: RbacProps) {
    super(scope, id);
    this.props = props;
    const groups = props.groups ?? BY_NAME;
    this.inNamespace("deploy", groups.deploy, DEPLOY);
    this.inNamespace("operate", groups.operations, OPERATE);
    const reader = this.clusterRole("read-cluster", LOOK_AT_CLUSTER);
    // The chart brings a priority class, which belongs to no namespace.
    this.bindCluster(
      "deploy-priority-classes",
      groups.deploy,
      this.clusterRole("deploy-priority-classes", [{ apiGroups: ["scheduling.k8s.io"], resources: ["priorityclasses"], verbs: WRITE }]),
    );
    for (const [name, members] of [
      ["operations", groups.operations],
      ["read-only", groups.readOnly],
    ] as const) {
      this.bindCluster(`${name}-read-cluster`, members, reader);
      this.bindCluster(`${name}-view`, members, "view");
    }
  }

  private inNamespace(name: string, groups: readonly string[], rules: readonly Rule[]): void {
    if (groups.length === 0) return;
    const { namespace, namespaceReady } = this.props;
    const metadata = { name: `day-trade-${name}`, namespace };
    new RoleV1(this, name, { metadata, rule: [...rules], dependsOn: [namespaceReady] });
    new RoleBindingV1(this, `${name}-binding`, {
      metadata,
      roleRef: { apiGroup: RBAC, kind: "Role", name: metadata.name },
      subject: subjects(groups),
      dependsOn: [namespaceReady],
    });
  }

  /** @returns its name. The namespace is part of it, because one cluster may hold several environments. */
  private clusterRole(id: string, rules: readonly Rule[]): string {
    const name = `${this.props.namespace}-${id}`;
    new ClusterRoleV1(this, id, { metadata: { name }, rule: [...rules] });
    return name;
  }

  private bindCluster(id: string, groups: readonly string[], role: string): void {
    if (groups.length === 0) return;
    new ClusterRoleBindingV1(this, `${id}-binding`, {
      metadata: { name: `${this.props.namespace}-${id}` },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
      subject: subjects(groups),
    });
  }
}

const subjects = (groups: readonly string[]) => groups.map((name) => ({ kind: "Group", name, apiGroup: RBAC }));
