/** Rules and figures of the literals, provider and state. */
import type { Area } from "./area";

export const ENVIRONMENTS: readonly Area[] = [
  {
    near: ["environments/schema", "kubernetes-schema"],
    mutations: [
      { name: "collector at the weekend", in: "environmentSchema", at: '"0 22 * * MON-FRI"', to: '"0 22 * * *"' },
      {
        name: "image that is called latest",
        in: "serviceImage",
        part: "/^(?=[^:@]{2,256}[:@])[a-z][a-z0-9]*([._/-][a-z0-9]+)*(:(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$/",
        to: "/^(?=[^:@]{2,256}[:@])[a-z][a-z0-9]*([._/-][a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$/",
      },
    ],
  },
  {
    near: ["service-rules"],
    mutations: [
      {
        name: "service of a size that Fargate does not offer",
        in: "SERVICE_RULES",
        at: 'each("a service has memory that Fargate offers with its CPU") includes()',
        to: "memory > 0",
      },
      {
        name: "only task on Spot",
        in: "SERVICE_RULES",
        at: '{"no spot, because strategy is recreate: the only task must not be interrupted"}',
        drop: true,
      },
      { name: "services that wait for each other", in: "SERVICE_RULES", at: 'each("calls form no circle") has()', to: "false" },
      {
        name: "services for the whole Internet",
        in: "SERVICE_RULES",
        at: 'clientNetworkFindings("cluster.loadBalancer.clientCidrs")',
        part: "loadBalancer?.clientCidrs ?? []",
        to: "[]",
      },
      {
        name: "services that know the Administrator's password",
        in: "secretsOf",
        at: "entries()",
        to: "Object.entries({ ...secrets, ...serviceSecrets })",
      },
    ],
  },
  {
    near: ["environments/figures", "environments/between-environments"],
    mutations: [
      { name: "production's services on one task", in: "serviceScaling", at: "min", to: "1" },
      { name: "prod's queue gives up at once", in: "deadLetterDefaults", at: "maxReceiveCount", to: "1" },
      { name: "prod in one zone", in: "dedicatedNetwork", at: 'zones "ap-northeast-1c"', drop: true },
    ],
  },
  {
    near: ["kubernetes-rules"],
    mutations: [
      {
        name: "node group of fewer than none",
        in: "KUBERNETES_RULES",
        at: '{"a node group goes from min to max"}',
        part: "min <= max",
        to: "min <= max + 1000",
      },
      {
        name: "cluster open to the whole Internet",
        in: "KUBERNETES_RULES",
        at: 'clientNetworkFindings("cluster.eks.publicEndpointCidrs")',
        part: "cluster.eks.publicEndpointCidrs",
        to: "[]",
      },
      {
        name: "Services in the VPC's own network",
        in: "KUBERNETES_RULES",
        at: '{"the Services of a cluster have a network of their own"} overlaps()',
        to: "false",
      },
      {
        name: "schedule without KEDA",
        in: "KUBERNETES_RULES",
        at: 'ofServices("a service that scales by queue or clock has KEDA")',
        part: "!hasKeda",
        to: "false",
      },
    ],
  },
  {
    near: ["stacks/environments"],
    mutations: [
      { name: "provider that works in any account", in: "providerConfig", at: "allowedAccountIds", drop: true },
      { name: "state without a lock", in: "backendConfig", at: "useLockfile", to: "undefined as never" },
      { name: "state under S3's key instead of the bucket's", in: "backendConfig", at: "common", add: "encrypt: true" },
    ],
  },
];
