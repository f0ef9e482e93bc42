/**
 * A service is the same on ECS and on Kubernetes: what the chart renders of it is what the literal says.
 *
 * 1024 CPU units of Fargate are 1000m; the literal's CPU and memory are the chart's requests (CON-011, K8S-012).
 */
import type { Environment } from "../../environments/schema";
import { givenVariables, initialTasks, type Service } from "../../environments/schema/services";
import { azureChartValues } from "../../constructs/azure/chart-values";
import { chartValues } from "../../constructs/kubernetes/chart-values";
import { environment as environmentOf, GONE, type Base } from "../environments/edits";
import {
  deployment,
  describeWithHelm,
  endpoints,
  find,
  get,
  namespace,
  release,
  render,
  serviceNames,
  type Manifest,
  type ValuesFile,
} from "./helm";
import { azureEnvironment } from "../helpers/azure";
import { workloadsStack } from "../cluster/stacks";
import { mayTalk, type Party } from "./policies";

const pairs: readonly (readonly [Base, ValuesFile])[] = [
  ["dev", "development"],
  ["staging", "staging"],
  ["prod", "production"],
];

/** What the literal says of a service, in its own words. */
function ofLiteral({
  architecture,
  calls,
  cpu,
  grants,
  healthPath,
  memory,
  port,
  ports,
  readyPath,
  route,
  startSeconds,
  stopSeconds,
  strategy,
  scaling,
  ...service
}: Service) {
  return {
    architecture,
    cpu,
    memory,
    port,
    ports,
    healthPath,
    readyPath,
    startSeconds,
    stopSeconds,
    strategy,
    replicas: scaling ? undefined : initialTasks(service),
    scaling: scaling && { min: scaling.min, max: scaling.max, cpuPercent: scaling.cpuPercent, memoryPercent: scaling.memoryPercent },
    calls: [...calls].sort(),
    connects: ["cache", "database"].filter((backend) => grants.some((grant) => grant === `${backend}.connect`)),
    paths: route?.paths,
    environment: service.environment,
    secrets: Object.keys(service.secrets),
  };
}

interface Autoscaler {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly { readonly resource: { readonly name: string; readonly target: { readonly averageUtilization: number } } }[];
}
interface IngressSpec {
  readonly rules: readonly {
    readonly http: {
      readonly paths: readonly { readonly path: string; readonly backend: { readonly service: { readonly name: string } } }[];
    };
  }[];
}

const millicores = (cpu: string) => (cpu.endsWith("m") ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);
const mebibytes = (memory: string) => (memory.endsWith("Gi") ? Number(memory.slice(0, -2)) * 1024 : Number(memory.slice(0, -2)));
const party = (manifests: readonly Manifest[], service: string): Party => ({
  labels: deployment(manifests, service).spec.template.metadata.labels,
});

/** What the rendered chart says of a service, in the literal's words. */
function ofChart(manifests: readonly Manifest[], service: string, { cache, database }: Readonly<Record<"cache" | "database", string>>) {
  const {
    replicas,
    strategy,
    template: { spec },
  } = deployment(manifests, service).spec;
  const [container] = spec.containers;
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const autoscaler = find(manifests, "HorizontalPodAutoscaler", `${release}-${service}`)?.spec as Autoscaler | undefined;
  const target = (name: string) => autoscaler?.metrics.find(({ resource }) => resource.name === name)?.resource.target.averageUtilization;
  const mayReach = (to: Party, port: number) => mayTalk(manifests, namespace, party(manifests, service), to, port);
  const calls = serviceNames(manifests).filter(
    (other) =>
      other !== service &&
      deployment(manifests, other).spec.template.spec.containers[0].ports.every(({ containerPort }) =>
        mayReach(party(manifests, other), containerPort),
      ),
  );
  const connects = [
    ...(mayReach({ address: cache }, 6379) ? ["cache"] : []),
    ...(mayReach({ address: database }, 5432) ? ["database"] : []),
  ];
  const { rules } = get(manifests, "Ingress", release).spec as IngressSpec;
  const paths = rules
    .flatMap(({ http }) => http.paths)
    .filter(({ backend }) => backend.service.name === `${release}-${service}`)
    .map(({ path }) => path);
  const given = new Set(givenVariables({ calls, grants: connects.map((backend) => `${backend}.connect` as Service["grants"][number]) }));
  const environment = Object.fromEntries(
    Object.entries(get(manifests, "ConfigMap", `${release}-${service}`).data!).filter(([variable]) => !given.has(variable)),
  );
  const secrets = find(manifests, "ExternalSecret", `${release}-${service}`)?.spec as
    { readonly data: readonly { readonly secretKey: string }[] } | undefined;
  expect(livenessProbe.httpGet.path).toBe(startupProbe.httpGet.path);
  return {
    architecture: spec.nodeSelector["kubernetes.io/arch"] === "amd64" ? "x86_64" : spec.nodeSelector["kubernetes.io/arch"],
    cpu: millicores(container.resources.requests.cpu) * 1.024,
    memory: mebibytes(container.resources.requests.memory),
    port: container.ports[0]!.containerPort,
    ports: Object.fromEntries(container.ports.slice(1).map(({ name, containerPort }) => [name, containerPort])),
    healthPath: livenessProbe.httpGet.path,
    readyPath: readinessProbe.httpGet.path,
    startSeconds: startupProbe.periodSeconds * startupProbe.failureThreshold,
    stopSeconds: spec.terminationGracePeriodSeconds - Number(container.lifecycle?.preStop.exec.command[1] ?? 0),
    strategy: strategy.type === "Recreate" ? "recreate" : "rolling",
    replicas,
    scaling: autoscaler && {
      min: autoscaler.minReplicas,
      max: autoscaler.maxReplicas,
      cpuPercent: target("cpu"),
      memoryPercent: target("memory"),
    },
    calls,
    connects,
    paths: paths.length > 0 ? paths : undefined,
    environment,
    secrets: (secrets?.data ?? []).map(({ secretKey }) => secretKey),
  };
}

/** Of a network with layers of its own; a default VPC has one kind of subnet. */
const subnets = ({ network }: Environment, tier: "public" | "database"): readonly string[] =>
  network.kind === "dedicated" ? network.subnets[tier] : ["172.31.0.0/16"];
const addressIn = (cidr: string) => cidr.replace(/\d+\/\d+$/, "9");

describeWithHelm("the chart and the literals", () => {
  describe.each(pairs)("%s", (name, file) => {
    const environment = environmentOf(name);
    const manifests = render(file, endpoints);
    const address = addressIn(subnets(environment, "database")[0]!);

    it("have the same services", () => expect(serviceNames(manifests)).toEqual(Object.keys(environment.services).sort()));

    it.each(Object.keys(environment.services))("agree on %s", (service) => {
      expect(ofChart(manifests, service, { cache: address, database: address })).toEqual(ofLiteral(environment.services[service]!));
    });

    it("agree on what stands around the services", () => {
      const {
        cluster: { loadBalancer },
        stage,
        data: { cache, rds },
      } = environment;
      expect(get(manifests, "ConfigMap", `${release}-ml`).data).toMatchObject({
        ENVIRONMENT: stage,
        CACHE_TLS: String(cache.kind === "cluster" || cache.encryption),
        CACHE_CLUSTER_MODE: String(cache.kind === "cluster"),
        ...(rds && { DATABASE_NAME: rds.databaseName, DATABASE_PORT: "5432" }),
      });
      expect(get(manifests, "Ingress", release).metadata.annotations).toMatchObject({
        "alb.ingress.kubernetes.io/certificate-arn": loadBalancer!.certificateArn,
        "alb.ingress.kubernetes.io/inbound-cidrs": loadBalancer!.clientCidrs.join(","),
      });
      const balancer = (service: string) =>
        mayTalk(manifests, namespace, { address: addressIn(subnets(environment, "public")[0]!) }, party(manifests, service), 8000);
      expect(serviceNames(manifests).map((service) => [service, balancer(service)])).toEqual(
        serviceNames(manifests).map((service) => [service, environment.services[service]!.route !== undefined]),
      );
    });
  });

  it("takes what the workloads stack adds, whatever the services ask for", () => {
    const {
      namespace: own,
      values,
      manifests: foundation,
    } = workloadsStack("prod", {
      "cluster.kubernetes.keda": true,
      database: "in-cluster",
      "data.rds": GONE,
      servicesCache: "in-cluster",
      "services.data.scaling": {
        min: 3,
        max: 20,
        queue: { name: "orderQueue", messagesPerTask: 20 },
        schedule: [
          { cron: "30 8 * * MON-FRI", min: 8 },
          { cron: "0 16 * * *", min: 3 },
          { cron: "0 1 * * SAT", min: 4 },
        ],
      },
    });
    const manifests = render(undefined, values, own);
    expect(get(manifests, "ScaledObject", `${release}-data`).spec).toMatchObject({
      minReplicaCount: 3,
      maxReplicaCount: 20,
      triggers: [{ type: "cpu" }, { type: "memory" }, { type: "aws-sqs-queue" }, { type: "cron" }, { type: "cron" }],
    });
    expect(get(manifests, "ConfigMap", `${release}-ml`).data).toMatchObject({
      CACHE_HOST: "valkey",
      CACHE_TLS: "false",
      DATABASE_HOST: "postgresql-rw",
      DATABASE_NAME: "trading",
    });
    // Who reaches the stores of the cluster, by the policies of both: the services that may, and no pod that has no business there.
    const policies = [...manifests, ...foundation];
    const services = Object.fromEntries(serviceNames(manifests).map((service) => [service, party(manifests, service)]));
    const parties: Readonly<Record<string, Party>> = {
      ...services,
      intruder: { labels: { app: "intruder" } },
      elsewhere: { labels: services.ml!.labels!, namespace: "default" },
      operator: { labels: {}, namespace: "cnpg-system" },
    };
    const postgresql: Party = { labels: { "cnpg.io/cluster": "postgresql" } };
    const valkey: Party = { labels: { "app.kubernetes.io/name": "valkey", "app.kubernetes.io/instance": "valkey" } };
    const reach = (to: Party, port: number) => Object.keys(parties).filter((from) => mayTalk(policies, own, parties[from]!, to, port));
    expect([reach(postgresql, 5432), reach(valkey, 6379)]).toEqual([
      ["data", "ml", "scheduler", "operator"],
      ["data", "ml"],
    ]);
    expect([reach(postgresql, 8000), reach(postgresql, 22), reach(valkey, 22)]).toEqual([["operator"], [], []]);
    expect([
      mayTalk(policies, own, postgresql, postgresql, 5432),
      mayTalk(policies, own, postgresql, valkey, 6379),
      mayTalk(policies, own, valkey, postgresql, 5432),
    ]).toEqual([true, false, false]);
    // The files name RDS's networks, which nobody has business with then.
    expect(mayTalk(policies, own, services.ml!, { address: "10.0.3.9" }, 5432)).toBe(false);
  });

  it("documents ml with these figures (K8S-012, K8S-013)", () => {
    for (const file of ["staging", "production", "azure"] as const) {
      expect(deployment(render(file), "ml").spec.template.spec.containers[0].resources).toEqual({
        requests: { cpu: "2000m", memory: "4Gi" },
        limits: { cpu: "4000m", memory: "8Gi" },
      });
    }
  });

  it("hold every figure of a service that differs from all defaults", () => {
    const literal = environmentOf("prod", {
      "cluster.eks.nodeGroups.general.max": 3,
      "cluster.eks.nodeGroups.arm": { instanceTypes: ["m7g.large"], min: 1, max: 3 },
      "cluster.loadBalancer.clientCidrs": ["198.51.100.0/24"],
      "services.ml": {
        image: "other:2.0.0",
        architecture: "arm64",
        cpu: 4096,
        memory: 9216,
        port: 9000,
        ports: { grpc: 50_051 },
        healthPath: "/alive",
        readyPath: "/able",
        startSeconds: 120,
        stopSeconds: 45,
        scratchGigabytes: 30,
        scaling: { min: 4, max: 9, cpuPercent: 55, memoryPercent: 66 },
        route: { priority: 900, paths: ["/models/*", "/v?"] },
        calls: ["data"],
        environment: { LOG_LEVEL: "no", A: "007" },
        secrets: { LOGIN: { secret: "mt5", key: "login" } },
        grants: ["cache.connect"],
      },
    });
    const manifests = render(undefined, chartValues(literal));
    expect(ofChart(manifests, "ml", { cache: "10.0.3.9", database: "10.0.3.9" })).toEqual(ofLiteral(literal.services.ml!));
    expect(deployment(manifests, "ml").spec.template.spec).toMatchObject({
      containers: [{ image: expect.stringMatching(/\/other:2\.0\.0$/) as unknown }],
      volumes: [{ emptyDir: { sizeLimit: "30Gi" } }],
    });
    expect(get(manifests, "Ingress", release).metadata.annotations).toMatchObject({
      "alb.ingress.kubernetes.io/inbound-cidrs": "198.51.100.0/24",
    });
  });

  it("takes the chart's own services out where the literal has others", () => {
    const manifests = render(
      undefined,
      chartValues(
        environmentOf("prod", { services: { orders: { image: "orders:1", cpu: 256, memory: 512 } }, "cluster.loadBalancer": GONE }),
      ),
    );
    expect([serviceNames(manifests), find(manifests, "Ingress", release)]).toEqual([["orders"], undefined]);
  });

  /** Of Azure's file without what is known of a subscription. */
  const azureAlone = () =>
    render("azure", { image: { registry: "registry.invalid" }, backends: { cache: { host: "" }, database: { host: "" } } });

  it("gives Azure's file the figures of its literal", () => {
    const [byHand, generated] = [azureAlone(), render(undefined, azureChartValues(azureEnvironment("azure-aks")))];
    for (const service of serviceNames(generated)) {
      const { containers, terminationGracePeriodSeconds } = deployment(byHand, service).spec.template.spec;
      expect({ containers, terminationGracePeriodSeconds }).toEqual({
        containers: deployment(generated, service).spec.template.spec.containers,
        terminationGracePeriodSeconds: deployment(generated, service).spec.template.spec.terminationGracePeriodSeconds,
      });
      for (const kind of ["HorizontalPodAutoscaler", "PodDisruptionBudget"])
        expect(find(byHand, kind, `${release}-${service}`)).toEqual(find(generated, kind, `${release}-${service}`));
    }
    expect(serviceNames(byHand)).toEqual(serviceNames(generated));
  });

  it("gives Azure's file the names of its literal, a service an identity of its own, and nothing whose kinds nobody installs there", () => {
    const { data, name, registry, location, tenant } = azureEnvironment("azure-prod");
    const manifests = render("azure");
    expect(get(manifests, "ConfigMap", `${release}-ml`).data).toMatchObject({
      CACHE_HOST: `${data.cache.name}.${location}.redis.azure.net`,
      DATABASE_HOST: `${data.database.server}.database.windows.net`,
      DATABASE_NAME: data.database.name,
      DATABASE_USER: `${name}-service-ml`,
    });
    const clients = serviceNames(manifests).map((service) => {
      expect(deployment(manifests, service).spec.template.spec.containers[0].image).toMatch(
        new RegExp(`^${registry.name}\\.azurecr\\.io/`),
      );
      const { annotations } = get(manifests, "ServiceAccount", `${release}-${service}`).metadata;
      expect(annotations).toMatchObject({ "azure.workload.identity/tenant-id": tenant });
      return annotations!["azure.workload.identity/client-id"];
    });
    expect(new Set(clients).size).toBe(3);
    for (const kind of ["ServiceMonitor", "PrometheusRule"]) expect(manifests.some((manifest) => manifest.kind === kind)).toBe(false);
  });

  it("gives Azure the services of production", () => {
    const [azure, production] = [azureAlone(), render("production", { image: { registry: "registry.invalid" } })];
    for (const service of serviceNames(production)) {
      const { containers, terminationGracePeriodSeconds } = deployment(azure, service).spec.template.spec;
      expect({ containers, terminationGracePeriodSeconds }).toEqual({
        containers: deployment(production, service).spec.template.spec.containers,
        terminationGracePeriodSeconds: deployment(production, service).spec.template.spec.terminationGracePeriodSeconds,
      });
      for (const kind of ["HorizontalPodAutoscaler", "PodDisruptionBudget"])
        expect(find(azure, kind, `${release}-${service}`)).toEqual(find(production, kind, `${release}-${service}`));
    }
    expect(serviceNames(azure)).toEqual(serviceNames(production));
  });
});
