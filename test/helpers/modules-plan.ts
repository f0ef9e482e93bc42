/** A plan as `terraform show -json` writes it, of a project that is not ours: resources of the kinds that public modules make. */

type Values = Readonly<Record<string, unknown>>;
interface Planned {
  readonly address: string;
  readonly values: Values;
  /** Known after apply. */
  readonly unknown?: Values;
}
const SUBNETS = { subnets: ["subnet-a", "subnet-b"] };

const RESOURCES: readonly Planned[] = [
  { address: "module.vpc.aws_vpc.this[0]", values: { cidr_block: "10.0.0.0/16" } },
  { address: "module.vpc.aws_eip.nat[0]", values: { domain: "vpc" } },
  { address: "module.vpc.aws_nat_gateway.this[0]", values: { connectivity_type: "public" }, unknown: { allocation_id: true } },
  { address: "module.alb.aws_lb.this[0]", values: { load_balancer_type: "application", internal: false, ...SUBNETS } },
  { address: "module.nlb.aws_lb.this[0]", values: { load_balancer_type: "network", internal: true, ...SUBNETS } },
  {
    address: "module.db.module.db_instance.aws_db_instance.this[0]",
    values: { engine: "postgres", instance_class: "db.t4g.micro", storage_type: "gp3", allocated_storage: 20, multi_az: true },
  },
  {
    address: "module.legacy.aws_db_instance.this[0]",
    values: { engine: "mysql", instance_class: "db.m5.large", storage_type: "io1", allocated_storage: 50 },
  },
  { address: "module.eks.aws_eks_cluster.this[0]", values: { name: "demo" } },
  { address: "module.bastion.aws_instance.this[0]", values: { instance_type: "t3.micro" } },
  {
    address: 'module.worker.aws_instance.this["blue"]',
    values: { instance_type: "t4g.medium", root_block_device: [{ volume_type: "gp3", volume_size: 50 }] },
  },
  {
    address: "module.cache.aws_elasticache_replication_group.this[0]",
    values: { engine: "valkey", node_type: "cache.t4g.micro", num_cache_clusters: 2 },
  },
  { address: "module.queue.aws_sqs_queue.this[0]", values: { name: "jobs" } },
  { address: "module.kafka.aws_msk_cluster.this[0]", values: { number_of_broker_nodes: 3 } },
  { address: 'module.inspection.aws_vpc_endpoint.this["gwlb"]', values: { vpc_endpoint_type: "GatewayLoadBalancer" } },
  { address: 'module.inspection.aws_vpc_endpoint.this["s3"]', values: { vpc_endpoint_type: "Gateway" } },
  { address: 'module.settings.aws_ssm_parameter.this["big"]', values: { name: "/app/big", tier: "Advanced" } },
  { address: 'module.settings.aws_ssm_parameter.this["small"]', values: { name: "/app/small", tier: "Standard" } },
  { address: "module.web.aws_ecs_service.this[0]", values: { launch_type: "FARGATE", desired_count: 2 } },
  { address: "module.batch.aws_ecs_service.this[0]", values: { launch_type: "EC2", desired_count: 2 } },
  { address: "module.audit.aws_accessanalyzer_analyzer.this[0]", values: { type: "ACCOUNT_UNUSED_ACCESS" } },
];

/** `aws_vpc` of `module.vpc.aws_vpc.this[0]`. */
const typeOf = (address: string): string => /(?:^|\.)([a-z]+_[a-z0-9_]+)\.[^.]+$/.exec(address)![1]!;

interface Options {
  /** As the provider's configuration has it. @default the variable `region` */
  readonly region?: Values;
}

/** @param options what differs from the plan in Tokyo */
export function modulesPlan({ region = { references: ["var.region"] } }: Options = {}): string {
  const common = ({ address }: Planned) => ({
    address,
    mode: "managed",
    type: typeOf(address),
    name: "this",
    provider_name: `registry.terraform.io/hashicorp/${typeOf(address).split("_")[0]}`,
  });
  const modules = RESOURCES.map((resource) => ({
    address: resource.address.slice(0, resource.address.lastIndexOf(typeOf(resource.address)) - 1),
    resources: [{ ...common(resource), schema_version: 0, values: resource.values, sensitive_values: {} }],
  }));
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.9.8",
    variables: { region: { value: "ap-northeast-1" } },
    planned_values: { root_module: { child_modules: modules } },
    resource_changes: RESOURCES.map((resource) => ({
      ...common(resource),
      change: { actions: ["create"], before: null, after: resource.values, after_unknown: resource.unknown ?? {} },
    })),
    configuration: { provider_config: { aws: { name: "aws", expressions: { region } } }, root_module: {} },
  });
}
