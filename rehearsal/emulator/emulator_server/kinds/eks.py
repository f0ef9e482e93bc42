"""EKS: what surrounds a cluster (moto has the cluster and its node groups)."""
from __future__ import annotations

from typing import Any

from emulator_server.engine import Kind
from emulator_server.kinds.arns import arn

#: an update of a cluster or an add-on returns its progress, not the resource; it is done at once
CONSTANTS: dict[tuple[str, str], Any] = {
    ("eks", "update"): {"id": "{uuid}", "status": "Successful", "type": "ConfigUpdate", "params": [], "errors": []},
}

KINDS = (
    Kind(
        "eks",
        "Addon",
        defaults={
            "status": "ACTIVE",
            "addonVersion": "v1.0.0-eksbuild.1",
            "health": {"issues": []},
            "addonArn": arn("eks", "addon/{clusterName}/{addonName}/{uuid}"),
        },
        tag_key="addonArn",
    ),
    Kind(
        "eks",
        "AccessEntry",
        defaults={
            "type": "STANDARD",
            "username": "{principalArn}",
            "kubernetesGroups": [],
            "accessEntryArn": arn("eks", "access-entry/{clusterName}/{uuid}"),
        },
        tag_key="accessEntryArn",
    ),
    Kind(
        "eks",
        "AssociatedAccessPolicy",
        identity=("clusterName", "principalArn", "policyArn"),
        tag_key="@none",
        operations={
            "AssociateAccessPolicy": "create",
            "ListAssociatedAccessPolicies": "list",
            "DisassociateAccessPolicy": "delete",
        },
    ),
    Kind(
        "eks",
        "PodIdentityAssociation",
        defaults={
            "associationId": "a-{hex}",
            "disableSessionTags": False,
            "associationArn": arn("eks", "podidentityassociation/{clusterName}/a-{hex}"),
        },
        tag_key="associationArn",
    ),
)
