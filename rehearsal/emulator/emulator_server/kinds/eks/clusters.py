"""Clusters: the control plane's settings, and the security group that EKS makes for each."""
from __future__ import annotations

import base64
import ipaddress
import re
import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends

from emulator_server.engine import Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.kinds.eks.common import find_cluster, invalid, records, remove
from emulator_server.kinds.eks.updates import CONFIGURATION, configuration, record_update
from emulator_server.moto_app import turn
from emulator_server.wire import Call, Refusal

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
#: of a cluster that does not say; what AWS would take moves on with time
DEFAULT_VERSION = "1.35"
GROUP_DESCRIPTION = (
    "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads."
)
PRIVATE = tuple(ipaddress.ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
#: what a cluster takes with it when it is deleted
BELONGINGS = ("Addon", "AssociatedAccessPolicy", "AccessEntry", "PodIdentityAssociation")


# --- what AWS refuses ---
def _check(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    if call.name == "CreateCluster":
        _check_network(call, members.get("resourcesVpcConfig") or {})
        _check_services(call, members)
    if call.name in ("CreateCluster", "ListClusters"):
        return
    cluster = find_cluster(engine, call, members.get("name"))
    if call.name == "DeleteCluster":
        for noun, what in (("Nodegroup", "nodegroups"), ("FargateProfile", "fargate profiles")):
            if any(r["clusterName"] == cluster["name"] for r in records(engine, call, noun)):
                raise Refusal("ResourceInUseException", f"Cluster has {what} attached")
        if cluster["deletionProtection"]:
            raise Refusal("InvalidRequestException", "Cluster has deletion protection enabled")
    elif call.name == "UpdateClusterVersion":
        _check_version(cluster["version"], members["version"])
    elif call.name == "UpdateClusterConfig":
        _check_configuration(call, cluster, members)


def _subnets(call: Call, ids: list[str]) -> list[Any]:
    """The subnets themselves; one that does not exist is an error, as it is on AWS."""
    try:
        return [ec2_backends[call.account][call.region].get_subnet(subnet) for subnet in ids]
    except EC2ClientError as error:
        raise invalid(str(error.message)) from error


def _check_network(call: Call, network: dict[str, Any], vpc: str = "") -> None:
    """Subnets in at least two zones, and security groups, all of one VPC."""
    if "subnetIds" in network or not vpc:
        subnets = _subnets(call, network.get("subnetIds") or [])
        if len({subnet.availability_zone for subnet in subnets}) < 2:
            raise invalid("Subnets specified must be in at least two different AZs")
        if len({subnet.vpc_id for subnet in subnets} | ({vpc} if vpc else set())) > 1:
            raise invalid("Subnets specified must be in the VPC of the cluster")
        vpc = subnets[0].vpc_id
    backend = ec2_backends[call.account][call.region]
    for name in network.get("securityGroupIds") or []:
        group = backend.get_security_group_from_id(name)
        if group is None or group.vpc_id != vpc:
            raise invalid(f"The security group {name} does not exist in the VPC {vpc}")


def _check_services(call: Call, members: dict[str, Any]) -> None:
    """The addresses of Services: private, from /24 to /12, and none of the VPC's own."""
    if not (block := (members.get("kubernetesNetworkConfig") or {}).get("serviceIpv4Cidr")):
        return
    services = ipaddress.ip_network(block)
    if not any(services.subnet_of(private) for private in PRIVATE) or not 12 <= services.prefixlen <= 24:  # type: ignore[arg-type]
        raise invalid(f"The serviceIpv4Cidr {block} must be a block of private addresses between /24 and /12")
    subnet = _subnets(call, members["resourcesVpcConfig"]["subnetIds"])[0]
    vpc = ec2_backends[call.account][call.region].get_vpc(subnet.vpc_id)
    for own in vpc.get_cidr_block_association_set():
        if services.overlaps(ipaddress.ip_network(own["cidr_block"])):
            raise invalid(f"The serviceIpv4Cidr {block} overlaps with the VPC's {own['cidr_block']}")


def _check_version(current: str, wanted: str) -> None:
    """One minor version at a time, and only forwards: a rollback is another operation, with conditions of its own."""
    major, minor = (int(part) for part in current.split("."))
    if wanted != f"{major}.{minor + 1}":
        raise invalid(f"Unsupported Kubernetes minor version update from {current} to {wanted}")


def _check_configuration(call: Call, cluster: Record, members: dict[str, Any]) -> None:
    """One kind of change at a time, and one that changes something."""
    asked = configuration(members)
    if unknown := [name for name in asked if name not in CONFIGURATION]:
        raise Refusal("RehearsalUnsupportedOperation", f"the rehearsal emulator does not cover UpdateClusterConfig of {', '.join(unknown)}")
    if len(asked) != 1:
        raise invalid("Only one type of update can be allowed.")
    network = cluster["resourcesVpcConfig"]
    if asked == ["resourcesVpcConfig.endpoint"]:
        wanted = {**network, **members["resourcesVpcConfig"]}
        if all(sorted(network[n]) == sorted(wanted[n]) if n == "publicAccessCidrs" else network[n] == wanted[n] for n in wanted):
            raise invalid(
                f"Cluster is already at the desired configuration with endpointPrivateAccess: {str(wanted['endpointPrivateAccess']).lower()} , "
                f"endpointPublicAccess: {str(wanted['endpointPublicAccess']).lower()}, "
                f"and Public Endpoint Restrictions: [{', '.join(wanted['publicAccessCidrs'])}]"
            )
        if not wanted["endpointPublicAccess"] and not wanted["endpointPrivateAccess"]:
            raise invalid("Private and public endpoint access cannot be set to false")
    elif asked == ["resourcesVpcConfig.network"]:
        _check_network(call, members["resourcesVpcConfig"], network["vpcId"])
    elif asked == ["logging"] and _log_types(cluster) == _log_types(cluster, members["logging"]):
        raise invalid("No changes needed for the logging config provided")
    elif asked == ["accessConfig"]:
        modes = tuple(settings["accessConfig"].get("authenticationMode") for settings in (cluster, members))
        if modes not in (("CONFIG_MAP", "API_AND_CONFIG_MAP"), ("API_AND_CONFIG_MAP", "API")):
            raise invalid("The authentication mode can be changed from CONFIG_MAP to API_AND_CONFIG_MAP and from there to API, not back")


# --- what AWS fills in ---
def _log_types(cluster: Record, change: dict[str, Any] | None = None) -> set[str]:
    """The enabled logs, after a change."""
    types: set[str] = set()
    for setting in (cluster.get("logging"), change):
        for entry in (setting or {}).get("clusterLogging") or []:
            types = types | set(entry["types"]) if entry.get("enabled") else types - set(entry["types"])
    return types


def _logging(cluster: Record) -> dict[str, Any]:
    """All types of log, those that are enabled first."""
    enabled = _log_types(cluster)
    groups = ((True, [t for t in LOG_TYPES if t in enabled]), (False, [t for t in LOG_TYPES if t not in enabled]))
    return {"clusterLogging": [{"types": types, "enabled": state} for state, types in groups if types]}


def _network(cluster: Record) -> dict[str, Any]:
    asked = cluster["resourcesVpcConfig"]
    public = asked.get("endpointPublicAccess", True)
    vpc = ec2_backends[cluster["@account"]][cluster["@region"]].get_subnet(asked["subnetIds"][0]).vpc_id
    filled = {"vpcId": vpc, "securityGroupIds": [], "endpointPublicAccess": True, "endpointPrivateAccess": False}
    return {**filled, "publicAccessCidrs": ["0.0.0.0/0"] if public else [], **asked}


def _services(cluster: Record) -> dict[str, Any]:
    """Without a block of its own it takes one that the VPC's addresses leave free."""
    asked = cluster.get("kubernetesNetworkConfig") or {}
    vpc = ec2_backends[cluster["@account"]][cluster["@region"]].get_vpc(cluster["resourcesVpcConfig"]["vpcId"])
    free = "10.100.0.0/16" if not vpc.cidr_block.startswith("10.") else "172.20.0.0/16"
    return {"serviceIpv4Cidr": free, "ipFamily": "ipv4", "elasticLoadBalancing": {"enabled": False}, **asked}


def _access(cluster: Record) -> dict[str, Any]:
    """The mode only: whether the creator was made an administrator is asked at creation and never told."""
    return {"authenticationMode": (cluster.get("accessConfig") or {}).get("authenticationMode", "CONFIG_MAP")}


def _certificate_authority(_: Record) -> dict[str, str]:
    """A certificate of an authority, whose key nobody keeps."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return {"data": base64.b64encode(certificate.public_bytes(serialization.Encoding.PEM)).decode()}


def _issuer(cluster: Record) -> dict[str, Any]:
    """The endpoint's own name is that of its OpenID Connect issuer."""
    name = re.sub(r"^https://([^.]+)\..*", r"\1", cluster["endpoint"])
    return {"oidc": {"issuer": f"https://oidc.eks.{cluster['@region']}.amazonaws.com/id/{name}"}}


# --- what comes and goes with it ---
def _after_write(engine: Engine, call: Call, cluster: Record) -> None:
    network = cluster["resourcesVpcConfig"]
    if "clusterSecurityGroupId" not in network:
        network["clusterSecurityGroupId"] = _make_group(call, cluster["name"], network["vpcId"])
    record_update(engine, call, cluster)


def _make_group(call: Call, name: str, vpc: str) -> str:
    """The cluster security group: everything among its members, everything outwards."""
    backend = ec2_backends[call.account][call.region]
    title = f"eks-cluster-sg-{name}-{secrets.randbelow(10**9)}"
    tags = {"Name": title, f"kubernetes.io/cluster/{name}": "owned", "aws:eks:cluster-name": name}
    with turn:
        group = backend.create_security_group(title, GROUP_DESCRIPTION, vpc_id=vpc, tags=tags)
        backend.authorize_security_group_ingress(group.id, "-1", "-1", "-1", [], source_groups=[{"GroupId": group.id}], vpc_id=vpc)
    return str(group.id)


def _after_delete(engine: Engine, call: Call, cluster: Record) -> None:
    for noun in BELONGINGS:
        remove(engine, call, noun, lambda r: r["clusterName"] == cluster["name"])
    remove(engine, call, "Update", lambda r: r["name"] == cluster["name"])
    backend = ec2_backends[call.account][call.region]
    own = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    with turn:
        others = [group for groups in backend.groups.values() for group in groups.values() if group.id != own]
        rules = [rule for group in others for rule in (*group.ingress_rules, *group.egress_rules)]
        if not any((rule.source_group or {}).get("GroupId") == own for rule in rules):  # EC2 keeps a group that a rule names
            backend.delete_security_group(group_id=own)


def _change(cluster: Record, sent: dict[str, Any], operation: str) -> None:
    """Changes are partial: what is not sent stays."""
    if operation == "UpdateClusterVersion":
        cluster["version"] = sent["version"]
    elif "logging" in sent:
        cluster["logging"] = {"clusterLogging": [*cluster["logging"]["clusterLogging"], *sent["logging"]["clusterLogging"]]}
    elif "resourcesVpcConfig" in sent:
        cluster["resourcesVpcConfig"] = {**cluster["resourcesVpcConfig"], **sent["resourcesVpcConfig"]}
    else:
        cluster.update({name: value for name, value in sent.items() if name not in ("name", "clientRequestToken")})


CLUSTER = Kind(
    "eks",
    "Cluster",
    identity=("name",),
    tag_key="arn",
    operations={"UpdateClusterVersion": "update"},
    defaults={
        "arn": arn("eks", "cluster/{name}"),
        "status": "ACTIVE",
        "version": DEFAULT_VERSION,
        "platformVersion": "eks.1",
        "endpoint": lambda r: f"https://{secrets.token_hex(16).upper()}.gr7.{r['@region']}.eks.amazonaws.com",
        "certificateAuthority": _certificate_authority,
        "encryptionConfig": [],
        "health": {"issues": []},
        "upgradePolicy": {"supportType": "EXTENDED"},
        "deletionProtection": False,
    },
    derived={
        "resourcesVpcConfig": _network,
        "kubernetesNetworkConfig": _services,
        "logging": _logging,
        "accessConfig": _access,
        "identity": _issuer,
        "id": lambda _: None,  # only one on an Outpost has it
    },
    check=_check,
    merge=_change,
    after_write=_after_write,
    after_delete=_after_delete,
)
KINDS = (CLUSTER,)
