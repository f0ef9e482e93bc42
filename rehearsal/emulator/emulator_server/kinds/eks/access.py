"""Who may enter a cluster: access entries, the policies associated with them, and the identities of pods."""
from __future__ import annotations

import re
from typing import Any

from emulator_server.engine import Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.kinds.eks.common import find_cluster, in_cluster, invalid, records, remove
from emulator_server.wire import Call, Refusal

POLICY = "arn:aws:eks::aws:cluster-access-policy/"
#: what `aws eks list-access-policies` lists
POLICIES = frozenset(
    f"{POLICY}{name}Policy"
    for name in (
        "AIDevOpsAgentAccess", "AmazonAIOpsAssistant", "AmazonARCRegionSwitchScaling", "AmazonEKSACK", "AmazonEKSAdmin", "AmazonEKSAdminView",
        "AmazonEKSArgoCDCluster", "AmazonEKSArgoCD", "AmazonEKSAutoNode", "AmazonEKSBlockStorageCluster", "AmazonEKSBlockStorage",
        "AmazonEKSClusterAdmin", "AmazonEKSComputeCluster", "AmazonEKSCompute", "AmazonEKSEdit", "AmazonEKSEvent", "AmazonEKSHybrid",
        "AmazonEKSKRO", "AmazonEKSLoadBalancingCluster", "AmazonEKSLoadBalancing", "AmazonEKSNetworkingCluster", "AmazonEKSNetworking",
        "AmazonEKSPodIdentity", "AmazonEKSSecretAdmin", "AmazonEKSSecretReader", "AmazonEKSView", "AmazonEMRJob",
        "AmazonSagemakerHyperpodCluster", "AmazonSagemakerHyperpodController", "AmazonSagemakerHyperpodSpace",
        "AmazonSagemakerHyperpodSpaceTemplate", "AmazonSagemakerHyperpodSystemNamespace", "AmazonSagemakerHyperpodUserCluster",
    )
)  # fmt: skip
NODES = "EC2_LINUX"


def _entry(engine: Engine, call: Call, members: dict[str, Any]) -> Record | None:
    wanted = (members.get("clusterName"), members.get("principalArn"))
    return next((r for r in records(engine, call, "AccessEntry") if (r["clusterName"], r["principalArn"]) == wanted), None)


# --- an access entry ---
def _check_entry(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    cluster = find_cluster(engine, call, members.get("clusterName"))
    if cluster["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        raise Refusal(
            "InvalidRequestException",
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
        )
    if call.name not in ("CreateAccessEntry", "UpdateAccessEntry"):
        return
    kind = members.get("type") or (_entry(engine, call, members) or {}).get("type", "STANDARD")
    if not re.fullmatch(r"arn:aws:iam::\d{12}:(role|user|root)(/.+)?", members["principalArn"]):
        raise invalid("The specified principalArn is invalid: invalid principal.")
    if call.name == "CreateAccessEntry" and _entry(engine, call, members):
        raise Refusal("ResourceInUseException", "The specified access entry resource is already in use on this cluster.")
    groups = members.get("kubernetesGroups") or []
    if groups and kind != "STANDARD":
        raise invalid(f"Kubernetes groups cannot be specified for an access entry of type {kind}")
    for group in groups:
        if group.startswith("system:"):
            raise invalid(f"The kubernetes group name {group} is invalid, it cannot start with system:")


def _user_name(entry: Record) -> str:
    """A role's sessions each have a name of their own; its path is no part of it."""
    if entry["type"] != "STANDARD":
        return "system:node:{{EC2PrivateDNSName}}"
    role = re.fullmatch(r"arn:aws:iam::(\d+):role/(?:.*/)?([^/]+)", entry["principalArn"])
    return f"arn:aws:sts::{role[1]}:assumed-role/{role[2]}/{{{{SessionName}}}}" if role else str(entry["principalArn"])


def admit_nodes(engine: Engine, call: Call, cluster: Record, role: str) -> None:
    """EKS makes the access entry for the nodes of a managed node group; one that is there already will do."""
    members = {"clusterName": cluster["name"], "principalArn": role}
    if cluster["accessConfig"]["authenticationMode"] != "CONFIG_MAP" and not _entry(engine, call, members):
        engine.create(call, ACCESS_ENTRY, {**members, "type": NODES, "kubernetesGroups": ["system:nodes"]})


def _after_entry(engine: Engine, call: Call, entry: Record) -> None:
    of = (entry["clusterName"], entry["principalArn"])
    remove(engine, call, "AssociatedAccessPolicy", lambda r: (r["clusterName"], r["principalArn"]) == of)


# --- a policy associated with one ---
def _check_policy(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    in_cluster(engine, call, members)
    entry = _entry(engine, call, members)
    if entry is None:
        raise Refusal("ResourceNotFoundException", "The specified principalArn could not be found among the access entries of the cluster.")
    if call.name != "AssociateAccessPolicy":
        return
    if members["policyArn"] not in POLICIES:
        raise invalid(f"The policyArn {members['policyArn']} is not that of an access policy")
    if entry["type"] != "STANDARD":
        raise invalid(f"Access policies cannot be associated with an access entry of type {entry['type']}")
    scope = members.get("accessScope") or {}
    if (scope.get("type") == "namespace") != bool(scope.get("namespaces")):
        raise invalid("Namespaces are required for the scope namespace, and for no other")


# --- the identity of pods ---
def _check_identity(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    in_cluster(engine, call, members)
    if call.name == "CreatePodIdentityAssociation":
        refuse_taken(engine, call, members)


def refuse_taken(engine: Engine, call: Call, members: dict[str, Any], owner: str = "") -> None:
    """A service account has one association; an add-on may ask for its own again."""
    place = [members[name] for name in ("clusterName", "namespace", "serviceAccount")]
    for r in records(engine, call, "PodIdentityAssociation"):
        if [r[name] for name in ("clusterName", "namespace", "serviceAccount")] == place and (not owner or r.get("ownerArn") != owner):
            raise Refusal("ResourceInUseException", f"Association already exists: {r['associationId']}")


ACCESS_ENTRY = Kind(
    "eks",
    "AccessEntry",
    defaults={
        "type": "STANDARD",
        "username": _user_name,
        "kubernetesGroups": [],
        "accessEntryArn": arn("eks", "access-entry/{clusterName}/{uuid}"),
    },
    tag_key="accessEntryArn",
    check=_check_entry,
    after_delete=_after_entry,
)
ASSOCIATED_POLICY = Kind(
    "eks",
    "AssociatedAccessPolicy",
    identity=("clusterName", "principalArn", "policyArn"),
    tag_key="@none",
    operations={
        "AssociateAccessPolicy": "create",
        "ListAssociatedAccessPolicies": "list",
        "DisassociateAccessPolicy": "delete",
    },
    check=_check_policy,
)
POD_IDENTITY = Kind(
    "eks",
    "PodIdentityAssociation",
    identity=("clusterName", "associationId"),
    defaults={
        "associationId": "a-{hex}",
        "disableSessionTags": False,
        "associationArn": arn("eks", "podidentityassociation/{clusterName}/a-{hex}"),
    },
    tag_key="associationArn",
    check=_check_identity,
)
KINDS = (ACCESS_ENTRY, ASSOCIATED_POLICY, POD_IDENTITY)
