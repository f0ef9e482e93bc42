"""CloudFront: distributions with their functions, headers and invalidations. Origin access controls are moto's."""
from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends

from emulator_server.engine import Engine, Kind, Record
from emulator_server.engine.store import missing
from emulator_server.kinds.arns import arn
from emulator_server.wire import Call, Refusal


def _behaviors(distribution: Record) -> list[dict[str, Any]]:
    """The default one, and those of paths."""
    others = (distribution.get("CacheBehaviors") or {}).get("Items") or []
    return [distribution["DefaultCacheBehavior"], *others]


def _vpc_origins(distribution: Record) -> set[str]:
    origins = (distribution.get("Origins") or {}).get("Items") or []
    return {origin["VpcOriginConfig"]["VpcOriginId"] for origin in origins if origin.get("VpcOriginConfig")}


def _functions(distribution: Record) -> set[str]:
    associations = [(behavior.get("FunctionAssociations") or {}).get("Items") or [] for behavior in _behaviors(distribution)]
    return {item["FunctionARN"] for items in associations for item in items}


def _headers(distribution: Record) -> set[str]:
    return {behavior["ResponseHeadersPolicyId"] for behavior in _behaviors(distribution) if behavior.get("ResponseHeadersPolicyId")}


def _distribution(engine: Engine, call: Call, members: Record) -> None:
    """What it names is there, functions published; it is deleted only when it is switched off."""
    if call.name == "DeleteDistribution":
        if any(kept["Id"] == members["Id"] and kept["Enabled"] for kept in engine.bucket(call, DISTRIBUTION).values()):
            raise Refusal("DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.")
    if "DefaultCacheBehavior" not in members:
        return
    live = {record["FunctionMetadata"]["FunctionARN"] for record in engine.bucket(call, FUNCTION).values() if record["Status"] == "DEPLOYED"}
    for name in sorted(_functions(members) - live):
        raise Refusal("InvalidFunctionAssociation", f"The function {name} does not exist or is not published.")
    for name in sorted(_vpc_origins(members) - {record["Id"] for record in engine.bucket(call, VPC_ORIGIN).values()}):
        raise Refusal("EntityNotFound", f"The VPC origin {name} does not exist.")
    known = {record["Id"] for record in engine.bucket(call, HEADERS).values()}
    for name in sorted(_headers(members) - known):
        raise Refusal("NoSuchResponseHeadersPolicy", f"The response headers policy {name} does not exist.")


def _unused(engine: Engine, call: Call, members: Record) -> None:
    """A function goes only when no distribution runs it."""
    if call.name != "DeleteFunction":
        return
    own = {kept["FunctionMetadata"]["FunctionARN"] for kept in engine.bucket(call, FUNCTION).values() if kept["Name"] == members["Name"]}
    if any(own & _functions(distribution) for distribution in engine.bucket(call, DISTRIBUTION).values()):
        raise Refusal("FunctionInUse", "The specified function is in use and cannot be deleted.")


def _written(record: Record, members: Record, operation: str) -> None:
    """Publishing changes no code, and new code is not live before it is published."""
    record.update({name: value for name, value in members.items() if name != "IfMatch"})
    record["Status"] = "DEPLOYED" if operation == "PublishFunction" else "UNPUBLISHED"


def _response_headers(engine: Engine, call: Call, members: Record) -> None:
    if call.name != "DeleteResponseHeadersPolicy":
        return
    if any(members["Id"] in _headers(distribution) for distribution in engine.bucket(call, DISTRIBUTION).values()):
        raise Refusal("ResponseHeadersPolicyInUse", "The response headers policy is attached to one or more cache behaviors.")


def _vpc_origin(engine: Engine, call: Call, members: Record) -> None:
    """It is of a machine or a load balancer that is there, and changes and goes only when no distribution asks it."""
    config = members.get("VpcOriginEndpointConfig") or {}
    if config.get("Arn", "").startswith("arn:aws:ec2:") and not _has_machine(call, config["Arn"]):
        raise Refusal("InvalidArgument", f"The resource {config['Arn']} does not exist.")
    refusals = {"DeleteVpcOrigin": "CannotDeleteEntityWhileInUse", "UpdateVpcOrigin": "CannotUpdateEntityWhileInUse"}
    if call.name in refusals and any(members["Id"] in _vpc_origins(kept) for kept in engine.bucket(call, DISTRIBUTION).values()):
        raise Refusal(refusals[call.name], "The specified VPC origin is currently associated with one or more distributions.")


def _has_machine(call: Call, name: str) -> bool:
    _, _, _, region, account, resource = name.split(":", 5)
    machine = resource.removeprefix("instance/")
    return any(one.id == machine and one.state != "terminated" for one in ec2_backends[account][region].all_instances())


def _invalidation(engine: Engine, call: Call, members: Record) -> None:
    if all(kept["Id"] != members["DistributionId"] for kept in engine.bucket(call, DISTRIBUTION).values()):
        raise missing(call, DISTRIBUTION)


#: an answer without OriginGroups or the ActiveTrusted* members crashes the whole provider plugin
DISTRIBUTION = Kind(
    "cloudfront",
    "Distribution",
    tag_key="ARN",
    derived={"OriginGroups": lambda r: r.get("OriginGroups") or {"Quantity": 0}},
    defaults={
        "Id": "E{id}",
        "ARN": arn("cloudfront", "distribution/E{id}", ""),
        "Status": "Deployed",
        "DomainName": "d{hex}.cloudfront.net",
        "ETag": "E{id}",
        "InProgressInvalidationBatches": 0,
        "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
        "ActiveTrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "Location": "https://cloudfront.amazonaws.com/2020-05-31/distribution/E{id}",
    },
    check=_distribution,
)

FUNCTION = Kind(
    "cloudfront",
    "Function",
    identity=("Name",),  # its deletion asks for the version as well
    operations={"PublishFunction": "update"},
    defaults={
        "ETag": "E{id}",
        "Status": "UNPUBLISHED",
        "FunctionMetadata": {"FunctionARN": arn("cloudfront", "function/{Name}", ""), "Stage": "DEVELOPMENT"},
    },
    tag_key="@none",
    merge=_written,
    check=_unused,
)

HEADERS = Kind("cloudfront", "ResponseHeadersPolicy", identity=("Id",), tag_key="@none", defaults={"Id": "{uuid}", "ETag": "E{id}"}, check=_response_headers)

VPC_ORIGIN = Kind(
    "cloudfront",
    "VpcOrigin",
    identity=("Id",),  # its deletion asks for the version as well
    tag_key="Arn",
    defaults={
        "Id": "vo_{id}",
        "Arn": arn("cloudfront", "vpcorigin/vo_{id}", ""),
        "Status": "Deployed",
        "ETag": "E{id}",
    },
    check=_vpc_origin,
)

KINDS = (
    DISTRIBUTION,
    VPC_ORIGIN,
    FUNCTION,
    HEADERS,
    Kind(
        "cloudfront",
        "Invalidation",
        identity=("DistributionId", "Id"),
        tag_key="@none",
        defaults={"Id": "I{id}", "Status": "Completed"},
        check=_invalidation,
    ),
)
