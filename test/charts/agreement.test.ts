/**
 * A service is the same on ECS and on Kubernetes: its figures in environments/*.ts and in the chart's values files agree, both ways.
 *
 * 1024 CPU units of Fargate are 1000m; the literal's CPU and memory are the chart's requests (CON-011, K8S-012).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadEnvironment } from "../fixtures/environments";
import type { Environment } from "../../environments/schema";
import { givenVariables, initialTasks, type Service } from "../../environments/services";
import { GONE } from "../environments/edits";
import { chart, deployment, describeWithHelm, endpoints, find, get, namespace, release, render, serviceNames, type Manifest, type ValuesFile } from "./helm";
import { workloadsStack } from "../cluster/stacks";
import { mayTalk, type Party } from "./policies";

const pairs: readonly (readonly [string, ValuesFile])[] = [["dev", "development"], ["staging", "staging"], ["prod", "production"]];

/** What the literal says of a service, in its own words. */
function ofLiteral({ architecture, calls, cpu, grants, healthPath, memory, port, ports, readyPath, route, startSeconds, stopSeconds, strategy, scaling, ...service }: Service) {
  return {
    architecture, cpu, memory, port, ports, healthPath, readyPath, startSeconds, stopSeconds, strategy,
    replicas: scaling ? undefined : initialTasks(service),
    scaling: scaling && { min: scaling.min, max: scaling.max, cpuPercent: scaling.cpuPercent, memoryPercent: scaling.memoryPercent },
    calls: [...calls].sort(),
    connects: ["cache", "database"].filter((backend) => grants.some((grant) => grant === `${backend}.connect`)),
    paths: route?.paths,
    environment: service.environment, secrets: Object.keys(service.secrets),
  };
}

interface Autoscaler { readonly minReplicas: number; readonly maxReplicas: number; readonly metrics: readonly { readonly resource: { readonly name: string; readonly target: { readonly averageUtilization: number } } }[] }
interface IngressSpec { readonly rules: readonly { readonly http: { readonly paths: readonly { readonly path: string; readonly backend: { readonly service: { readonly name: string } } }[] } }[] }

const millicores = (cpu: string) => (cpu.endsWith("m") ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);
const mebibytes = (memory: string) => (memory.endsWith("Gi") ? Number(memory.slice(0, -2)) * 1024 : Number(memory.slice(0, -2)));
const party = (manifests: readonly Manifest[], service: string): Party => ({ labels: deployment(manifests, service).spec.template.metadata.labels });

/** What the rendered chart says of a service, in the literal's words. */
function ofChart(manifests: readonly Manifest[], service: string, { cache, database }: Readonly<Record<"cache" | "database", string>>) {
  const { replicas, strategy, template: { spec } } = deployment(manifests, service).spec;
  const [container] = spec.containers;
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const autoscaler = find(manifests, "HorizontalPodAutoscaler", `${release}-${service}`)?.spec as Autoscaler | undefined;
  const target = (name: string) => autoscaler?.metrics.find(({ resource }) => resource.name === name)?.resource.target.averageUtilization;
  const mayReach = (to: Party, port: number) => mayTalk(manifests, namespace, party(manifests, service), to, port);
  const calls = serviceNames(manifests).filter((other) => other !== service && deployment(manifests, other).spec.template.spec.containers[0].ports.every(({ containerPort }) => mayReach(party(manifests, other), containerPort)));
  const connects = [...(mayReach({ address: cache }, 6379) ? ["cache"] : []), ...(mayReach({ address: database }, 5432) ? ["database"] : [])];
  const { rules } = get(manifests, "Ingress", release).spec as IngressSpec;
  const paths = rules.flatMap(({ http }) => http.paths).filter(({ backend }) => backend.service.name === `${release}-${service}`).map(({ path }) => `${path}/*`);
  const given = new Set(givenVariables({ calls, grants: connects.map((backend) => `${backend}.connect` as Service["grants"][number]) }));
  const environment = Object.fromEntries(Object.entries(get(manifests, "ConfigMap", `${release}-${service}`).data!).filter(([variable]) => !given.has(variable)));
  const secrets = find(manifests, "ExternalSecret", `${release}-${service}`)?.spec as { readonly data: readonly { readonly secretKey: string }[] } | undefined;
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
    scaling: autoscaler && { min: autoscaler.minReplicas, max: autoscaler.maxReplicas, cpuPercent: target("cpu"), memoryPercent: target("memory") },
    calls, connects,
    paths: paths.length > 0 ? paths : undefined,
    environment,
    secrets: (secrets?.data ?? []).map(({ secretKey }) => secretKey),
  };
}

interface ValuesOfFile {
  readonly environment: string;
  readonly ingress: { readonly certificateArn: string; readonly clientCidrs: readonly string[]; readonly loadBalancerCidrs: readonly string[] };
  readonly backends: Readonly<Record<string, { readonly cidrs?: readonly string[]; readonly tls?: boolean; readonly clusterMode?: boolean; readonly name?: string }>>;
  readonly monitoring?: { readonly prometheus?: { readonly enabled: boolean }; readonly grafana?: { readonly enabled: boolean }; readonly alerts: { readonly cpuPercent: number; readonly memoryPercent: number } };
}
const read = (file: string) => parse(readFileSync(join(chart, file), "utf8")) as ValuesOfFile;
const defaults = read("values.yaml");

/** Of a network with layers of its own; a default VPC has one kind of subnet. */
const subnets = ({ network }: Environment, tier: "public" | "database"): readonly string[] => (network.kind === "dedicated" ? network.subnets[tier] : ["172.31.0.0/16"]);
const addressIn = (cidr: string) => cidr.replace(/\d+\/\d+$/, "9");

describeWithHelm("the chart and the literals", () => {
  describe.each(pairs)("%s", (name, file) => {
    const environment = loadEnvironment(name);
    const manifests = render(file, endpoints);
    const values = read(`values.${file}.yaml`);
    const address = addressIn(subnets(environment, "database")[0]!);

    it("have the same services", () => expect(serviceNames(manifests)).toEqual(Object.keys(environment.services).sort()));

    it.each(Object.keys(environment.services))("agree on %s", (service) => {
      const literal = ofLiteral(environment.services[service]!);
      // kubernetes-helm.md, open points: development's requests on Kubernetes are less than what Fargate is documented with.
      expect(ofChart(manifests, service, { cache: address, database: address })).toEqual(name === "dev" ? { ...literal, cpu: 256, memory: 512 } : literal);
    });

    it.each(Object.keys(environment.services))("can both do what the literal asks of %s", (service) => {
      const { scaling, scratchGigabytes, spot, route, healthCommand } = environment.services[service]!;
      // The chart has no word for these: add one there before a literal uses it. KEDA has one maximum for all times.
      expect({ scratchGigabytes, spot, healthCommand, otherMaximum: scaling?.schedule.some(({ max }) => max !== undefined && max !== scaling.max) ?? false, hosts: route?.hosts ?? [] })
        .toEqual({ scratchGigabytes: undefined, spot: undefined, healthCommand: undefined, otherMaximum: false, hosts: [] });
    });

    it("agree on what stands around the services", () => {
      const { cluster, stage, data: { cache, rds }, alarms } = environment;
      expect(values.environment).toBe(stage);
      const monitored = cluster.kubernetes.monitoring !== undefined;
      expect([values.monitoring?.prometheus?.enabled ?? false, values.monitoring?.grafana?.enabled ?? false]).toEqual([monitored, monitored]);
      expect(values.ingress).toMatchObject({
        certificateArn: cluster!.loadBalancer!.certificateArn,
        clientCidrs: cluster!.loadBalancer!.clientCidrs,
        loadBalancerCidrs: subnets(environment, "public"),
      });
      const backend = (of: string) => ({ ...defaults.backends[of], ...values.backends[of] });
      expect(backend("cache")).toMatchObject({ cidrs: subnets(environment, "database"), tls: cache.kind === "cluster" || cache.encryption, clusterMode: cache.kind === "cluster" });
      expect(backend("database")).toMatchObject(rds ? { cidrs: subnets(environment, "database"), name: rds.databaseName, port: 5432 } : { cidrs: [] });
      expect(defaults.monitoring!.alerts).toMatchObject({ cpuPercent: alarms.services.cpuPercent, memoryPercent: alarms.services.memoryPercent });
    });
  });

  it("takes what the workloads stack adds, whatever the services ask for", () => {
    const { namespace: own, values, manifests: foundation } = workloadsStack("prod", {
      "cluster.kubernetes.keda": true, database: "in-cluster", "data.rds": GONE, servicesCache: "in-cluster",
      "services.data.scaling": { min: 3, max: 20, queue: { name: "orderQueue", messagesPerTask: 20 }, schedule: [{ cron: "30 8 * * MON-FRI", min: 8 }, { cron: "0 16 * * *", min: 3 }, { cron: "0 1 * * SAT", min: 4 }] },
    });
    const manifests = render(undefined, values, own);
    expect(get(manifests, "ScaledObject", `${release}-data`).spec).toMatchObject({ minReplicaCount: 3, maxReplicaCount: 20, triggers: [{ type: "cpu" }, { type: "memory" }, { type: "aws-sqs-queue" }, { type: "cron" }, { type: "cron" }] });
    expect(get(manifests, "ConfigMap", `${release}-ml`).data).toMatchObject({ CACHE_HOST: "valkey", CACHE_TLS: "false", DATABASE_HOST: "postgresql-rw", DATABASE_NAME: "trading" });
    // Who reaches the stores of the cluster, by the policies of both: the services that may, and no pod that has no business there.
    const policies = [...manifests, ...foundation];
    const services = Object.fromEntries(serviceNames(manifests).map((service) => [service, party(manifests, service)]));
    const parties: Readonly<Record<string, Party>> = { ...services, intruder: { labels: { app: "intruder" } }, elsewhere: { labels: services.ml!.labels!, namespace: "default" }, operator: { labels: {}, namespace: "cnpg-system" } };
    const postgresql: Party = { labels: { "cnpg.io/cluster": "postgresql" } };
    const valkey: Party = { labels: { "app.kubernetes.io/name": "valkey", "app.kubernetes.io/instance": "valkey" } };
    const reach = (to: Party, port: number) => Object.keys(parties).filter((from) => mayTalk(policies, own, parties[from]!, to, port));
    expect([reach(postgresql, 5432), reach(valkey, 6379)]).toEqual([["data", "ml", "scheduler", "operator"], ["data", "ml"]]);
    expect([reach(postgresql, 8000), reach(postgresql, 22), reach(valkey, 22)]).toEqual([["operator"], [], []]);
    expect([mayTalk(policies, own, postgresql, postgresql, 5432), mayTalk(policies, own, postgresql, valkey, 6379), mayTalk(policies, own, valkey, postgresql, 5432)]).toEqual([true, false, false]);
    // The files name RDS's networks, which nobody has business with then.
    expect(mayTalk(policies, own, services.ml!, { address: "10.0.3.9" }, 5432)).toBe(false);
  });

  it("documents ml with these figures (K8S-012, K8S-013)", () => {
    for (const file of ["staging", "production", "azure"] as const) {
      expect(deployment(render(file), "ml").spec.template.spec.containers[0].resources).toEqual({ requests: { cpu: "2000m", memory: "4Gi" }, limits: { cpu: "4000m", memory: "8Gi" } });
    }
  });

  it("gives Azure the services of production", () => {
    const [azure, production] = [render("azure"), render("production")];
    for (const service of serviceNames(production)) {
      const { containers, terminationGracePeriodSeconds } = deployment(azure, service).spec.template.spec;
      expect({ containers, terminationGracePeriodSeconds }).toEqual({ containers: deployment(production, service).spec.template.spec.containers, terminationGracePeriodSeconds: deployment(production, service).spec.template.spec.terminationGracePeriodSeconds });
      for (const kind of ["HorizontalPodAutoscaler", "PodDisruptionBudget"]) expect(find(azure, kind, `${release}-${service}`)).toEqual(find(production, kind, `${release}-${service}`));
    }
    expect(serviceNames(azure)).toEqual(serviceNames(production));
  });
});
