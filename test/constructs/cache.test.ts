import { TerraformOutput, type TerraformStack } from "cdktf";
import { metricsOf } from "../../constructs/alarms/metric";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { SecurityGroup } from "../../constructs/network/security-group";
import { Cache, type CacheProps } from "../../constructs/storage/cache";
import { onlyResource, plain, resourcesOf, synthConstructs, type Block, type StackJson } from "../helpers/synth";

const alerts = { arn: "arn:aws:sns:ap-northeast-1:111122223333:alerts" };

describe("Cache", () => {
  const figures = {
    description: "Redis of the trading system",
    id: "redis-cache",
    nodeType: "cache.t3.micro",
    maintenanceWindow: "sun:05:00-sun:06:00",
    snapshotWindow: "03:00-05:00",
    snapshotRetentionDays: 1,
    parameters: { "maxmemory-policy": "allkeys-lru", timeout: "300" },
    network: { vpcId: "vpc-1" },
    securityGroup: { name: "redis", documentedName: "sg-redis" },
  };
  const synthCache = (props: Partial<CacheProps> & Pick<CacheProps, "kind">, use?: (cache: Cache, stack: TerraformStack) => unknown) =>
    synthConstructs((stack) => {
      const cache = new Cache(stack, "cache", { ...figures, ...props } as CacheProps);
      use?.(cache, stack);
    });
  const common = {
    engine: "redis",
    engine_version: "7.0",
    port: 6379,
    node_type: "cache.t3.micro",
    maintenance_window: "sun:05:00-sun:06:00",
    snapshot_window: "03:00-05:00",
    snapshot_retention_limit: 1,
    final_snapshot_identifier: "redis-cache-final",
    auto_minor_version_upgrade: "false",
    lifecycle: { prevent_destroy: true },
    parameter_group_name: "cache_parameter-group.name",
    security_group_ids: ["cache_security-group.id"],
  };
  const withoutMetadata = (block: Block) => Object.fromEntries(Object.entries(plain(block) as Block).filter(([key]) => key !== "//"));
  const memoryAlarm = (cache: Cache) =>
    cache.alarmOnLowMemory(alerts, { name: "ElastiCache-Low-Memory", nameSuffix: "-dev", megabytes: 100 });
  const alarmsOf = (json: StackJson) =>
    resourcesOf(json, "aws_cloudwatch_metric_alarm").map(({ alarm_name, dimensions }) => [alarm_name, dimensions]);

  describe("of one node without encryption", () => {
    let cache: Cache | undefined;
    const json = synthCache({ kind: "single", encryption: false }, (made) => {
      cache = made;
      memoryAlarm(made);
    });

    it("is a plain cluster in ElastiCache's own subnet group (DAT-063 … DAT-067)", () => {
      expect(withoutMetadata(onlyResource(json, "aws_elasticache_cluster"))).toEqual({
        ...common,
        cluster_id: "redis-cache",
        num_cache_nodes: 1,
        subnet_group_name: "default",
      });
      expect(resourcesOf(json, "aws_elasticache_subnet_group")).toEqual([]);
      expect(cache).toMatchObject({ port: 6379, tls: false, clusterMode: false, nodeIds: ["redis-cache"] });
    });

    it("has the documented parameters (DAT-068)", () => {
      expect(onlyResource(json, "aws_elasticache_parameter_group")).toMatchObject({
        name: "redis-cache",
        family: "redis7",
        parameter: [
          { name: "maxmemory-policy", value: "allkeys-lru" },
          { name: "timeout", value: "300" },
        ],
      });
    });

    it("alarms when 100 MB of memory are left (OBS-030)", () => {
      expect(onlyResource(json, "aws_cloudwatch_metric_alarm")).toMatchObject({
        alarm_name: "ElastiCache-Low-Memory-dev",
        namespace: "AWS/ElastiCache",
        metric_name: "FreeableMemory",
        dimensions: { CacheClusterId: "redis-cache", CacheNodeId: "0001" },
        comparison_operator: "LessThanOrEqualToThreshold",
        threshold: 104_857_600,
        period: 300,
        evaluation_periods: 1,
        alarm_actions: [alerts.arn],
      });
    });
  });

  it("of one node with encryption is a replication group of that node (C-19)", () => {
    let cache: Cache | undefined;
    const json = synthCache({ kind: "single", encryption: true, subnetIds: ["subnet-1", "subnet-2"] }, (made) => {
      cache = made;
      memoryAlarm(made);
    });
    expect(withoutMetadata(onlyResource(json, "aws_elasticache_replication_group"))).toEqual({
      ...common,
      replication_group_id: "redis-cache",
      description: "Redis of the trading system",
      subnet_group_name: "cache_subnet-group.name",
      at_rest_encryption_enabled: "true",
      transit_encryption_enabled: true,
      num_cache_clusters: 1,
      automatic_failover_enabled: false,
      multi_az_enabled: false,
    });
    expect(onlyResource(json, "aws_elasticache_subnet_group")).toMatchObject({ name: "redis-cache", subnet_ids: ["subnet-1", "subnet-2"] });
    expect(resourcesOf(json, "aws_elasticache_cluster")).toEqual([]);
    expect(alarmsOf(json)).toEqual([["ElastiCache-Low-Memory-001-dev", { CacheClusterId: "redis-cache-001", CacheNodeId: "0001" }]]);
    expect(cache).toMatchObject({ tls: true, clusterMode: false });
  });

  it("as a cluster has shards and replicas over two zones, encrypted both ways (DAT-072)", () => {
    let cache: Cache | undefined;
    const json = synthConstructs((stack) => {
      cache = new Cache(stack, "cache", {
        ...figures,
        kind: "cluster",
        shards: 2,
        replicasPerShard: 1,
        multiAz: true,
        subnetIds: ["subnet-1"],
        key: new EncryptionKey(stack, "key", { account: "111122223333", alias: "data", description: "data" }),
      });
      memoryAlarm(cache);
    });
    expect(withoutMetadata(onlyResource(json, "aws_elasticache_replication_group"))).toEqual({
      ...common,
      replication_group_id: "redis-cache",
      description: "Redis of the trading system",
      subnet_group_name: "cache_subnet-group.name",
      at_rest_encryption_enabled: "true",
      kms_key_id: "key.arn",
      transit_encryption_enabled: true,
      num_node_groups: 2,
      replicas_per_node_group: 1,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
    });
    expect(onlyResource(json, "aws_elasticache_parameter_group").parameter).toContainEqual({ name: "cluster-enabled", value: "yes" });
    expect(cache).toMatchObject({
      tls: true,
      clusterMode: true,
      nodeIds: ["redis-cache-0001-001", "redis-cache-0001-002", "redis-cache-0002-001", "redis-cache-0002-002"],
    });
    expect(alarmsOf(json)).toEqual(
      ["0001-001", "0001-002", "0002-001", "0002-002"].map((node) => [
        `ElastiCache-Low-Memory-${node}-dev`,
        { CacheClusterId: `redis-cache-${node}`, CacheNodeId: "0001" },
      ]),
    );
  });

  it.each([
    [30, 60, "Cache: evictions"],
    [31, 60, "Cache: evictions, 60 of 62 nodes"],
    [250, 60, "Cache: evictions, 60 of 500 nodes"],
  ])("of %d shards of two nodes shows %d on a dashboard, and says so: %s", (shards, shown, title) => {
    synthCache({ kind: "cluster", shards, replicasPerShard: 1, multiAz: true, subnetIds: ["subnet-1"] }, (cache) => {
      const widgets = cache.widgets().map((widget) => (widget.kind === "graph" ? widget : undefined)!);
      expect(widgets.map(({ lines }) => lines.length)).toEqual([1, shown, shown, shown]);
      expect(metricsOf(widgets[0]!.lines[0]!.figure)).toHaveLength(2 * shown);
      expect(widgets[3]).toMatchObject({ title });
    });
  });

  it.each([
    [{ kind: "single", encryption: false }, /aws_elasticache_cluster\.cache_cluster_\w+\.cache_nodes\[0\]\.address/],
    [{ kind: "single", encryption: true }, /aws_elasticache_replication_group\.cache_replication-group_\w+\.primary_endpoint_address/],
    [
      { kind: "cluster", shards: 1, replicasPerShard: 1, multiAz: true },
      /aws_elasticache_replication_group\.cache_replication-group_\w+\.configuration_endpoint_address/,
    ],
  ] as const)("answers at the endpoint of its kind: %j", (props, endpoint) => {
    const json = synthCache(props, (cache, stack) => new TerraformOutput(stack, "endpoint", { value: cache.endpoint }));
    expect(json.output?.endpoint?.value).toMatch(endpoint);
  });

  it("admits named security groups to 6379, and opens nothing itself (SEC-007, SEC-008, SEC-013)", () => {
    const json = synthCache({ kind: "single", encryption: true }, (cache, stack) => {
      cache.allowFrom(
        "host",
        new SecurityGroup(stack, "host", { name: "axia-ec2", description: "host", network: { vpcId: "vpc-1" } }),
        "Redis access from EC2 only",
      );
    });
    expect(plain(resourcesOf(json, "aws_security_group")[0])).toMatchObject({ name: "redis", vpc_id: "vpc-1", tags: { Name: "sg-redis" } });
    expect(plain(onlyResource(json, "aws_vpc_security_group_ingress_rule"))).toMatchObject({
      security_group_id: "cache_security-group.id",
      referenced_security_group_id: "host_group.id",
      ip_protocol: "tcp",
      from_port: 6379,
      to_port: 6379,
      description: "Redis access from EC2 only",
    });
    // SEC-008: out of the host, never out of the cache.
    expect(plain(onlyResource(json, "aws_vpc_security_group_egress_rule"))).toMatchObject({
      security_group_id: "host_group.id",
      referenced_security_group_id: "cache_security-group.id",
      from_port: 6379,
      to_port: 6379,
    });
    for (const group of resourcesOf(json, "aws_security_group")) expect(group).not.toHaveProperty("egress");
  });

  it.each([
    { kind: "single", encryption: false },
    { kind: "cluster", shards: 1, replicasPerShard: 1, multiAz: true },
  ] as const)("leaves no snapshot and no lock once it is not protected: %j", (props) => {
    const json = synthCache({ ...props, protect: false });
    for (const block of [...resourcesOf(json, "aws_elasticache_cluster"), ...resourcesOf(json, "aws_elasticache_replication_group")]) {
      expect(block).not.toHaveProperty("lifecycle");
      expect(block).not.toHaveProperty("final_snapshot_identifier");
    }
  });
});
