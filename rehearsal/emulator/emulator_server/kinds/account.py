"""What an account has once: analysers of access, and settings for where nobody says otherwise."""
from __future__ import annotations

from typing import Any

from emulator_server.engine import Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.wire import Call

#: what takes a default of EC2's metadata service back
NO_PREFERENCE = ("no-preference", -1)


def _levels(record: Record) -> dict[str, Any]:
    """What was given a value; a hop limit of -1 is none."""
    return {name: value for name, value in record.items() if name.startswith(("Http", "InstanceMetadata")) and value not in NO_PREFERENCE}


def _back_to_none(engine: Engine, call: Call, record: Record) -> None:
    """Defaults without any preference are as if they had never been set."""
    if not _levels(record):
        engine.remove(call, METADATA, record)


METADATA = Kind(
    "ec2",
    "InstanceMetadataDefaults",
    tag_key="@none",
    operations={"ModifyInstanceMetadataDefaults": "create", "GetInstanceMetadataDefaults": "read"},
    defaults={"Return": True},
    derived={"AccountLevel": _levels},
    after_write=_back_to_none,
    absent={},
)

KINDS = (
    Kind(
        "accessanalyzer",
        "Analyzer",
        identity=("analyzerName",),
        tag_key="arn",
        defaults={"arn": arn("access-analyzer", "analyzer/{analyzerName}"), "name": "{analyzerName}", "status": "ACTIVE"},
    ),
    Kind(
        "s3control",
        "PublicAccessBlock",
        tag_key="@none",
        operations={"PutPublicAccessBlock": "create", "GetPublicAccessBlock": "read", "DeletePublicAccessBlock": "delete"},
        not_found=("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
    ),
    Kind(
        "ec2",
        "SnapshotBlockPublicAccess",
        tag_key="@none",
        operations={
            "EnableSnapshotBlockPublicAccess": "create",
            "GetSnapshotBlockPublicAccessState": "read",
            "DisableSnapshotBlockPublicAccess": "delete",
        },
        absent={"State": "unblocked"},
    ),
    Kind(
        "ec2",
        "ImageBlockPublicAccess",
        tag_key="@none",
        operations={
            "EnableImageBlockPublicAccess": "create",
            "GetImageBlockPublicAccessState": "read",
            "DisableImageBlockPublicAccess": "delete",
        },
        absent={"ImageBlockPublicAccessState": "unblocked"},
    ),
    METADATA,
    Kind(
        "ssm",
        "ServiceSetting",
        identity=("SettingId",),
        tag_key="@none",
        operations={"UpdateServiceSetting": "create", "GetServiceSetting": "read", "ResetServiceSetting": "delete"},
        defaults={"ARN": "{SettingId}", "Status": "Customized"},
        absent={"Status": "Default", "SettingValue": "Enable"},
    ),
)
