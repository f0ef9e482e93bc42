"""EC2 networking: what goes when something is deleted, and tags that are not kept."""
from __future__ import annotations

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

    def description(self: Any) -> Any:
        return next((peer["Description"] for peer in (self.ip_range, self.source_group, self.prefix_list_id) if peer and peer.get("Description")), None)

    add(SecurityGroupRule, description=property(description))


PATCHES = (vpc_deletion, nat_gateway_deletion, dhcp_options_tags, rule_descriptions)
