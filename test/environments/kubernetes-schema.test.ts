/** Every field of the cluster's own figures and of what is installed in it, and each default. */
import { EKS_VERSIONS } from "../../environments/facts/eks-versions";
import { RELEASES } from "../../environments/schema/kubernetes";
import { INSTANCE_TYPES } from "../../environments/facts/machine-types";
import { architectureOf } from "../../environments/rules";
import { pathTo } from "../../environments/rules/finding";
import { edited, environment, findingsOf, GONE } from "./edits";
import { characters, NO_NUMBER, NO_TEXT, testFields, type Field } from "./field-cases";

const EKS = "cluster.eks";
const CIDRS = `${EKS}.publicEndpointCidrs`;
const KUBERNETES = "cluster.kubernetes";
const GENERAL = `${EKS}.nodeGroups.general`;
const ACCESS = `${EKS}.access`;
const GROUP = { instanceTypes: ["m7i.large"], min: 1, max: 3 };
const VERSION = 'one of "1.34", "1.35"';
const ROLE = "the name of an IAM role such as tss-deploy-prod, with its path where it has one";
const NAMESPACE =
  "1 to 63 of a-z, 0-9 and single hyphens, a letter first; not default, not beginning with kube-, and none of monitoring, external-secrets, cnpg-system, keda, logging";
const REPOSITORY = "an https:// or oci:// address such as oci://registry.example.com/charts, without user name and password";
const KUBECONFIG = "a path that begins with / or ~/ such as ~/.kube/config";
const NETWORK = "an IPv4 network in its shortest form";
const different = (count: number) => Array.from({ length: count }, (_, index) => `role-${index}`);
const networks = (count: number) => Array.from({ length: count }, (_, index) => `203.0.${index}.0/24`);
const families = (count: number) =>
  Object.entries(INSTANCE_TYPES)
    .filter(([, sizes]) => /\blarge\b/.test(sizes))
    .map(([family]) => `${family}.large`)
    .filter((type) => architectureOf(type) === "x86_64")
    .slice(0, count);
const LIST_OF_ONE = "a list of 1 or more";

const FIELDS: readonly Field[] = [
  // --- the EKS cluster ---
  { path: EKS, allowed: "an object with the keys version, access, nodeGroups", refused: [undefined, null, [], "1.35"], accepted: [] },
  {
    path: `${EKS}.version`,
    allowed: VERSION,
    refused: [...NO_TEXT, 1.35, "1.33", "1.36", "1.35.0", "v1.35", "latest", ""],
    accepted: Object.keys(EKS_VERSIONS),
  },
  { path: CIDRS, allowed: "a list", refused: [null, "203.0.113.0/24", {}], accepted: [undefined, [], networks(40)] },
  { path: CIDRS, allowed: "a list of 40 at the most", refused: [networks(41)], accepted: [] },
  {
    path: `${CIDRS}[0]`,
    allowed: NETWORK,
    refused: ["203.0.113.1/24", "203.0.113.0", "::/0", null, 5],
    accepted: ["203.0.113.0/24", "203.0.113.7/32"],
  },
  {
    path: ACCESS,
    allowed: "an object with the keys deploy",
    refused: [undefined, null, [], "tss-deploy-prod"],
    accepted: [{ deploy: ["tss-deploy-prod"] }],
  },
  {
    path: `${ACCESS}.deploy`,
    allowed: "a list",
    refused: [undefined, null, "tss-deploy-prod"],
    accepted: [["tss-deploy-prod"], different(20)],
  },
  { path: `${ACCESS}.deploy`, allowed: LIST_OF_ONE, refused: [[]], accepted: [] },
  { path: `${ACCESS}.deploy`, allowed: "a list of 20 at the most", refused: [different(21)], accepted: [] },
  ...(["operations", "readOnly"] as const).flatMap((key): Field[] => [
    { path: `${ACCESS}.${key}`, allowed: "a list", refused: [null, "trading-operations"], accepted: [undefined, [], different(20)] },
    { path: `${ACCESS}.${key}`, allowed: "a list of 20 at the most", refused: [different(21)], accepted: [] },
  ]),
  ...(["deploy", "operations", "readOnly"] as const).map((key): Field => ({
    path: `${ACCESS}.${key}[0]`,
    allowed: ROLE,
    refused: [
      "",
      5,
      null,
      "a b",
      "a/",
      "/a",
      "a//b",
      "arn:aws:iam::777788889999:role/a",
      "${a}",
      characters(65),
      `${characters(512)}/${characters(64)}`,
    ],
    accepted: [
      "a",
      "A_z-0+=,.@",
      characters(64),
      `${characters(511)}/${characters(64)}`,
      "aws-reserved/sso.amazonaws.com/ap-northeast-1/AWSReservedSSO_Deploy_0123456789abcdef",
    ],
  })),
  {
    base: "dev",
    path: `${EKS}.nodeGroups`,
    allowed: "an object of names and values",
    refused: [undefined, null, [GROUP], "m7i.large"],
    accepted: [{ general: GROUP }],
  },
  { base: "dev", path: `${EKS}.nodeGroups`, allowed: "one node group or more", refused: [{}], accepted: [] },
  ...["", "General", "1a", "a_b", "a--b", "a-", "-a", "a.b", characters(21)].map((name): Field => ({
    base: "dev",
    path: pathTo(`${EKS}.nodeGroups`, name),
    allowed: "1 to 20 of a-z, 0-9 and single hyphens, a letter first",
    refused: [GROUP],
    accepted: [],
  })),
  ...["a", "a-1-b", "constructor", characters(20)].map((name): Field => ({
    base: "dev",
    path: pathTo(`${EKS}.nodeGroups`, name),
    allowed: "an object with the keys instanceTypes, min, max",
    refused: [null, "m7i.large", []],
    accepted: [GROUP],
  })),
  {
    base: "dev",
    path: `${GENERAL}.instanceTypes`,
    allowed: "a list",
    refused: [undefined, null, "m7i.large"],
    accepted: [["m7i.large"], families(20)],
  },
  { base: "dev", path: `${GENERAL}.instanceTypes`, allowed: LIST_OF_ONE, refused: [[]], accepted: [] },
  { base: "dev", path: `${GENERAL}.instanceTypes`, allowed: "a list of 20 at the most", refused: [families(21)], accepted: [] },
  {
    base: "dev",
    path: `${GENERAL}.instanceTypes[0]`,
    allowed: "an EC2 instance type",
    refused: ["", "m7i", "large", "M7i.large", null, 5, "db.m7i.large"],
    accepted: ["m7i.large", "u-6tb1.metal"],
  },
  {
    base: "dev",
    path: `${GENERAL}.min`,
    allowed: "a whole number of nodes from 1 to 450",
    refused: [...NO_NUMBER, 0, 451],
    accepted: [1, 24, 450],
    with: { [`${GENERAL}.max`]: 450 },
  },
  {
    base: "dev",
    path: `${GENERAL}.max`,
    allowed: "a whole number of nodes from 1 to 450",
    refused: [...NO_NUMBER, 0, 451],
    accepted: [1, 450],
    with: { [`${GENERAL}.min`]: 1 },
  },
  {
    base: "dev",
    path: `${GENERAL}.maxPods`,
    allowed: "a whole number of pods from 4 to 250",
    refused: [...NO_NUMBER.slice(1), 3, 251],
    accepted: [undefined, 4, 250],
  },
  {
    base: "dev",
    path: `${GENERAL}.diskGigabytes`,
    allowed: "a whole number of GB from 20 to 16384",
    refused: [...NO_NUMBER.slice(1), 19, 16_385],
    accepted: [undefined, 20, 16_384],
  },
  ...(["clusterAutoscaler", "zonalShift"] as const).map((key): Field => ({
    path: `${EKS}.${key}`,
    allowed: "true or false, without quotes",
    refused: [null, "false", 0],
    accepted: [undefined, true, false],
  })),
  {
    path: `${EKS}.podLogs`,
    allowed: 'one of "none", "services", "all"',
    refused: [null, true, "", "Services"],
    accepted: [undefined, "none", "services", "all"],
  },
  {
    path: `${EKS}.serviceCidr`,
    allowed: NETWORK,
    refused: [...NO_TEXT.slice(1), "172.20.0.0", "172.20.0.1/16", "fd00::/108"],
    accepted: [undefined, "172.20.0.0/16"],
  },

  // --- what is installed ---
  {
    path: KUBERNETES,
    allowed: "an object with the keys namespace",
    refused: [undefined, null, [], "day-trade"],
    accepted: [{ namespace: "day-trade" }],
  },
  {
    path: `${KUBERNETES}.namespace`,
    allowed: NAMESPACE,
    refused: [
      ...NO_TEXT,
      "",
      "Day-trade",
      "1a",
      "a_b",
      "a.b",
      "a--b",
      "a-",
      "-a",
      characters(64),
      "default",
      "kube-system",
      "kube-public",
      "kube-a",
      "monitoring",
      "external-secrets",
      "cnpg-system",
      "logging",
      "keda",
    ],
    accepted: ["a", characters(63), "a-1-b", "default-a", "kube", "kubernetes", "monitoring-a", "external-secrets1", "cnpg", "keda-a"],
  },
  { path: `${KUBERNETES}.monitoring`, allowed: "an object with the keys", refused: [null, true, "prometheus"], accepted: [undefined, {}] },
  {
    path: `${KUBERNETES}.monitoring.retentionDays`,
    allowed: "a whole number of days from 1 to 365",
    refused: [...NO_NUMBER.slice(1), 0, 366, "15d"],
    accepted: [undefined, 1, 365],
  },
  { path: `${KUBERNETES}.keda`, allowed: "true or false, without quotes", refused: [null, "true", {}], accepted: [undefined, true, false] },
  { path: `${KUBERNETES}.database`, allowed: "an object with the keys", refused: [null, "postgresql", 3], accepted: [undefined, {}] },
  {
    path: `${KUBERNETES}.database.instances`,
    allowed: "a whole number of instances from 1 to 9",
    refused: [...NO_NUMBER.slice(1), 0, 10],
    accepted: [undefined, 1, 9],
  },
  {
    path: `${KUBERNETES}.database.databaseName`,
    allowed: "1 to 63",
    refused: [...NO_TEXT.slice(1), "", "1a", "a-b", characters(64)],
    accepted: [undefined, "a", "trading_1", characters(63)],
  },
  { path: `${KUBERNETES}.cache`, allowed: "an object with the keys", refused: [null, "valkey", 20], accepted: [undefined, {}] },
  ...["monitoring", "database", "cache"].map((key): Field => ({
    path: `${KUBERNETES}.${key}.storageGigabytes`,
    allowed: "a whole number of GB from 1 to 16384",
    refused: [...NO_NUMBER.slice(1), 0, 16_385, "50Gi"],
    accepted: [undefined, 1, 16_384],
  })),
  { path: `${KUBERNETES}.existing`, allowed: "a list", refused: [null, "keda", { keda: true }], accepted: [undefined, [], [...RELEASES]] },
  {
    path: `${KUBERNETES}.existing[0]`,
    allowed: 'one of "aws-load-balancer-controller", "cluster-autoscaler", "metrics-server"',
    refused: ["day-trade-ml", "prometheus", "Keda", null, 5],
    accepted: [...RELEASES],
  },
  {
    path: `${KUBERNETES}.chartRepository`,
    allowed: REPOSITORY,
    refused: [
      ...NO_TEXT.slice(1),
      "",
      "http://charts.example.com",
      "charts.example.com",
      "https://",
      "oci://",
      "https://user:secret@charts.example.com",
      "https://charts.example.com/a?b=c",
      "https://charts.example.com/a b",
      "https://charts.example.com/${a}",
      "file:///charts",
      "./charts",
    ],
    accepted: [
      undefined,
      "https://charts.example.com",
      "https://charts.example.com/",
      "https://charts.example.com:8443/a/b_c-d.e~f",
      "oci://777788889999.dkr.ecr.ap-northeast-1.amazonaws.com/charts",
      "oci://localhost:5000",
    ],
  },
  {
    path: "platform.kubeconfig",
    allowed: KUBECONFIG,
    with: { platform: { kind: "kubernetes", context: "k3s" } },
    refused: [
      ...NO_TEXT,
      "",
      "/",
      "~/",
      "~",
      "config",
      "./config",
      "../config",
      "~root/.kube/config",
      "$HOME/.kube/config",
      "C:\\config",
      "/a\nb",
      "/${a}",
      "~/%{a}",
      `/${characters(1024)}`,
    ],
    accepted: ["/a", "~/a", "~/.kube/config", "/etc/rancher/k3s/k3s.yaml", "/設定 1/config", `/${characters(1023)}`],
  },
];

describe("fields of clusters", () => {
  testFields(FIELDS);

  it("names the versions that EKS supports where another one stands", () => {
    expect(findingsOf(edited("prod", { [`${EKS}.version`]: "1.33" }))).toEqual([
      { path: `${EKS}.version`, value: "1.33", allowed: 'one of "1.34", "1.35"; did you mean "1.34"?' },
    ]);
  });

  it("knows the same add-ons for every version, each as AWS writes versions", () => {
    const addons = ["aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"];
    expect(Object.values(EKS_VERSIONS).map((versions) => Object.keys(versions).sort())).toEqual(
      Object.keys(EKS_VERSIONS).map(() => addons),
    );
    for (const version of Object.values(EKS_VERSIONS).flatMap((versions) => Object.values(versions)))
      expect(version).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    // kube-proxy goes with the minor version of its cluster.
    for (const [version, { "kube-proxy": proxy }] of Object.entries(EKS_VERSIONS)) expect(proxy.startsWith(`v${version}.`)).toBe(true);
  });
});

describe("defaults", () => {
  it("of EKS: private, all of AWS's help, and room for images", () => {
    const { eks } = environment("prod", { [EKS]: { version: "1.35", access: { deploy: ["a"] }, nodeGroups: { general: GROUP } } }).cluster;
    expect(eks).toEqual({
      version: "1.35",
      publicEndpointCidrs: [],
      access: { deploy: ["a"], operations: [], readOnly: [] },
      nodeGroups: { general: { ...GROUP, diskGigabytes: 80 } },
      clusterAutoscaler: true,
      podLogs: "services",
      zonalShift: true,
      serviceCidr: "172.20.0.0/16",
    });
  });

  it("of what is installed: nothing that nobody asked for, and the documented sizes (K8S-014, K8S-015)", () => {
    const installed = {
      namespace: "day-trade",
      keda: false,
      database: { instances: 3, storageGigabytes: 200, databaseName: "trading" },
      cache: { storageGigabytes: 20 },
      existing: [],
    };
    expect(environment("prod", { [`${KUBERNETES}.monitoring`]: GONE }).cluster.kubernetes).toEqual(installed);
    expect(environment("prod", { [`${KUBERNETES}.monitoring`]: {} }).cluster.kubernetes).toEqual({
      ...installed,
      monitoring: { retentionDays: 15, storageGigabytes: 50 },
    });
  });
});

it.each([
  ["dev", "day-trade-dev", undefined, ["203.0.113.0/24"], { instanceTypes: ["t3.large"], min: 2, max: 3, diskGigabytes: 80 }, false],
  [
    "staging",
    "day-trade-staging",
    { retentionDays: 15, storageGigabytes: 50 },
    [],
    { instanceTypes: ["m7i.xlarge", "m6i.xlarge"], min: 3, max: 24, maxPods: 15, diskGigabytes: 80 },
    true,
  ],
  [
    "prod",
    "day-trade",
    { retentionDays: 30, storageGigabytes: 100 },
    [],
    { instanceTypes: ["m7i.xlarge", "m6i.xlarge"], min: 3, max: 24, maxPods: 15, diskGigabytes: 80 },
    true,
  ],
] as const)(
  "%s has the documented figures (C-55, K8S-005 … K8S-007, K8S-016)",
  (base, namespace, monitoring, publicEndpointCidrs, general, clusterAutoscaler) => {
    const { eks, kubernetes } = environment(base).cluster;
    expect(kubernetes).toEqual({
      namespace,
      ...(monitoring && { monitoring }),
      keda: false,
      database: { instances: 3, storageGigabytes: 200, databaseName: "trading" },
      cache: { storageGigabytes: 20 },
      existing: [],
    });
    expect(eks).toEqual({
      version: "1.35",
      publicEndpointCidrs,
      access: { deploy: [`tss-deploy-${base}`], operations: [], readOnly: [] },
      nodeGroups: { general },
      clusterAutoscaler,
      podLogs: "services",
      zonalShift: true,
      serviceCidr: "172.20.0.0/16",
    });
  },
);
