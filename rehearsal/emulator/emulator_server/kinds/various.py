"""Services of which the engine keeps a single kind."""
from __future__ import annotations

from emulator_server.engine import Kind
from emulator_server.kinds.arns import arn

LIFECYCLE_CONFIG = "NotebookInstanceLifecycleConfig"

KINDS = (
    # none is ever published here: who publishes one is refused
    Kind("stepfunctions", "StateMachineVersion", identity=("stateMachineVersionArn",), tag_key="@none", operations={"ListStateMachineVersions": "list"}),
    # automated backups in a second region; those of the database's own are not kept here
    Kind(
        "rds",
        "DBInstanceAutomatedBackup",
        identity=("SourceDBInstanceArn",),
        tag_key="@none",
        operations={
            "StartDBInstanceAutomatedBackupsReplication": "create",
            "DescribeDBInstanceAutomatedBackups": "list",
            "StopDBInstanceAutomatedBackupsReplication": "delete",
        },
        defaults={
            "DBInstanceArn": "{SourceDBInstanceArn}",
            "DBInstanceAutomatedBackupsArn": arn("rds", "auto-backup:ab-{hex}"),
            "Status": "replicating",
            "BackupRetentionPeriod": 7,
        },
    ),
    Kind(
        "sagemaker",
        LIFECYCLE_CONFIG,
        operations={  # named, because "Config" at the end of an operation is otherwise no part of the noun
            f"Create{LIFECYCLE_CONFIG}": "create",
            f"Describe{LIFECYCLE_CONFIG}": "read",
            f"Update{LIFECYCLE_CONFIG}": "update",
            f"Delete{LIFECYCLE_CONFIG}": "delete",
        },
        defaults={
            f"{LIFECYCLE_CONFIG}Arn": arn("sagemaker", "notebook-instance-lifecycle-config/{NotebookInstanceLifecycleConfigName}"),
        },
        not_found=("ValidationException", "Unable to describe Notebook Instance Lifecycle Config: RecordNotFound"),
    ),
    Kind(
        "chatbot",
        "SlackChannelConfiguration",
        identity=("ChatConfigurationArn",),
        tag_key="ChatConfigurationArn",
        defaults={
            "ChatConfigurationArn": arn("chatbot", "chat-configuration/slack-channel/{ConfigurationName}", ""),
            "SlackTeamName": "team",
            "SlackChannelName": "channel",
            "LoggingLevel": "NONE",
            "UserAuthorizationRequired": False,
            "State": "ENABLED",
            "GuardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        },
    ),
)
