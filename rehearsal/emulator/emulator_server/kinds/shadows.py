"""Members and tags that moto accepts and does not return."""
from __future__ import annotations

from emulator_server.engine import Shadow

SHADOWS: tuple[Shadow, ...] = (
    Shadow(
        "kms",
        writes=("EnableKeyRotation",),
        key={"KeyId": ("KeyId",)},
        members={"RotationPeriodInDays": "RotationPeriodInDays"},
        reads=("GetKeyRotationStatus",),
    ),
    Shadow(
        "lambda",
        writes=("CreateFunction", "UpdateFunctionConfiguration"),
        key={"FunctionName": ("FunctionName",)},
        members={"DeadLetterConfig": "DeadLetterConfig", "LoggingConfig": "LoggingConfig"},
        shape="FunctionConfiguration",
    ),
    Shadow(
        "rds",
        writes=("CreateDBInstance", "ModifyDBInstance"),
        key={"DBInstanceIdentifier": ("DBInstanceIdentifier",)},
        members={
            "PerformanceInsightsEnabled": "EnablePerformanceInsights",
            "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
            "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
        },
        shape="DBInstance",
    ),
    Shadow(
        "dynamodb",
        writes=("CreateTable", "UpdateTable"),
        key={"TableName": ("TableName",)},
        members={"OnDemandThroughput": "OnDemandThroughput"},
        shape="TableDescription",
    ),
    Shadow(
        "ecs",
        writes=("CreateService", "UpdateService"),
        key={"clusterArn": ("cluster",), "serviceName": ("serviceName", "service")},
        members={
            name: name
            for name in ("enableExecuteCommand", "availabilityZoneRebalancing", "healthCheckGracePeriodSeconds", "capacityProviderStrategy", "enableECSManagedTags")
        },
        defaults={"enableExecuteCommand": False, "availabilityZoneRebalancing": "DISABLED"},
        shape="Service",
    ),
    Shadow(
        "sagemaker",
        writes=("CreateNotebookInstance", "UpdateNotebookInstance"),
        key={"NotebookInstanceName": ("NotebookInstanceName",)},
        members={"PlatformIdentifier": "PlatformIdentifier", "InstanceMetadataServiceConfiguration": "InstanceMetadataServiceConfiguration"},
        reads=("DescribeNotebookInstance",),
    ),
    Shadow(
        "ec2",
        writes=("CreateCustomerGateway",),
        key={"CustomerGatewayId": ("CustomerGatewayId",)},
        members={name: name for name in ("BgpAsnExtended", "CertificateArn", "DeviceName")},
        shape="CustomerGateway",
        reads=("DescribeCustomerGateways",),
    ),
    Shadow(
        "ec2",
        writes=("RunInstances", "ModifyInstanceCapacityReservationAttributes"),
        key={"InstanceId": ("InstanceId",)},
        members={name: name for name in ("CapacityReservationSpecification", "CpuOptions", "EnclaveOptions", "HibernationOptions")},
        defaults={
            "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
            "EnclaveOptions": {"Enabled": False},
            "HibernationOptions": {"Configured": False},
        },
        shape="Instance",
        reads=("DescribeInstances",),
    ),
    Shadow(
        "autoscaling",
        writes=("CreateAutoScalingGroup", "UpdateAutoScalingGroup"),
        key={"AutoScalingGroupName": ("AutoScalingGroupName",)},
        members={name: name for name in ("DefaultInstanceWarmup", "DesiredCapacityType", "InstanceMaintenancePolicy", "ServiceLinkedRoleARN")},
        shape="AutoScalingGroup",
        reads=("DescribeAutoScalingGroups",),
    ),
    Shadow(
        "cloudwatch",
        writes=("PutCompositeAlarm",),
        key={"AlarmName": ("AlarmName",)},
        members={name: name for name in ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")},
        shape="CompositeAlarm",
    ),
    Shadow(
        "logs",
        writes=("CreateLogGroup",),
        key={"logGroupName": ("logGroupName",)},
        members={"logGroupClass": "logGroupClass"},
        defaults={"logGroupClass": "STANDARD"},
        shape="LogGroup",
    ),
)

#: creations by moto whose tags moto forgets
TAGGED = frozenset({("application-autoscaling", "RegisterScalableTarget")})
