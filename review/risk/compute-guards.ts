/** What keeps machines, containers and releases as they are meant to run. */
import { isSet, off, on, oneOf, type Guard, type ListGuard, type Ratchet, type Watch } from "./guard";

export const COMPUTE_GUARDS: readonly Guard[] = [
  { rule: "compute/metadata-open", attributes: ["aws_instance.metadata_options.http_tokens", "aws_launch_template.metadata_options.http_tokens"], safe: oneOf("required"), message: "The machine's rights are given to any request that reaches its metadata (IMDSv1)" },
  { rule: "compute/image-checks-off", attributes: ["aws_ecr_repository.image_tag_mutability"], safe: oneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"), message: "A tag may move to another image" },
  { rule: "compute/image-checks-off", attributes: ["aws_ecr_repository.image_scanning_configuration.scan_on_push"], safe: on, message: "Images are not scanned" },
  { rule: "compute/rollback-off", attributes: ["aws_ecs_service.deployment_circuit_breaker.enable"], safe: on, message: "A deployment that fails is tried for ever" },
  { rule: "compute/rollback-off", attributes: ["aws_ecs_service.deployment_circuit_breaker.rollback"], safe: on, message: "A deployment that failed stays" },
  { rule: "compute/rollback-off", attributes: ["aws_ecs_service.wait_for_steady_state"], safe: on, onCreate: false, message: "Nobody waits whether the deployment succeeds" },
  { rule: "compute/rollback-off", attributes: ["helm_release.atomic"], safe: on, onCreate: false, message: "A release that failed stays" },
  { rule: "compute/rollback-off", attributes: ["helm_release.wait"], safe: (value) => value === undefined || on(value), message: "Nobody waits whether the release succeeds" },
  { rule: "compute/rollback-off", attributes: ["aws_ecs_task_definition.skip_destroy"], safe: on, onCreate: false, message: "The revision that a rollback goes back to is deregistered" },
  { rule: "compute/rollback-off", attributes: ["helm_release.max_history"], safe: (value) => value === undefined || (value !== 0 && value !== "0"), onCreate: false, message: "Old revisions are kept without an end" },
  { rule: "compute/version-unpinned", attributes: ["helm_release.version"], safe: (value) => /^v?\d+\.\d+\.\d+([-+].*)?$/.test(String(value)), onCreate: false, message: "Whatever version is newest is installed" },
  { rule: "compute/version-unpinned", attributes: ["aws_eks_addon.addon_version"], safe: isSet, onCreate: false, message: "Whatever version AWS prefers is installed" },
  { rule: "compute/version-unpinned", attributes: ["aws_ecs_service.platform_version"], safe: (value) => isSet(value) && value !== "LATEST", onCreate: false, message: "Whatever platform is newest is used" },
  { rule: "data/availability-lowered", attributes: ["aws_ecs_service.availability_zone_rebalancing"], safe: oneOf("ENABLED"), onCreate: false, message: "Tasks may crowd in one zone" },
  { rule: "identity/admin-granted", attributes: ["aws_eks_cluster.access_config.bootstrap_cluster_creator_admin_permissions"], safe: (value) => value === false || value === "false", message: "Whoever creates the cluster stays its administrator" },
  { rule: "identity/access-granted", attributes: ["aws_eks_cluster.access_config.authentication_mode"], safe: oneOf("API"), message: "A map in the cluster decides who gets in, beside the entries that are reviewed" },
  { rule: "compute/version-unpinned", attributes: ["aws_eks_cluster.bootstrap_self_managed_addons"], safe: (value) => value === false || value === "false", onCreate: false, message: "Add-ons of whatever version stand beside the pinned ones" },
  { rule: "compute/privileges-raised", attributes: ["aws_ecs_task_definition.ipc_mode"], safe: (value) => value !== "host", message: "Containers share memory with their machine" },
  { rule: "notification/event-changed", attributes: ["aws_cloudwatch_event_rule.state"], safe: (value) => value === undefined || value !== "DISABLED", message: "The rule sees no events" },
  { rule: "compute/schedule-changed", attributes: ["aws_scheduler_schedule.state"], safe: (value) => value === undefined || value === "ENABLED", message: "The schedule does not run" },
  { rule: "compute/host-restarted", attributes: ["aws_instance.user_data_replace_on_change"], safe: off, message: "A changed script will replace the host" },
];


export const COMPUTE_RATCHETS: readonly Ratchet[] = [
  { rule: "compute/service-scaled-down", attributes: ["aws_ecs_service.deployment_minimum_healthy_percent"], bad: "lower", severity: "notice", message: "Fewer tasks run during a deployment" },
  { rule: "compute/service-scaled-down", attributes: ["aws_ecs_service.deployment_maximum_percent"], bad: "higher", severity: "notice", message: "More tasks run at once during a deployment; a service that must be alone is not" },
  { rule: "compute/service-scaled-down", attributes: ["aws_appautoscaling_target.min_capacity"], bad: "lower", severity: "notice", message: "Fewer tasks run when little is to do" },
  { rule: "compute/service-scaled-down", attributes: ["aws_appautoscaling_target.max_capacity"], bad: "lower", severity: "notice", message: "Fewer tasks can run when much is to do" },
  { rule: "compute/service-scaled-down", attributes: ["aws_eks_node_group.scaling_config.min_size"], bad: "lower", severity: "notice", message: "Fewer nodes run" },
  { rule: "compute/service-scaled-down", attributes: ["aws_eks_node_group.scaling_config.max_size"], bad: "lower", severity: "notice", message: "Fewer nodes can run" },
  { rule: "compute/service-scaled-down", attributes: ["aws_eks_node_group.update_config.max_unavailable"], bad: "higher", severity: "notice", message: "More nodes go at once during an update" },
  { rule: "compute/service-scaled-down", attributes: ["aws_autoscaling_group.min_size"], bad: "lower", severity: "notice", message: "Fewer machines run" },
  { rule: "compute/metadata-open", attributes: ["aws_instance.metadata_options.http_put_response_hop_limit", "aws_launch_template.metadata_options.http_put_response_hop_limit"], bad: "higher", message: "Containers on the machine reach its rights" },
];

export const COMPUTE_LISTS: readonly ListGuard[] = [
  { rule: "identity/access-granted", attributes: ["aws_eks_access_entry.kubernetes_groups"], bad: "grows", message: "Somebody joins another group in the cluster" },
];

export const COMPUTE_WATCHES: readonly Watch[] = [
  { rule: "compute/host-restarted", attributes: ["aws_instance.instance_type"], message: "The host is stopped and started on another machine" },
  { rule: "compute/host-restarted", attributes: ["aws_instance.user_data"], message: "The host is stopped and started with another script" },
  { rule: "compute/host-restarted", attributes: ["aws_instance.user_data_base64"], message: "The host is stopped and started with another script" },
  { rule: "compute/host-restarted", attributes: ["aws_db_instance.instance_class"], message: "The database is restarted on another machine" },
  { rule: "compute/host-restarted", attributes: ["aws_elasticache_cluster.node_type", "aws_elasticache_replication_group.node_type"], message: "The cache moves to other machines" },
  { rule: "compute/configuration-changed", attributes: ["aws_ecs_cluster.setting"], message: "The cluster is watched otherwise, which may cost more or less" },
  { rule: "compute/configuration-changed", attributes: ["aws_ssm_parameter.insecure_value"], message: "Hosts are set up otherwise" },
  { rule: "compute/configuration-changed", attributes: ["aws_ssm_parameter.value"], unless: "aws_ssm_parameter.insecure_value", message: "Whoever reads the parameter gets another value" },
  { rule: "compute/configuration-changed", attributes: ["aws_ssm_association.parameters"], message: "Hosts run another command" },
  { rule: "compute/configuration-changed", attributes: ["aws_ssm_document.content"], message: "Hosts run another command" },
  { rule: "compute/configuration-changed", attributes: ["aws_ssm_association.schedule_expression"], message: "Hosts are set up at other times" },
  { rule: "compute/limits-changed", attributes: ["aws_ecs_task_definition.cpu"], message: "Tasks get another share of a processor" },
  { rule: "compute/limits-changed", attributes: ["aws_ecs_task_definition.memory"], message: "Tasks get another amount of memory" },
  { rule: "compute/host-restarted", attributes: ["aws_db_parameter_group.parameter"], message: "The database's parameters change, some after a restart" },
  { rule: "compute/image-changed", attributes: ["aws_instance.ami"], message: "The host starts from another image" },
  { rule: "compute/image-changed", attributes: ["aws_launch_template.image_id"], message: "Machines start from another image" },
  { rule: "compute/image-changed", attributes: ["aws_eks_cluster.version"], message: "The cluster gets another version of Kubernetes, and cannot go back" },
  { rule: "compute/image-changed", attributes: ["aws_eks_addon.addon_version"], message: "The add-on gets another version" },
  { rule: "compute/image-changed", attributes: ["helm_release.version"], message: "The chart gets another version" },
  { rule: "compute/image-changed", attributes: ["helm_release.repository"], message: "The chart comes from elsewhere" },
  { rule: "compute/image-changed", attributes: ["helm_release.values"], message: "The release is installed with other values" },
  { rule: "compute/image-changed", attributes: ["aws_eks_addon.configuration_values"], message: "The add-on is installed with other values" },
  { rule: "compute/image-changed", attributes: ["aws_db_instance.engine_version", "aws_elasticache_replication_group.engine_version", "aws_elasticache_cluster.engine_version"], message: "It gets another version of its engine, and cannot go back" },
  { rule: "compute/schedule-changed", attributes: ["aws_scheduler_schedule.schedule_expression"], message: "It happens at another time" },
  { rule: "compute/schedule-changed", attributes: ["aws_scheduler_schedule.schedule_expression_timezone"], message: "It happens at another time" },
  { rule: "compute/schedule-changed", attributes: ["aws_scheduler_schedule.target"], message: "Something else happens at that time" },
  { rule: "compute/schedule-changed", attributes: ["aws_appautoscaling_scheduled_action.timezone"], message: "It happens at another time" },
  { rule: "compute/service-scaled-down", severity: "notice", attributes: ["aws_ecs_service.capacity_provider_strategy"], message: "Tasks run on other capacity, which may be taken away" },
  { rule: "compute/service-scaled-down", severity: "notice", attributes: ["aws_eks_node_group.capacity_type"], message: "Nodes run on other capacity, which may be taken away" },
  { rule: "compute/service-scaled-down", severity: "notice", attributes: ["aws_eks_node_group.instance_types"], message: "Nodes run on other machines" },
  { rule: "compute/limits-changed", attributes: ["kubernetes_resource_quota_v1.spec", "kubernetes_limit_range_v1.spec"], message: "What may run in the namespace changes" },
];
