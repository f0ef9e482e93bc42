"""Systems Manager: associations, maintenance windows and what they do to what, patch baselines and who has them."""
from __future__ import annotations

from emulator_server.engine import Kind

KINDS = (
    Kind(
        "ssm",
        "Association",
        identity=("AssociationId",),
        tag_key="AssociationId",
        defaults={
            "DocumentVersion": "$DEFAULT",
            "AssociationVersion": "1",
            "Overview": {"Status": "Success", "AssociationStatusAggregatedCount": {}},
        },
    ),
    Kind("ssm", "MaintenanceWindow", defaults={"WindowId": "mw-{hex}", "Enabled": True}, tag_key="WindowId"),
    Kind(
        "ssm",
        "PatchBaseline",
        tag_key="BaselineId",
        # The provider goes down where there are no filters.
        defaults={
            "BaselineId": "pb-{hex}",
            "GlobalFilters": {"PatchFilters": []},
            "ApprovedPatchesComplianceLevel": "UNSPECIFIED",
            "ApprovedPatchesEnableNonSecurity": False,
            "RejectedPatchesAction": "ALLOW_AS_DEPENDENCY",
        },
    ),
    Kind(
        "ssm",
        "PatchGroup",
        identity=("BaselineId", "PatchGroup"),
        tag_key="@none",
        defaults={"BaselineIdentity": {"BaselineId": "{BaselineId}"}},
        operations={
            "RegisterPatchBaselineForPatchGroup": "create",
            "DescribePatchGroups": "list",
            "DeregisterPatchBaselineForPatchGroup": "delete",
        },
    ),
    Kind(
        "ssm",
        "MaintenanceWindowTarget",
        identity=("WindowId", "WindowTargetId"),
        tag_key="@none",
        operations={
            "RegisterTargetWithMaintenanceWindow": "create",
            "DescribeMaintenanceWindowTargets": "list",
            "UpdateMaintenanceWindowTarget": "update",
            "DeregisterTargetFromMaintenanceWindow": "delete",
        },
    ),
    Kind(
        "ssm",
        "MaintenanceWindowTask",
        identity=("WindowId", "WindowTaskId"),
        tag_key="@none",
        operations={
            "RegisterTaskWithMaintenanceWindow": "create",
            "DescribeMaintenanceWindowTasks": "list",
            "GetMaintenanceWindowTask": "read",
            "UpdateMaintenanceWindowTask": "update",
            "DeregisterTaskFromMaintenanceWindow": "delete",
        },
    ),
)
