"""Every kind of the table: created, read, listed, changed, tagged, deleted, and missed when it is not there."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from emulator_server.kinds import TABLE
from tests.support import ACCOUNT, REGION, EmulatorCase, shared

start, tearDownModule = shared()


def setUpModule() -> None:
    """An EKS cluster with an access entry, and a vault of backups, because their parts exist nowhere else."""
    start()
    eks, ec2 = (EmulatorCase.emulator.client(service) for service in ("eks", "ec2"))
    network = {"subnetIds": [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]}
    eks.create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig=network, accessConfig={"authenticationMode": "API"})
    eks.create_access_entry(**CLUSTER, principalArn=READER)
    EmulatorCase.emulator.client("backup").create_backup_vault(BackupVaultName="kept")


CLUSTER = {"clusterName": "c"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
READER = f"arn:aws:iam::{ACCOUNT}:role/reader"
MONTHLY = {"BudgetType": "COST", "TimeUnit": "MONTHLY"}
SUBSCRIBER = {"SubscriptionType": "EMAIL", "Address": "a@example.com"}
WINDOW = {"WindowId": "mw-0123456789abcdef0"}
#: what CloudFront requires of a distribution
DISTRIBUTION = {
    "CallerReference": "r",
    "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "example.com"}]},
    "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
}
STREAM = {"FirehoseArn": f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/d", "RoleArn": ROLE}
INVENTORY = {"Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::b", "Format": "CSV"}}, "Schedule": {"Frequency": "Daily"}}
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
DATABASE = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:d"
TESTED = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"], "SelectionWindowDays": 7}
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


def dig(value: Any, path: str) -> Any:
    """A member by its path: "Budget.BudgetLimit.Amount", "Addons.0"."""
    for step in path.split(".") if path else ():
        value = value[int(step)] if step.isdigit() else value[step]
    return value


@dataclass
class Life:
    """The life of one resource, in the operations of its service."""

    kind: tuple[str, str]
    create: tuple[str, dict[str, Any]]
    #: operation, arguments, path of what it shows, and its value
    read: tuple[str, dict[str, Any], str, Any]
    delete: tuple[str, dict[str, Any]]
    #: the error of a read after the deletion; a path: that list is then empty
    gone: str
    update: tuple[str, dict[str, Any]] | None = None
    #: what the read shows after the update
    updated: Any = None
    #: path in the creation's answer -> the argument by which other operations name it
    names: dict[str, str] = field(default_factory=dict)


LIVES = (
    Life(
        ("accessanalyzer", "Analyzer"),
        ("create_analyzer", {"analyzerName": "a", "type": "ACCOUNT"}),
        ("get_analyzer", {"analyzerName": "a"}, "analyzer.status", "ACTIVE"),
        ("delete_analyzer", {"analyzerName": "a"}),
        "ResourceNotFoundException",
    ),
    Life(
        ("elasticache", "CacheParameterGroup"),
        ("create_cache_parameter_group", {"CacheParameterGroupName": "p", "CacheParameterGroupFamily": "redis7", "Description": "d"}),
        ("describe_cache_parameters", {"CacheParameterGroupName": "p"}, "Parameters", []),
        ("delete_cache_parameter_group", {"CacheParameterGroupName": "p"}),
        "CacheParameterGroupNotFound",
        ("modify_cache_parameter_group",
         {"CacheParameterGroupName": "p", "ParameterNameValues": [{"ParameterName": "cluster-enabled", "ParameterValue": "yes"}]}),
        [{"ParameterName": "cluster-enabled", "ParameterValue": "yes", "Source": "user"}],
    ),
    Life(
        ("elasticache", "CacheCluster"),
        ("create_cache_cluster", {"CacheClusterId": "one", "Engine": "redis", "EngineVersion": "7.1", "NumCacheNodes": 1}),
        ("describe_cache_clusters", {"CacheClusterId": "one"}, "CacheClusters.0.EngineVersion", "7.1.0"),
        ("delete_cache_cluster", {"CacheClusterId": "one"}),
        "CacheClusterNotFound",
        ("modify_cache_cluster", {"CacheClusterId": "one", "EngineVersion": "7.2"}),
        "7.2.0",
    ),
    Life(
        ("elasticache", "ReplicationGroup"),
        ("create_replication_group", {"ReplicationGroupId": "g", "ReplicationGroupDescription": "d", "NumCacheClusters": 2}),
        ("describe_replication_groups", {"ReplicationGroupId": "g"}, "ReplicationGroups.0.MemberClusters", ["g-001", "g-002"]),
        ("delete_replication_group", {"ReplicationGroupId": "g"}),
        "ReplicationGroupNotFoundFault",
        ("increase_replica_count", {"ReplicationGroupId": "g", "NewReplicaCount": 2, "ApplyImmediately": True}),
        ["g-001", "g-002", "g-003"],
    ),
    Life(
        ("elasticache", "CacheSubnetGroup"),
        ("create_cache_subnet_group", {"CacheSubnetGroupName": "UPPER", "CacheSubnetGroupDescription": "d", "SubnetIds": []}),
        ("describe_cache_subnet_groups", {"CacheSubnetGroupName": "upper"}, "CacheSubnetGroups.0.CacheSubnetGroupDescription", "d"),
        ("delete_cache_subnet_group", {"CacheSubnetGroupName": "upper"}),
        "CacheSubnetGroupNotFoundFault",
        ("modify_cache_subnet_group", {"CacheSubnetGroupName": "upper", "CacheSubnetGroupDescription": "e"}),
        "e",
    ),
    Life(
        ("backup", "BackupVault"),
        ("create_backup_vault", {"BackupVaultName": "vault"}),
        ("describe_backup_vault", {"BackupVaultName": "vault"}, "NumberOfRecoveryPoints", 0),
        ("delete_backup_vault", {"BackupVaultName": "vault"}),
        "ResourceNotFoundException",
    ),
    Life(
        ("backup", "BackupPlan"),
        ("create_backup_plan", {"BackupPlan": {"BackupPlanName": "p", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "vault"}]}}),
        ("get_backup_plan", {}, "BackupPlan.Rules.0.CompletionWindowMinutes", 10080),
        ("delete_backup_plan", {}),
        "ResourceNotFoundException",
        ("update_backup_plan", {"BackupPlan": {"BackupPlanName": "p", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "vault", "CompletionWindowMinutes": 60}]}}),
        60,
        {"BackupPlanId": "BackupPlanId"},
    ),
    Life(
        ("backup", "BackupVaultAccessPolicy"),
        ("put_backup_vault_access_policy", {"BackupVaultName": "kept", "Policy": "{}"}),
        ("get_backup_vault_access_policy", {"BackupVaultName": "kept"}, "Policy", "{}"),
        ("delete_backup_vault_access_policy", {"BackupVaultName": "kept"}),
        "ResourceNotFoundException",
        ("put_backup_vault_access_policy", {"BackupVaultName": "kept", "Policy": '{"Version":"2012-10-17"}'}),
        '{"Version":"2012-10-17"}',
    ),
    Life(
        ("backup", "BackupVaultNotification"),
        ("put_backup_vault_notifications", {"BackupVaultName": "kept", "SNSTopicArn": TOPIC, "BackupVaultEvents": ["COPY_JOB_FAILED"]}),
        ("get_backup_vault_notifications", {"BackupVaultName": "kept"}, "BackupVaultEvents", ["COPY_JOB_FAILED"]),
        ("delete_backup_vault_notifications", {"BackupVaultName": "kept"}),
        "ResourceNotFoundException",
        ("put_backup_vault_notifications", {"BackupVaultName": "kept", "SNSTopicArn": TOPIC, "BackupVaultEvents": ["RESTORE_JOB_COMPLETED"]}),
        ["RESTORE_JOB_COMPLETED"],
    ),
    Life(
        ("backup", "RestoreTestingPlan"),
        ("create_restore_testing_plan", {"RestoreTestingPlan": {"RestoreTestingPlanName": "t", "ScheduleExpression": "cron(0 3 ? * 1 *)", "RecoveryPointSelection": TESTED}}),
        ("get_restore_testing_plan", {"RestoreTestingPlanName": "t"}, "RestoreTestingPlan.RecoveryPointSelection.SelectionWindowDays", 7),
        ("delete_restore_testing_plan", {"RestoreTestingPlanName": "t"}),
        "ResourceNotFoundException",
        ("update_restore_testing_plan", {"RestoreTestingPlanName": "t", "RestoreTestingPlan": {"RecoveryPointSelection": {**TESTED, "SelectionWindowDays": 30}}}),
        30,
    ),
    Life(
        ("backup", "RestoreTestingSelection"),
        ("create_restore_testing_selection", {"RestoreTestingPlanName": "t", "RestoreTestingSelection": {"RestoreTestingSelectionName": "s", "ProtectedResourceType": "EBS", "IamRoleArn": ROLE, "ProtectedResourceArns": ["*"]}}),
        ("get_restore_testing_selection", {"RestoreTestingPlanName": "t", "RestoreTestingSelectionName": "s"}, "RestoreTestingSelection.ProtectedResourceArns", ["*"]),
        ("delete_restore_testing_selection", {"RestoreTestingPlanName": "t", "RestoreTestingSelectionName": "s"}),
        "ResourceNotFoundException",
        ("update_restore_testing_selection", {"RestoreTestingPlanName": "t", "RestoreTestingSelectionName": "s", "RestoreTestingSelection": {"ProtectedResourceArns": [TOPIC]}}),
        [TOPIC],
    ),
    Life(
        ("rds", "DBInstanceAutomatedBackup"),
        ("start_db_instance_automated_backups_replication", {"SourceDBInstanceArn": DATABASE, "BackupRetentionPeriod": 3}),
        ("describe_db_instance_automated_backups", {}, "DBInstanceAutomatedBackups.0.DBInstanceArn", DATABASE),
        ("stop_db_instance_automated_backups_replication", {"SourceDBInstanceArn": DATABASE}),
        ".DBInstanceAutomatedBackups",
    ),
    Life(
        ("backup", "BackupSelection"),
        ("create_backup_selection", {"BackupPlanId": "p", "BackupSelection": {"SelectionName": "s", "IamRoleArn": ROLE}}),
        ("get_backup_selection", {"BackupPlanId": "p"}, "BackupSelection.SelectionName", "s"),
        ("delete_backup_selection", {"BackupPlanId": "p"}),
        "ResourceNotFoundException",
        names={"SelectionId": "SelectionId"},
    ),
    Life(
        ("logs", "QueryDefinition"),
        ("put_query_definition", {"name": "q", "queryString": "fields x"}),
        ("describe_query_definitions", {}, "queryDefinitions.0.queryString", "fields x"),
        ("delete_query_definition", {}),
        ".queryDefinitions",
        ("put_query_definition", {"name": "q", "queryString": "fields y"}),
        "fields y",
        {"queryDefinitionId": "queryDefinitionId"},
    ),
    Life(
        ("logs", "LogAnomalyDetector"),
        ("create_log_anomaly_detector", {"logGroupArnList": [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g"]}),
        ("get_log_anomaly_detector", {}, "anomalyVisibilityTime", 21),
        ("delete_log_anomaly_detector", {}),
        "ResourceNotFoundException",
        ("update_log_anomaly_detector", {"anomalyVisibilityTime": 7, "enabled": True}),
        7,
        {"anomalyDetectorArn": "anomalyDetectorArn"},
    ),
    Life(
        ("logs", "AccountPolicy"),
        ("put_account_policy", {"policyName": "p", "policyType": "DATA_PROTECTION_POLICY", "policyDocument": "{}"}),
        ("describe_account_policies", {"policyName": "p", "policyType": "DATA_PROTECTION_POLICY"}, "accountPolicies.0.scope", "ALL"),
        ("delete_account_policy", {"policyName": "p", "policyType": "DATA_PROTECTION_POLICY"}),
        "ResourceNotFoundException",
    ),
    Life(
        ("cloudwatch", "MetricStream"),
        ("put_metric_stream", {"Name": "s", **STREAM, "OutputFormat": "json"}),
        ("get_metric_stream", {"Name": "s"}, "OutputFormat", "json"),
        ("delete_metric_stream", {"Name": "s"}),
        "ResourceNotFoundException",
        ("put_metric_stream", {"Name": "s", **STREAM, "OutputFormat": "opentelemetry0.7"}),
        "opentelemetry0.7",
    ),
    Life(
        ("ec2", "CapacityReservation"),
        ("create_capacity_reservation", {"InstanceType": "t3.micro", "InstancePlatform": "Linux/UNIX", "AvailabilityZone": f"{REGION}a", "InstanceCount": 1}),
        ("describe_capacity_reservations", {}, "CapacityReservations.0.TotalInstanceCount", 1),
        ("cancel_capacity_reservation", {}),
        "InvalidCapacityReservationId.NotFound",
        ("modify_capacity_reservation", {"InstanceCount": 2}),
        2,
        {"CapacityReservation.CapacityReservationId": "CapacityReservationId"},
    ),
    Life(
        ("ec2", "PlacementGroup"),
        ("create_placement_group", {"GroupName": "g", "Strategy": "spread"}),
        ("describe_placement_groups", {"GroupNames": ["g"]}, "PlacementGroups.0.SpreadLevel", "rack"),
        ("delete_placement_group", {"GroupName": "g"}),
        "InvalidPlacementGroup.Unknown",
    ),
    Life(
        ("ecr", "PullThroughCacheRule"),
        ("create_pull_through_cache_rule", {"ecrRepositoryPrefix": "hub", "upstreamRegistryUrl": "registry-1.docker.io"}),
        ("describe_pull_through_cache_rules", {"ecrRepositoryPrefixes": ["hub"]}, "pullThroughCacheRules.0.registryId", ACCOUNT),
        ("delete_pull_through_cache_rule", {"ecrRepositoryPrefix": "hub"}),
        "PullThroughCacheRuleNotFoundException",
    ),
    Life(
        ("ecr-public", "Repository"),
        ("create_repository", {"repositoryName": "open", "catalogData": {"description": "d"}}),
        ("get_repository_catalog_data", {"repositoryName": "open"}, "catalogData.description", "d"),
        ("delete_repository", {"repositoryName": "open"}),
        "RepositoryNotFoundException",
        ("put_repository_catalog_data", {"repositoryName": "open", "catalogData": {"description": "e"}}),
        "e",
    ),
    Life(
        ("ecr-public", "RepositoryPolicy"),
        ("set_repository_policy", {"repositoryName": "open", "policyText": "{}"}),
        ("get_repository_policy", {"repositoryName": "open"}, "policyText", "{}"),
        ("delete_repository_policy", {"repositoryName": "open"}),
        "RepositoryPolicyNotFoundException",
    ),
    Life(
        ("dlm", "LifecyclePolicy"),
        ("create_lifecycle_policy", {"ExecutionRoleArn": ROLE, "Description": "d", "State": "ENABLED", "PolicyDetails": {}}),
        ("get_lifecycle_policy", {}, "Policy.Description", "d"),
        ("delete_lifecycle_policy", {}),
        "ResourceNotFoundException",
        ("update_lifecycle_policy", {"Description": "e"}),
        "e",
        {"PolicyId": "PolicyId"},
    ),
    Life(
        ("budgets", "Budget"),
        ("create_budget", {"AccountId": ACCOUNT, "Budget": {"BudgetName": "b", **MONTHLY, "BudgetLimit": {"Amount": "1", "Unit": "USD"}}}),
        ("describe_budget", {"AccountId": ACCOUNT, "BudgetName": "b"}, "Budget.BudgetLimit.Amount", "1"),
        ("delete_budget", {"AccountId": ACCOUNT, "BudgetName": "b"}),
        "NotFoundException",
        ("update_budget", {"AccountId": ACCOUNT, "NewBudget": {"BudgetName": "b", **MONTHLY, "BudgetLimit": {"Amount": "2", "Unit": "USD"}}}),
        "2",
    ),
    Life(
        ("budgets", "Notification"),
        ("create_notification", {"AccountId": ACCOUNT, "BudgetName": "x", "Subscribers": [SUBSCRIBER], "Notification": {
            "NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}}),
        ("describe_notifications_for_budget", {"AccountId": ACCOUNT, "BudgetName": "x"}, "Notifications.0.Threshold", 80.0),
        ("delete_notification", {"AccountId": ACCOUNT, "BudgetName": "x", "Notification": {
            "NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}}),
        ".Notifications",
    ),
    Life(
        ("ce", "AnomalyMonitor"),
        ("create_anomaly_monitor", {"AnomalyMonitor": {"MonitorName": "m", "MonitorType": "DIMENSIONAL"}}),
        ("get_anomaly_monitors", {}, "AnomalyMonitors.0.MonitorName", "m"),
        ("delete_anomaly_monitor", {}),
        "UnknownMonitorException",
        ("update_anomaly_monitor", {"MonitorName": "n"}),
        "n",
        {"MonitorArn": "MonitorArn"},
    ),
    Life(
        ("ce", "AnomalySubscription"),
        ("create_anomaly_subscription", {"AnomalySubscription": {"SubscriptionName": "s", "Frequency": "DAILY", "MonitorArnList": ["arn:aws:ce::111122223333:anomalymonitor/m"], "Subscribers": [{"Type": "EMAIL", "Address": "a@example.com"}]}}),
        ("get_anomaly_subscriptions", {}, "AnomalySubscriptions.0.Frequency", "DAILY"),
        ("delete_anomaly_subscription", {}),
        ".AnomalySubscriptions",
        ("update_anomaly_subscription", {"Frequency": "WEEKLY"}),
        "WEEKLY",
        {"SubscriptionArn": "SubscriptionArn"},
    ),
    Life(
        ("eks", "Addon"),
        ("create_addon", {**CLUSTER, "addonName": "coredns"}),
        ("describe_addon", {**CLUSTER, "addonName": "coredns"}, "addon.addonVersion", "v1.0.0-eksbuild.1"),
        ("delete_addon", {**CLUSTER, "addonName": "coredns"}),
        "ResourceNotFoundException",
        ("update_addon", {**CLUSTER, "addonName": "coredns", "addonVersion": "v1.12.4-eksbuild.1"}),
        "v1.12.4-eksbuild.1",
    ),
    Life(
        ("eks", "AccessEntry"),
        ("create_access_entry", {**CLUSTER, "principalArn": ROLE}),
        ("describe_access_entry", {**CLUSTER, "principalArn": ROLE}, "accessEntry.type", "STANDARD"),
        ("delete_access_entry", {**CLUSTER, "principalArn": ROLE}),
        "ResourceNotFoundException",
        ("update_access_entry", {**CLUSTER, "principalArn": ROLE, "kubernetesGroups": ["g"]}),
        "STANDARD",
    ),
    Life(
        ("eks", "AssociatedAccessPolicy"),
        ("associate_access_policy", {**CLUSTER, "principalArn": READER, "policyArn": POLICY, "accessScope": {"type": "cluster"}}),
        ("list_associated_access_policies", {**CLUSTER, "principalArn": READER}, "associatedAccessPolicies.0.policyArn", POLICY),
        ("disassociate_access_policy", {**CLUSTER, "principalArn": READER, "policyArn": POLICY}),
        ".associatedAccessPolicies",
    ),
    Life(
        ("eks", "FargateProfile"),
        ("create_fargate_profile", {**CLUSTER, "fargateProfileName": "f", "podExecutionRoleArn": ROLE, "selectors": [{"namespace": "n"}]}),
        ("describe_fargate_profile", {**CLUSTER, "fargateProfileName": "f"}, "fargateProfile.selectors.0.namespace", "n"),
        ("delete_fargate_profile", {**CLUSTER, "fargateProfileName": "f"}),
        "ResourceNotFoundException",
    ),
    Life(
        ("eks", "PodIdentityAssociation"),
        ("create_pod_identity_association", {**CLUSTER, "namespace": "n", "serviceAccount": "s", "roleArn": ROLE}),
        ("describe_pod_identity_association", CLUSTER, "association.roleArn", ROLE),
        ("delete_pod_identity_association", CLUSTER),
        "ResourceNotFoundException",
        ("update_pod_identity_association", {**CLUSTER, "roleArn": ROLE + "2"}),
        ROLE + "2",
        {"association.associationId": "associationId"},
    ),
    Life(
        ("ssm", "Association"),
        ("create_association", {"Name": "AWS-RunPatchBaseline", "ScheduleExpression": "rate(1 day)"}),
        ("describe_association", {}, "AssociationDescription.ScheduleExpression", "rate(1 day)"),
        ("delete_association", {}),
        "AssociationDoesNotExist",
        ("update_association", {"ScheduleExpression": "rate(2 days)"}),
        "rate(2 days)",
        {"AssociationDescription.AssociationId": "AssociationId"},
    ),
    Life(
        ("ssm", "MaintenanceWindowTarget"),
        ("register_target_with_maintenance_window", {**WINDOW, "ResourceType": "INSTANCE", "Targets": [], "Name": "target"}),
        ("describe_maintenance_window_targets", WINDOW, "Targets.0.Name", "target"),
        ("deregister_target_from_maintenance_window", WINDOW),
        ".Targets",
        ("update_maintenance_window_target", {**WINDOW, "Name": "other"}),
        "other",
        {"WindowTargetId": "WindowTargetId"},
    ),
    Life(
        ("ssm", "MaintenanceWindowTask"),
        ("register_task_with_maintenance_window", {**WINDOW, "TaskArn": "t", "TaskType": "RUN_COMMAND", "Priority": 1}),
        ("get_maintenance_window_task", WINDOW, "Priority", 1),
        ("deregister_task_from_maintenance_window", WINDOW),
        "DoesNotExistException",
        ("update_maintenance_window_task", {**WINDOW, "Priority": 2}),
        2,
        {"WindowTaskId": "WindowTaskId"},
    ),
    Life(
        ("sagemaker", "NotebookInstanceLifecycleConfig"),
        ("create_notebook_instance_lifecycle_config", {"NotebookInstanceLifecycleConfigName": "n", "OnStart": [{"Content": "a"}]}),
        ("describe_notebook_instance_lifecycle_config", {"NotebookInstanceLifecycleConfigName": "n"}, "OnStart.0.Content", "a"),
        ("delete_notebook_instance_lifecycle_config", {"NotebookInstanceLifecycleConfigName": "n"}),
        "ValidationException",
        ("update_notebook_instance_lifecycle_config", {"NotebookInstanceLifecycleConfigName": "n", "OnStart": [{"Content": "b"}]}),
        "b",
    ),
    Life(
        ("chatbot", "SlackChannelConfiguration"),
        ("create_slack_channel_configuration",
         {"SlackTeamId": "T", "SlackChannelId": "C", "IamRoleArn": ROLE, "ConfigurationName": "slack"}),
        ("describe_slack_channel_configurations", {}, "SlackChannelConfigurations.0.LoggingLevel", "NONE"),
        ("delete_slack_channel_configuration", {}),
        ".SlackChannelConfigurations",
        ("update_slack_channel_configuration", {"SlackChannelId": "C", "LoggingLevel": "ERROR"}),
        "ERROR",
        {"ChannelConfiguration.ChatConfigurationArn": "ChatConfigurationArn"},
    ),
    Life(
        ("cloudfront", "Distribution"),
        ("create_distribution_with_tags", {"DistributionConfigWithTags": {
            "DistributionConfig": {**DISTRIBUTION, "Comment": "c", "Enabled": True}, "Tags": {"Items": []}}}),
        ("get_distribution", {}, "Distribution.DistributionConfig.Comment", "c"),
        ("delete_distribution", {}),
        "NoSuchDistribution",
        ("update_distribution", {"DistributionConfig": {**DISTRIBUTION, "Comment": "d", "Enabled": False}}),
        "d",
        {"Distribution.Id": "Id"},
    ),
    Life(
        ("cloudfront", "Function"),
        ("create_function", {"Name": "f", "FunctionConfig": {"Comment": "c", "Runtime": "cloudfront-js-2.0"}, "FunctionCode": b"x"}),
        ("describe_function", {"Name": "f"}, "FunctionSummary.FunctionConfig.Comment", "c"),
        ("delete_function", {"Name": "f", "IfMatch": "E"}),
        "NoSuchFunctionExists",
        ("update_function", {
            "Name": "f", "IfMatch": "E", "FunctionConfig": {"Comment": "d", "Runtime": "cloudfront-js-2.0"}, "FunctionCode": b"y"}),
        "d",
    ),
    Life(
        ("cloudfront", "ResponseHeadersPolicy"),
        ("create_response_headers_policy", {"ResponseHeadersPolicyConfig": {"Name": "h", "Comment": "c"}}),
        ("get_response_headers_policy", {}, "ResponseHeadersPolicy.ResponseHeadersPolicyConfig.Comment", "c"),
        ("delete_response_headers_policy", {}),
        "NoSuchResponseHeadersPolicy",
        ("update_response_headers_policy", {"ResponseHeadersPolicyConfig": {"Name": "h", "Comment": "d"}}),
        "d",
        {"ResponseHeadersPolicy.Id": "Id"},
    ),
    *(
        Life(
            ("s3", f"Bucket{name}Configuration"),
            (f"put_bucket_{snake}_configuration", {"Bucket": "b", "Id": "x", f"{name}Configuration": {"Id": "x", **own}}),
            (f"get_bucket_{snake}_configuration", {"Bucket": "b", "Id": "x"}, f"{name}Configuration.{path}", value),
            (f"delete_bucket_{snake}_configuration", {"Bucket": "b", "Id": "x"}),
            "NoSuchConfiguration",
        )
        for name, snake, own, path, value in (
            ("Metrics", "metrics", {"Filter": {"Prefix": "a"}}, "Filter.Prefix", "a"),
            ("Analytics", "analytics", {"Filter": {"Prefix": "a"}, "StorageClassAnalysis": {}}, "Filter.Prefix", "a"),
            ("Inventory", "inventory", {**INVENTORY, "IsEnabled": True, "IncludedObjectVersions": "All"}, "IncludedObjectVersions", "All"),
            ("IntelligentTiering", "intelligent_tiering", {"Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}, "Tierings.0.Days", 90),
        )
    ),
)  # fmt: skip


class KindsTest(EmulatorCase):
    def test_every_kind_has_its_life_here(self) -> None:
        tested = {life.kind for life in LIVES} | {("s3", "BucketRequestPayment"), ("sns", "DataProtectionPolicy"), ("backup", "RecoveryPoint"), ("logs", "DataProtectionPolicy"), ("elbv2", "CapacityReservation"), ("stepfunctions", "StateMachineVersion")}  # the first two: test_modules; then test_cloudwatch, test_modules
        tested |= {("eks", noun) for noun in ("Cluster", "Nodegroup", "Update")}  # test_eks, test_eks_nodes
        tested |= {("cloudfront", noun) for noun in ("Invalidation", "VpcOrigin")}  # test_cloudfront
        tested |= {("ce", "CostAllocationTag")}  # test_tags_that_tell_costs_apart
        tested |= {("ssm", noun) for noun in ("MaintenanceWindow", "PatchBaseline", "PatchGroup")}  # test_patching
        tested |= {("ec2", noun) for noun in ("SnapshotBlockPublicAccess", "ImageBlockPublicAccess", "InstanceMetadataDefaults")}  # test_account
        tested |= {("ssm", "ServiceSetting"), ("s3control", "PublicAccessBlock")}  # test_account
        self.assertEqual({(kind.service, kind.noun) for kind in TABLE.kinds}, tested)

    def test_tags_that_tell_costs_apart(self) -> None:
        client = self.emulator.client("ce")
        known = lambda: [(tag["TagKey"], tag["Status"]) for tag in client.list_cost_allocation_tags()["CostAllocationTags"]]  # noqa: E731
        client.update_cost_allocation_tags_status(CostAllocationTagsStatus=[{"TagKey": key, "Status": "Active"} for key in ("Other", "Project")])
        self.assertEqual(sorted(known()), [("Other", "Active"), ("Project", "Active")])
        client.update_cost_allocation_tags_status(CostAllocationTagsStatus=[{"TagKey": "Project", "Status": "Inactive"}])
        self.assertEqual(known(), [("Other", "Active")])

    def test_lives(self) -> None:
        for life in LIVES:
            with self.subTest(kind=life.kind):
                self.live(life)

    def live(self, life: Life) -> None:
        client = self.emulator.client(life.kind[0])
        operation, arguments = life.create
        answer = getattr(client, operation)(**arguments)
        names = {argument: dig(answer, path) for path, argument in life.names.items()}
        operation, arguments, path, value = life.read
        accepted = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape.members
        filters = {name: value for name, value in names.items() if name in accepted}
        filters |= {f"{name}{plural}": [value] for plural in ("List", "s") for name, value in names.items() if f"{name}{plural}" in accepted}
        read = lambda: getattr(client, operation)(**arguments, **filters)  # noqa: E731
        self.assertEqual(dig(read(), path), value)
        if life.update:
            getattr(client, life.update[0])(**life.update[1], **names)
            self.assertEqual(dig(read(), path), life.updated)
        getattr(client, life.delete[0])(**life.delete[1], **names)
        if life.gone.startswith("."):
            self.assertEqual(dig(read(), life.gone[1:]), [])
        else:
            self.assert_refused(life.gone, read)
        self.assertRaises(client.exceptions.ClientError, getattr(client, life.delete[0]), **life.delete[1], **names)

    def test_creating_twice_is_an_error(self) -> None:
        client = self.emulator.client("elasticache")
        client.create_cache_cluster(CacheClusterId="twice", Engine="redis")
        self.assert_refused("CacheClusterAlreadyExists", client.create_cache_cluster, CacheClusterId="twice", Engine="redis")

    def test_accounts_and_regions_are_apart(self) -> None:
        self.emulator.client("elasticache").create_cache_cluster(CacheClusterId="here", Engine="redis")
        for place in ({"region": "ap-northeast-3"}, {"account": "999988887777"}):
            self.assertEqual(self.emulator.client("elasticache", **place).describe_cache_clusters()["CacheClusters"], [])

    def test_a_bucket_that_nobody_made_pay_others_is_paid_by_its_owner(self) -> None:
        s3 = self.emulator.client("s3")
        self.assertEqual(s3.get_bucket_request_payment(Bucket="any")["Payer"], "BucketOwner")
        s3.put_bucket_request_payment(Bucket="any", RequestPaymentConfiguration={"Payer": "Requester"})
        self.assertEqual(s3.get_bucket_request_payment(Bucket="any")["Payer"], "Requester")


    def test_a_vault_has_no_recovery_points(self) -> None:
        client = self.emulator.client("backup")
        self.assertEqual(client.list_recovery_points_by_backup_vault(BackupVaultName="any")["RecoveryPoints"], [])

    def test_a_lock_is_a_setting_of_its_vault(self) -> None:
        client = self.emulator.client("backup")
        client.create_backup_vault(BackupVaultName="locked")
        client.put_backup_vault_lock_configuration(BackupVaultName="locked", MinRetentionDays=7, MaxRetentionDays=35)
        shown = client.describe_backup_vault(BackupVaultName="locked")
        self.assertEqual((shown["Locked"], shown["MinRetentionDays"], shown["MaxRetentionDays"]), (True, 7, 35))
        client.put_backup_vault_lock_configuration(BackupVaultName="locked", MinRetentionDays=8)
        self.assertNotIn("MaxRetentionDays", client.describe_backup_vault(BackupVaultName="locked"))
        client.delete_backup_vault_lock_configuration(BackupVaultName="locked")
        shown = client.describe_backup_vault(BackupVaultName="locked")
        self.assertEqual((shown["Locked"], "MinRetentionDays" in shown), (False, False))
        client.delete_backup_vault(BackupVaultName="locked")
        self.assert_refused("ResourceNotFoundException", client.put_backup_vault_lock_configuration, BackupVaultName="locked", MinRetentionDays=7)

    def test_what_belongs_to_a_vault_goes_with_it(self) -> None:
        client = self.emulator.client("backup")
        policy = {"BackupVaultName": "brief", "Policy": "{}"}
        self.assert_refused("ResourceNotFoundException", client.put_backup_vault_access_policy, **policy)
        client.create_backup_vault(BackupVaultName="brief")
        client.put_backup_vault_access_policy(**policy)
        client.delete_backup_vault(BackupVaultName="brief")
        client.create_backup_vault(BackupVaultName="brief")
        self.assert_refused("ResourceNotFoundException", client.get_backup_vault_access_policy, BackupVaultName="brief")
        client.delete_backup_vault(BackupVaultName="brief")


class TagsTest(EmulatorCase):
    """Tags in each of the shapes that services give them."""

    def test_list_of_pairs(self) -> None:
        client = self.emulator.client("elasticache")
        made = client.create_cache_cluster(CacheClusterId="tagged", Engine="redis", Tags=[{"Key": "a", "Value": "1"}])
        arn = made["CacheCluster"]["ARN"]
        self.assertEqual(arn, f"arn:aws:elasticache:{REGION}:{ACCOUNT}:cluster:tagged")
        client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "b", "Value": "2"}])
        client.remove_tags_from_resource(ResourceName=arn, TagKeys=["a"])
        self.assertEqual(client.list_tags_for_resource(ResourceName=arn)["TagList"], [{"Key": "b", "Value": "2"}])

    def test_map(self) -> None:
        client = self.emulator.client("eks")
        arn = client.create_addon(**CLUSTER, addonName="kube-proxy", tags={"a": "1"})["addon"]["addonArn"]
        client.tag_resource(resourceArn=arn, tags={"b": "2"})
        client.untag_resource(resourceArn=arn, tagKeys=["a"])
        self.assertEqual(client.list_tags_for_resource(resourceArn=arn)["tags"], {"b": "2"})

    def test_list_in_a_structure(self) -> None:
        client = self.emulator.client("cloudfront")
        tags = {"Items": [{"Key": "a", "Value": "1"}]}
        config = {**DISTRIBUTION, "CallerReference": "t", "Comment": "", "Enabled": True}
        made = client.create_distribution_with_tags(DistributionConfigWithTags={"DistributionConfig": config, "Tags": tags})
        self.assertEqual(client.list_tags_for_resource(Resource=made["Distribution"]["ARN"])["Tags"], tags)


class CacheTest(EmulatorCase):
    """What a replication group looks like, with cluster mode and without."""

    def group(self, name: str, **more: Any) -> dict[str, Any]:
        made = self.emulator.client("elasticache").create_replication_group(
            ReplicationGroupId=name, ReplicationGroupDescription="d", CacheNodeType="cache.r7g.large", **more)  # fmt: skip
        group: dict[str, Any] = made["ReplicationGroup"]
        return group

    def test_cluster_mode(self) -> None:
        group = self.group("sharded", NumNodeGroups=3, ReplicasPerNodeGroup=1, MultiAZEnabled=True, AutomaticFailoverEnabled=True)
        self.assertTrue(group["ClusterEnabled"])
        self.assertEqual(group["ClusterMode"], "enabled")
        self.assertTrue(group["ConfigurationEndpoint"]["Address"].startswith("clustercfg.sharded."))
        self.assertEqual([g["Slots"] for g in group["NodeGroups"]], ["0-5460", "5461-10921", "10922-16383"])
        self.assertNotIn("PrimaryEndpoint", group["NodeGroups"][0])
        self.assertEqual(group["MemberClusters"][:3], ["sharded-0001-001", "sharded-0001-002", "sharded-0002-001"])
        zones = {m["PreferredAvailabilityZone"] for g in group["NodeGroups"] for m in g["NodeGroupMembers"]}
        self.assertEqual(len(zones), 2, "the two nodes of a shard are in different zones")

    def test_shards_and_replicas_can_be_added(self) -> None:
        self.group("growing", NumNodeGroups=2, ReplicasPerNodeGroup=1)
        client = self.emulator.client("elasticache")
        client.modify_replication_group_shard_configuration(ReplicationGroupId="growing", NodeGroupCount=3, ApplyImmediately=True)
        client.increase_replica_count(ReplicationGroupId="growing", NewReplicaCount=2, ApplyImmediately=True)
        group = client.describe_replication_groups(ReplicationGroupId="growing")["ReplicationGroups"][0]
        self.assertEqual([len(g["NodeGroupMembers"]) for g in group["NodeGroups"]], [3, 3, 3])

    def test_without_cluster_mode(self) -> None:
        group = self.group("plain", NumCacheClusters=2, TransitEncryptionEnabled=True, AuthToken="x" * 16)
        self.assertFalse(group["ClusterEnabled"])
        self.assertNotIn("ConfigurationEndpoint", group)
        self.assertIn("PrimaryEndpoint", group["NodeGroups"][0])
        self.assertEqual((group["TransitEncryptionMode"], group["AuthTokenEnabled"]), ("required", True))
        member = self.emulator.client("elasticache").describe_cache_clusters(CacheClusterId="plain-002")["CacheClusters"][0]
        self.assertTrue(member["AuthTokenEnabled"])

    def test_zones_are_those_of_the_region(self) -> None:
        client = self.emulator.client("elasticache", region="eu-west-1")
        cluster = client.create_cache_cluster(CacheClusterId="dublin", Engine="redis")["CacheCluster"]
        self.assertEqual(cluster["PreferredAvailabilityZone"], "eu-west-1a")


class BudgetTest(EmulatorCase):
    def test_a_budget_brings_and_takes_its_notifications(self) -> None:
        client = self.emulator.client("budgets")
        notification = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
        client.create_budget(AccountId=ACCOUNT, Budget={"BudgetName": "n", **MONTHLY}, NotificationsWithSubscribers=[
            {"Notification": notification, "Subscribers": [SUBSCRIBER]}])  # fmt: skip
        budget = {"AccountId": ACCOUNT, "BudgetName": "n"}
        found = client.describe_subscribers_for_notification(**budget, Notification=notification)
        self.assertEqual(found["Subscribers"], [SUBSCRIBER])
        client.delete_budget(**budget)
        self.assertEqual(client.describe_notifications_for_budget(**budget)["Notifications"], [])
