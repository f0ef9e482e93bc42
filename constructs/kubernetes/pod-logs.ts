import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";
import { LogGroup } from "../logs/log-group";

export interface PodLogsProps {
  /** Physical name of the cluster. */
  readonly cluster: string;
  /** Names of those that have a group each. */
  readonly services: readonly string[];
  /** Keep what all other pods print, too. */
  readonly others: boolean;
  readonly retentionDays: number;
  /** Must let CloudWatch Logs use it for all of `podLogGroups()`. @default none: encrypted by a key of CloudWatch Logs */
  readonly key?: EncryptionKey;
}

/** Physical names. Beside EKS's own `/aws/eks/<cluster>/cluster`. */
export const podLogGroups = (cluster: string) => ({
  service: (name: string): string => `/aws/eks/${cluster}/pods/${name}`,
  others: `/aws/eks/${cluster}/others`,
});

/** Where what pods print is kept: a group for each service, as on ECS, and one for all others. releases/fluent-bit.ts brings it there. */
export class PodLogs extends Construct {
  /** Physical names, by service. */
  readonly services: ReadonlyMap<string, string>;
  /** Physical name. */
  readonly others?: string;
  private readonly groups: readonly LogGroup[];

  constructor(scope: Construct, id: string, { cluster, services, others, retentionDays, key }: PodLogsProps) {
    super(scope, id);
    const names = podLogGroups(cluster);
    this.services = new Map([...services].sort().map((service) => [service, names.service(service)]));
    this.others = others ? names.others : undefined;
    // Ids of services have a prefix: one may be called `others`.
    this.groups = [
      ...[...this.services].map(([service, name]) => new LogGroup(this, `service-${service}`, { name, retentionDays, key })),
      ...(others ? [new LogGroup(this, "others", { name: names.others, retentionDays, key })] : []),
    ];
  }

  /** Writes to these groups only, and makes none. */
  grantAppend(grantee: Grantee): void {
    for (const group of this.groups) group.grantAppend(grantee);
  }
}
