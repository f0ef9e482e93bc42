/** What only the infrastructure knows of the chart's values; what people edit stands in charts/day-trade-ml/values.<stage>.yaml. */
import type { Environment, Service } from "../../environments/schema";
import { imageParts } from "../../environments/services";
import { registryOf } from "../containers/repository";
import { accessVariables, queueNamed, type ServiceBackends } from "../containers/service-access";
import { POSTGRESQL, VALKEY } from "./releases";
import { scalingWindows } from "./scaling-windows";

export interface ChartValuesProps {
  readonly environment: Environment;
  readonly backends: ServiceBackends & { readonly alertProcessing?: ServiceBackends["orders"] };
  /** Of the Ingress. @default no Ingress */
  readonly ingressAnnotations?: Readonly<Record<string, string>>;
  /** Pods have identities of EKS. */
  readonly podIdentity: boolean;
}

/** The agent of EKS Pod Identity, on every node. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };
/** Variables that the chart makes of its own `backends`. */
const OF_BACKENDS = /^(CACHE|DATABASE)_/;

export function chartValues({ environment, backends, ingressAnnotations, podIdentity }: ChartValuesProps): Readonly<Record<string, unknown>> {
  const { account, region, services } = environment;
  return {
    image: { registry: registryOf({ account, region }) },
    services: Object.fromEntries(Object.entries(services).map(([name, service]) => [name, serviceValues(name, service, environment, backends)])),
    backends: { cache: cacheValues(environment, backends), database: databaseValues(environment, backends) },
    ingress: ingressAnnotations ? { annotations: ingressAnnotations } : { enabled: false },
    ...(podIdentity && {
      networkPolicy: { egress: [POD_IDENTITY_AGENT] },
      externalSecrets: { store: { aws: { region } } },
    }),
  };
}

function serviceValues(name: string, service: Service, { region, data }: Environment, backends: ChartValuesProps["backends"]): Readonly<Record<string, unknown>> {
  const { repository, tag, digest } = imageParts(service.image);
  const known: Readonly<Record<string, { readonly name: string }>> = { mt5: data.secrets.mt5, slackWebhook: data.secrets.slackWebhook, ...data.serviceSecrets };
  const variables = Object.entries(accessVariables(service.grants, name, backends)).filter(([variable]) => !OF_BACKENDS.test(variable));
  return {
    image: { repository, ...(digest ? { digest } : { tag }) },
    env: Object.fromEntries(variables),
    secrets: Object.fromEntries(Object.entries(service.secrets).map(([variable, { secret, key }]) => [variable, { secret: known[secret]!.name, key }])),
    ...(service.scaling && { autoscaling: scalingValues(service.scaling, region, backends) }),
  };
}

/** Beyond minimum, maximum and targets, which people edit. */
function scalingValues(scaling: NonNullable<Service["scaling"]>, region: string, backends: ChartValuesProps["backends"]): Readonly<Record<string, unknown>> {
  const queue = scaling.queue && queueNamed(scaling.queue.name, backends);
  return {
    ...(queue && { queue: { url: queue.url, messagesPerPod: scaling.queue!.messagesPerTask, region } }),
    // KEDA only raises the minimum.
    ...(scaling.schedule.length > 0 && { schedule: scalingWindows(scaling).filter(({ minReplicas }) => minReplicas > scaling.min) }),
  };
}

function cacheValues({ cluster, servicesCache }: Environment, { cache }: ServiceBackends): Readonly<Record<string, unknown>> {
  if (servicesCache === "in-cluster") return { ...VALKEY, tls: false, clusterMode: false, cidrs: [], namespace: cluster.kubernetes.namespace };
  return { host: cache.endpoint, port: cache.port, tls: cache.tls, clusterMode: cache.clusterMode };
}

function databaseValues({ cluster: { kubernetes }, database: kind }: Environment, { database }: ServiceBackends): Readonly<Record<string, unknown>> {
  if (kind === "in-cluster") return { host: POSTGRESQL.host, port: POSTGRESQL.port, name: kubernetes.database.databaseName, secret: POSTGRESQL.secret, cidrs: [], namespace: kubernetes.namespace };
  return database ? { host: database.endpoint, port: database.port, name: database.databaseName } : {};
}
