"""EC2: capacity that is kept for instances, and how they stand to each other."""
from __future__ import annotations

from typing import Any

from emulator_server.engine import Engine, Kind
from emulator_server.kinds.arns import arn
from emulator_server.wire import Call, Refusal


def _unique(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    if call.name == "CreatePlacementGroup" and (members.get("GroupName"),) in engine.bucket(call, GROUP):
        raise Refusal("InvalidPlacementGroup.Duplicate", f"The placement group '{members['GroupName']}' already exists.")


GROUP = Kind(
    "ec2",
    "PlacementGroup",
    tag_key="GroupId",
    defaults={"GroupId": "pg-{hex}", "GroupArn": arn("ec2", "placement-group/{GroupName}"), "State": "available", "Strategy": "cluster"},
    derived={"SpreadLevel": lambda r: r.get("SpreadLevel", "rack") if r["Strategy"] == "spread" else None},
    not_found=("InvalidPlacementGroup.Unknown", "The Placement Group is unknown."),
    check=_unique,
)

KINDS = (
    GROUP,
    Kind(
        "ec2",
        "CapacityReservation",
        identity=("CapacityReservationId",),
        tag_key="CapacityReservationId",
        operations={"CancelCapacityReservation": "delete"},
        defaults={
            "CapacityReservationId": "cr-{hex}",
            "CapacityReservationArn": arn("ec2", "capacity-reservation/cr-{hex}"),
            "OwnerId": "{account}",
            "State": "active",
            "Tenancy": "default",
            "EbsOptimized": False,
            "EphemeralStorage": False,
            "EndDateType": "unlimited",
            "InstanceMatchCriteria": "open",
            "Return": True,  # what a change and the cancellation say
        },
        derived={"TotalInstanceCount": lambda r: r["InstanceCount"], "AvailableInstanceCount": lambda r: r["InstanceCount"]},
        not_found=("InvalidCapacityReservationId.NotFound", "The capacity reservation does not exist."),
    ),
)
