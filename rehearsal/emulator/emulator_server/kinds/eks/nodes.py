"""Node groups, with the Auto Scaling group and the launch template that EKS makes for each; and Fargate profiles."""
from __future__ import annotations

import uuid
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends

from emulator_server.engine import Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.kinds.eks.access import admit_nodes
from emulator_server.kinds.eks.common import find_cluster, in_cluster, invalid, records
from emulator_server.kinds.eks.updates import record_update
from emulator_server.moto_app import turn
from emulator_server.wire import Call

#: members of a launch template that EKS sets itself, and refuses from others
RESERVED = {
    "IamInstanceProfile": "an IAM instance profile",
    "HibernationOptions": "hibernation options",
    "InstanceMarketOptions": "a request for Spot instances",
}


# --- what AWS refuses ---
def _check(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    cluster = find_cluster(engine, call, members.get("clusterName"))
    if call.name == "CreateNodegroup":
        _check_sizes(members.get("scalingConfig") or {})
        _check_subnets(call, members.get("subnets") or [])
        if members.get("version", cluster["version"]) != cluster["version"]:
            raise invalid(f"The version of a new node group is that of its cluster, {cluster['version']}, not {members['version']}")
        if template := members.get("launchTemplate"):
            _check_template(call, members, template)
        return
    group = next((r for r in records(engine, call, "Nodegroup") if _names(r) == _names(members)), None)
    if group is None:
        return
    if call.name == "UpdateNodegroupConfig":
        _check_sizes({**group["scalingConfig"], **(members.get("scalingConfig") or {})})
    elif call.name == "UpdateNodegroupVersion":
        _check_version(cluster, group, members)
        if template := members.get("launchTemplate"):
            known = group.get("launchTemplate")
            if known is None:
                raise invalid("A node group that was made without a launch template cannot be updated with one")
            if any(template.get(name) not in (None, known[name]) for name in ("id", "name")):
                raise invalid("A node group keeps its launch template; only the version of it can change")
            _check_template(call, group, {**known, "version": None, **template})


def _names(members: dict[str, Any]) -> tuple[Any, Any]:
    return members.get("clusterName"), members.get("nodegroupName")


def _check_sizes(sizes: dict[str, Any]) -> None:
    smallest, wanted, largest = (sizes.get(name) for name in ("minSize", "desiredSize", "maxSize"))
    if smallest is not None and wanted is not None and smallest > wanted:
        raise invalid(f"Minimum capacity {smallest} can't be greater than desired size {wanted}")
    if wanted is not None and largest is not None and wanted > largest:
        raise invalid(f"Desired capacity {wanted} can't be greater than max size {largest}")


def _check_subnets(call: Call, subnets: list[str]) -> None:
    try:
        for subnet in subnets:
            ec2_backends[call.account][call.region].get_subnet(subnet)
    except EC2ClientError as error:
        raise invalid(str(error.message)) from error


def _check_version(cluster: Record, group: Record, members: dict[str, Any]) -> None:
    """Not before the cluster, and never back."""
    wanted = members.get("version", cluster["version"])
    as_numbers = lambda version: [int(part) for part in version.split(".")]  # noqa: E731
    if not as_numbers(group["version"]) <= as_numbers(wanted) <= as_numbers(cluster["version"]):
        raise invalid(f"A node group of version {group['version']} in a cluster of version {cluster['version']} cannot be updated to {wanted}")


def _template(call: Call, named: dict[str, Any]) -> tuple[Any, Any]:
    """A launch template, and the version of it that is meant."""
    backend = ec2_backends[call.account][call.region]
    try:
        template = backend.get_launch_template(named["id"]) if named.get("id") else backend.get_launch_template_by_name(named.get("name") or "")
        return template, template.get_version(named.get("version") or "$Default")
    except EC2ClientError as error:
        raise invalid(str(error.message)) from error


def _check_template(call: Call, group: dict[str, Any], named: dict[str, Any]) -> None:
    data = _template(call, named)[1].data
    if group.get("diskSize"):
        raise invalid("Disk size must be specified within the launch template.")
    if group.get("remoteAccess"):
        raise invalid("Remote access configuration cannot be specified with a launch template.")
    if data.get("InstanceType") and group.get("instanceTypes"):
        raise invalid("Instance types are specified either in the launch template or in the node group, not in both")
    for name, what in RESERVED.items():
        if data.get(name):
            raise invalid(f"The launch template of a node group must not have {what}")
    if any(interface.get("SubnetId") for interface in data.get("NetworkInterfaces") or []):
        raise invalid("The launch template of a node group must not have a subnet")


# --- what AWS fills in ---
def _image_version(group: Record) -> str:
    """Of which date the image is, nobody knows here."""
    release = str(group.get("releaseVersion") or "")
    return release if release.startswith(f"{group['version']}.") else f"{group['version']}.0-20260101"


def _resources(group: Record) -> dict[str, Any]:
    return {"autoScalingGroups": [{"name": group["@group"]}]}


# --- what comes and goes with it ---
def _after_write(engine: Engine, call: Call, group: Record) -> None:
    if call.name == "CreateNodegroup":
        cluster = find_cluster(engine, call, group["clusterName"])
        group["version"] = cluster["version"]
        admit_nodes(engine, call, cluster, group["nodeRole"])
    elif call.name == "UpdateNodegroupVersion" and not call.params.get("version"):
        group["version"] = find_cluster(engine, call, group["clusterName"])["version"]  # so it is updated along with anything else
    group["releaseVersion"] = _image_version(group)
    data: dict[str, Any] = {}
    if named := group.get("launchTemplate"):
        template, version = _template(call, named)
        group["launchTemplate"] = {"id": template.id, "name": template.name, "version": str(version.number)}
        data = dict(version.data)
    if not group.get("instanceTypes") and not data.get("InstanceType"):
        group["instanceTypes"] = ["t3.medium"]
    _scale(call, group, data)
    record_update(engine, call, group)


def _scale(call: Call, group: Record, data: dict[str, Any]) -> None:
    """The Auto Scaling group, and EKS's own copy of the launch template, exist as on AWS; the nodes do not, because nothing boots."""
    ec2, scaling = ec2_backends[call.account][call.region], autoscaling_backends[call.account][call.region]
    own, sizes = group["@group"], group["scalingConfig"]
    cluster = group["clusterName"]
    tags = {
        "eks:cluster-name": cluster, "eks:nodegroup-name": group["nodegroupName"], f"kubernetes.io/cluster/{cluster}": "owned",
        "k8s.io/cluster-autoscaler/enabled": "true", f"k8s.io/cluster-autoscaler/{cluster}": "owned",
    }  # fmt: skip
    copied = {**data, "InstanceType": (group.get("instanceTypes") or [data.get("InstanceType")])[0]}
    with turn:
        if call.name == "CreateNodegroup":
            template = ec2.create_launch_template(group["@template"], "", copied, {"launch-template": dict(list(tags.items())[:2])})
            common = {"PropagateAtLaunch": True, "ResourceId": own, "ResourceType": "auto-scaling-group"}
            entries: list[Any] = [{"Key": key, "Value": value, **common} for key, value in tags.items()]
            scaling.create_auto_scaling_group(
                name=own, availability_zones=[], desired_capacity=0, max_size=sizes["maxSize"], min_size=0, launch_config_name="",
                launch_template={"LaunchTemplateId": template.id, "Version": "1"}, vpc_zone_identifier=",".join(group["subnets"]),
                default_cooldown=300, health_check_period=15, health_check_type="EC2", load_balancers=[], target_group_arns=[],
                placement_group=None, termination_policies=["AllocationStrategy", "OldestLaunchTemplate", "OldestInstance"], tags=entries,
                capacity_rebalance=group["capacityType"] == "SPOT",
            )  # fmt: skip
        made = scaling.autoscaling_groups[own]
        if call.name == "UpdateNodegroupVersion":
            number = ec2.get_launch_template_by_name(group["@template"]).create_version(copied, "").number
            made.launch_template_version = made.provided_launch_template_version = str(number)
        made.min_size, made.max_size, made.desired_capacity = sizes["minSize"], sizes["maxSize"], sizes["desiredSize"]


def _after_delete(engine: Engine, call: Call, group: Record) -> None:
    ec2, scaling = ec2_backends[call.account][call.region], autoscaling_backends[call.account][call.region]
    with turn:
        if group["@group"] in scaling.autoscaling_groups:
            scaling.delete_auto_scaling_group(group["@group"])
        if group["@template"] in ec2.launch_template_name_to_ids:
            ec2.delete_launch_template(group["@template"], None)
    # the access entry of its role stays, as on AWS, until the cluster goes


def _change(group: Record, sent: dict[str, Any], operation: str) -> None:
    """An update: labels and taints name what to add and what to remove, the rest replaces what was there."""
    if operation == "UpdateNodegroupVersion":
        group.update({name: sent[name] for name in ("version", "releaseVersion") if name in sent})
        if "launchTemplate" in sent:
            group["launchTemplate"] = {**group["launchTemplate"], "version": None, **sent["launchTemplate"]}
        return
    labels, taints = sent.get("labels") or {}, sent.get("taints") or {}
    added, removed = labels.get("addOrUpdateLabels") or {}, labels.get("removeLabels") or []
    group["labels"] = {key: value for key, value in {**group["labels"], **added}.items() if key not in removed}
    changed = [*(taints.get("removeTaints") or []), *(taints.get("addOrUpdateTaints") or [])]
    places = [(taint["key"], taint["effect"]) for taint in changed]
    kept = [taint for taint in group["taints"] if (taint["key"], taint["effect"]) not in places]
    group["taints"] = [*kept, *(taints.get("addOrUpdateTaints") or [])]
    group["scalingConfig"] = {**group["scalingConfig"], **(sent.get("scalingConfig") or {})}
    group.update({name: sent[name] for name in ("updateConfig", "nodeRepairConfig") if name in sent})


NODEGROUP = Kind(
    "eks",
    "Nodegroup",
    identity=("clusterName", "nodegroupName"),
    tag_key="nodegroupArn",
    operations={"UpdateNodegroupVersion": "update"},
    defaults={
        "@group": lambda r: f"eks-{r['nodegroupName']}-{uuid.uuid4()}",
        "@template": lambda r: f"eks-{r['@group'][-36:]}",
        "nodegroupArn": arn("eks", "nodegroup/{clusterName}/{nodegroupName}/{uuid}"),
        "status": "ACTIVE",
        "amiType": "AL2023_x86_64_STANDARD",
        "capacityType": "ON_DEMAND",
        "scalingConfig": lambda _: {"minSize": 1, "maxSize": 2, "desiredSize": 2},
        "updateConfig": {"maxUnavailable": 1},
        "labels": lambda _: {},
        "taints": lambda _: [],
        "health": {"issues": []},
        "diskSize": lambda r: None if r.get("launchTemplate") else 20,
    },
    derived={"resources": _resources},
    check=_check,
    merge=_change,
    after_write=_after_write,
    after_delete=_after_delete,
)
FARGATE_PROFILE = Kind(
    "eks",
    "FargateProfile",
    identity=("clusterName", "fargateProfileName"),
    defaults={
        "status": "ACTIVE",
        "fargateProfileArn": arn("eks", "fargateprofile/{clusterName}/{fargateProfileName}/{uuid}"),
    },
    tag_key="fargateProfileArn",
    check=in_cluster,
)
KINDS = (NODEGROUP, FARGATE_PROFILE)
