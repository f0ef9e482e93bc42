/** Single bad edits to the overlays, those of the tests' examples, and what a review must say of each. */
import type { Edit, EditWithin } from "../edits/edit";
import type { ReviewMutation } from "./review-mutations";

const dev = (name: string, edit: EditWithin, ...finds: readonly string[]): ReviewMutation => ({
  name: `dev: ${name}`,
  in: "dev",
  ...edit,
  environments: ["dev"],
  finds,
});
const staging = (name: string, edit: EditWithin, ...finds: readonly string[]): ReviewMutation => ({
  name: `staging: ${name}`,
  in: "staging",
  ...edit,
  environments: ["staging"],
  finds,
});
const prod = (name: string, edit: EditWithin, ...finds: readonly string[]): ReviewMutation => ({
  name: `prod: ${name}`,
  in: "prod",
  ...edit,
  environments: ["prod"],
  finds,
});
/** What the documents say once for every environment. */
const all = (name: string, environments: ReviewMutation["environments"], edit: Edit, ...finds: readonly string[]): ReviewMutation => ({
  name: `all: ${name}`,
  ...edit,
  environments,
  finds,
});

/** An edit that the schema refuses, with its words. */
const refused = (mutation: ReviewMutation, words: string): ReviewMutation => ({ ...mutation, finds: [], refused: words });

export const OVERLAYS: readonly ReviewMutation[] = [
  dev("table under another name", { at: "table.name", to: '"TSS_DynamoDB_Orders-dev"' }, "data/replaced aws_dynamodb_table"),
  dev("bucket under another name", { at: "rawMarketData.name", to: '"tss-raw-111122223333-dev"' }, "data/replaced aws_s3_bucket"),
  dev("software under another name", { at: "softwareBucket.name", to: '"tss-programs-111122223333-dev"' }, "data/replaced aws_s3_bucket"),
  dev("queue under another name", { at: "orderQueue.name", to: '"TSS_Orders-dev"' }, "data/replaced aws_sqs_queue"),
  refused(
    dev("secret without its suffix", { at: "mt5.name", to: '"TSS/mt5/dev"' }, "data/replaced aws_secretsmanager_secret"),
    "a secret name that ends with nameSuffix -dev",
  ),
  dev("cache under another name", { at: "cache.id", to: '"axia-cache-dev"' }, "data/replaced aws_elasticache_cluster"),
  dev("topic under another name", { at: "systemAlertsTopic", to: '"Alerts-dev"' }, "notification/subscription-removed aws_sns_topic"),
  dev("cache without snapshots", { at: "snapshotRetentionDays", to: "0" }, "data/backups-off aws_elasticache_cluster"),
  dev(
    "access log for a week",
    { at: "data.accessLogBucket.expirationDays", to: "7" },
    "data/expires-sooner aws_s3_bucket_lifecycle_configuration",
  ),
  dev(
    "services for a wider network",
    { at: "clientCidrs", to: '["203.0.112.0/23"]' },
    "network/ingress-opened aws_vpc_security_group_ingress_rule",
  ),
  dev(
    "services for the Internet",
    { at: "clientCidrs", to: '["0.0.0.0/0"]' },
    "network/ingress-opened aws_vpc_security_group_ingress_rule",
  ),
  dev("stopped an hour earlier", { at: "schedule.stop", to: '"0 22 * * FRI"' }, "compute/schedule-changed aws_scheduler_schedule"),
  dev("another image", { at: "ml.image", to: '"day-trade-ml-dev:0.2.0"' }, "compute/image-changed aws_ecs_task_definition"),
  dev(
    "a service less",
    { at: "services.scheduler", drop: true },
    "data/destroyed aws_ecr_repository",
    "compute/service-scaled-down aws_ecs_service",
  ),
  dev("a larger host", { at: "windows.instanceType", to: '"t3.medium"' }, "compute/host-restarted aws_instance"),
  dev("no services", { at: "platform", to: '"none"' }, "compute/service-scaled-down aws_ecs_service", "data/destroyed aws_ecr_repository"),
  refused(
    dev("an alarm that waits", { at: "cpu.periods", to: "20" }, "notification/alarm-changed aws_cloudwatch_metric_alarm"),
    "a whole number of periods from 1 to 12",
  ),
  refused(
    dev(
      "dead letters seen hourly",
      { at: "deadLetterAlarmPeriodSeconds", to: "3600" },
      "notification/alarm-changed aws_cloudwatch_metric_alarm",
    ),
    "one of 60, 300",
  ),
  dev("an alarm that waits for an hour", { at: "cpu.periods", to: "12" }, "notification/alarm-changed aws_cloudwatch_metric_alarm"),
  dev("other insights", { at: "containerInsights", to: '"enhanced"' }, "compute/configuration-changed aws_ecs_cluster"),
  dev(
    "dead letters seen each minute",
    { at: "deadLetterAlarmPeriodSeconds", to: "60" },
    "notification/alarm-changed aws_cloudwatch_metric_alarm",
  ),
  dev("secret under another name", { at: "mt5.name", to: '"TSS/mt5/login-dev"' }, "data/replaced aws_secretsmanager_secret"),
  dev("another group of the host", { at: "windows.securityGroup", to: '"axia-host-dev"' }, "network/placement-changed aws_security_group"),
  dev(
    "more rights for the data service",
    { at: "services.data", add: 'grants: [...dataService.grants, "backtestResults.readWrite"]' },
    "identity/policy-widened aws_iam_role_policy",
  ),
  dev(
    "another repository deploys",
    { at: "githubRepository", to: '"other-org/trading-system-infrastructure"' },
    "identity/trust-widened aws_iam_role",
  ),
  dev("state elsewhere", { at: "stateBucket", to: '"tss-state-111122223333"' }, "data/replaced aws_s3_bucket"),
  dev("no shell in containers", { at: "executeCommand", to: "false" }, "data/destroyed aws_cloudwatch_log_group"),

  staging(
    "another maintenance of access logs",
    { at: "data.accessLogBucket.expirationDays", to: "30" },
    "data/expires-sooner aws_s3_bucket_lifecycle_configuration",
  ),
  staging("flow log for a week", { at: "flowLogRetentionDays", to: "7" }, "data/retention-changed aws_cloudwatch_log_group"),
  refused(
    staging("nobody is mailed", { at: "alertSubscriptions", to: "[]" }, "notification/subscription-removed aws_sns_topic_subscription"),
    "at least one subscription, because stage is staging",
  ),
  staging(
    "somebody else is mailed",
    { at: "alertSubscriptions endpoint", to: '"someone-else@example.com"' },
    "notification/subscription-removed aws_sns_topic_subscription",
  ),
  staging("an endpoint less", { at: 'interfaceEndpoints "secretsmanager"', drop: true }, "network/placement-changed aws_vpc_endpoint"),
  staging("NAT on another machine", { at: "nat.instanceType", to: '"t4g.small"' }, "compute/host-restarted aws_instance"),
  refused(
    staging("cache in clear", { at: "cache", add: "encryption: false" }, "data/destroyed aws_elasticache_replication_group"),
    "true, because stage is staging",
  ),
  staging("database under another name", { at: "rds.id", to: '"tss-db-staging"' }, "data/replaced aws_cloudwatch_log_group"),
  staging("host without its lease", { at: "leaderGuard", drop: true }, "compute/configuration-changed aws_ssm_parameter"),
  staging("host that is not stopped", { at: "schedule", drop: true }, "compute/schedule-changed aws_scheduler_schedule"),
  staging(
    "no worker",
    {
      at: "linuxEngine",
      to: '{ instanceType: "t4g.small", image: amazonLinuxArm64, securityGroup: "ec2-trading-engine-staging", worker: false, privateAddresses: { engine: "10.0.2.10" } }',
    },
    "compute/host-replaced aws_instance",
  ),
  refused(
    staging("an address without its worker", { at: "linuxEngine.worker", to: "false" }, "compute/host-replaced aws_instance"),
    "linuxEngine.worker = false",
  ),
  staging("no monitoring in the cluster", { at: "monitoring", drop: true }, "data/destroyed helm_release"),
  refused(
    staging("another namespace", { at: "kubernetes.namespace", to: '"day-trade-test"' }, "data/replaced kubernetes_namespace_v1"),
    "a namespace that ends with nameSuffix -staging",
  ),
  staging("services on ECS", { at: "platform", to: '"ecs"' }, "data/destroyed aws_eks_cluster", "data/protected aws_eks_cluster"),
  refused(
    staging("UI without its load balancer", { at: "uiLoadBalancer", drop: true }, "network/address-lost aws_lb"),
    "allowed: { certificateArn }, because stage is staging",
  ),
  refused(
    staging(
      "not protected",
      { add: "deletionProtection: false" },
      "data/deletion-protection-off aws_dynamodb_table",
      "data/deletion-protection-off aws_s3_bucket",
      "compute/termination-protection-off aws_instance",
    ),
    "true, because stage is staging",
  ),
  refused(
    staging(
      "keys of AWS",
      { add: "customerManagedKeys: false" },
      "data/encryption-weakened aws_s3_bucket_server_side_encryption_configuration",
      "data/destroyed aws_kms_key",
    ),
    "true, because stage is staging",
  ),

  prod("one NAT gateway", { at: "perZone", to: "false" }, "network/address-lost aws_eip"),
  prod("flow log for a month", { at: "flowLogRetentionDays", to: "30" }, "data/retention-changed aws_cloudwatch_log_group"),
  prod("no endpoint for secrets", { at: 'interfaceEndpoints "secretsmanager"', drop: true }, "network/placement-changed aws_vpc_endpoint"),
  refused(
    prod("nobody is mailed", { at: "alertSubscriptions", to: "[]" }, "notification/subscription-removed aws_sns_topic_subscription"),
    "at least one subscription, because stage is production",
  ),
  prod(
    "somebody else is mailed",
    { at: "alertSubscriptions endpoint", to: '"someone-else@example.com"' },
    "notification/subscription-removed aws_sns_topic_subscription",
  ),
  prod("no queue of alerts", { at: "alertProcessingQueue", drop: true }, "data/destroyed aws_sqs_queue"),
  prod("table under another name", { at: "table.name", to: '"TSS_DynamoDB_Orders"' }, "data/replaced aws_dynamodb_table"),
  prod("bucket under another name", { at: "processedMarketData.name", to: '"tss-processed-777788889999"' }, "data/replaced aws_s3_bucket"),
  prod("queue under another name", { at: "orderQueue.name", to: '"TSS_Orders"' }, "data/replaced aws_sqs_queue"),
  prod("secret of the demo account", { at: "mt5.name", to: '"TSS/mt5/demo"' }, "data/replaced aws_secretsmanager_secret"),
  prod(
    "access log for a month",
    { at: "data.accessLogBucket.expirationDays", to: "30" },
    "data/expires-sooner aws_s3_bucket_lifecycle_configuration",
  ),
  prod(
    "raw data never archived deeply",
    { at: "rawMarketData.transitions", to: "processedTransitions" },
    "data/retention-changed aws_s3_bucket_lifecycle_configuration",
  ),
  prod("cache under another name", { at: "data.cache.id", to: '"axia-cache"' }, "data/replaced aws_elasticache_replication_group"),
  refused(
    prod("cache without a replica", { at: "replicasPerShard", to: "0" }, "data/availability-lowered aws_elasticache_replication_group"),
    "1 or more, because data.cache.multiAz is true",
  ),
  prod(
    "RDP for the office",
    { at: "windows", add: 'adminCidrs: ["203.0.113.0/24"]' },
    "network/ingress-opened aws_vpc_security_group_ingress_rule",
  ),
  refused(
    prod("database in one zone", { at: "rds", add: "multiAz: false" }, "data/availability-lowered aws_db_instance"),
    "true, because stage is production",
  ),
  refused(
    prod("backups for a day", { at: "rds", add: "backupRetentionDays: 1" }, "data/backups-off aws_db_instance"),
    "a whole number of days from 7 to 35",
  ),
  prod("another database", { at: "rds", add: 'databaseName: "orders"' }, "data/replaced aws_db_instance"),
  refused(
    prod("no copies in Osaka", { at: "replication", drop: true }, "data/destroyed aws_s3_bucket"),
    "no copies, because data.replication names no second region",
  ),
  prod("copies under another name", { at: "bucketSuffix", to: '"-copy"' }, "data/replaced aws_s3_bucket"),
  prod("a smaller host", { at: "windows.instanceType", to: '"t3.small"' }, "compute/host-restarted aws_instance"),
  prod("UI for a wider network", { at: "uiCidrs", to: '["203.0.112.0/22"]' }, "network/ingress-opened aws_vpc_security_group_ingress_rule"),
  prod("host without its lease", { at: "leaderGuard", drop: true }, "compute/configuration-changed aws_ssm_parameter"),
  prod(
    "no worker",
    {
      at: "linuxEngine",
      to: '{ instanceType: "t4g.small", image: amazonLinuxArm64, securityGroup: "ec2-trading-engine", worker: false, privateAddresses: { engine: "10.0.2.10" } }',
    },
    "compute/host-replaced aws_instance",
  ),
  prod("a smaller engine", { at: "linuxEngine.instanceType", to: '"t4g.micro"' }, "compute/host-restarted aws_instance"),
  prod(
    "another group of the engine",
    { at: "linuxEngine.securityGroup", to: '"ec2-engine"' },
    "network/placement-changed aws_security_group",
  ),
  prod("another namespace", { at: "kubernetes.namespace", to: '"trade"' }, "data/replaced kubernetes_namespace_v1"),
  prod("metrics for three days", { at: "monitoring.retentionDays", to: "3" }, "compute/image-changed helm_release"),
  prod("another cluster", { at: "cluster.name", to: '"day-trade-live"' }, "data/replaced aws_eks_cluster"),
  prod("another image", { at: "ml.image", to: '"day-trade-ml:0.2.0"' }, "compute/image-changed helm_release"),
  prod("another image repository", { at: "ml.image", to: '"ml:0.1.0"' }, "data/replaced aws_ecr_repository"),
  prod(
    "more rights for the scheduler",
    { at: "scheduler.grants", add: '"rawMarketData.readWrite"' },
    "identity/policy-widened aws_iam_role_policy",
  ),
  prod(
    "another repository deploys",
    { at: "githubRepository", to: '"other-org/trading-system-infrastructure"' },
    "identity/trust-widened aws_iam_role",
  ),
  refused(
    prod("not protected", { add: "deletionProtection: false" }, "data/deletion-protection-off aws_dynamodb_table"),
    "true, because stage is production",
  ),
  refused(
    prod(
      "keys of AWS",
      { add: "customerManagedKeys: false" },
      "data/encryption-weakened aws_s3_bucket_server_side_encryption_configuration",
      "data/protected aws_kms_key",
    ),
    "true, because stage is production",
  ),
  refused(
    prod(
      "database in the cluster",
      { part: 'database: "rds"', to: 'database: "in-cluster"' },
      "data/destroyed aws_db_instance",
      "data/protected aws_db_instance",
    ),
    "because data.rds describes one; or leave data.rds out",
  ),
  refused(
    prod("UI without its load balancer", { at: "uiLoadBalancer", drop: true }, "network/address-lost aws_lb"),
    "allowed: { certificateArn }, because stage is production",
  ),

  refused(
    all(
      "messages come back sooner",
      ["prod"],
      { in: "queueDefaults", at: "visibilityTimeoutSeconds", to: "10" },
      "data/retention-changed aws_sqs_queue",
    ),
    "allowed: at least 60 seconds: six times what its function may take",
  ),
  all(
    "messages for a day",
    ["prod"],
    { in: "queueDefaults", at: "messageRetentionSeconds", to: "1 * DAY" },
    "data/retention-changed aws_sqs_queue",
  ),
  all("one try", ["prod"], { in: "deadLetterDefaults", at: "maxReceiveCount", to: "1" }, "data/dead-letter-removed aws_sqs_queue"),
  all("an index less", ["prod"], { in: "globalSecondaryIndexes", at: '{"GSI5"}', drop: true }, "data/index-changed aws_dynamodb_table"),
  all(
    "an index with another key",
    ["prod"],
    { in: "globalSecondaryIndexes", at: '{"GSI4"}.sortKey', to: '"sk4"' },
    "data/index-changed aws_dynamodb_table",
  ),
  all("an index that projects less", ["prod"], { in: "projection", at: '"size"', drop: true }, "data/index-changed aws_dynamodb_table"),
  all(
    "an index under another name",
    ["dev"],
    { in: "globalSecondaryIndexes", at: '{"GSI1"}.name', to: '"ByStatus"' },
    "data/index-changed aws_dynamodb_table",
  ),
  all(
    "data archived sooner",
    ["prod"],
    { in: "rawTransitions", at: '{"STANDARD_IA"}.days', to: "31" },
    "data/retention-changed aws_s3_bucket_lifecycle_configuration",
  ),
  all(
    "a larger cache",
    ["dev"],
    { in: "cacheDefaults", at: "nodeType", to: '"cache.t3.small"' },
    "compute/host-restarted aws_elasticache_cluster",
  ),
  all(
    "cache that refuses writes when it is full",
    ["prod"],
    { in: "cacheDefaults", at: '"maxmemory-policy"', to: '"noeviction"' },
    "data/retention-changed aws_elasticache_parameter_group",
  ),
  all(
    "database on another machine",
    ["prod"],
    { in: "databaseDefaults", at: "instanceClass", to: '"db.t3.large"' },
    "compute/host-restarted aws_db_instance",
  ),
  refused(
    all(
      "database without backups for a week",
      ["prod"],
      { in: "databaseDefaults", at: "backupRetentionDays", to: "2" },
      "data/backups-off aws_db_instance",
    ),
    "a whole number of days from 7 to 35",
  ),
  all(
    "database that grows less",
    ["prod"],
    { in: "databaseDefaults", at: "maxAllocatedStorageGigabytes", to: "150" },
    "data/availability-lowered aws_db_instance",
  ),
  all("another master", ["prod"], { in: "databaseDefaults", at: "username", to: '"tss_admin"' }, "data/replaced aws_db_instance"),
  all("another lease", ["prod"], { in: "leaderGuard", at: "leaseSeconds", to: "600" }, "compute/configuration-changed aws_ssm_parameter"),
  all(
    "Windows from a pinned image",
    ["prod"],
    { in: "windowsImage", to: '{ id: "ami-0123456789abcdef0", architecture: "x86_64" } as const' },
    "compute/image-changed aws_instance",
  ),
  all("more memory for ml", ["dev"], { in: "leastSize", at: "memory", to: "1024" }, "compute/limits-changed aws_ecs_task_definition"),
  all(
    "more rights for ml",
    ["dev", "prod"],
    { in: "mlService", at: 'grants "processedMarketData.read"', to: '"processedMarketData.readWrite"' },
    "identity/policy-widened aws_iam_role_policy",
  ),
  all(
    "two schedulers at once",
    ["dev"],
    { in: "schedulerService", at: "strategy", drop: true },
    "compute/service-scaled-down aws_ecs_service",
  ),
  refused(
    all(
      "another deployer",
      ["prod"],
      { in: "clusterAccess", at: "deploy", add: "`tss-deploy-${environment}`" },
      "identity/admin-granted aws_eks_access_policy_association",
    ),
    "a cluster knows each once",
  ),
  all(
    "somebody in operations",
    ["prod"],
    { in: "clusterAccess", add: 'operations: ["interns"]' },
    "identity/access-granted aws_eks_access_entry",
  ),
  all(
    "fewer nodes",
    ["prod"],
    { in: "eksCluster", at: "nodeGroups general.min", to: "1" },
    "compute/service-scaled-down aws_eks_node_group",
  ),
  all(
    "nodes elsewhere",
    ["prod"],
    { in: "dedicatedNetwork", at: 'containers "10.0.10.0/24"', to: '"10.0.11.0/24"' },
    "network/placement-changed aws_subnet",
  ),
  all(
    "database elsewhere",
    ["prod"],
    { in: "dedicatedNetwork", at: 'database "10.0.3.0/24"', to: '"10.0.7.0/24"' },
    "network/placement-changed aws_subnet",
  ),
  all(
    "another zone",
    ["prod"],
    { in: "dedicatedNetwork", at: 'zones "ap-northeast-1c"', to: '"ap-northeast-1d"' },
    "network/placement-changed aws_db_subnet_group",
    "network/address-lost aws_eip",
  ),
];
