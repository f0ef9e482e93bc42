/** What is installed in a cluster: how it is reached, releases and their charts, namespaces, and who may do what. */
import type { TerraformStack } from "cdktf";
import { chartOf, CHARTS } from "../../constructs/kubernetes/releases";
import { connect } from "../../constructs/kubernetes/connection";
import { Rbac } from "../../constructs/kubernetes/rbac";
import { Release, type ReleaseProps } from "../../constructs/kubernetes/release";
import { Namespace, ServiceNamespace } from "../../constructs/kubernetes/service-namespace";
import { StorePolicies, type StorePoliciesProps } from "../../constructs/kubernetes/store-policies";
import { RELEASES } from "../../environments/schema/kubernetes";
import { installed, synthWorkloads } from "../helpers/kubernetes";
import { onlyResource, resourcesOf, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

/** Something that stands, to wait for. */
const ready = (stack: TerraformStack) => new Namespace(stack, "first", { name: "first", podSecurity: "baseline" }).namespace;
const of = (json: StackJson, type: string, part: string) => installed(named(json, type, part));

describe("connection", () => {
  it("to EKS is by a token that is fetched when it is needed, for all providers the same", () => {
    const json = synthWorkloads((stack) => {
      connect(stack, {
        kind: "eks",
        cluster: { name: "trading", endpoint: "https://eks", certificateAuthority: "Y2E=" },
        region: "ap-northeast-1",
      });
    }, false);
    const exec = {
      api_version: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", "trading", "--region", "ap-northeast-1", "--output", "json"],
    };
    const reached = { host: "https://eks", cluster_ca_certificate: '${base64decode("Y2E=")}' };
    // `kubernetes` is an object since version 3 of Helm's provider, `exec` of the other one a block.
    expect(json.provider).toEqual({
      kubernetes: [{ ...reached, exec: [exec] }],
      helm: [
        { kubernetes: { ...reached, exec } },
        { alias: "watching", kubernetes: { ...reached, exec }, experiments: { manifest: true } },
      ],
    });
  });

  it("to any other cluster is by one context of a kubeconfig", () => {
    const json = synthWorkloads((stack) => {
      connect(stack, { kind: "kubeconfig", path: "~/.kube/config", context: "trading" });
    }, false);
    const reached = { config_path: "~/.kube/config", config_context: "trading" };
    expect(json.provider).toEqual({
      kubernetes: [reached],
      helm: [{ kubernetes: reached }, { alias: "watching", kubernetes: reached, experiments: { manifest: true } }],
    });
  });

  it("is by the providers of this version", () => {
    const json = synthWorkloads((stack) => {
      connect(stack, { kind: "kubeconfig", path: "~/.kube/config", context: "trading" });
    }, false);
    expect((json.terraform as unknown as { required_providers: unknown }).required_providers).toEqual({
      helm: { source: "helm", version: "3.1.1" },
      kubernetes: { source: "kubernetes", version: "2.38.0" },
    });
  });
});

describe("Release", () => {
  const synth = (props: Partial<ReleaseProps> = {}) =>
    installed(
      onlyResource(
        synthWorkloads((stack) => {
          new Release(stack, "own", {
            name: "metrics",
            namespace: "kube-system",
            chart: { repository: "https://charts.example.com", name: "metrics-server", version: "1.2.3" },
            values: { b: 1, a: { c: true } },
            startsAfter: [ready(stack)],
            ...props,
          });
        }),
        "helm_release",
      ),
    );
  const common = {
    name: "metrics",
    namespace: "kube-system",
    version: "1.2.3",
    values: ['{"a":{"c":true},"b":1}'],
    atomic: true,
    cleanup_on_fail: true,
    wait: true,
    wait_for_jobs: true,
    create_namespace: false,
    max_history: 10,
    timeout: 900,
    depends_on: ["first_namespace"],
  };

  it.each<[string, Partial<ReleaseProps>, object]>([
    [
      "is installed whole or not at all, waited for, at one version",
      {},
      { ...common, chart: "metrics-server", repository: "https://charts.example.com" },
    ],
    [
      "comes from a folder, which has no repository",
      { chart: { path: "./assets/chart", version: "0.1.0" } },
      { ...common, chart: "./assets/chart", version: "0.1.0" },
    ],
    [
      "waits for nothing where it needs nothing",
      { startsAfter: [] },
      { ...common, chart: "metrics-server", repository: "https://charts.example.com", depends_on: [] },
    ],
  ])("%s", (_, props, expected) => {
    expect(synth(props)).toEqual(expected);
  });

  it("is not planned before what it needs is known, and has no settings then either", () => {
    expect(synth({ plannedAfter: ["first", "second"] }).set).toBe(
      '${slice([{"name" = "planned-after", "value" = ""}], 0, (0 * length(join("", ["first", "second"]))))}',
    );
  });
});

describe("charts", () => {
  it("stand each at an exact version in a repository over TLS", () => {
    expect(Object.keys(CHARTS).sort()).toEqual([...RELEASES, "alb-controller"].sort());
    for (const { repository, name, version } of Object.values(CHARTS)) {
      expect([name, version]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.stringMatching(/^v?\d+\.\d+\.\d+$/)]);
      expect(repository).toMatch(/^(https|oci):\/\/[a-z0-9.-]+\.[a-z]+(\/[a-z0-9./-]*)?$/);
    }
  });

  it.each(RELEASES)("%s comes from a mirror where one is named", (release) => {
    const { name, version, repository } = CHARTS[release];
    expect(chartOf(release)).toEqual({ name, version, repository });
    expect(chartOf(release, "oci://registry.example.com/charts")).toEqual({
      name,
      version,
      repository: "oci://registry.example.com/charts",
    });
  });
});

describe("Namespace", () => {
  it.each(["restricted", "baseline", "privileged"] as const)("refuses, warns of and records what is below %s", (podSecurity) => {
    expect(
      installed(
        onlyResource(
          synthWorkloads((stack) => {
            new Namespace(stack, "own", { name: "own", podSecurity });
          }),
          "kubernetes_namespace_v1",
        ),
      ),
    ).toEqual({
      metadata: {
        name: "own",
        labels: {
          "pod-security.kubernetes.io/enforce": podSecurity,
          "pod-security.kubernetes.io/audit": podSecurity,
          "pod-security.kubernetes.io/warn": podSecurity,
        },
      },
    });
  });
});

describe("ServiceNamespace", () => {
  const synth = (milliCpu: number, memory: number) =>
    synthWorkloads((stack) => {
      new ServiceNamespace(stack, "own", { name: "day-trade", quota: { milliCpu, memory, pods: 46, volumes: 4 } });
    });
  const json = synth(66_550, 136_256);
  const inside = (name: string, spec: object) => ({ metadata: { name, namespace: "day-trade" }, spec, depends_on: ["own_namespace"] });
  const limits = { "services.loadbalancers": "0", "services.nodeports": "0", pods: "46", persistentvolumeclaims: "4" };

  it("is restricted, limited, and closed in both directions", () => {
    expect((installed(onlyResource(json, "kubernetes_namespace_v1")).metadata as { labels: object }).labels).toMatchObject({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    expect(installed(onlyResource(json, "kubernetes_resource_quota_v1"))).toEqual(
      inside("services", { hard: { ...limits, "requests.cpu": "66550m", "requests.memory": "136256Mi" } }),
    );
    expect(installed(onlyResource(json, "kubernetes_limit_range_v1"))).toEqual(
      inside("services", {
        limit: [{ type: "Container", default: { cpu: "500m", memory: "512Mi" }, default_request: { cpu: "100m", memory: "128Mi" } }],
      }),
    );
    expect(installed(onlyResource(json, "kubernetes_network_policy_v1"))).toEqual(
      inside("default-deny", { pod_selector: {}, policy_types: ["Ingress", "Egress"] }),
    );
  });

  it("writes quantities as Kubernetes does, so that no plan changes them", () => {
    expect((installed(onlyResource(synth(4000, 8192), "kubernetes_resource_quota_v1")).spec as { hard: object }).hard).toEqual({
      ...limits,
      "requests.cpu": "4",
      "requests.memory": "8Gi",
    });
  });
});

describe("Rbac", () => {
  const json = synthWorkloads((stack) => {
    new Rbac(stack, "rbac", { namespace: "day-trade", namespaceReady: ready(stack) });
  });
  const READ = ["get", "list", "watch"];
  const WRITE = [...READ, "create", "update", "patch", "delete"];
  /** Group, resources, verbs. */
  const rulesOf = (type: string, part: string) =>
    (of(json, type, part).rule as { api_groups: string[]; resources: string[]; verbs: string[] }[]).map(
      ({ api_groups, resources, verbs }) => [api_groups.join(), resources.join(), verbs],
    );

  it("gives exactly this", () => {
    expect(rulesOf("kubernetes_role_v1", "rbac_deploy_")).toEqual([
      ["", "configmaps,secrets,serviceaccounts,services", WRITE],
      ["apps", "deployments", WRITE],
      ["autoscaling", "horizontalpodautoscalers", WRITE],
      ["policy", "poddisruptionbudgets", WRITE],
      ["networking.k8s.io", "ingresses,networkpolicies", WRITE],
      ["external-secrets.io", "externalsecrets,secretstores", WRITE],
      ["monitoring.coreos.com", "prometheusrules,servicemonitors", WRITE],
      ["keda.sh", "scaledobjects,triggerauthentications", WRITE],
      ["", "pods", [...READ, "create", "delete"]],
      ["", "events,pods/log", READ],
      ["apps", "replicasets", READ],
    ]);
    expect(rulesOf("kubernetes_role_v1", "rbac_operate_")).toEqual([
      ["apps", "deployments/scale,statefulsets/scale", ["get", "patch", "update"]],
      ["", "pods", ["delete"]],
      ["", "pods/portforward", ["create"]],
    ]);
    expect(rulesOf("kubernetes_cluster_role_v1", "rbac_read-cluster_")).toEqual([
      ["", "namespaces,nodes,persistentvolumes", READ],
      ["metrics.k8s.io", "nodes,pods", READ],
      ["storage.k8s.io", "storageclasses", READ],
      ["scheduling.k8s.io", "priorityclasses", READ],
    ]);
    expect(rulesOf("kubernetes_cluster_role_v1", "rbac_deploy-priority-classes_")).toEqual([
      ["scheduling.k8s.io", "priorityclasses", WRITE],
    ]);
  });

  it("binds them to groups, in the namespace or in all, under names of the environment's own", () => {
    const bindings = (type: string) =>
      resourcesOf(json, type)
        .map(installed)
        .map(({ metadata, role_ref, subject }) => [metadata, role_ref, subject]);
    const rbac = "rbac.authorization.k8s.io";
    const to = (group: string) => [{ kind: "Group", name: `day-trade:${group}`, api_group: rbac }];
    const everywhere = (name: string, role: string, group: string) => [
      { name: `day-trade-${name}` },
      { api_group: rbac, kind: "ClusterRole", name: role },
      to(group),
    ];
    const here = (name: string, group: string) => [{ name, namespace: "day-trade" }, { api_group: rbac, kind: "Role", name }, to(group)];
    expect(bindings("kubernetes_role_binding_v1")).toEqual([here("day-trade-deploy", "deploy"), here("day-trade-operate", "operations")]);
    expect(bindings("kubernetes_cluster_role_binding_v1")).toEqual([
      everywhere("deploy-priority-classes", "day-trade-deploy-priority-classes", "deploy"),
      everywhere("operations-read-cluster", "day-trade-read-cluster", "operations"),
      everywhere("operations-view", "view", "operations"),
      everywhere("read-only-read-cluster", "day-trade-read-cluster", "read-only"),
      everywhere("read-only-view", "view", "read-only"),
    ]);
  });
});

describe("StorePolicies", () => {
  const synth = (clients: StorePoliciesProps["clients"]) =>
    synthWorkloads((stack) => {
      new StorePolicies(stack, "stores", { namespace: "day-trade", namespaceReady: ready(stack), clients });
    });
  const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port: String(port) }));
  const services = (...values: string[]) => ({
    pod_selector: {
      match_labels: { "app.kubernetes.io/instance": "day-trade-ml" },
      match_expressions: [{ key: "app.kubernetes.io/component", operator: "In", values }],
    },
  });
  const from = (namespace: string) => ({ namespace_selector: { match_labels: { "kubernetes.io/metadata.name": namespace } } });
  const database = { "cnpg.io/cluster": "postgresql" };
  const itself = { pod_selector: { match_labels: database } };
  const among = [
    { from: [itself], ports: tcp(5432, 8000) },
    { from: [from("cnpg-system")], ports: tcp(5432, 8000) },
    { from: [from("monitoring")], ports: tcp(9187) },
  ];
  const policy = (name: string, match_labels: object, ingress: unknown, egress: unknown) => ({
    metadata: { name, namespace: "day-trade" },
    spec: { pod_selector: { match_labels }, policy_types: ["Ingress", "Egress"], ingress, egress },
    depends_on: ["first_namespace"],
  });
  const outward = [
    { to: [itself], ports: tcp(5432, 8000) },
    { to: [from("kube-system")], ports: [{ protocol: "UDP", port: "53" }, ...tcp(53)] },
    { to: [{ ip_block: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: tcp(443, 6443) },
  ];

  it("let the services that connect reach their store, and nobody else", () => {
    const json = synth({ database: ["scheduler", "ml"], cache: ["ml", "data"] });
    expect(of(json, "kubernetes_network_policy_v1", "stores_postgresql")).toEqual(
      policy("postgresql", database, [{ from: [services("ml", "scheduler")], ports: tcp(5432) }, ...among], outward),
    );
    expect(of(json, "kubernetes_network_policy_v1", "stores_valkey")).toEqual(
      policy("valkey", { "app.kubernetes.io/instance": "valkey" }, [{ from: [services("data", "ml")], ports: tcp(6379) }], []),
    );
  });

  it("let no service in where none connects", () => {
    const json = synth({ database: [], cache: [] });
    expect(of(json, "kubernetes_network_policy_v1", "stores_postgresql")).toEqual(policy("postgresql", database, among, outward));
    expect(of(json, "kubernetes_network_policy_v1", "stores_valkey")).toEqual(
      policy("valkey", { "app.kubernetes.io/instance": "valkey" }, [], []),
    );
  });

  it("are not there without the stores", () => {
    expect(resourcesOf(synth({}), "kubernetes_network_policy_v1")).toEqual([]);
  });
});
