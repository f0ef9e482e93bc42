"""Load balancers: the capacity that is kept for one."""
from __future__ import annotations

from typing import Any

from emulator_server.engine import Engine, Kind, Record
from emulator_server.wire import Call


def _reset(engine: Engine, call: Call, record: Record) -> None:
    """That is how one is taken away."""
    if record.get("ResetCapacityReservation"):
        engine.remove(call, RESERVATION, record)


def _zones(record: Record) -> list[dict[str, Any]]:
    """Capacity comes at once, and in a zone."""
    units = record.get("MinimumLoadBalancerCapacity", {}).get("CapacityUnits")
    return [{"State": {"Code": "provisioned"}, "AvailabilityZone": f"{record['@region']}a", "EffectiveCapacityUnits": float(units or 0)}]


RESERVATION = Kind(
    "elbv2",
    "CapacityReservation",
    identity=("LoadBalancerArn",),
    operations={"ModifyCapacityReservation": "create"},
    tag_key="@none",
    defaults={"DecreaseRequestsRemaining": 2},
    derived={"CapacityReservationState": _zones},
    absent={"CapacityReservationState": []},
    after_write=_reset,
)

KINDS = (RESERVATION,)
