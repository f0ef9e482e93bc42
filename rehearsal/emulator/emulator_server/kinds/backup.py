"""AWS Backup and the lifecycle manager of disks (DLM)."""
from __future__ import annotations

from typing import Any

from emulator_server.engine import NO_ERROR, Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.wire import Call, Refusal

#: what AWS adds to a rule that does not say it
RULE_DEFAULTS = {
    "StartWindowMinutes": 480,
    "CompletionWindowMinutes": 10080,
    "ScheduleExpressionTimezone": "Etc/UTC",
    "EnableContinuousBackup": False,
}


def _rules(r: Record) -> list[dict[str, Any]]:
    return [{**RULE_DEFAULTS, "RuleId": f"rule-{n}", **rule} for n, rule in enumerate(r.get("Rules") or [])]


def _lock(record: Record, members: dict[str, Any], operation: str) -> None:
    """A lock is a setting of its vault; without a day from which on it holds it is in governance mode, and can be taken away."""
    for name in ("MinRetentionDays", "MaxRetentionDays"):
        record.pop(name, None)
    record["Locked"] = operation.startswith("Put")
    if record["Locked"]:
        record.update({name: value for name, value in members.items() if name.endswith("RetentionDays")})


def _of_vault(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    """What a vault lets whom do and whom it tells belongs to one that is there."""
    if not any(vault["BackupVaultName"] == members["BackupVaultName"] for vault in engine.bucket(call, VAULT).values()):
        raise Refusal("ResourceNotFoundException", f"Backup vault {members['BackupVaultName']} cannot be found")


def _goes_with_vault(engine: Engine, call: Call, vault: Record) -> None:
    for kind in (POLICY, NOTIFICATIONS):
        for record in [record for record in engine.bucket(call, kind).values() if record["BackupVaultName"] == vault["BackupVaultName"]]:
            engine.remove(call, kind, record)


VAULT_MEMBERS = ("BackupVaultName",)
#: what a vault lets whom do with it
POLICY = Kind(
    "backup",
    "BackupVaultAccessPolicy",
    identity=VAULT_MEMBERS,
    tag_key="@none",
    defaults={"BackupVaultArn": arn("backup", "backup-vault:{BackupVaultName}")},
    check=_of_vault,
)
NOTIFICATIONS = Kind(
    "backup",
    "BackupVaultNotification",
    identity=VAULT_MEMBERS,
    tag_key="@none",
    operations={
        "PutBackupVaultNotifications": "create",
        "GetBackupVaultNotifications": "read",
        "DeleteBackupVaultNotifications": "delete",
    },
    defaults={"BackupVaultArn": arn("backup", "backup-vault:{BackupVaultName}")},
    check=_of_vault,
)
VAULT = Kind(
    "backup",
    "BackupVault",
    operations={"PutBackupVaultLockConfiguration": "update", "DeleteBackupVaultLockConfiguration": "update"},
    defaults={
        "BackupVaultArn": arn("backup", "backup-vault:{BackupVaultName}"),
        "EncryptionKeyArn": arn("kms", "key/{uuid}"),
        "NumberOfRecoveryPoints": 0,
        "Locked": False,
        "VaultType": "BACKUP_VAULT",
        "VaultState": "AVAILABLE",
    },
    tag_key="BackupVaultArn",
    merge=_lock,
    after_delete=_goes_with_vault,
)

KINDS = (
    VAULT,
    POLICY,
    NOTIFICATIONS,
    Kind(
        "backup",
        "BackupPlan",
        defaults={"BackupPlanId": "{uuid}", "BackupPlanArn": arn("backup", "backup-plan:{uuid}"), "VersionId": "{hex}"},
        derived={"Rules": _rules},
        tag_key="BackupPlanArn",
    ),
    # none is ever made here; a vault that is destroyed by force is asked for its own
    Kind("backup", "RecoveryPoint", tag_key="@none", operations={"ListRecoveryPointsByBackupVault": "list"}, not_found=NO_ERROR),
    Kind("backup", "BackupSelection", defaults={"SelectionId": "{uuid}"}),
    Kind(
        "backup",
        "RestoreTestingPlan",
        defaults={"RestoreTestingPlanArn": arn("backup", "restore-testing-plan:{RestoreTestingPlanName}-{uuid}")},
        tag_key="RestoreTestingPlanArn",
    ),
    Kind("backup", "RestoreTestingSelection", tag_key="@none"),
    Kind(
        "dlm",
        "LifecyclePolicy",
        defaults={"PolicyId": "policy-{hex}", "PolicyArn": arn("dlm", "policy/policy-{hex}")},
        tag_key="PolicyArn",
    ),
)
