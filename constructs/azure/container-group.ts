import { ContainerGroup as Group } from "@cdktf/provider-azurerm/lib/container-group";
import { Construct } from "constructs";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import { cpus, gibibytes, sorted, type ServiceProps } from "./service";
import type { Chart } from "./workbook";

export interface ContainerGroupProps extends ServiceProps {
  readonly place: Place;
  readonly network: AzureNetwork;
}

const [PROBE_SECONDS, PROBE_FAILURES] = [10, 3];

/**
 * A service that must never be two, in Container Instances (AZR-001): Terraform takes the old one away before it makes the new one, where a
 * revision of a container app starts before the one before it stops.
 */
export class ContainerGroup extends Construct {
  private readonly id: string;
  private readonly name: string;

  constructor(scope: Construct, id: string, props: ContainerGroupProps) {
    super(scope, id);
    const { identity, image, name, network, place, server, service, variables } = props;
    const { healthPath, port, readyPath, startSeconds } = service;
    const probe = { initialDelaySeconds: startSeconds, periodSeconds: PROBE_SECONDS, failureThreshold: PROBE_FAILURES };
    const ask = (path: string) => ({ ...probe, httpGet: [{ path, port, scheme: "http" }] });
    const group = new Group(this, "group", {
      ...place,
      name,
      osType: "Linux",
      restartPolicy: "Always",
      ipAddressType: "Private",
      subnetIds: [network.subnetIds.instances],
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      imageRegistryCredential: [{ server, userAssignedIdentityId: identity.id }],
      container: [
        {
          name,
          image,
          cpu: cpus(service.cpu),
          memory: gibibytes(service.memory),
          ports: [{ port, protocol: "TCP" }],
          environmentVariables: Object.fromEntries(sorted(variables)),
          livenessProbe: ask(healthPath),
          readinessProbe: ask(readyPath),
        },
      ],
      dependsOn: identity.granted,
    });
    this.id = group.id;
    this.name = name;
  }

  charts(): readonly Chart[] {
    const chart = (title: string, metric: string): Chart => ({
      title: `${this.name}: ${title}`,
      namespace: "Microsoft.ContainerInstance/containerGroups",
      resourceId: this.id,
      metrics: [{ metric, aggregation: "Average" }],
    });
    return [chart("processor, in thousandths of one", "CpuUsage"), chart("memory, in bytes", "MemoryUsage")];
  }
}
