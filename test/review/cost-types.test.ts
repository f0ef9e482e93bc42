/** What single resources cost, worked out by hand from the price table. */
import { UNKNOWN, type Resource } from "../../review/model";
import { weeklyHours } from "../../environments/facts/hours";
import { environment, GONE, type Edits } from "../environments/edits";
import { costOf, prod, resource, withUsage } from "./cost-cases";

/** Nothing is used, so that only what stands there costs. */
const IDLE: Edits = Object.fromEntries(Object.keys(prod.cost.usage).map((key) => [key, 0]));
const idle = withUsage(IDLE);
const using = (edits: Edits) => withUsage({ ...IDLE, ...edits });
const unused = Object.fromEntries(Object.keys(IDLE).map((key) => [`cost.usage.${key}`, 0]));
const inDefaultVpc = environment("dev", { ...unused, schedule: GONE });
/** OPS-034. */
const resting = (more: object = {}) =>
  environment("staging", { ...unused, schedule: { stop: "0 23 * * FRI", start: "0 20 * * SUN", ...more } });
const LINUX = { instance_type: "t4g.small" };
const task = (service: string, values: object) =>
  resource("aws_ecs_task_definition", { cpu: "512", memory: "1024", ...values }, `prod-test/${service}/task`);
const template = resource(
  "aws_launch_template",
  { monitoring: { enabled: true }, block_device_mappings: [{ ebs: { volume_type: "gp3", volume_size: 80 } }] },
  "prod-test/nodes/template",
);
const nodes = (values: object) =>
  resource(
    "aws_eks_node_group",
    { instance_types: ["m7i.large"], scaling_config: { min_size: 2, desired_size: 2, max_size: 9 }, ...values },
    "prod-test/nodes/group",
  );

interface Case {
  readonly what: string;
  readonly of: Resource | readonly Resource[];
  readonly dollars: number;
  readonly environment?: typeof prod;
  readonly region?: string;
}
const CASES: readonly Case[] = [
  // --- machines: 730 h, 8 GB of the image at $0.096 where no volume is given ---
  {
    what: "a database's volume and machine",
    of: resource("aws_db_instance", { engine: "postgres", instance_class: "db.t4g.micro", storage_type: "gp3", allocated_storage: 20 }),
    dollars: 730 * 0.025 + 20 * 0.138,
  },
  { what: "a Linux machine", of: resource("aws_instance", LINUX), dollars: 730 * 0.0216 + 8 * 0.096 },
  {
    what: "a Linux machine in Osaka, whose volume has no price",
    of: resource("aws_instance", LINUX),
    dollars: 730 * 0.0218,
    region: "ap-northeast-3",
  },
  {
    what: "its volume",
    of: resource("aws_instance", { ...LINUX, root_block_device: { volume_type: "gp3", volume_size: 30 } }),
    dollars: 730 * 0.0216 + 30 * 0.096,
  },
  {
    what: "a faster volume, in a plan's list",
    of: resource("aws_instance", { ...LINUX, root_block_device: [{ volume_type: "gp3", volume_size: 30, iops: 4000, throughput: 225 }] }),
    dollars: 730 * 0.0216 + 30 * 0.096 + 1000 * 0.006 + 100 * 0.048,
  },
  {
    what: "a second volume of the older kind",
    of: resource("aws_instance", { ...LINUX, ebs_block_device: [{ volume_type: "gp2", volume_size: 10 }] }),
    dollars: 730 * 0.0216 + 8 * 0.096 + 10 * 0.12,
  },
  {
    what: "a volume whose size the image decides",
    of: resource("aws_instance", { ...LINUX, root_block_device: [{ volume_type: UNKNOWN, volume_size: UNKNOWN }] }),
    dollars: 730 * 0.0216 + 8 * 0.096,
  },
  {
    what: "a public address",
    of: resource("aws_instance", { ...LINUX, associate_public_ip_address: true }),
    dollars: 730 * (0.0216 + 0.005) + 8 * 0.096,
  },
  {
    what: "no address beside its own interface's",
    of: resource("aws_instance", { ...LINUX, associate_public_ip_address: UNKNOWN, network_interface: { device_index: 0 } }),
    dollars: 730 * 0.0216 + 8 * 0.096,
  },
  {
    what: "detailed monitoring and the host's metrics",
    of: resource("aws_instance", { ...LINUX, monitoring: true }),
    dollars: 730 * 0.0216 + 8 * 0.096 + (7 + 3) * 0.3,
    environment: using({ detailedMetrics: 7, hostMetrics: 3 }),
  },
  {
    what: "no metrics without monitoring",
    of: resource("aws_instance", LINUX),
    dollars: 730 * 0.0216 + 8 * 0.096,
    environment: using({ detailedMetrics: 7, hostMetrics: 3 }),
  },
  {
    what: "what it sends",
    of: resource("aws_instance", LINUX),
    dollars: 730 * 0.0216 + 8 * 0.096 + 10 * 0.114,
    environment: using({ hostGigabytes: 10 }),
  },
  {
    what: "the Windows host, with its licence",
    of: resource("aws_instance", { instance_type: "t3.medium" }, "prod-trading/windows/machine/instance"),
    dollars: 730 * (0.0544 + 0.0184) + 8 * 0.096,
  },
  {
    what: "Windows, by its first script",
    of: resource("aws_instance", { instance_type: "t3.medium", user_data: "<powershell>\nexit\n</powershell>" }),
    dollars: 730 * (0.0544 + 0.0184) + 8 * 0.096,
  },
  {
    what: "Windows, by its password",
    of: resource("aws_instance", { instance_type: "t3.large", get_password_data: true }),
    dollars: 730 * (0.1088 + 0.0276) + 8 * 0.096,
  },
  {
    what: "no licence on Graviton, even in the Windows construct",
    of: resource("aws_instance", LINUX, "prod-trading/windows/machine/instance"),
    dollars: 730 * 0.0216 + 8 * 0.096,
  },
  {
    what: "the Windows host, stopped from Friday 23:00 to Sunday 20:00: 123 of 168 hours; its volume stays",
    of: resource(
      "aws_instance",
      { instance_type: "t3.medium", associate_public_ip_address: true, root_block_device: { volume_type: "gp3", volume_size: 30 } },
      "staging-trading/windows/machine/instance",
    ),
    environment: resting(),
    dollars: 730 * (123 / 168) * (0.0544 + 0.0184 + 0.005) + 30 * 0.096,
  },
  {
    what: "nodes, while the services do not rest: 60 of 168 hours",
    of: [nodes({}), template],
    dollars: 2 * (730 * (60 / 168) * 0.1302 + 80 * 0.096),
    environment: resting({ services: { stop: "0 11 * * MON-FRI", start: "0 23 * * SUN-THU" } }),
  },
  {
    what: "nodes: the least number, their volumes and metrics",
    of: [nodes({}), template],
    dollars: 2 * (730 * 0.1302 + 80 * 0.096 + 7 * 0.3),
    environment: using({ detailedMetrics: 7 }),
  },
  {
    what: "nodes of the default VPC, each with a public address",
    of: [nodes({}), template],
    dollars: 2 * (730 * (0.1302 + 0.005) + 80 * 0.096),
    environment: inDefaultVpc,
  },
  {
    what: "nodes, as a plan lists them",
    of: [nodes({ scaling_config: [{ min_size: 1, desired_size: 1, max_size: 2 }] }), template],
    dollars: 730 * 0.1302 + 80 * 0.096,
  },
  {
    what: "two Windows hosts of a group, each with its volume and its metrics",
    environment: using({ detailedMetrics: 7, hostMetrics: 3 }),
    of: [
      resource("aws_autoscaling_group", { min_size: 1, desired_capacity: 2, max_size: 3 }, "prod-trading/windows/machines/group"),
      resource(
        "aws_launch_template",
        {
          instance_type: "t3.medium",
          monitoring: [{ enabled: true }],
          block_device_mappings: [{ ebs: [{ volume_type: "gp3", volume_size: 30 }] }],
        },
        "prod-trading/windows/machines/template",
      ),
    ],
    dollars: 2 * (730 * (0.0544 + 0.0184) + 30 * 0.096 + 10 * 0.3),
  },
  {
    what: "a group's machine in the default VPC, with a public address",
    environment: inDefaultVpc,
    dollars: 730 * (0.0216 + 0.005) + 8 * 0.096,
    of: [
      resource("aws_autoscaling_group", { min_size: 1 }, "dev-trading/engine/machines/group"),
      resource("aws_launch_template", LINUX, "dev-trading/engine/machines/template"),
    ],
  },
  { what: "a volume of its own", of: resource("aws_ebs_volume", { type: "gp3", size: 100 }), dollars: 9.6 },

  // --- network ---
  { what: "an elastic address", of: resource("aws_eip", { domain: "vpc" }), dollars: 3.65 },
  { what: "that of a machine, which counts it while it runs", of: resource("aws_eip", { domain: "vpc", instance: "i-1" }), dollars: 0 },
  {
    what: "a NAT gateway and its traffic",
    of: resource("aws_nat_gateway", { allocation_id: "eip", connectivity_type: "public" }),
    dollars: 730 * 0.062 + 100 * 0.062,
    environment: using({ natGigabytes: 100 }),
  },
  { what: "a NAT gateway whose address nobody else counts", of: resource("aws_nat_gateway", {}), dollars: 730 * (0.062 + 0.005) },
  { what: "a private NAT gateway", of: resource("aws_nat_gateway", { connectivity_type: "private" }), dollars: 730 * 0.062 },
  {
    what: "an interface endpoint in each zone, and its traffic",
    of: resource("aws_vpc_endpoint", { vpc_endpoint_type: "Interface", subnet_ids: [UNKNOWN, UNKNOWN] }),
    dollars: 2 * 730 * 0.014 + 3 * 0.01,
    environment: using({ endpointGigabytes: 3 }),
  },
  {
    what: "a gateway endpoint",
    of: resource("aws_vpc_endpoint", { vpc_endpoint_type: "Gateway" }),
    dollars: 0,
    environment: using({ endpointGigabytes: 3 }),
  },
  {
    what: "a load balancer in three zones: hour, capacity, addresses, what it sends",
    of: resource("aws_lb", { subnets: ["a", "b", "c"], internal: false }),
    dollars: 730 * (0.0243 + 0.5 * 0.008 + 3 * 0.005) + 10 * 0.114,
    environment: using({ loadBalancerUnits: 0.5, loadBalancerGigabytes: 10 }),
  },
  {
    what: "a load balancer whose zones are found when it is applied: two at the least",
    of: resource("aws_lb", { subnets: UNKNOWN }),
    dollars: 730 * (0.0243 + 2 * 0.005),
  },
  {
    what: "an internal one without addresses",
    of: resource("aws_lb", { subnets: ["a", "b"], internal: true }),
    dollars: 730 * 0.0243,
    environment: using({ loadBalancerGigabytes: 10 }),
  },
  {
    what: "a web ACL with two rules",
    of: resource("aws_wafv2_web_acl", { rule: [{ name: "a" }, { name: "b" }] }),
    dollars: 5 + 2 + 0.6,
    environment: using({ webAclRequests: 1_000_000 }),
  },
  {
    what: "a distribution with a function before the frontend",
    of: resource("aws_cloudfront_distribution", { default_cache_behavior: [{ function_association: [{ event_type: "viewer-request" }] }] }),
    dollars: 3 * 0.114 + 100_000 * (0.0000012 + 0.0000001),
    environment: using({ edgeGigabytes: 3, edgeRequests: 100_000 }),
  },
  {
    what: "a distribution without one",
    of: resource("aws_cloudfront_distribution", { default_cache_behavior: [{ viewer_protocol_policy: "https-only" }] }),
    dollars: 3 * 0.114 + 100_000 * 0.0000012,
    environment: using({ edgeGigabytes: 3, edgeRequests: 100_000 }),
  },

  // --- containers ---
  {
    what: "two tasks of half a vCPU and 1 GB",
    of: [
      resource("aws_ecs_service", { desired_count: 2, network_configuration: [{ assign_public_ip: false }] }, "prod-test/ml/service"),
      task("ml", {}),
    ],
    dollars: 2 * 730 * (0.5 * 0.05056 + 0.00553),
  },
  {
    what: "a task on Arm with a public address",
    of: [
      resource("aws_ecs_service", { desired_count: 1, network_configuration: { assign_public_ip: true } }, "prod-test/ml/service"),
      task("ml", { runtime_platform: { cpu_architecture: "ARM64" } }),
    ],
    dollars: 730 * (0.5 * 0.04045 + 0.00442 + 0.005),
  },
  {
    what: "a task that rests from Tokyo's 20:00 to 8:00 and at the weekend",
    of: [
      resource("aws_ecs_service", { desired_count: 1, network_configuration: [{ assign_public_ip: true }] }, "dev-services/ml/service"),
      resource("aws_ecs_task_definition", { cpu: "512", memory: "1024" }, "dev-services/ml/task"),
    ],
    dollars: ((730 * 60) / 168) * (0.5 * 0.05056 + 0.00553 + 0.005),
    environment: environment("dev", unused),
  },
  {
    what: "a service of no task",
    of: [resource("aws_ecs_service", { desired_count: 0 }, "prod-test/ml/service"), task("ml", {})],
    dollars: 0,
  },
  {
    what: "Container Insights",
    of: resource("aws_ecs_cluster", { setting: [{ name: "containerInsights", value: "enhanced" }] }),
    dollars: 3,
    environment: using({ insightsMetrics: 10 }),
  },
  {
    what: "a cluster without it",
    of: resource("aws_ecs_cluster", { setting: [{ name: "containerInsights", value: "disabled" }] }),
    dollars: 0,
    environment: using({ insightsMetrics: 10 }),
  },
  { what: "the control plane of EKS", of: resource("aws_eks_cluster"), dollars: 73 },
  { what: "images", of: resource("aws_ecr_repository", { name: "ml" }), dollars: 0.5, environment: using({ imageGigabytes: 5 }) },
  {
    what: "Prometheus' and Alertmanager's volumes, which no plan shows: 100 and 2 GB",
    of: resource("helm_release", { name: "kube-prometheus-stack" }),
    dollars: 102 * 0.096,
  },
  {
    what: "the load balancer of the services, which no plan shows, in two zones",
    of: resource("helm_release", { name: "day-trade-ml" }, "prod-workloads/services/release"),
    dollars: 730 * (0.0243 + 2 * 0.005),
  },
  { what: "a release that only runs", of: resource("helm_release", { name: "metrics-server" }), dollars: 0 },
  {
    what: "PostgreSQL in the cluster: three volumes of 200 GB",
    of: resource("helm_release", { name: "postgresql" }),
    dollars: 600 * 0.096,
  },
  { what: "Valkey in the cluster: 20 GB", of: resource("helm_release", { name: "valkey" }), dollars: 20 * 0.096 },

  // --- data ---
  {
    what: "a cache of two nodes",
    of: resource("aws_elasticache_cluster", { node_type: "cache.t3.micro", num_cache_nodes: 2 }),
    dollars: 2 * 730 * 0.026,
  },
  {
    what: "a cache of two shards with a replica each",
    of: resource("aws_elasticache_replication_group", { node_type: "cache.t3.micro", num_node_groups: 2, replicas_per_node_group: 1 }),
    dollars: 4 * 730 * 0.026,
  },
  {
    what: "a cache counted as a whole",
    of: resource("aws_elasticache_replication_group", { node_type: "cache.t3.micro", num_cache_clusters: 3 }),
    dollars: 3 * 730 * 0.026,
  },
  {
    what: "a table with two indexes: each write goes to all three",
    of: resource("aws_dynamodb_table", { billing_mode: "PAY_PER_REQUEST", global_secondary_index: [{ name: "A" }, { name: "B" }] }),
    dollars: 3 * 0.715 + 4 * 0.1425 + 2 * 0.285,
    environment: using({ tableWrites: 1_000_000, tableReads: 4_000_000, tableGigabytes: 2 }),
  },
  {
    what: "a trading bucket",
    of: resource("aws_s3_bucket", { bucket: "as-it-was-called" }, "prod-data/raw-market-data/bucket"),
    dollars: 10 * 0.025 + 4.7 + 0.37,
    environment: using({ tradingBucketGigabytes: 10, bucketWrites: 1_000_000, bucketReads: 1_000_000, otherBucketGigabytes: 1 }),
  },
  {
    what: "its copy in Osaka, which nobody reads",
    of: resource(
      "aws_s3_bucket",
      { bucket: `${prod.data.buckets.rawMarketData.name}-osaka` },
      "prod-data/replication/copies/raw-market-data/bucket",
    ),
    dollars: 10 * 0.025 + 4.7,
    environment: using({ tradingBucketGigabytes: 10, bucketWrites: 1_000_000, bucketReads: 1_000_000 }),
  },
  {
    what: "another bucket",
    of: resource("aws_s3_bucket", { bucket: prod.stateBucket }),
    dollars: 0.025,
    environment: using({ tradingBucketGigabytes: 10, bucketWrites: 1_000_000, otherBucketGigabytes: 1 }),
  },
  {
    what: "four metrics of a replication that is watched",
    of: resource("aws_s3_bucket_replication_configuration", { rule: [{ destination: [{ metrics: [{ status: "Enabled" }] }] }] }),
    dollars: 1.2,
    environment: using({ replicatedGigabytes: 0 }),
  },
  {
    what: "what goes to the copy",
    of: resource("aws_s3_bucket_replication_configuration"),
    dollars: 0.9,
    environment: using({ replicatedGigabytes: 10 }),
  },
  { what: "a key and its requests", of: resource("aws_kms_key"), dollars: 1 + 3, environment: using({ keyRequests: 1_000_000 }) },
  { what: "a secret", of: resource("aws_secretsmanager_secret"), dollars: 0.4 },

  // --- messages and watching ---
  { what: "an alarm", of: resource("aws_cloudwatch_metric_alarm", { metric_name: "CPUUtilization" }), dollars: 0.1 },
  {
    what: "an alarm on what is unusual of a metric, as far as it is known",
    of: resource("aws_cloudwatch_metric_alarm", {
      threshold_metric_id: "expected",
      metric_query: [
        { id: "figure", metric: [{}] },
        { id: "expected", expression: "ANOMALY_DETECTION_BAND(figure, 3)" },
      ],
    }),
    dollars: 0.1,
  },
  {
    what: "an alarm on an expression of two metrics",
    of: resource("aws_cloudwatch_metric_alarm", {
      metric_query: [
        { id: "e", expression: "a/b" },
        { id: "a", metric: { metric_name: "A" } },
        { id: "b", metric: [{ metric_name: "B" }] },
      ],
    }),
    dollars: 0.2,
  },
  {
    what: "a log group kept for 60 days",
    of: resource("aws_cloudwatch_log_group", { name: "/aws/ec2/x", retention_in_days: 60 }),
    dollars: 10 * 0.76 + 10 * 2 * 0.033,
    environment: using({ logGigabytes: 10, flowLogGigabytes: 99 }),
  },
  {
    what: "the flow log's group",
    of: resource("aws_cloudwatch_log_group", { name: "/aws/vpc/trading/flow-log", retention_in_days: 30 }),
    dollars: 10 * (0.76 + 0.033),
    environment: using({ flowLogGigabytes: 10, logGigabytes: 99 }),
  },
  {
    what: "a queue",
    of: resource("aws_sqs_queue", { name: "orders", redrive_policy: UNKNOWN }),
    dollars: 0.4,
    environment: using({ queueRequests: 1_000_000 }),
  },
  {
    what: "a queue that sends nothing on",
    of: resource("aws_sqs_queue", { name: "orders" }),
    dollars: 0.4,
    environment: using({ queueRequests: 1_000_000 }),
  },
  {
    what: "a dead-letter queue that was deployed",
    of: resource("aws_sqs_queue", { name: "orders_DLQ", redrive_policy: "" }),
    dollars: 0,
    environment: using({ queueRequests: 1_000_000 }),
  },
  {
    what: "a dead-letter queue",
    of: resource("aws_sqs_queue", { name: "orders_DLQ" }),
    dollars: 0,
    environment: using({ queueRequests: 1_000_000 }),
  },
  {
    what: "a function on Arm",
    of: resource("aws_lambda_function", { architectures: ["arm64"], memory_size: 256 }),
    dollars: 1_000_000 * 0.0000002 + 1_000_000 * 2 * 0.25 * 0.0000133334,
    environment: using({ functionRequests: 1_000_000, functionSeconds: 2 }),
  },
  {
    what: "a function that says nothing: x86, 128 MB",
    of: resource("aws_lambda_function"),
    dollars: 1_000_000 * 0.0000002 + 1_000_000 * 2 * 0.125 * 0.0000166667,
    environment: using({ functionRequests: 1_000_000, functionSeconds: 2 }),
  },
  { what: "a dashboard, as if none were free", of: resource("aws_cloudwatch_dashboard"), dollars: 3 },
];

it.each(CASES.map((entry) => [entry.what, entry] as const))("%s", (_, { of, dollars, environment: chosen = idle, region }) => {
  const resources = Array.isArray(of) ? (of as readonly Resource[]) : [of as Resource];
  expect(costOf(resources, chosen, region).after).toBeCloseTo(dollars, 4);
});

interface Unknown {
  readonly what: string;
  readonly of: Resource;
  readonly formula: string;
  readonly foreign?: boolean;
}
const UNKNOWNS: readonly Unknown[] = [
  {
    what: "a machine whose type is known after apply",
    of: resource("aws_instance", { instance_type: UNKNOWN }),
    formula: "not known: instance_type is known after apply",
  },
  {
    what: "a type without a price",
    of: resource("aws_instance", { instance_type: "x2idn.32xlarge" }),
    formula: "not known: the price table has no ec2.x2idn.32xlarge in ap-northeast-1; 730 h (x2idn.32xlarge, Linux)",
  },
  {
    what: "a foreign machine that does not tell its system",
    of: resource("aws_instance", { instance_type: "t3.small" }),
    formula: "not known: the plan does not tell Linux from Windows",
    foreign: true,
  },
  {
    what: "an address that the subnet decides",
    of: resource("aws_instance", { ...LINUX, associate_public_ip_address: UNKNOWN }),
    formula: "not known: associate_public_ip_address is known after apply (public address)",
  },
  {
    what: "a database, in both zones",
    of: resource("aws_db_instance", { instance_class: "db.t3.medium", engine: "postgres", multi_az: true, allocated_storage: 100 }),
    formula: "not known: the price table has no rds.postgres.db.t3.medium in ap-northeast-1; 2 zones × 730 h (db.t3.medium, postgres)",
  },
  { what: "nodes whose template is not there", of: nodes({}), formula: "not known: its aws_launch_template is not known" },
  {
    what: "a group whose template is not there",
    of: resource("aws_autoscaling_group", { min_size: 1 }),
    formula: "not known: its aws_launch_template is not known",
  },
  {
    what: "a service whose task is not there",
    of: resource("aws_ecs_service", { desired_count: 1 }),
    formula: "not known: its aws_ecs_task_definition is not known",
  },
  {
    what: "a number of nodes that is known after apply",
    of: resource("aws_elasticache_replication_group", { node_type: "cache.t3.micro", num_node_groups: UNKNOWN }),
    formula: "not known: num_node_groups is known after apply (cache.t3.micro)",
  },
  {
    what: "an endpoint whose zones are known after apply",
    of: resource("aws_vpc_endpoint", { vpc_endpoint_type: "Interface", subnet_ids: UNKNOWN }),
    formula: "not known: subnet_ids is known after apply (interface endpoint)",
  },
  {
    what: "rules that are known after apply",
    of: resource("aws_wafv2_web_acl", { rule: UNKNOWN }),
    formula: "not known: rule is known after apply (rules)",
  },
  {
    what: "a network load balancer",
    of: resource("aws_lb", { load_balancer_type: "network", subnets: ["a"] }),
    formula: "not known: the price table has no load balancer of the type network",
  },
  {
    what: "a table with capacity that is bought",
    of: resource("aws_dynamodb_table", { billing_mode: "PROVISIONED" }),
    formula: "not known: the price table has no capacity that is bought beforehand",
  },
  {
    what: "use that nobody assumes",
    of: resource("aws_ecr_repository", { name: "x" }),
    formula: "not known: no environment says how much it is used (images of x)",
    foreign: true,
  },
  {
    what: "what a foreign chart makes",
    of: resource("helm_release", { name: "x" }),
    formula: "not known: what a chart makes does not stand in a plan",
    foreign: true,
  },
  {
    what: "a function whose processor is known after apply",
    of: resource("aws_lambda_function", { architectures: UNKNOWN }),
    formula: "not known: architectures is known after apply",
  },
  {
    what: "an alarm that is made of others",
    of: resource("aws_cloudwatch_composite_alarm"),
    formula: "not known: the price table has no alarm that is made of others",
  },
  {
    what: "a log that is delivered to a bucket",
    of: resource("aws_cloudwatch_log_delivery"),
    formula: "not known: the price table has no delivery of a service's logs to a bucket",
  },
  {
    what: "what Config records",
    of: resource("aws_config_configuration_recorder"),
    formula: "not known: how many there will be, at $0.003 for each configuration item of Config",
  },
  {
    what: "what Config records in a region without a price",
    of: resource("aws_config_configuration_recorder", { region: "ap-northeast-3" }),
    formula: "not known: the price table has no configuration item of Config in ap-northeast-3",
  },
  {
    what: "an evaluation by a rule",
    of: resource("aws_config_config_rule"),
    formula: "not known: how many there will be, at $0.001 for each evaluation by a rule of Config",
  },
  {
    what: "an event that GuardDuty reads",
    of: resource("aws_guardduty_detector"),
    formula: "not known: how many there will be, at $0.00000472 for each management event that GuardDuty reads",
  },
  {
    what: "a flow record that GuardDuty reads",
    of: resource("aws_guardduty_detector"),
    formula: "not known: how many there will be, at $1.18 for each GB of flow records that GuardDuty reads",
  },
  {
    what: "a check of Security Hub",
    of: resource("aws_securityhub_standards_subscription"),
    formula: "not known: how many there will be, at $0.001 for each check of a standard of Security Hub",
  },
  { what: "SNS", of: resource("aws_sns_topic"), formula: "not known: the price table has no request of SNS" },
  {
    what: "a schedule",
    of: resource("aws_scheduler_schedule"),
    formula: "not known: the price table has no invocation of EventBridge Scheduler",
  },
];

it.each(UNKNOWNS.map((entry) => [entry.what, entry] as const))("%s is unknown, not nothing", (_, { of, formula, foreign }) => {
  const { lines, unknownTypes } = costOf([of], foreign ? "none" : idle);
  const line = lines.find((found) => found.formula === formula) ?? lines;
  expect(line).toEqual({ stack: "prod-test", construct: of.construct, address: of.address, type: of.type, pricing: "unknown", formula });
  expect(unknownTypes).toEqual([of.type]);
});

it("shows how a figure comes about", () => {
  const windows = resource("aws_instance", { instance_type: "t3.medium" }, "prod-trading/windows/machine/instance");
  expect(costOf([windows], idle).lines.map(({ formula }) => formula)).toEqual([
    "730 h × $0.0544 (t3.medium, Windows, the machine) + 730 h × $0.0184 (t3.medium, Windows, the licence) + 8 GB × $0.096 (volume, as large as the image's)",
  ]);
  expect(costOf([resource("aws_kms_key")], using({ keyRequests: 1000 })).lines.map(({ formula }) => formula)).toEqual([
    "$1 (key) + 1000 requests × $0.000003 (requests)",
  ]);
});

it.each([
  ["0 23 * * FRI", "0 20 * * SUN", 123],
  ["0 20 * * *", "0 8 * * *", 84],
  ["0 18 * * MON-FRI", "0 8 * * MON-FRI", 50],
  ["30 0 * * MON", "0 0 * * MON", 0.5],
])("a host stopped at %s and started at %s runs %d hours a week", (stop, start, hours) => expect(weeklyHours({ stop, start })).toBe(hours));
