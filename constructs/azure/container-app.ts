import { ContainerApp as App, type ContainerAppTemplateCustomScaleRule } from "@cdktf/provider-azurerm/lib/container-app";
import { Construct } from "constructs";
import { initialTasks } from "../../environments/schema/services";
import { alertAbove, type AlertTarget } from "./alert";
import type { ContainerEnvironment } from "./container-environment";
import type { Place } from "./place";
import { cpus, gibibytes, secretEntries, sorted, type ServiceProps } from "./service";
import type { Vault } from "./vault";
import { chartsOf, type Chart } from "./workbook";

export interface ContainerAppProps extends ServiceProps {
  readonly place: Place;
  readonly environment: ContainerEnvironment;
  /** Whether what stands in the network, but not in the environment, reaches it: the gateway, container groups. @default false */
  readonly reachable?: boolean;
  readonly vault: Vault;
}

const NAMESPACE = "Microsoft.App/containerApps";
/** Seconds between two questions of a probe, and questions without an answer after which something is done. */
const [PROBE_SECONDS, PROBE_FAILURES] = [10, 3];
/** Azure asks no more often than 30 times whether something has started. */
const MOST_STARTS = 30;

/** A service that other services reach by its name (AZR-001; the counterpart of FargateService). */
export class ContainerApp extends Construct {
  /** By which the network knows it. */
  readonly hostName: string;
  private readonly id: string;
  private readonly props: ContainerAppProps;

  constructor(scope: Construct, id: string, props: ContainerAppProps) {
    super(scope, id);
    this.props = props;
    const { environment, identity, image, name, place, reachable = false, server, service, variables, vault } = props;
    const { healthPath, port, readyPath, scaling, startSeconds, stopSeconds } = service;
    const secrets = sorted(service.secrets).map(([variable, { secret, key }]) => ({ variable, entry: `${secret}-${key}` }));
    for (const entry of secretEntries(service)) vault.grantRead(identity, entry);
    const tasks = initialTasks(service);
    const probe = { port, transport: "HTTP", intervalSeconds: PROBE_SECONDS, failureCountThreshold: PROBE_FAILURES };
    const app = new App(this, "app", {
      resourceGroupName: place.resourceGroupName,
      name,
      containerAppEnvironmentId: environment.id,
      workloadProfileName: "Consumption",
      // The new one takes requests when it is ready, and the old one goes then.
      revisionMode: "Single",
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      registry: [{ server, identity: identity.id }],
      // The vault's newest version; neither code nor state ever hold one (design 11).
      secret: secrets.map(({ entry, variable }) => ({
        name: secretName(variable),
        identity: identity.id,
        keyVaultSecretId: vault.secretUri(entry),
      })),
      ingress: {
        targetPort: port,
        transport: "http",
        externalEnabled: reachable,
        // Within the environment services call http://<name>, as on ECS; from outside of it the gateway speaks TLS.
        allowInsecureConnections: true,
        trafficWeight: [{ latestRevision: true, percentage: 100 }],
      },
      template: {
        minReplicas: tasks,
        maxReplicas: scaling?.max ?? Math.max(tasks, 1),
        terminationGracePeriodSeconds: stopSeconds,
        container: [
          {
            name,
            image,
            cpu: cpus(service.cpu),
            memory: `${gibibytes(service.memory)}Gi`,
            env: [
              ...sorted(variables).map(([variable, value]) => ({ name: variable, value })),
              ...secrets.map(({ variable }) => ({ name: variable, secretName: secretName(variable) })),
            ],
            startupProbe: [
              {
                ...probe,
                path: healthPath,
                // As often as it takes to wait so long.
                failureCountThreshold: Math.min(MOST_STARTS, Math.max(1, Math.ceil(startSeconds / PROBE_SECONDS))),
              },
            ],
            livenessProbe: [{ ...probe, path: healthPath }],
            readinessProbe: [{ ...probe, path: readyPath }],
          },
        ],
        customScaleRule: scaling && [use("cpu", scaling.cpuPercent), use("memory", scaling.memoryPercent)],
      },
      dependsOn: identity.granted,
    });
    this.hostName = `${name}.${environment.domain}`;
    this.id = app.id;
  }

  charts(): readonly Chart[] {
    const { name } = this.props;
    const chart = chartsOf(NAMESPACE, this.id, `${name}: `);
    return [
      chart("share of processor and of memory", [
        { metric: "CpuPercentage", aggregation: "Average" },
        { metric: "MemoryPercentage", aggregation: "Average" },
      ]),
      chart("requests", [{ metric: "Requests", aggregation: "Total" }]),
      chart("replicas, and how often one was started again", [
        { metric: "Replicas", aggregation: "Maximum" },
        { metric: "RestartCount", aggregation: "Maximum" },
      ]),
    ];
  }

  /** Reports containers that start again and again: Azure counts from when a replica was made, so that only a new revision ends the alert. */
  alertOnRestarts(target: AlertTarget): void {
    const { name, place } = this.props;
    alertAbove(this, "restarts-alert", {
      place,
      target,
      name: `app-restarts-${name}`,
      description: `A container of ${name} was started again more than three times since its replica was made`,
      resourceId: this.id,
      namespace: NAMESPACE,
      metric: "RestartCount",
      aggregation: "Maximum",
      threshold: 3,
    });
  }
}

/** Small letters, digits and hyphens are what Azure takes. */
const secretName = (variable: string): string => variable.toLowerCase().replaceAll("_", "-");

/** https://learn.microsoft.com/azure/container-apps/scale-app#custom */
const use = (of: "cpu" | "memory", percent: number): ContainerAppTemplateCustomScaleRule => ({
  name: of,
  customRuleType: of,
  metadata: { type: "Utilization", value: String(percent) },
});
