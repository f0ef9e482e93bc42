import { ElasticacheCluster, type ElasticacheClusterConfig } from "@cdktf/provider-aws/lib/elasticache-cluster";
import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import type { Calculated, Metric } from "../alarms/metric";
import type { Line, Widget } from "../dashboards/widget";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import { STORE_PORTS } from "./ports";

/** One node (DAT-064). */
export interface SingleNode {
  readonly kind: "single";
  /** At rest and in transit (C-19). */
  readonly encryption: boolean;
}

/** Cluster mode, always encrypted (DAT-072). */
export interface ShardedCluster {
  readonly kind: "cluster";
  /** 1 to 500. */
  readonly shards: number;
  /** 0 to 5; without one there is no failover. */
  readonly replicasPerShard: number;
  /** Replicas in other zones than their primary. */
  readonly multiAz: boolean;
}

export type CacheProps = (SingleNode | ShardedCluster) & {
  /** Physical name of cache, parameter group and subnet group, 2 to 40 characters (DAT-063). */
  readonly id: string;
  /** Of all its parts. */
  readonly description: string;
  /** Such as `cache.t3.micro`. */
  readonly nodeType: string;
  /** UTC, such as `sun:05:00-sun:06:00` (DAT-067). */
  readonly maintenanceWindow: string;
  /** UTC, such as `03:00-05:00` (DAT-066). */
  readonly snapshotWindow: string;
  /** 0 to 35; 0 takes none. */
  readonly snapshotRetentionDays: number;
  /** Of Redis itself, such as `maxmemory-policy` (DAT-068). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly network: Pick<Network, "vpcId">;
  /** Where the nodes stand. @default the subnets of ElastiCache's own group `default` (DAT-065) */
  readonly subnetIds?: string[];
  /** Physical and documented name of the security group (C-11). */
  readonly securityGroup: { readonly name: string; readonly documentedName: string };
  /** Encrypts at rest, where there is encryption. @default the AWS managed key of ElastiCache */
  readonly key?: EncryptionKey;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
  /** Leave one if it is destroyed all the same. @default where it is protected */
  readonly lastSnapshot?: boolean;
};

export interface MemoryAlarmProps {
  /** Physical name without its suffix. */
  readonly name: string;
  /** End of each alarm's name. */
  readonly nameSuffix: string;
  /** Free memory at or below which the alarm fires, in MB of 1,048,576 bytes (OBS-030). */
  readonly megabytes: number;
}

/** DAT-063. */
const REDIS = { engine: "redis", engineVersion: "7.0", port: STORE_PORTS.cache };
const PARAMETER_FAMILY = "redis7";
const MEGABYTE = 1_048_576;
/** On a dashboard: more lines nobody tells apart, and a cluster of 500 nodes would be beyond what it takes. Each node has its alarm all the same. */
const NODES_SHOWN = 60;

/** What an ElastiCache resource says of itself. */
interface Nodes {
  readonly endpoint: string;
  /** Of each node, what its id adds to that of the cache. */
  readonly suffixes: readonly string[];
}

/**
 * Redis on ElastiCache, open to named security groups only.
 *
 * No AUTH token, although in-transit encryption would allow one: it would stand in the state (design 11). Who may connect is a
 * matter of security groups; users with IAM authentication need no secret either and can be added later.
 */
export class Cache extends Construct {
  /** Host name: the node itself, or the configuration endpoint in cluster mode (DAT-071). */
  readonly endpoint: string;
  readonly port = REDIS.port;
  /** Clients must speak TLS. */
  readonly tls: boolean;
  /** Clients must speak the cluster protocol. */
  readonly clusterMode: boolean;
  /** Dimension `CacheClusterId` of the metrics, one for each node (OBS-008). */
  readonly nodeIds: readonly string[];
  private readonly securityGroup: SecurityGroup;
  private readonly nodes: Nodes;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const {
      id: name,
      nodeType,
      maintenanceWindow,
      snapshotWindow,
      snapshotRetentionDays,
      network,
      subnetIds,
      securityGroup,
      description,
      protect = true,
      lastSnapshot = protect,
    } = props;
    this.clusterMode = props.kind === "cluster";
    this.tls = props.kind === "cluster" || props.encryption;
    // SEC-008: no egress rule; a cache only answers.
    this.securityGroup = new SecurityGroup(this, "security-group", {
      ...securityGroup,
      description,
      network,
    });
    const subnetGroup = subnetIds && new ElasticacheSubnetGroup(this, "subnet-group", { name, description, subnetIds });
    const parameters = { ...props.parameters, ...(this.clusterMode && { "cluster-enabled": "yes" }) };
    const parameterGroup = new ElasticacheParameterGroup(this, "parameter-group", {
      name,
      family: PARAMETER_FAMILY,
      description,
      parameter: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
    });
    const common: Common = {
      ...REDIS,
      nodeType,
      parameterGroupName: parameterGroup.name,
      subnetGroupName: subnetGroup?.name ?? "default",
      securityGroupIds: [this.securityGroup.id],
      maintenanceWindow,
      snapshotWindow,
      snapshotRetentionLimit: snapshotRetentionDays,
      finalSnapshotIdentifier: lastSnapshot ? `${name}-final` : undefined,
      // An upgrade by AWS would be a downgrade in the next plan, and that replaces the cache.
      autoMinorVersionUpgrade: "false",
      lifecycle: protect ? { preventDestroy: true } : undefined,
    };
    this.nodes = this.tls ? this.encryptedNodes(props, common) : this.plainNode(name, common);
    this.endpoint = this.nodes.endpoint;
    this.nodeIds = this.nodes.suffixes.map((suffix) => `${name}${suffix}`);
  }

  /** Lets members of a security group connect: in here, and out there (SEC-007, SEC-013, SEC-022). */
  allowFrom(id: string, peer: SecurityGroup, description: string): void {
    this.securityGroup.allowFrom(id, { peer, ports: this.port, description });
    peer.allowTo("cache", { peer: this.securityGroup, ports: this.port, description });
  }

  /** Reports each node that runs out of memory, before it evicts what is still needed (OBS-030). */
  alarmOnLowMemory(target: AlarmTarget, props: MemoryAlarmProps): void {
    const { name, nameSuffix, megabytes } = props;
    this.nodes.suffixes.forEach(
      (suffix, index) =>
        new Alarm(this, `low-memory-alarm${suffix}`, {
          name: `${name}${suffix}${nameSuffix}`,
          severity: "warning",
          owner: "CloudArchitecture",
          runbook: "cache-memory",
          description: `A node of the cache has ${megabytes} MB of memory left, or less`,
          ...nodeMetric(this.nodeIds[index]!, "FreeableMemory", "Minimum"),
          comparison: "LessThanOrEqualToThreshold",
          threshold: megabytes * MEGABYTE,
          period: 300,
          target,
        }),
    );
  }

  /** Load and memory of each node (OBS-008), and how often the cache had what was asked for. */
  widgets(): readonly Widget[] {
    const all = this.nodeIds.length;
    const some = all > NODES_SHOWN ? `, ${NODES_SHOWN} of ${all} nodes` : "";
    const graph = (title: string, lines: readonly Line[]): Widget => ({ kind: "graph", title: `Cache: ${title}${some}`, lines });
    const lines = (metric: string, statistic: Metric["statistic"]): Line[] =>
      this.nodesShown.map((node) => ({ figure: nodeMetric(node, metric, statistic), label: node }));
    return [
      graph("hit rate (%)", [{ figure: this.hitRate }]),
      graph("free memory (bytes)", lines("FreeableMemory", "Minimum")),
      graph("processor (%)", lines("CPUUtilization", "Average")),
      graph("evictions", lines("Evictions", "Sum")),
    ];
  }

  private get nodesShown(): readonly string[] {
    return this.nodeIds.slice(0, NODES_SHOWN);
  }

  /** It has a figure every minute, whatever stands still (`QuietHours`). */
  get clock(): Metric {
    return nodeMetric(this.nodeIds[0]!, "CPUUtilization", "Average");
  }

  /** OBS-017: of what was read from the nodes, percent that was there. */
  private get hitRate(): Calculated {
    const of = (prefix: string, metric: string) =>
      Object.fromEntries(this.nodesShown.map((node, index) => [`${prefix}${index}`, nodeMetric(node, metric, "Sum")]));
    const [hits, misses] = [of("hits", "CacheHits"), of("misses", "CacheMisses")];
    const sum = (metrics: object) => `SUM([${Object.keys(metrics).join(", ")}])`;
    return { label: "CacheHitRate", expression: `100 * ${sum(hits)} / (${sum(hits)} + ${sum(misses)})`, of: { ...hits, ...misses } };
  }

  /** A cluster cannot be encrypted at rest, a replication group can, even one of a single node (C-19). */
  private encryptedNodes(props: CacheProps, common: Common): Nodes {
    const group = new ElasticacheReplicationGroup(this, "replication-group", {
      ...common,
      replicationGroupId: props.id,
      description: props.description,
      atRestEncryptionEnabled: "true",
      kmsKeyId: props.key?.arn,
      transitEncryptionEnabled: true,
      ...(props.kind === "cluster"
        ? {
            numNodeGroups: props.shards,
            replicasPerNodeGroup: props.replicasPerShard,
            automaticFailoverEnabled: true,
            multiAzEnabled: props.multiAz,
          }
        : { numCacheClusters: 1, automaticFailoverEnabled: false, multiAzEnabled: false }),
    });
    return props.kind === "cluster"
      ? { endpoint: group.configurationEndpointAddress, suffixes: shardedSuffixes(props) }
      : { endpoint: group.primaryEndpointAddress, suffixes: ["-001"] };
  }

  private plainNode(name: string, common: Common): Nodes {
    const cluster = new ElasticacheCluster(this, "cluster", { ...common, clusterId: name, numCacheNodes: 1 });
    return { endpoint: cluster.cacheNodes.get(0).address, suffixes: [""] };
  }
}

const nodeMetric = (node: string, metric: string, statistic: Metric["statistic"]): Metric => ({
  namespace: "AWS/ElastiCache",
  metric,
  dimensions: { CacheClusterId: node, CacheNodeId: "0001" },
  statistic,
});

/** What both kinds of ElastiCache resource take. */
type Common = Pick<
  ElasticacheClusterConfig,
  | "engine"
  | "engineVersion"
  | "port"
  | "nodeType"
  | "parameterGroupName"
  | "subnetGroupName"
  | "securityGroupIds"
  | "maintenanceWindow"
  | "snapshotWindow"
  | "snapshotRetentionLimit"
  | "finalSnapshotIdentifier"
  | "autoMinorVersionUpgrade"
  | "lifecycle"
>;

/** Cluster mode numbers shards with four digits and the nodes in them with three: `-0001-001`. */
const shardedSuffixes = ({ shards, replicasPerShard }: ShardedCluster): string[] =>
  Array.from({ length: shards }, (_, shard) =>
    Array.from(
      { length: 1 + replicasPerShard },
      (_, node) => `-${String(shard + 1).padStart(4, "0")}-${String(node + 1).padStart(3, "0")}`,
    ),
  ).flat();
