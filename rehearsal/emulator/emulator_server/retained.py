"""What moto still holds although it is deleted, or although it is no resource.

It is all that an inventory may leave out, each with its reason.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator_server.patches.images import AMAZON

HISTORY = "a record of past calls, not a resource"
INDEX = "bookkeeping about what is listed elsewhere"
TAGS = "tags, filed apart from what they are on; what they are on is listed itself"

#: (service, collection) -> why its entries say nothing about what is left
NOT_RESOURCES: dict[tuple[str, str], str] = {
    ("ec2", "tags"): TAGS,
    ("ec2", "launch_template_insert_order"): INDEX,
    ("ec2", "launch_template_name_to_ids"): INDEX,
    ("ec2", "deleted_amis"): HISTORY,
    ("ec2", "subnets._subnet_ips"): INDEX,
    ("ec2", "subnets._unused_ips"): INDEX,
    ("acm", "_idempotency_tokens"): HISTORY,
    ("cloudwatch", "metric_data"): "metrics expire by themselves, they cannot be deleted",
    ("ecs", "task_definitions"): "AWS keeps every revision of a task definition; what runs are services, which are listed",
    ("rds", "events"): HISTORY,
    ("route53", "resource_tags"): TAGS,
    ("servicediscovery", "operations"): HISTORY,
    ("ssm", "_resource_tags"): TAGS,
    ("sts", "assumed_roles"): HISTORY,
}


def _is(attribute: str, *values: str) -> Callable[[Any], bool]:
    return lambda item: str(getattr(item, attribute, "")) in values


#: (service, collection) -> (how an entry shows that it is deleted, or cannot be, and why it is still there)
DELETED: dict[tuple[str, str], tuple[Callable[[Any], bool], str]] = {
    ("ec2", "reservations"): (
        lambda reservation: all(instance._state.name == "terminated" for instance in reservation.instances),
        "AWS shows a terminated instance for about an hour",
    ),
    ("ec2", "amis"): (_is("owner_alias", "amazon"), "published by AWS, not by the account"),
    ("ec2", "snapshots"): (_is("owner_id", AMAZON), "part of an image that AWS published"),
    ("ec2", "nat_gateways"): (_is("state", "deleted"), "AWS shows a deleted NAT gateway for an hour"),
    ("ec2", "vpc_end_points"): (_is("state", "deleted"), "AWS shows a deleted endpoint for a while"),
    ("ec2", "customer_gateways"): (_is("state", "deleted"), "AWS shows a deleted customer gateway for a while"),
    ("ec2", "vpn_gateways"): (_is("state", "deleted"), "AWS shows a deleted virtual private gateway for a while"),
    ("ec2", "managed_prefix_lists"): (_is("state", "delete-complete"), "moto keeps a deleted prefix list in that state"),
    ("ecs", "clusters"): (_is("status", "INACTIVE"), "AWS shows a deleted cluster for a while"),
    ("ecs", "services"): (_is("status", "INACTIVE"), "AWS shows a deleted service for a while"),
    ("kms", "keys"): (
        lambda key: key.key_state in ("PendingDeletion", "PendingReplicaDeletion") or any(name.startswith("alias/aws/") for name in key.aliases),
        "a deleted key waits for 7 to 30 days; a service's own key (aws/s3 and the like) cannot be deleted",
    ),
    ("route53", "delegation_sets"): (
        lambda delegation_set: not delegation_set.id,
        "the name servers of a zone, which moto keeps as a set of their own; a reusable set has an id",
    ),
    ("secretsmanager", "secrets"): (lambda secret: secret.deleted_date is not None, "a deleted secret waits for its recovery window"),
}


#: (service, collection) -> (beginning of the names that are AWS's own, where they come from)
PUBLISHED: dict[tuple[str, str], tuple[str, str]] = {
    ("ssm", "_parameters"): ("/aws/service/", "AWS's public parameters; moto loads them when one is first asked for"),
}


#: (service, noun) of our own kinds -> why an entry is nothing that a destroy could have taken away
SETTINGS: dict[tuple[str, str], str] = {
    ("ec2", "ImageBlockPublicAccess"): "a setting of the account; a destroy by Terraform forgets it and leaves it as it is",
}


def is_retained(service: str, collection: str, key: str, item: Any) -> bool:
    """Whether something is deleted already, AWS's own, or no resource at all."""
    if (service, collection) in NOT_RESOURCES:
        return True
    prefix, _ = PUBLISHED.get((service, collection), ("", ""))
    if prefix and key.startswith(prefix):
        return True
    is_deleted, _ = DELETED.get((service, collection), (None, ""))
    return is_deleted is not None and is_deleted(item)
