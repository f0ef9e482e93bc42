/** What is installed in a cluster. */
import type { Area } from "./area";

export const WORKLOADS: readonly Area[] = [
  {
    near: ["kubernetes-workloads"],
    mutations: [
      { name: "half a release", in: "Release", at: "atomic", to: "false" },
      { name: "release that nobody waits for", in: "Release", at: "wait", to: "false" },
      { name: "release without a version", in: "Release", at: "version", drop: true },
      { name: "history without end", in: "Release", at: "maxHistory", to: "0" },
      { name: "namespace that only warns", in: "Namespace", at: 'levels "enforce"', drop: true },
      { name: "pods of the services at a lower level", in: "ServiceNamespace", at: "podSecurity", to: '"baseline"' },
      { name: "namespace without a quota of memory", in: "ServiceNamespace", at: '"requests.memory"', drop: true },
      { name: "load balancers past the Ingress", in: "ServiceNamespace", at: '"services.loadbalancers"', to: '"5"' },
      { name: "namespace that anybody may call", in: "ServiceNamespace", at: 'policyTypes "Ingress"', drop: true },
      { name: "database that every service reaches", in: "servicesNamed", at: "matchExpressions", to: "[]" },
      { name: "database that reaches the nodes' rights", in: "StorePolicies", at: "except", drop: true },
      {
        name: "operations read Secrets",
        in: "OPERATE",
        at: '{"pods/portforward"}',
        to: '{ apiGroups: [""], resources: ["pods/portforward", "secrets"], verbs: ["create", "get"] }',
      },
      { name: "shell in every pod", in: "OPERATE", at: '{"pods/portforward"}.resources', add: '"pods/exec"' },
      { name: "readers that edit", in: "Rbac", at: '"view"', to: '"edit"' },
      { name: "token in the state", in: "tokenCommand", at: '{"aws"}.command', to: '"cat"' },
      { name: "context that the kubeconfig has chosen", in: "connect", at: "configContext", drop: true },
    ],
  },
  {
    near: ["kubernetes-charts", "kubernetes-workloads"],
    mutations: [
      { name: "database with its superuser", in: "postgresql", at: "enableSuperuserAccess", to: "true" },
      { name: "one namespace reads another's secrets", in: "externalSecrets", at: "processClusterStore", to: "true" },
      { name: "controller between every Service and the API", in: "loadBalancerController", at: "enableServiceMutatorWebhook", to: "true" },
      { name: "chart that moves by itself", in: "METRICS_SERVER_CHART", at: "version", to: '"3.x"' },
      { name: "charts past the mirror", in: "chartOf", at: "repository", drop: true },
      { name: "upgrade of prod for staging's values", in: "NOT_INSTALLED", to: "/^README\\.md$/" },
      { name: "changed chart under an old path", in: "ChartFolder", at: "hash readFileSync()", to: '""' },
    ],
  },
  {
    near: ["chart-values"],
    mutations: [
      { name: "service of a cluster without its settings", in: "serviceValues", at: "env", part: "...service.environment", drop: true },
      { name: "clients of a cluster's services", in: "ingressValues", at: "clientCidrs", to: '["0.0.0.0/0"]' },
      { name: "services of the chart's own beside the literal's", in: "servicesValues", part: "...withoutThose", drop: true },
    ],
  },
  {
    near: ["stacks/workloads"],
    mutations: [
      { name: "volumes of the cluster in clear", in: "WorkloadsStack", at: "encrypted", to: '"false"' },
      { name: "volumes that go with their claim", in: "WorkloadsStack", at: "reclaimPolicy", to: '"Delete"' },
      {
        name: "services before their controllers",
        in: "installWorkloads",
        at: 'Release("services").startsAfter',
        to: "[...namespace.ready]",
      },
      { name: "releases that the cluster has already", in: "WorkloadsStack", at: "constructor includes()", to: "false" },
      { name: "everybody's database", in: "WorkloadsStack", at: "database clientsOf()", to: "Object.keys(services)" },
    ],
  },
];
