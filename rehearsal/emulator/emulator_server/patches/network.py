"""EC2 networking: what goes when something is deleted, and tags that are not kept."""
from __future__ import annotations

from collections import defaultdict
from inspect import signature
from typing import Any

from emulator_server.patches.replace import Method, add, wrap


def vpc_deletion() -> None:
    """A VPC's default network ACL goes with it; the DHCP options that were associated with it stay."""
    from moto.ec2.models.vpcs import VPCBackend

    def delete(original: Method) -> Method:
        def delete_vpc(self: Any, vpc_id: str) -> Any:
            vpc = self.vpcs.get(vpc_id)
            options = vpc.dhcp_options if vpc else None
            if options:
                vpc.dhcp_options = None
            try:
                deleted = original(self, vpc_id)
            except Exception:
                if options:
                    vpc.dhcp_options = options
                raise
            if options:
                options.vpc = None
            for acl in [acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
                self.network_acls.pop(acl.id)
            return deleted

        return delete_vpc

    wrap(VPCBackend, "delete_vpc", delete)


def nat_gateway_deletion() -> None:
    """A NAT gateway's network interface goes with it, and its address is free again."""
    from moto.ec2.models.nat_gateways import NatGatewayBackend

    def delete(original: Method) -> Method:
        def delete_nat_gateway(self: Any, nat_gateway_id: str) -> Any:
            gateway = original(self, nat_gateway_id)
            for address in [address for address in self.addresses if address.eni is gateway._eni]:
                self.disassociate_address(association_id=address.association_id)
            self.enis.pop(gateway._eni.id, None)
            return gateway

        return delete_nat_gateway

    wrap(NatGatewayBackend, "delete_nat_gateway", delete)


def dhcp_options_tags() -> None:
    """Tags given at creation are kept."""
    from moto.ec2.responses.dhcp_options import DHCPOptions

    def create(original: Method) -> Method:
        def create_dhcp_options(self: Any) -> Any:
            answer = original(self)
            answer.result["DhcpOptions"].add_tags(self._parse_tag_specification().get("dhcp-options", {}))
            return answer

        return create_dhcp_options

    wrap(DHCPOptions, "create_dhcp_options", create)


def rule_descriptions() -> None:
    """A security group rule keeps its description whatever stands on its other side, not only with a network there."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    # Of a prefix list moto keeps the id alone.
    def initialise(original: Method) -> Method:
        def __init__(self: Any, *arguments: Any, **named: Any) -> None:
            original(self, *arguments, **named)
            self.prefix_list = signature(original).bind(self, *arguments, **named).arguments.get("prefix_list_id")

        return __init__

    def description(self: Any) -> Any:
        return next((peer["Description"] for peer in (self.ip_range, self.source_group, self.prefix_list) if peer and peer.get("Description")), None)

    wrap(SecurityGroupRule, "__init__", initialise)
    add(SecurityGroupRule, description=property(description))


def group_deletion() -> None:
    """A group that a rule of another group names is deleted all the same, and what only works in one order on AWS works in any."""
    from moto.ec2.exceptions import DependencyViolationError
    from moto.ec2.models.security_groups import SecurityGroupBackend

    def names(rule: Any, group_id: str) -> bool:
        return bool(rule.source_group) and rule.source_group.get("GroupId") == group_id

    def delete(original: Method) -> Method:
        def _delete_security_group(self: Any, vpc_id: str | None, group_id: str) -> None:
            others = (group for groups in self.groups.values() for group in groups.values() if group.id != group_id)
            if any(names(rule, group_id) for group in others for rule in (*group.ingress_rules, *group.egress_rules)):
                raise DependencyViolationError(f"resource {group_id} has a dependent object")
            original(self, vpc_id, group_id)

        return _delete_security_group

    wrap(SecurityGroupBackend, "_delete_security_group", delete)


#: what a subnet can be told of its machines' names, and moto does not know: member of ModifySubnetAttribute → member of its answer
NAME_OPTIONS = {
    "EnableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecord",
    "EnableResourceNameDnsAAAARecordOnLaunch": "EnableResourceNameDnsAAAARecord",
    "PrivateDnsHostnameTypeOnLaunch": "HostnameType",
}


def subnet_ipv6() -> None:
    """A subnet shows its IPv6 block as associated: moto gives the state within a state."""
    from moto.ec2.models.subnets import Subnet

    def associations(self: Any) -> list[dict[str, Any]]:
        found = self.ipv6_cidr_block_associations.values()
        shown = [
            {"AssociationId": one["associationId"], "Ipv6CidrBlock": one["ipv6CidrBlock"], "Ipv6CidrBlockState": one["ipv6CidrBlockState"]} for one in found
        ]
        return [one for one in shown if one["Ipv6CidrBlockState"]["State"] == "associated"]

    add(Subnet, ipv6_cidr_block_association_set=property(associations))


def subnet_attributes() -> None:
    """A subnet takes all that ModifySubnetAttribute can say of names and of NAT for IPv6."""
    from moto.ec2.responses.subnets import Subnets

    def modify(original: Method) -> Method:
        def modify_subnet_attribute(self: Any) -> Any:
            subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
            for sent, kept in NAME_OPTIONS.items():
                value = self._get_param(sent)
                if value is not None:
                    subnet.private_dns_name_options_on_launch[kept] = value["Value"] if isinstance(value, dict) else value
            if self._get_param("EnableDns64.Value") is not None:
                subnet.enable_dns64 = self._get_param("EnableDns64.Value")
            return original(self)

        return modify_subnet_attribute

    wrap(Subnets, "modify_subnet_attribute", modify)


#: services that have a gateway endpoint too: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
WITH_GATEWAY = ("dynamodb", "s3")


def endpoint_services() -> None:
    """An AWS service that is asked for by its name has an endpoint in the region; moto would load all of its services to list some."""
    from moto.core.base_backend import BaseBackend
    from moto.ec2.models.vpcs import VPCBackend

    by_region: dict[str, list[Any]] = defaultdict(list)

    def describe(original: Method) -> Method:
        def describe_vpc_endpoint_services(self: Any, service_names: list[str], filters: Any, max_results: int, next_token: str | None, region: str) -> Any:
            known = by_region[region]
            zones = [zone.name for zone in self.describe_availability_zones()]
            for name in service_names:
                prefix, _, service = name.partition(f".{region}.")
                if prefix != "com.amazonaws" or not service:
                    continue
                for kind in ("Interface", "Gateway") if service in WITH_GATEWAY else ("Interface",):
                    if not any(one["ServiceName"] == name and one["ServiceType"] == [{"ServiceType": kind}] for one in known):
                        known.extend(BaseBackend.default_vpc_endpoint_service_factory(region, zones, service, kind, private_dns_names=kind == "Interface"))
            return original(self, service_names, filters, max_results, next_token, region)

        return describe_vpc_endpoint_services

    add(VPCBackend, _collect_default_endpoint_services=staticmethod(lambda account_id, region: by_region[region]))
    wrap(VPCBackend, "describe_vpc_endpoint_services", describe)


PATCHES = (endpoint_services, subnet_ipv6, subnet_attributes, vpc_deletion, nat_gateway_deletion, dhcp_options_tags, rule_descriptions, group_deletion)
