/** The project's own list of bad edits, as far as they reach what is synthesised, and what a review must say of each. */
import { MUTATIONS } from "./mutations";
import type { ReviewMutation } from "./review-mutations";

/**
 * Not here, because no plan shows them: rules of the schema, settings of the backend and the provider, the order of creation, `lifecycle`,
 * and what lies inside a bundle of files.
 */
const FOUND: Readonly<Record<string, readonly [environment: "dev" | "staging" | "prod", ...finds: readonly string[]]>> = {
  // constructs/alarms/alarm.ts
  "alarm that tells nobody": ["prod", "notification/alarm-silenced aws_cloudwatch_metric_alarm", "notification/host-without-alarms aws_instance"],
  // constructs/alarms/event-alert.ts
  "event that is told to nobody": ["dev", "notification/event-changed aws_cloudwatch_event_target"],
  // constructs/alarms/percentage-alarm.ts
  "share of errors upside down": ["dev", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  // constructs/containers/container-definition.ts
  "container of root": ["dev", "compute/privileges-raised aws_ecs_task_definition"],
  "container that keeps its capabilities": ["dev", "compute/privileges-raised aws_ecs_task_definition"],
  "container that waits for its log": ["dev", "data/availability-lowered aws_ecs_task_definition"],
  "container that writes everywhere": ["dev", "compute/privileges-raised aws_ecs_task_definition"],
  "health that is always good": ["dev", "compute/rollback-off aws_ecs_task_definition"],
  "privileged container": ["dev", "compute/privileges-raised aws_ecs_task_definition"],
  // constructs/containers/ecs-cluster.ts
  "cluster without insights": ["dev", "data/audit-log-off aws_ecs_cluster"],
  "failed deployments that nobody hears of": ["dev", "notification/event-changed aws_cloudwatch_event_rule"],
  "shell in a container without a log": ["dev", "data/audit-log-off aws_ecs_cluster"],
  "stopped tasks of other clusters": ["dev", "notification/event-changed aws_cloudwatch_event_rule"],
  "stopped tasks that nobody hears of": ["dev", "notification/event-changed aws_cloudwatch_event_rule"],
  // constructs/containers/fargate-service.ts
  "CPU alarm on nothing": ["dev", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  "ECS with the rights of the program": ["dev", "identity/access-granted aws_ecs_task_definition"],
  "deploy that does not wait": ["dev", "compute/rollback-off aws_ecs_service"],
  "deployment that never gives up": ["dev", "compute/rollback-off aws_ecs_service"],
  "deployment with a gap": ["dev", "compute/service-scaled-down aws_ecs_service"],
  "failed deployment that stays": ["dev", "compute/rollback-off aws_ecs_service"],
  "platform that moves by itself": ["dev", "compute/version-unpinned aws_ecs_service"],
  "program with the rights of ECS": ["dev", "identity/access-granted aws_ecs_task_definition"],
  "revision that no rollback finds": ["dev", "compute/rollback-off aws_ecs_task_definition"],
  "tasks that crowd in one zone": ["dev", "data/availability-lowered aws_ecs_service"],
  "two schedulers at a time": ["dev", "compute/service-scaled-down aws_ecs_service"],
  // constructs/containers/repository.ts
  "images on AWS's key though the stack has its own": ["prod", "data/encryption-weakened aws_ecr_repository", "data/replaced aws_ecr_repository"],
  "images that go too early": ["prod", "data/retention-changed aws_ecr_lifecycle_policy"],
  "images that nobody scans": ["prod", "compute/image-checks-off aws_ecr_repository"],
  "images without KMS": ["prod", "data/encryption-weakened aws_ecr_repository", "data/replaced aws_ecr_repository"],
  "protected repository that Terraform would destroy": ["prod", "data/deletion-protection-off aws_ecr_repository"],
  "protected repository that is emptied on destroy": ["prod", "data/deletion-protection-off aws_ecr_repository"],
  "right to pull every image": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "tags that move to another image": ["prod", "compute/image-checks-off aws_ecr_repository"],
  // constructs/containers/service-access.ts
  "every service as one database user": ["prod", "identity/policy-widened aws_iam_role_policy"],
  // constructs/containers/service-identity.ts
  "role that tasks of any account may take": ["dev", "identity/trust-widened aws_iam_role"],
  "service that speaks to every port": ["dev", "network/egress-opened aws_vpc_security_group_egress_rule"],
  // constructs/hosts/host-alarms.ts
  "lost broker that alarms after a day": ["prod", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  "silence that alarms nobody": ["prod", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  // constructs/hosts/host.ts
  "hosts write metrics anywhere": ["prod", "identity/policy-widened aws_iam_role_policy"],
  // constructs/hosts/machine.ts
  "host that anyone may terminate": ["prod", "compute/termination-protection-off aws_instance"],
  "host with IMDSv1": ["prod", "compute/metadata-open aws_instance", "compute/metadata-open aws_launch_template"],
  "host with a disk in clear": ["prod", "data/encryption-weakened aws_instance"],
  // constructs/hosts/stop-schedule.ts
  "schedule that leaves the alarms silent": ["dev", "compute/schedule-changed aws_scheduler_schedule"],
  // constructs/identity/encryption-key.ts
  "key that never rotates": ["prod", "data/encryption-weakened aws_kms_key"],
  "key that services of any account may use": ["prod", "identity/policy-widened aws_kms_key"],
  // constructs/identity/github-boundary.ts
  "boundary that lets roles leave it": ["prod", "identity/policy-widened aws_iam_policy"],
  // constructs/identity/github-deploy-role.ts
  "any job may deploy": ["prod", "identity/trust-widened aws_iam_role"],
  "deploy role without its boundary": ["prod", "identity/boundary-removed aws_iam_role"],
  // constructs/identity/github-oidc.ts
  "GitHub trust by pattern": ["prod", "identity/trust-widened aws_iam_role"],
  // constructs/identity/policy.ts
  "TLS rule that denies nothing": ["prod", "network/tls-weakened aws_s3_bucket_policy", "network/tls-weakened aws_sns_topic_policy", "network/tls-weakened aws_sqs_queue_policy"],
  // constructs/kubernetes/addons.ts
  "add-on of whatever version": ["prod", "compute/version-unpinned aws_eks_addon"],
  "class of volumes without encryption": ["prod", "compute/image-changed aws_eks_addon"],
  "network policies that do nothing": ["prod", "compute/image-changed aws_eks_addon"],
  "one address at a time": ["prod", "compute/image-changed aws_eks_addon"],
  // constructs/kubernetes/charts.ts
  "chart that moves by itself": ["prod", "compute/version-unpinned helm_release"],
  // constructs/kubernetes/controller-rights.ts
  "autoscaler of every group": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "load balancers of others": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "load balancers that lose their tag": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "volumes of others": ["prod", "identity/policy-widened aws_iam_role_policy"],
  // constructs/kubernetes/eks-cluster.ts
  "API for every address": ["prod", "network/ingress-opened aws_vpc_security_group_ingress_rule"],
  "API open to the Internet": ["prod", "network/ingress-opened aws_eks_cluster", "network/made-public aws_eks_cluster"],
  "API that the network does not reach": ["prod", "network/placement-changed aws_eks_cluster"],
  "Secrets of the cluster without the key": ["prod", "data/encryption-weakened aws_eks_cluster"],
  "access by the old map": ["prod", "identity/access-granted aws_eks_cluster"],
  "control plane without its audit log": ["prod", "data/audit-log-off aws_eks_cluster"],
  "creator with hidden rights": ["prod", "data/replaced aws_eks_cluster", "identity/admin-granted aws_eks_cluster"],
  "everybody an administrator": ["prod", "identity/admin-granted aws_eks_access_policy_association"],
  "nodes open on a port more": ["prod", "network/ingress-added aws_vpc_security_group_ingress_rule"],
  "protected cluster that Terraform would destroy": ["prod", "data/deletion-protection-off aws_eks_cluster"],
  "self-managed add-ons beside the pinned ones": ["prod", "compute/version-unpinned aws_eks_cluster", "data/replaced aws_eks_cluster"],
  // constructs/kubernetes/ingress-parts.ts
  "load balancer that the controller may delete": ["prod", "compute/image-changed helm_release"],
  "load balancer without its log in the cluster": ["prod", "compute/image-changed helm_release"],
  // constructs/kubernetes/names.ts
  "service account that nobody has": ["prod", "identity/trust-widened aws_iam_role"],
  "wrong account for the store of secrets": ["prod", "data/replaced helm_release", "data/replaced kubernetes_namespace_v1"],
  // constructs/kubernetes/node-group.ts
  "all nodes replaced at once": ["prod", "compute/service-scaled-down aws_eks_node_group"],
  "nodes among the public": ["prod", "network/placement-changed aws_eks_node_group"],
  "nodes that pull every image": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "nodes with open disks": ["prod", "data/encryption-weakened aws_launch_template"],
  "nodes' disks without the key": ["prod", "data/encryption-weakened aws_launch_template"],
  "pods that read the node's rights": ["prod", "compute/metadata-open aws_launch_template"],
  // constructs/kubernetes/pod-role.ts
  "any service account takes a role": ["prod", "identity/trust-widened aws_iam_role"],
  "pods of another cluster take a role": ["prod", "identity/trust-widened aws_iam_role"],
  "pods of any namespace take a role": ["prod", "identity/trust-widened aws_iam_role"],
  // constructs/kubernetes/rbac.ts
  "operations read Secrets": ["prod", "identity/policy-widened kubernetes_role_v1"],
  "readers that edit": ["prod", "identity/policy-widened kubernetes_cluster_role_binding_v1"],
  "shell in every pod": ["prod", "identity/policy-widened kubernetes_role_v1"],
  // constructs/kubernetes/release.ts
  "half a release": ["prod", "compute/rollback-off helm_release"],
  "history without end": ["prod", "compute/rollback-off helm_release"],
  "release that nobody waits for": ["prod", "compute/rollback-off helm_release"],
  "release without a version": ["prod", "compute/version-unpinned helm_release"],
  // constructs/kubernetes/releases.ts
  "controller between every Service and the API": ["prod", "compute/image-changed helm_release"],
  "one namespace reads another's secrets": ["prod", "compute/image-changed helm_release"],
  // constructs/kubernetes/service-namespace.ts
  "load balancers past the Ingress": ["prod", "compute/limits-changed kubernetes_resource_quota_v1"],
  "namespace that anybody may call": ["prod", "network/ingress-opened kubernetes_network_policy_v1"],
  "namespace that only warns": ["prod", "compute/privileges-raised kubernetes_namespace_v1"],
  "namespace without a quota of memory": ["prod", "compute/limits-changed kubernetes_resource_quota_v1"],
  "pods of the services at a lower level": ["prod", "compute/privileges-raised kubernetes_namespace_v1"],
  // constructs/load-balancing/load-balancer.ts
  "UI for the whole Internet": ["prod", "network/ingress-opened aws_vpc_security_group_ingress_rule"],
  "UI over old TLS": ["prod", "network/tls-weakened aws_lb_listener"],
  "UI over plain HTTP": ["prod", "network/tls-weakened aws_lb_listener"],
  "load balancer that passes broken headers on": ["prod", "network/firewall-weakened aws_lb"],
  "load balancer without its log": ["prod", "data/audit-log-off aws_lb"],
  // constructs/load-balancing/target-group.ts
  "errors of the load balancer in place of the service's": ["dev", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  // constructs/load-balancing/web-acl.ts
  "web ACL that counts only": ["prod", "network/firewall-weakened aws_wafv2_web_acl"],
  "web ACL without AWS's rules": ["prod", "network/firewall-weakened aws_wafv2_web_acl"],
  // constructs/logs/log-group.ts
  "containers write to every log group": ["dev", "identity/policy-widened aws_iam_role_policy"],
  "hosts write to every log group": ["prod", "identity/policy-widened aws_iam_role_policy"],
  // constructs/messaging/queue.ts
  "dead-letter alarm on the main queue": ["prod", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  "dead-letter queue that takes from anyone": ["prod", "identity/policy-widened aws_sqs_queue_redrive_allow_policy"],
  "queue reachable without TLS": ["prod", "network/tls-weakened aws_sqs_queue_policy"],
  "queue that any topic may fill": ["prod", "identity/policy-widened aws_sqs_queue_policy"],
  "queue without encryption": ["prod", "data/encryption-weakened aws_sqs_queue"],
  "queue without its dead-letter queue": ["prod", "data/dead-letter-removed aws_sqs_queue"],
  // constructs/messaging/topic.ts
  "topic that every account may publish to": ["prod", "identity/policy-widened aws_sns_topic_policy"],
  "topic without encryption": ["prod", "data/encryption-weakened aws_sns_topic"],
  // constructs/network/dedicated-network.ts
  "public addresses by default": ["prod", "network/made-public aws_subnet"],
  // constructs/network/flow-log.ts
  "flow log of refused packets only": ["prod", "data/audit-log-off aws_flow_log"],
  // constructs/network/interface-endpoints.ts
  "interface endpoints open to the world": ["prod", "network/ingress-opened aws_vpc_security_group_ingress_rule"],
  // constructs/network/nat-instance.ts
  "NAT instance open to the world": ["staging", "network/ingress-opened aws_vpc_security_group_ingress_rule"],
  "NAT instance with IMDSv1": ["staging", "compute/metadata-open aws_instance"],
  "NAT instance with a disk in clear": ["staging", "data/encryption-weakened aws_instance"],
  // constructs/network/network-acls.ts
  "database tier open in the ACL": ["prod", "network/ingress-opened aws_network_acl_rule"],
  // constructs/storage/bucket.ts
  "bucket encrypted by S3's key though it has its own": ["prod", "data/encryption-weakened aws_s3_bucket_server_side_encryption_configuration"],
  "bucket grant that deletes": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "bucket open to public ACLs": ["prod", "network/made-public aws_s3_bucket_public_access_block"],
  "bucket open to public policies": ["prod", "network/made-public aws_s3_bucket_public_access_block"],
  "bucket reachable without TLS": ["prod", "network/tls-weakened aws_s3_bucket_policy"],
  "bucket that lets objects be owned by others": ["prod", "data/ownership-weakened aws_s3_bucket_ownership_controls"],
  "bucket without its bucket key": ["prod", "data/encryption-weakened aws_s3_bucket_server_side_encryption_configuration"],
  "bucket without versions": ["prod", "data/backups-off aws_s3_bucket_versioning"],
  "protected bucket that Terraform would destroy": ["prod", "data/deletion-protection-off aws_s3_bucket"],
  "protected bucket that is emptied on destroy": ["prod", "data/deletion-protection-off aws_s3_bucket"],
  // constructs/storage/cache.ts
  "cache alarm at the wrong size": ["prod", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  "cache in clear on disk": ["prod", "data/encryption-weakened aws_elasticache_replication_group", "data/replaced aws_elasticache_replication_group"],
  "cache in clear on the wire": ["prod", "network/tls-weakened aws_elasticache_replication_group"],
  "cache in one zone": ["prod", "data/availability-lowered aws_elasticache_replication_group"],
  // constructs/storage/database.ts
  "connection alarm of another class": ["prod", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  "database in clear on disk": ["prod", "data/encryption-weakened aws_db_instance", "data/replaced aws_db_instance"],
  "database in one zone": ["prod", "data/availability-lowered aws_db_instance"],
  "database on AWS's key though it has its own": ["prod", "data/encryption-weakened aws_db_instance", "data/replaced aws_db_instance"],
  "database reachable from the Internet": ["prod", "network/made-public aws_db_instance"],
  "database that RDS would delete": ["prod", "data/deletion-protection-off aws_db_instance"],
  "database that goes without a last snapshot": ["prod", "data/deletion-protection-off aws_db_instance"],
  "database that takes connections without TLS": ["prod", "network/tls-weakened aws_db_parameter_group"],
  "database with a password in the state": ["prod", "identity/secret-in-state aws_db_instance"],
  "database without backups": ["prod", "data/backups-off aws_db_instance"],
  "protected database that Terraform would destroy": ["prod", "data/deletion-protection-off aws_db_instance"],
  "right to connect as any user": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "right to connect to any database": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "storage alarm at the wrong size": ["prod", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  // constructs/storage/replication.ts
  "replication without deletions": ["prod", "data/backups-off aws_s3_bucket_replication_configuration"],
  "replication without the encrypted objects": ["prod", "data/backups-off aws_s3_bucket_replication_configuration"],
  // constructs/storage/secret.ts
  "secret that is gone at once": ["prod", "data/deletion-protection-off aws_secretsmanager_secret"],
  // constructs/storage/table.ts
  "indexes that project everything": ["prod", "data/index-changed aws_dynamodb_table"],
  "table grant by wildcard action": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "table grant that deletes items": ["prod", "identity/policy-widened aws_iam_role_policy"],
  "table that may be deleted": ["prod", "data/deletion-protection-off aws_dynamodb_table"],
  "table without TTL": ["prod", "data/retention-changed aws_dynamodb_table"],
  "table without encryption of its own": ["prod", "data/encryption-weakened aws_dynamodb_table"],
  "table without point-in-time recovery": ["prod", "data/backups-off aws_dynamodb_table"],
  "throttle alarm that watches nothing": ["prod", "notification/alarm-changed aws_cloudwatch_metric_alarm"],
  // environments/common.ts
  "prod's queue gives up at once": ["prod", "data/dead-letter-removed aws_sqs_queue"],
  // stacks/data.ts
  "database among the hosts": ["prod", "network/placement-changed aws_db_subnet_group"],
  // stacks/events.ts
  "nobody is told of alerts": ["prod", "notification/subscription-removed aws_sns_topic_subscription"],
  // stacks/services-ecs.ts
  "services open to the world": ["dev", "network/ingress-opened aws_vpc_security_group_ingress_rule"],
  "targets that nobody watches": ["dev", "notification/alarm-removed aws_cloudwatch_metric_alarm"],
  // stacks/services-eks.ts
  "deployers and readers the same": ["prod", "identity/admin-granted aws_eks_access_policy_association"],
  // stacks/trading.ts
  "host with a public address in production": ["prod", "network/made-public aws_instance"],
  "hosts read the Slack secret": ["prod", "identity/policy-widened aws_iam_role_policy"],
  // stacks/workloads.ts
  "volumes of the cluster in clear": ["prod", "data/encryption-weakened kubernetes_storage_class_v1"],
  "volumes that go with their claim": ["prod", "data/deletion-protection-off kubernetes_storage_class_v1"],
};

export const CONSTRUCTS: readonly ReviewMutation[] = Object.entries(FOUND).map(([name, [environment, ...finds]]) => {
  const mutation = MUTATIONS.find((one) => one.name === name);
  if (!mutation) throw new Error(`test/mutation/mutations.ts has no edit ${JSON.stringify(name)} any more`);
  return { ...mutation, environments: [environment], finds };
});
