"""VPC endpoints: an interface in each of their subnets, and how their names resolve."""
from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

from emulator_server.patches.replace import Method, wrap
from emulator_server.wire import Refusal

#: what is said of an endpoint's names where nobody said more
RECORDS = {"Interface": "ipv4", "Gateway": "service-defined"}


def _interfaces(backend: Any, endpoint: Any, wanted: dict[str, str]) -> None:
    """One interface in each subnet, with the address that is wanted there; moto gives addresses of no subnet, and none to a subnet that comes later."""
    there = {backend.enis[interface].subnet.id: interface for interface in endpoint.network_interface_ids}
    for subnet, address in wanted.items():
        if ip_address(address) not in backend.get_subnet(subnet).cidr:
            raise Refusal("InvalidParameter", f"The address {address} does not fall within the subnet's address range")
    for subnet, interface in there.items():
        address = backend.enis[interface].private_ip_address
        fits = wanted.get(subnet, address) == address and ip_address(address) in backend.get_subnet(subnet).cidr
        if subnet not in endpoint.subnet_ids or not fits:
            endpoint.network_interface_ids.remove(interface)
            backend.enis.pop(interface, None)
    kept = {backend.enis[interface].subnet.id for interface in endpoint.network_interface_ids}
    for subnet in endpoint.subnet_ids:
        if subnet not in kept:
            made = backend.create_network_interface(subnet, wanted.get(subnet), group_ids=endpoint.security_group_ids)
            endpoint.network_interface_ids.append(made.id)


def endpoint_settings() -> None:
    """An endpoint keeps what it is told at its creation and later."""
    from moto.ec2.models.vpcs import VPCEndPoint
    from moto.ec2.responses.vpcs import VPCs

    def settle(self: Any, endpoint: Any) -> None:
        if self._get_param("IpAddressType"):
            endpoint.ip_address_type = self._get_param("IpAddressType")
        if self._get_param("PrivateDnsEnabled") is not None:
            endpoint.private_dns_enabled = self._get_bool_param("PrivateDnsEnabled")
        if self._get_bool_param("ResetPolicy"):
            endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        endpoint.dns_options = {**endpoint.dns_options, **(self._get_param("DnsOptions") or {})}
        if endpoint.vpc_endpoint_type == "Interface":
            configurations = self._get_param("SubnetConfigurations", [])
            _interfaces(self.ec2_backend, endpoint, {one["SubnetId"]: one["Ipv4"] for one in configurations if one.get("Ipv4")})

    def create(original: Method) -> Method:
        def create_vpc_endpoint(self: Any) -> Any:
            answer = original(self)
            endpoint = answer.result["VpcEndpoint"]
            endpoint.ip_address_type = "ipv4"
            endpoint.dns_options = {"DnsRecordIpType": RECORDS.get(endpoint.vpc_endpoint_type or "Gateway", "ipv4")}
            try:
                settle(self, endpoint)
            except Refusal:
                self.ec2_backend.delete_vpc_endpoints([endpoint.id])
                self.ec2_backend.vpc_end_points.pop(endpoint.id, None)
                raise
            return answer

        return create_vpc_endpoint

    def modify(original: Method) -> Method:
        def modify_vpc_endpoint(self: Any) -> Any:
            answer = original(self)
            settle(self, self.ec2_backend.vpc_end_points[self._get_param("VpcEndpointId")])
            return answer

        return modify_vpc_endpoint

    wrap(VPCs, "create_vpc_endpoint", create)
    wrap(VPCs, "modify_vpc_endpoint", modify)


PATCHES = (endpoint_settings,)
