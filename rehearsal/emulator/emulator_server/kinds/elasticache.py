"""ElastiCache: clusters, replication groups with and without cluster mode, parameter groups."""
from __future__ import annotations

import re
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from emulator_server.engine import Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.wire import Call, Refusal

#: what a replication group and its member clusters have in common
SHARED = (
    "ReplicationGroupId", "CacheNodeType", "Engine", "EngineVersion", "CacheParameterGroupName", "CacheSubnetGroupName",
    "SecurityGroupIds", "Port", "SnapshotRetentionLimit", "SnapshotWindow", "PreferredMaintenanceWindow", "AutoMinorVersionUpgrade",
    "TransitEncryptionEnabled", "AtRestEncryptionEnabled", "NotificationTopicArn", "NetworkType", "IpDiscovery", "TransitEncryptionMode",
    "LogDeliveryConfigurations", "AuthTokenEnabled",
)  # fmt: skip


def _engine_version(r: Record) -> str:
    """As AWS reads it back: "7.1" was asked for, "7.1.0" is there."""
    version = str(r.get("EngineVersion") or {"memcached": "1.6.22", "valkey": "8.0"}.get(r.get("Engine", ""), "7.1"))
    return f"{version}.0" if re.fullmatch(r"\d+\.\d+", version) else version


def _port(r: Record) -> int:
    return int(r.get("Port") or (11211 if r.get("Engine") == "memcached" else 6379))


def _default_parameter_group(r: Record) -> str:
    engine, version = r.get("Engine", "redis"), _engine_version(r).split(".")
    family = "memcached1.6" if engine == "memcached" else f"{engine}{version[0]}"
    return f"default.{family}" + (".cluster.on" if r.get("NumNodeGroups") else "")


def _endpoint(r: Record, prefix: str) -> dict[str, Any]:
    return {"Address": f"{prefix}.abc123.cache.amazonaws.com", "Port": _port(r)}


def _zones(r: Record) -> list[str]:
    """The zones that a caller asked for, else those of the region in turn (one of them, without multi-AZ)."""
    asked = r.get("PreferredCacheClusterAZs") or r.get("PreferredAvailabilityZones")
    if asked:
        return list(asked)
    names = [str(zone.name) for zone in RegionsAndZonesBackend.zones.get(r["@region"], [])] or [f"{r['@region']}a"]
    return names if r.get("MultiAZEnabled") or r.get("AZMode") == "cross-az" else names[:1]


# --- a cluster ---
def _nodes(r: Record) -> list[dict[str, Any]]:
    zones = [r["PreferredAvailabilityZone"]] if r["PreferredAvailabilityZone"] != "Multiple" else _zones(r)
    return [
        {
            "CacheNodeId": f"{n:04d}",
            "CacheNodeStatus": "available",
            "CacheNodeCreateTime": r["@created"],
            "ParameterGroupStatus": "in-sync",
            "Endpoint": _endpoint(r, f"{r['CacheClusterId']}.{n:04d}"),
            "CustomerAvailabilityZone": zones[(n - 1) % len(zones)],
        }
        for n in range(1, int(r.get("NumCacheNodes") or 1) + 1)
    ]


def _cluster_zone(r: Record) -> str:
    return "Multiple" if r.get("AZMode") == "cross-az" else _zones(r)[0]


def _log_delivery(r: Record) -> list[dict[str, Any]]:
    """A request names the logs to deliver, and those to stop, in the member that also answers; a replication group passes its own on."""
    return [{**item, "Status": "active"} for item in r.get("LogDeliveryConfigurations") or [] if item.get("Enabled", True)]


# --- a replication group ---
def _shards(r: Record) -> int:
    return int(r.get("NumNodeGroups") or len(r.get("NodeGroupConfiguration") or []) or 1)


def _replicas(r: Record) -> int:
    if r.get("ReplicasPerNodeGroup") is not None:
        return int(r["ReplicasPerNodeGroup"])
    return int(r["NumCacheClusters"]) - 1 if r.get("NumCacheClusters") else 0


def _clustered(r: Record) -> bool:
    """Cluster mode: asked for by a number of shards, or by the mode itself."""
    return bool(r.get("NumNodeGroups") or r.get("NodeGroupConfiguration")) or r.get("ClusterMode") == "enabled"


def _shard_members(r: Record, shard: int) -> list[str]:
    infix = f"{shard:04d}-" if _clustered(r) else ""
    return [f"{r['ReplicationGroupId']}-{infix}{n:03d}" for n in range(1, _replicas(r) + 2)]


def _members(r: Record) -> list[str]:
    return [member for shard in range(1, _shards(r) + 1) for member in _shard_members(r, shard)]


def _slots(shard: int, shards: int) -> str:
    """Redis has 16,384 hash slots, dealt out evenly."""
    return f"{16384 * (shard - 1) // shards}-{16384 * shard // shards - 1}"


def _node_groups(r: Record) -> list[dict[str, Any]]:
    shards, zones, name = _shards(r), _zones(r), r["ReplicationGroupId"]
    groups = []
    for shard in range(1, shards + 1):
        members = [
            {"CacheClusterId": member, "CacheNodeId": "0001", "PreferredAvailabilityZone": zones[n % len(zones)]}
            for n, member in enumerate(_shard_members(r, shard))
        ]
        group: dict[str, Any] = {"NodeGroupId": f"{shard:04d}", "Status": "available", "NodeGroupMembers": members}
        if _clustered(r):
            group["Slots"] = _slots(shard, shards)
        else:  # only then do roles and endpoints belong to the nodes
            group |= {"PrimaryEndpoint": _endpoint(r, f"master.{name}"), "ReaderEndpoint": _endpoint(r, f"replica.{name}")}
            for n, member in enumerate(members):
                member |= {"CurrentRole": "replica" if n else "primary", "ReadEndpoint": _endpoint(r, member["CacheClusterId"])}
        groups.append(group)
    return groups


def _sync_members(engine: Engine, call: Call, group: Record) -> None:
    """Its clusters are resources of their own, which the provider reads too."""
    _drop_members(engine, call, group)
    zones = {m["CacheClusterId"]: m["PreferredAvailabilityZone"] for g in group["NodeGroups"] for m in g["NodeGroupMembers"]}
    for name in group["MemberClusters"]:
        shared = {member: group[member] for member in SHARED if group.get(member) is not None}
        own = {"CacheClusterId": name, "NumCacheNodes": 1, "PreferredAvailabilityZone": zones[name]}
        if not shared.get("CacheParameterGroupName"):
            own["CacheParameterGroupName"] = _default_parameter_group(group)
        engine.create(call, CACHE_CLUSTER, shared | own)


def _drop_members(engine: Engine, call: Call, group: Record) -> None:
    bucket = engine.bucket(call, CACHE_CLUSTER)
    for key in [key for key, r in bucket.items() if r.get("ReplicationGroupId") == group["ReplicationGroupId"]]:
        del bucket[key]


def _change_group(r: Record, sent: dict[str, Any], operation: str) -> None:
    """An update; the operations that resize a group name the new size each in its own way."""
    if operation in ("IncreaseReplicaCount", "DecreaseReplicaCount"):
        if "NewReplicaCount" in sent:
            replicas = int(sent["NewReplicaCount"])
            r["ReplicasPerNodeGroup" if _clustered(r) else "NumCacheClusters"] = replicas if _clustered(r) else replicas + 1
    elif operation == "ModifyReplicationGroupShardConfiguration":
        r["NumNodeGroups"] = int(sent["NodeGroupCount"])
    else:
        r.update(sent)


# --- a parameter group ---
def _parameters(r: Record, sent: dict[str, Any], operation: str) -> None:
    values = {p["ParameterName"]: p for p in r.get("Parameters", [])}
    if operation.startswith("Reset") and sent.get("ResetAllParameters"):
        values.clear()
    for p in sent.get("ParameterNameValues") or []:
        values[p["ParameterName"]] = {**p, "Source": "user"}
        if operation.startswith("Reset"):
            del values[p["ParameterName"]]
    r["Parameters"] = list(values.values())


CACHE_COMMON: dict[str, Any] = {
    "Engine": "redis",
    "AutoMinorVersionUpgrade": True,
    "SnapshotRetentionLimit": 0,
    "NetworkType": "ipv4",
    "IpDiscovery": "ipv4",
    "TransitEncryptionEnabled": False,
    "AtRestEncryptionEnabled": False,
    "AuthTokenEnabled": False,
    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
    "SnapshotWindow": lambda r: None if r.get("Engine") == "memcached" else "03:00-04:00",
}
CACHE_CLUSTER = Kind(
    "elasticache",
    "CacheCluster",
    defaults=CACHE_COMMON
    | {
        "CacheClusterStatus": "available",
        "ARN": arn("elasticache", "cluster:{CacheClusterId}"),
        "PreferredAvailabilityZone": _cluster_zone,
        "CacheClusterCreateTime": lambda r: r["@created"],
    },
    derived={
        "EngineVersion": _engine_version,
        "SecurityGroups": lambda r: [{"SecurityGroupId": g, "Status": "active"} for g in r.get("SecurityGroupIds") or []],
        "CacheParameterGroup": lambda r: {
            "CacheParameterGroupName": r.get("CacheParameterGroupName") or _default_parameter_group(r),
            "ParameterApplyStatus": "in-sync",
        },
        "NotificationConfiguration": lambda r: r.get("NotificationTopicArn")
        and {"TopicArn": r["NotificationTopicArn"], "TopicStatus": "active"},
        "CacheNodes": _nodes,
        "ConfigurationEndpoint": lambda r: _endpoint(r, f"{r['CacheClusterId']}.cfg") if r["Engine"] == "memcached" else None,
        "LogDeliveryConfigurations": _log_delivery,
    },
)
REPLICATION_GROUP = Kind(
    "elasticache",
    "ReplicationGroup",
    defaults=CACHE_COMMON
    | {"Status": "available", "ARN": arn("elasticache", "replicationgroup:{ReplicationGroupId}"), "DataTiering": "disabled"},
    derived={
        "Description": lambda r: r["ReplicationGroupDescription"],
        "EngineVersion": _engine_version,
        "AutomaticFailover": lambda r: "enabled" if r.get("AutomaticFailoverEnabled") else "disabled",
        "MultiAZ": lambda r: "enabled" if r.get("MultiAZEnabled") else "disabled",
        "ClusterEnabled": _clustered,
        "ClusterMode": lambda r: r.get("ClusterMode") or ("enabled" if _clustered(r) else "disabled"),
        "TransitEncryptionMode": lambda r: (r.get("TransitEncryptionMode") or "required") if r.get("TransitEncryptionEnabled") else None,
        "LogDeliveryConfigurations": _log_delivery,
        "MemberClusters": _members,
        "NodeGroups": _node_groups,
        "ConfigurationEndpoint": lambda r: _endpoint(r, f"clustercfg.{r['ReplicationGroupId']}") if _clustered(r) else None,
        "AuthTokenEnabled": lambda r: bool(r.get("AuthToken")),
    },
    operations={
        "IncreaseReplicaCount": "update",
        "DecreaseReplicaCount": "update",
        "ModifyReplicationGroupShardConfiguration": "update",
    },
    merge=_change_group,
    after_write=_sync_members,
    after_delete=_drop_members,
)
CACHE_PARAMETER_GROUP = Kind(
    "elasticache",
    "CacheParameterGroup",
    operations={"DescribeCacheParameters": "read", "ResetCacheParameterGroup": "update"},
    defaults={"ARN": arn("elasticache", "parametergroup:{CacheParameterGroupName}"), "IsGlobal": False, "Parameters": []},
    merge=_parameters,
)



def _subnets(r: Record) -> list[Any]:
    """The subnets themselves; one that does not exist is an error, as it is on AWS."""
    try:
        return [ec2_backends[r["@account"]][r["@region"]].get_subnet(subnet) for subnet in r.get("SubnetIds") or []]
    except EC2ClientError as error:
        raise Refusal("InvalidSubnet", str(error.message)) from error


CACHE_SUBNET_GROUP = Kind(
    "elasticache",
    "CacheSubnetGroup",
    defaults={"ARN": arn("elasticache", "subnetgroup:{CacheSubnetGroupName}"), "SupportedNetworkTypes": ["ipv4"]},
    derived={
        "CacheSubnetGroupName": lambda r: r["CacheSubnetGroupName"].lower(),  # so that is how AWS keeps it
        "Subnets": lambda r: [
            {"SubnetIdentifier": s.id, "SubnetAvailabilityZone": {"Name": s.availability_zone}, "SupportedNetworkTypes": ["ipv4"]}
            for s in _subnets(r)
        ],
        "VpcId": lambda r: next((s.vpc_id for s in _subnets(r)), None),
    },
)

KINDS = (CACHE_CLUSTER, REPLICATION_GROUP, CACHE_PARAMETER_GROUP, CACHE_SUBNET_GROUP)
