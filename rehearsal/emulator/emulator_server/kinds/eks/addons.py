"""Add-ons, and the pod identities that they bring along."""
from __future__ import annotations

import re
from typing import Any

import yaml

from emulator_server.engine import Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.kinds.eks.access import POD_IDENTITY, refuse_taken
from emulator_server.kinds.eks.common import find_cluster, invalid, records, remove
from emulator_server.kinds.eks.updates import record_update
from emulator_server.wire import Call

#: those of AWS and of the community, by the EKS user guide; others, of the Marketplace, have their vendor's name before an underscore
NAMES = frozenset({
    "adot", "amazon-cloudwatch-observability", "aws-ebs-csi-driver", "aws-efs-csi-driver", "aws-fsx-csi-driver", "aws-guardduty-agent",
    "aws-mountpoint-s3-csi-driver", "aws-network-flow-monitoring-agent", "aws-privateca-connector-for-kubernetes",
    "amazon-sagemaker-hyperpod-taskgovernance", "cert-manager", "coredns", "eks-node-monitoring-agent", "eks-pod-identity-agent",
    "external-dns", "fluent-bit", "kube-proxy", "kube-state-metrics", "metrics-server", "prometheus-node-exporter", "snapshot-controller", "vpc-cni",
})  # fmt: skip
MARKETPLACE = re.compile(r"[a-z0-9-]+_[a-z0-9_-]+")
VERSION = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
#: where the guide says that an add-on is not in kube-system
NAMESPACES = {
    "amazon-cloudwatch-observability": "amazon-cloudwatch", "aws-privateca-connector-for-kubernetes": "aws-privateca-issuer",
    **{name: name for name in ("cert-manager", "external-dns", "fluent-bit", "kube-state-metrics", "prometheus-node-exporter")},
}  # fmt: skip
ASKED = "podIdentityAssociations"


def _check(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    cluster = find_cluster(engine, call, members.get("clusterName"))
    name, version, settings = (members.get(n) for n in ("addonName", "addonVersion", "configurationValues"))
    if call.name not in ("CreateAddon", "UpdateAddon"):
        return
    if name not in NAMES and not MARKETPLACE.fullmatch(str(name)):
        raise invalid(f"Addon {name} specified is not supported in {cluster['version']} kubernetes version")
    if version and name in NAMES and not VERSION.fullmatch(version):
        raise invalid("Addon version specified is not supported")
    if settings:
        try:
            is_map = isinstance(yaml.safe_load(settings), dict)  # JSON is YAML too
        except yaml.YAMLError:
            is_map = False
        if not is_map:
            raise invalid("ConfigurationValue provided in request is not supported: neither JSON nor YAML")
    own = next((r["addonArn"] for r in records(engine, call, "Addon") if (r["clusterName"], r["addonName"]) == (cluster["name"], name)), "")
    for asked in members.get(ASKED) or []:
        refuse_taken(engine, call, {"clusterName": cluster["name"], "namespace": _namespace(members), **asked}, own)


def _namespace(members: dict[str, Any]) -> str:
    """Where its service accounts are."""
    own = (members.get("namespaceConfig") or {}).get("namespace")
    return str(own or NAMESPACES.get(members["addonName"], "kube-system"))


def _after_write(engine: Engine, call: Call, addon: Record) -> None:
    """The associations that it was given are resources of their own, which it owns and lists by their ARNs."""
    if call.params.get(ASKED) is not None:
        wanted = {asked["serviceAccount"]: asked for asked in call.params[ASKED]}
        owned = {r["serviceAccount"]: r for r in records(engine, call, "PodIdentityAssociation") if r.get("ownerArn") == addon["addonArn"]}
        remove(engine, call, "PodIdentityAssociation", lambda r: r.get("ownerArn") == addon["addonArn"] and r["serviceAccount"] not in wanted)
        owner = {"clusterName": addon["clusterName"], "namespace": _namespace(addon), "ownerArn": addon["addonArn"]}
        for account, asked in wanted.items():
            if account in owned:
                owned[account]["roleArn"] = asked["roleArn"]
            else:
                owned[account] = engine.create(call, POD_IDENTITY, {**owner, **asked})
        addon[ASKED] = [owned[account]["associationArn"] for account in wanted]
    record_update(engine, call, addon)


def _drop_identities(engine: Engine, call: Call, addon: Record) -> None:
    remove(engine, call, "PodIdentityAssociation", lambda r: r.get("ownerArn") == addon["addonArn"])


ADDON = Kind(
    "eks",
    "Addon",
    defaults={
        "status": "ACTIVE",
        "addonVersion": "v1.0.0-eksbuild.1",
        "health": {"issues": []},
        "addonArn": arn("eks", "addon/{clusterName}/{addonName}/{uuid}"),
    },
    tag_key="addonArn",
    check=_check,
    after_write=_after_write,
    after_delete=_drop_identities,
)
KINDS = (ADDON,)
