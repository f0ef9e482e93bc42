/** What is installed in a cluster: staging and prod as they are written, dev on EKS, and any of them in a cluster of somebody else's. */
import { parse } from "yaml";
import { CHARTS } from "../../constructs/kubernetes/releases";
import { namespaceQuota } from "../../environments/facts/kubernetes-quota";
import type { Environment } from "../../environments/schema";
import { RELEASES } from "../../environments/schema/kubernetes";
import { environment, GONE, type Base, type Edits } from "../environments/edits";
import { installed } from "../helpers/kubernetes";
import { onlyResource, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const synth = (literal: Environment): StackJson =>
  synthEnvironments({ environments: [literal], target: { kind: "aws" } })[`${literal.name}-workloads`]!;
const KUBECONFIG = { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "trading" };
const onEks = (base: Base, edits: Edits = {}) => synth(environment(base, { platform: "eks", ...edits }));
const elsewhere = (base: Base, edits: Edits = {}) => synth(environment(base, { platform: KUBECONFIG, ...edits }));
const of = { dev: onEks("dev"), staging: synth(environment("staging")), prod: synth(environment("prod")) };
const names = ["dev", "staging", "prod"] as const;
const inCluster: Edits = { database: "in-cluster", "data.rds": GONE, servicesCache: "in-cluster" };
const everything = onEks("prod", { ...inCluster, "cluster.kubernetes.keda": true });

/** Releases of others' charts and ours, by name. */
const releases = (json: StackJson): Readonly<Record<string, Block>> =>
  Object.fromEntries(resourcesOf(json, "helm_release").map((block) => [String(block.name), block]));
const listed = (json: StackJson) => Object.keys(releases(json)).sort();
/** As Helm merges them: objects one into another, anything else by the last. */
const merge = (below: unknown, above: unknown): unknown => {
  const isObject = (value: unknown): value is Block => typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject(below) && isObject(above)
    ? { ...below, ...Object.fromEntries(Object.entries(above).map(([key, value]) => [key, merge(below[key], value)])) }
    : above;
};
const valuesOf = (block: Block): Block => (block.values as string[]).map((text) => parse(text) as unknown).reduce(merge, {}) as Block;
const after = (json: StackJson, name: string) =>
  (installed(releases(json)[name]!).depends_on as string[]).filter((address) => !/^(namespace_|storage-class$)/.test(address));

describe("the connection", () => {
  it.each(["staging", "prod"] as const)("of %s is to its own cluster, with a token that is fetched when it is needed", (name) => {
    const output = (end: string) =>
      `\${data.terraform_remote_state.cross-stack-reference-input-${name}-services.outputs.cross-stack-output-aws_eks_clustercluster_A4C38409${end}}`;
    const [settings] = of[name].provider.kubernetes!;
    expect(settings).toEqual({
      host: output("endpoint"),
      cluster_ca_certificate: `\${base64decode(${output("certificate_authority0data").slice(2, -1)})}`,
      exec: [
        {
          api_version: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["eks", "get-token", "--cluster-name", output("name"), "--region", "ap-northeast-1", "--output", "json"],
        },
      ],
    });
    const kubernetes = { ...settings, exec: (settings!.exec as unknown[])[0] };
    expect(of[name].provider.helm).toEqual([{ kubernetes }, { alias: "watching", kubernetes, experiments: { manifest: true } }]);
  });

  it.each(names)("of %s is to any other cluster by the literal's kubeconfig and context", (name) => {
    const json = elsewhere(name);
    const settings = { config_path: "~/.kube/config", config_context: "trading" };
    expect(json.provider).toEqual({
      kubernetes: [settings],
      helm: [{ kubernetes: settings }, { alias: "watching", kubernetes: settings, experiments: { manifest: true } }],
    });
    expect(JSON.stringify(json)).not.toMatch(/aws_eks|remote_state\.cross-stack-reference-input-\w+-services/);
  });
});

it("our release is watched, and first planned once its namespace and the kinds of others are there; those of others are not", () => {
  const { "day-trade-ml": ours, ...others } = releases(of.prod);
  expect(ours).toMatchObject({ provider: "helm.watching" });
  expect(String(ours!.set).match(/\w+\.[\w-]+?(?=_[0-9A-F]{8}\.id)/g)).toEqual([
    "kubernetes_namespace_v1.namespace",
    "helm_release.external-secrets_release",
    "helm_release.kube-prometheus-stack_release",
  ]);
  for (const release of Object.values(others)) expect([release.provider, release.set]).toEqual([undefined, undefined]);
});

describe("namespaces", () => {
  it.each([
    ["dev", "day-trade-dev"],
    ["staging", "day-trade-staging"],
    ["prod", "day-trade"],
  ] as const)("of %s: %s is restricted, closed and limited to what its services need (C-55)", (name, own) => {
    expect(named(of[name], "kubernetes_namespace_v1", "namespace_").metadata).toMatchObject({
      name: own,
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    expect(resourcesOf(of[name], "kubernetes_network_policy_v1").map(installed)).toEqual([
      {
        metadata: { name: "default-deny", namespace: own },
        spec: { pod_selector: {}, policy_types: ["Ingress", "Egress"] },
        depends_on: ["namespace"],
      },
    ]);
    const { hard } = onlyResource(of[name], "kubernetes_resource_quota_v1").spec as { hard: Record<string, string> };
    const { pods, milliCpu, memory } = namespaceQuota(environment(name));
    expect([hard.pods, hard["requests.cpu"], hard["requests.memory"], hard.persistentvolumeclaims]).toEqual([
      String(pods),
      milliCpu % 1000 === 0 ? String(milliCpu / 1000) : `${milliCpu}m`,
      memory % 1024 === 0 ? `${memory / 1024}Gi` : `${memory}Mi`,
      "0",
    ]);
    expect(onlyResource(of[name], "kubernetes_limit_range_v1").metadata).toMatchObject({ namespace: own });
    for (const type of ["kubernetes_role_v1", "kubernetes_role_binding_v1"])
      expect(resourcesOf(of[name], type).map(({ metadata }) => (metadata as Block).namespace)).toEqual([own, own]);
  });

  it("are those of the releases too, each at the level that its pods keep", () => {
    const levels = Object.fromEntries(
      resourcesOf(everything, "kubernetes_namespace_v1")
        .map(({ metadata }) => metadata as { name: string; labels: Record<string, string> })
        .map(({ name, labels }) => [name, labels["pod-security.kubernetes.io/enforce"]]),
    );
    expect(levels).toEqual({
      "day-trade": "restricted",
      "external-secrets": "restricted",
      "cnpg-system": "restricted",
      keda: "restricted",
      logging: "privileged",
      monitoring: "privileged",
    });
    const where = Object.fromEntries(Object.entries(releases(everything)).map(([name, { namespace }]) => [name, namespace]));
    expect(where).toEqual({
      "aws-load-balancer-controller": "kube-system",
      "cluster-autoscaler": "kube-system",
      "metrics-server": "kube-system",
      "external-secrets": "external-secrets",
      "kube-prometheus-stack": "monitoring",
      "fluent-bit": "logging",
      keda: "keda",
      "cloudnative-pg": "cnpg-system",
      postgresql: "day-trade",
      valkey: "day-trade",
      "day-trade-ml": "day-trade",
    });
  });

  it("have room for the stores' volumes where these stand in it", () => {
    expect((onlyResource(everything, "kubernetes_resource_quota_v1").spec as { hard: Block }).hard.persistentvolumeclaims).toBe("4");
  });
});

describe("releases", () => {
  const always = ["day-trade-ml", "external-secrets", "metrics-server"];
  const eks = ["aws-load-balancer-controller", "cluster-autoscaler", "fluent-bit"];
  it.each<[string, StackJson, readonly string[]]>([
    ["of dev on EKS", of.dev, [...always, "aws-load-balancer-controller", "fluent-bit"]],
    ["of staging", of.staging, [...always, ...eks, "kube-prometheus-stack"]],
    ["of prod", of.prod, [...always, ...eks, "kube-prometheus-stack"]],
    ["with every option", everything, ["day-trade-ml", ...RELEASES]],
    ["without logs of pods", onEks("dev", { "cluster.eks.podLogs": "none" }), [...always, "aws-load-balancer-controller"]],
    ["without monitoring", onEks("prod", { "cluster.kubernetes.monitoring": GONE }), [...always, ...eks]],
    [
      "without an autoscaler",
      onEks("prod", { "cluster.eks.clusterAutoscaler": false }),
      [...always, "aws-load-balancer-controller", "fluent-bit", "kube-prometheus-stack"],
    ],
    [
      "without a load balancer",
      onEks("prod", { "cluster.loadBalancer": GONE, "services.ml.route": GONE, "services.data.route": GONE }),
      [...always, "cluster-autoscaler", "fluent-bit", "kube-prometheus-stack"],
    ],
    ["with KEDA", onEks("dev", { "cluster.kubernetes.keda": true }), [...always, "aws-load-balancer-controller", "fluent-bit", "keda"]],
    [
      "with a cache in the cluster",
      onEks("dev", { servicesCache: "in-cluster" }),
      [...always, "aws-load-balancer-controller", "fluent-bit", "valkey"],
    ],
    [
      "with a database in the cluster",
      onEks("prod", { database: "in-cluster", "data.rds": GONE }),
      [...always, ...eks, "kube-prometheus-stack", "cloudnative-pg", "postgresql"],
    ],
    ["of dev in a cluster of somebody else's", elsewhere("dev"), always],
    ["of prod in a cluster of somebody else's", elsewhere("prod"), [...always, "kube-prometheus-stack"]],
    [
      "of prod in a cluster that has some",
      elsewhere("prod", { "cluster.kubernetes.existing": ["metrics-server", "external-secrets", "kube-prometheus-stack"] }),
      ["day-trade-ml"],
    ],
  ])("%s are exactly these", (_, json, expected) => {
    expect(listed(json)).toEqual([...expected].sort());
  });

  it.each([
    ["dev", of.dev],
    ["staging", of.staging],
    ["prod", of.prod],
    ["every option", everything],
  ])("of %s are whole or not at all, waited for, and of one version each", (_, json) => {
    for (const [name, block] of Object.entries(releases(json))) {
      expect(block).toMatchObject({
        atomic: true,
        cleanup_on_fail: true,
        wait: true,
        wait_for_jobs: true,
        max_history: 10,
        timeout: 900,
        create_namespace: false,
      });
      const chart = (CHARTS as Readonly<Record<string, { name: string; repository: string; version: string }>>)[name];
      if (chart) expect([block.chart, block.repository, block.version]).toEqual([chart.name, chart.repository, chart.version]);
      else
        expect([name, block.chart, block.repository, block.version]).toEqual([
          "day-trade-ml",
          expect.stringMatching(/^\.\/assets\/chart\/[0-9a-f]{32}$/),
          undefined,
          "0.1.0",
        ]);
    }
  });

  it("come from a mirror where the literal names one; our own comes along", () => {
    const mirrored = releases(
      onEks("prod", {
        ...inCluster,
        "cluster.kubernetes.keda": true,
        "cluster.kubernetes.chartRepository": "oci://registry.example.com/charts",
      }),
    );
    expect(Object.values(mirrored).map(({ name, repository }) => [name, repository])).toEqual(
      Object.keys(mirrored).map((name) => [name, name === "day-trade-ml" ? undefined : "oci://registry.example.com/charts"]),
    );
  });

  it("come after what they need, and ours after all others", () => {
    expect(after(everything, "metrics-server")).toEqual([]);
    expect(after(everything, "kube-prometheus-stack")).toEqual(["kube-prometheus-stack-namespace"]);
    expect(after(everything, "fluent-bit")).toEqual(["fluent-bit-namespace", "kube-prometheus-stack_release"]);
    expect(after(everything, "cloudnative-pg")).toEqual(["cloudnative-pg-namespace", "kube-prometheus-stack_release"]);
    expect(after(everything, "postgresql")).toEqual(["kube-prometheus-stack_release", "cloudnative-pg_release"]);
    expect(after(everything, "day-trade-ml")).toEqual(
      listed(everything)
        .filter((name) => name !== "day-trade-ml")
        .map((name) => `${name}_release`)
        .sort((a, b) => order(a) - order(b)),
    );
    for (const [name, block] of Object.entries(releases(everything))) {
      const waits = installed(block).depends_on as string[];
      expect([name, waits.slice(0, 3)]).toEqual([name, ["namespace_quota", "namespace_limits", "namespace_default-deny"]]);
      expect([name, waits.includes("storage-class")]).toEqual([name, name !== "day-trade-ml"]);
    }
  });
  const order = (release: string) => (RELEASES as readonly string[]).indexOf(release.replace("_release", ""));

  it("tell each other the literal's figures", () => {
    const values = Object.fromEntries(Object.entries(releases(everything)).map(([name, block]) => [name, JSON.stringify(valuesOf(block))]));
    expect(values["kube-prometheus-stack"]).toContain('"retention":"30d","retentionSize":"85GiB"');
    expect(values["kube-prometheus-stack"]).toMatch(/"topic_arn":"\$\{[^}]*system-alerts[^}]*arn\}"/);
    expect(values["kube-prometheus-stack"]).toMatch(/"name":"watchdog","sns_configs":\[\{.*?"topic_arn":"\$\{[^}]*watchdog[^}]*arn\}"/);
    expect(values.postgresql).toContain('"instances":3,');
    expect(values.postgresql).toContain('"storage":{"size":"200Gi"}'); // K8S-014
    expect(values.valkey).toContain('"persistence":{"enabled":true,"size":"20Gi"}'); // K8S-015
    expect(values.postgresql).toContain('"monitoring":{"enabled":true}');
    expect(JSON.stringify(valuesOf(releases(elsewhere("prod"))["kube-prometheus-stack"]!))).not.toContain("sns_configs");
  });
});

describe("values", () => {
  it.each(names)("of the services of %s are the literal's, and what the infrastructure knows", (name) => {
    const { account, stage, cluster } = environment(name);
    const block = releases(of[name])["day-trade-ml"]!;
    expect(block.values).toHaveLength(1);
    const values = valuesOf(block) as Readonly<Record<string, Block>>;
    expect([values.environment, values.image!.registry]).toEqual([stage, `${account}.dkr.ecr.ap-northeast-1.amazonaws.com`]);
    expect(values.networkPolicy!.egress).toEqual([{ cidr: "169.254.170.23/32", port: 80 }]);
    expect(values.externalSecrets!.store).toMatchObject({ aws: { region: "ap-northeast-1" } });
    expect(values.ingress).toMatchObject({ enabled: true, certificateArn: cluster.loadBalancer!.certificateArn });
    expect(
      Object.keys(values.ingress!.annotations as Block)
        .filter((key) => key.startsWith("alb."))
        .sort(),
    ).toEqual(
      ["load-balancer-attributes", "load-balancer-name", "security-groups", ...(name === "dev" ? [] : ["wafv2-acl-arn"])].map(
        (end) => `alb.ingress.kubernetes.io/${end}`,
      ),
    );
  });

  it("in a cluster of somebody else's know no Ingress of AWS, no Pod Identity and no store", () => {
    expect(valuesOf(releases(elsewhere("prod"))["day-trade-ml"]!)).toMatchObject({
      ingress: { enabled: false },
      networkPolicy: { egress: [] },
      externalSecrets: { store: { aws: { region: "" } } },
    });
  });

  it.each([
    ["dev", of.dev],
    ["staging", of.staging],
    ["prod", of.prod],
    ["every option", everything],
    ["elsewhere", elsewhere("prod", inCluster)],
  ])("of %s hold no secret, and of Terraform nothing but plain references", (_, json) => {
    for (const text of resourcesOf(json, "helm_release").flatMap(({ values }) => values as string[])) {
      for (const [, expression] of text.matchAll(/(?<!\$)\$\{([^}]*)\}/g))
        expect(expression).toMatch(/^data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+$/);
      expect(text.replace(/\$\{[^}]*\}/g, "")).not.toMatch(/%\{|password|passwd|AKIA|BEGIN [A-Z ]*PRIVATE KEY/i);
    }
  });
});

describe("volumes", () => {
  it.each([
    ["dev", undefined, "Delete"],
    ["staging", "key", "Retain"],
    ["prod", "key", "Retain"],
  ] as const)("of %s are encrypted, in the zone of their pod, and %s %s", (name, key, reclaim) => {
    const { parameters, ...rest } = installed(onlyResource(of[name], "kubernetes_storage_class_v1"));
    expect(rest).toEqual({
      metadata: { name: "encrypted", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      storage_provisioner: "ebs.csi.aws.com",
      reclaim_policy: reclaim,
      allow_volume_expansion: true,
      volume_binding_mode: "WaitForFirstConsumer",
    });
    expect(parameters).toEqual({
      type: "gp3",
      encrypted: "true",
      ...(key && { kmsKeyId: expect.stringMatching(/aws_kms_keykey_\w+arn\}$/) as unknown }),
    });
  });

  it("in a cluster of somebody else's are of the class that it has", () => {
    expect(resourcesOf(elsewhere("prod"), "kubernetes_storage_class_v1")).toEqual([]);
  });
});

describe("stores in the cluster", () => {
  it("are reached by the services that connect, and by nobody else", () => {
    const clients = (json: StackJson) =>
      resourcesOf(json, "kubernetes_network_policy_v1")
        .filter(({ metadata }) => (metadata as Block).name !== "default-deny")
        .map(({ metadata, spec }) => [(metadata as Block).name, /"operator":"In","values":(\[[^\]]*\])/.exec(JSON.stringify(spec))?.[1]]);
    expect(clients(everything)).toEqual([
      ["postgresql", '["data","ml","scheduler"]'],
      ["valkey", '["data","ml"]'],
    ]);
    expect(clients(onEks("prod", { ...inCluster, "services.scheduler.grants": ["cache.connect"] }))).toEqual([
      ["postgresql", '["data","ml"]'],
      ["valkey", '["data","ml","scheduler"]'],
    ]);
    expect(resourcesOf(of.prod, "kubernetes_network_policy_v1")).toHaveLength(1);
  });
});
