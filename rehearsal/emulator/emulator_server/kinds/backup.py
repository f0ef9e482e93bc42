"""AWS Backup and the lifecycle manager of disks (DLM)."""
from __future__ import annotations

from typing import Any

from emulator_server.engine import NO_ERROR, Kind, Record
from emulator_server.kinds.arns import arn

#: what AWS adds to a rule that does not say it
RULE_DEFAULTS = {
    "StartWindowMinutes": 480,
    "CompletionWindowMinutes": 10080,
    "ScheduleExpressionTimezone": "Etc/UTC",
    "EnableContinuousBackup": False,
}


def _rules(r: Record) -> list[dict[str, Any]]:
    return [{**RULE_DEFAULTS, "RuleId": f"rule-{n}", **rule} for n, rule in enumerate(r.get("Rules") or [])]


KINDS = (
    Kind(
        "backup",
        "BackupVault",
        defaults={
            "BackupVaultArn": arn("backup", "backup-vault:{BackupVaultName}"),
            "EncryptionKeyArn": arn("kms", "key/{uuid}"),
            "NumberOfRecoveryPoints": 0,
            "Locked": False,
            "VaultType": "BACKUP_VAULT",
            "VaultState": "AVAILABLE",
        },
        tag_key="BackupVaultArn",
    ),
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
        "dlm",
        "LifecyclePolicy",
        defaults={"PolicyId": "policy-{hex}", "PolicyArn": arn("dlm", "policy/policy-{hex}")},
        tag_key="PolicyArn",
    ),
)
