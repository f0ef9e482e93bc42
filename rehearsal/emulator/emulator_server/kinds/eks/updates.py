"""Updates: EKS answers a change with its progress, not with the resource. Here it is done at once."""
from __future__ import annotations

from typing import Any

from emulator_server.engine import Engine, Kind, Record
from emulator_server.wire import Call

#: kinds of update that UpdateClusterConfig makes, by the member that asks for it
CONFIGURATION = {
    "accessConfig": "AccessConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "logging": "LoggingUpdate",
    "resourcesVpcConfig.endpoint": "EndpointAccessUpdate",
    "resourcesVpcConfig.network": "VpcConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
}
OTHERS = {
    "UpdateAddon": "AddonUpdate",
    "UpdateClusterVersion": "VersionUpdate",
    "UpdateNodegroupConfig": "ConfigUpdate",
    "UpdateNodegroupVersion": "VersionUpdate",
}
#: members that say whose update it is, beside the cluster
OWNERS = ("nodegroupName", "addonName")
SHOWN = ("id", "status", "type", "params", "errors")


def configuration(members: dict[str, Any]) -> list[str]:
    """What a change of a cluster's configuration asks for, in the words of the table above."""
    network = members.get("resourcesVpcConfig") or {}
    parts = {"network" if name in ("subnetIds", "securityGroupIds") else "endpoint" for name in network}
    asked = [name for name in members if name not in ("name", "clientRequestToken", "resourcesVpcConfig")]
    return sorted({*asked, *(f"resourcesVpcConfig.{part}" for part in parts)})


def record_update(engine: Engine, call: Call, record: Record) -> None:
    """Note a change that was made, so that it can be described."""
    if not call.name.startswith("Update"):
        return
    kind = OTHERS.get(call.name) or CONFIGURATION[configuration(call.params)[0]]
    owner = {name: record[name] for name in OWNERS if name in record}
    made = engine.create(call, UPDATE, {"name": record.get("clusterName") or record["name"], "type": kind, **owner})
    record["@update"] = made


def shown(record: Record) -> dict[str, Any]:
    """An update, or the last one of a resource, as EKS shows it."""
    update = record.get("@update", record)
    return {**{name: update[name] for name in SHOWN}, "createdAt": update["@created"]}


CONSTANTS: dict[tuple[str, str], Any] = {("eks", "update"): shown}

UPDATE = Kind(
    "eks",
    "Update",
    identity=("name", "updateId"),
    tag_key="@none",
    defaults={"updateId": "{uuid}", "status": "Successful", "params": [], "errors": []},
    derived={"id": lambda r: r["updateId"]},
)
KINDS = (UPDATE,)
