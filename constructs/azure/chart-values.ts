/** The values of our chart for a cluster on Azure: what AWS's chart-values.ts is there, of the same descriptions. */
import type { AzureEnvironment } from "../../environments/azure/schema";
import { runningServices } from "../../environments/schema/services";
import { routeValues, servicesValues, type Values } from "../kubernetes/service-values";
import { CACHE_PORT } from "./cache";
import type { ClusterGateway } from "./cluster-gateway";
import type { ManagedIdentity } from "./identity";
import type { AzureBackends } from "./service";
import { DATABASE_PORT } from "./sql-database";
import type { Vault } from "./vault";

/** What is known when the other stacks are deployed. */
export interface Deployed {
  /** Of the registry. */
  readonly server: string;
  readonly backends: Pick<AzureBackends, "cache" | "database"> & { readonly vault: Vault };
  /** By service: who it is, and the variables of its rights. */
  readonly services: ReadonlyMap<string, { readonly identity: ManagedIdentity; readonly variables: Readonly<Record<string, string>> }>;
  readonly gateway?: ClusterGateway;
}

/** https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html */
const LABELS = { "azure.workload.identity/use": "true" };

/** @param deployed undefined: the literal's part alone */
export function azureChartValues(environment: AzureEnvironment, deployed?: Deployed): Values {
  const { data, name, network, stage, tenant } = environment;
  const isDevelopment = stage === "development";
  const { backends, gateway } = deployed ?? {};
  const off = { enabled: false };
  return {
    environment: stage, // K8S-010
    image: { ...(deployed && { registry: deployed.server }) },
    defaults: { topologySpread: { whenUnsatisfiable: isDevelopment ? "ScheduleAnyway" : "DoNotSchedule" }, podLabels: LABELS },
    services: servicesValues(runningServices(environment.services), (own, { route, secrets }) => {
      const known = deployed?.services.get(own);
      return {
        // Other times than these are refused (rules.ts).
        scaling: { schedule: [] },
        route: route ? routeValues(route) : null,
        variables: known ? known.variables : {},
        secrets,
        others: {
          ...(known && {
            databaseUser: known.identity.name,
            serviceAccount: {
              annotations: {
                "azure.workload.identity/client-id": known.identity.clientId,
                "azure.workload.identity/tenant-id": tenant,
              },
            },
          }),
        },
      };
    }),
    backends: {
      cache: {
        ...(backends && { host: backends.cache.host }),
        port: CACHE_PORT,
        tls: true,
        clusterMode: false,
        cidrs: [network.subnets.database],
      },
      database: {
        ...(backends && { host: backends.database.host }),
        port: DATABASE_PORT,
        name: data.database.name,
        cidrs: [network.subnets.database],
      },
    },
    ingress: off,
    gateway: gateway
      ? {
          enabled: true,
          id: gateway.id,
          frontend: gateway.frontend,
          firewallId: gateway.firewallId,
          cidrs: [network.subnets.gateway],
          certificate: { name: gateway.certificate, clientId: gateway.certificateReader.clientId, tenantId: tenant },
        }
      : off,
    // Of the whole cluster, so it bears the environment's name.
    priorityClass: isDevelopment ? { name: "", create: false } : { name: `day-trade-${name}`, create: true },
    monitoring: { prometheus: off, grafana: off },
    networkPolicy: { egress: [] },
    externalSecrets: { store: { aws: { region: "" }, azure: { ...(backends && { vaultUrl: backends.vault.uri }) } } },
  };
}
