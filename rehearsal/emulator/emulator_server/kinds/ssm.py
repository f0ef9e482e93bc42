"""Systems Manager: associations, and what a maintenance window does to what."""
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
