"""EC2 as public modules use it: instances and what belongs to them, and endpoints."""
from __future__ import annotations

from typing import Any

from tests.support import REGION, EmulatorCase, shared

setUpModule, tearDownModule = shared()


class InstancesTest(EmulatorCase):
    def setUp(self) -> None:
        self.ec2 = self.emulator.client("ec2", "888899990000")

    def run_one(self, **more: Any) -> str:
        subnet = self.ec2.describe_subnets()["Subnets"][0]["SubnetId"]
        launched = self.ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=2, MaxCount=2, SubnetId=subnet, **more)["Instances"]
        self.addCleanup(self.ec2.terminate_instances, InstanceIds=[one["InstanceId"] for one in launched])
        return str(launched[1]["InstanceId"])

    def shown(self, instance: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
        return found

    def test_reserved_capacity(self) -> None:
        self.assertEqual(self.shown(self.run_one())["CapacityReservationSpecification"], {"CapacityReservationPreference": "open"})
        target = {"CapacityReservationTarget": {"CapacityReservationId": "cr-0123456789abcdef0"}}
        one = self.run_one(CapacityReservationSpecification=target)
        self.assertEqual(self.shown(one)["CapacityReservationSpecification"], target)
        self.ec2.modify_instance_capacity_reservation_attributes(InstanceId=one, CapacityReservationSpecification={"CapacityReservationPreference": "none"})
        self.assertEqual(self.shown(one)["CapacityReservationSpecification"], {"CapacityReservationPreference": "none"})

    def test_processors_and_enclaves(self) -> None:
        cores = {"CoreCount": 2, "ThreadsPerCore": 1}
        shown = self.shown(self.run_one(CpuOptions=cores, EnclaveOptions={"Enabled": True}))
        self.assertEqual((shown["CpuOptions"], shown["EnclaveOptions"], shown["HibernationOptions"]), (cores, {"Enabled": True}, {"Configured": False}))

    def test_credits(self) -> None:
        def credits(instance: str) -> str:
            [found] = self.ec2.describe_instance_credit_specifications(InstanceIds=[instance])["InstanceCreditSpecifications"]
            return str(found["CpuCredits"])

        self.assertEqual([credits(self.run_one(InstanceType=name)) for name in ("t2.micro", "t3.micro")], ["standard", "unlimited"])
        one = self.run_one(InstanceType="t3.micro", CreditSpecification={"CpuCredits": "standard"})
        self.assertEqual(credits(one), "standard")
        self.ec2.modify_instance_credit_specification(InstanceCreditSpecifications=[{"InstanceId": one, "CpuCredits": "unlimited"}])
        self.assertEqual(credits(one), "unlimited")

    def test_placement(self) -> None:
        placement = {"GroupName": "g", "Tenancy": "dedicated"}
        self.assertLessEqual(placement.items(), self.shown(self.run_one(Placement=placement))["Placement"].items())
        self.assertEqual(self.shown(self.run_one())["Placement"]["Tenancy"], "default")

    def test_placement_groups_and_their_tags(self) -> None:
        made = self.ec2.create_placement_group(GroupName="g", TagSpecifications=[{"ResourceType": "placement-group", "Tags": [{"Key": "a", "Value": "1"}]}])["PlacementGroup"]
        self.assert_refused("InvalidPlacementGroup.Duplicate", self.ec2.create_placement_group, GroupName="g")
        self.ec2.create_tags(Resources=[made["GroupId"]], Tags=[{"Key": "b", "Value": "2"}])
        self.ec2.delete_tags(Resources=[made["GroupId"]], Tags=[{"Key": "a"}])
        found = self.ec2.describe_placement_groups(Filters=[{"Name": "group-name", "Values": ["g"]}])["PlacementGroups"]
        self.assertEqual([group["Tags"] for group in found], [[{"Key": "b", "Value": "2"}]])
        self.ec2.delete_placement_group(GroupName="g")

    def test_a_customers_gateway_keeps_its_devices_name(self) -> None:
        for name in ("one", "two"):
            made = self.ec2.create_customer_gateway(BgpAsn=65000, IpAddress="192.0.2.1", Type="ipsec.1", DeviceName=name)["CustomerGateway"]
            found = self.ec2.describe_customer_gateways(CustomerGatewayIds=[made["CustomerGatewayId"]])["CustomerGateways"]
            self.assertEqual([gateway["DeviceName"] for gateway in found], [name])


class GroupsTest(EmulatorCase):
    def test_how_a_group_replaces_its_machines(self) -> None:
        groups, ec2 = (self.emulator.client(service, "888899990001") for service in ("autoscaling", "ec2"))
        template = ec2.create_launch_template(LaunchTemplateName="t", LaunchTemplateData={"ImageId": "ami-0123456789abcdef0"})["LaunchTemplate"]["LaunchTemplateId"]
        wanted = {"DefaultInstanceWarmup": 300, "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}}
        name = {"AutoScalingGroupName": "g"}
        groups.create_auto_scaling_group(
            **name, MinSize=0, MaxSize=1, AvailabilityZones=[f"{REGION}a"], LaunchTemplate={"LaunchTemplateId": template, "Version": "1"}, **wanted)  # fmt: skip

        def shown() -> dict[str, Any]:
            found: dict[str, Any] = groups.describe_auto_scaling_groups(AutoScalingGroupNames=["g"])["AutoScalingGroups"][0]
            return found

        self.assertLessEqual(wanted.items(), shown().items())
        groups.update_auto_scaling_group(**name, DefaultInstanceWarmup=60)
        self.assertEqual((shown()["DefaultInstanceWarmup"], shown()["InstanceMaintenancePolicy"]), (60, wanted["InstanceMaintenancePolicy"]))
        groups.put_lifecycle_hook(**name, LifecycleHookName="h", LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING")
        groups.delete_auto_scaling_group(**name, ForceDelete=True)
        self.assertNotIn("autoscaling", self.emulator.inventory("888899990001"))


class EndpointsTest(EmulatorCase):
    def setUp(self) -> None:
        self.ec2 = self.emulator.client("ec2", "999900001111")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"] for number in (1, 2)]

    def endpoint(self, **more: Any) -> str:
        service = f"com.amazonaws.{REGION}.ecs"
        return str(self.ec2.create_vpc_endpoint(VpcId=self.vpc, ServiceName=service, VpcEndpointType="Interface", SubnetIds=self.subnets[:1], **more)["VpcEndpoint"]["VpcEndpointId"])

    def shown(self, endpoint: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
        return found

    def addresses(self, endpoint: str) -> dict[str, str]:
        interfaces = self.ec2.describe_network_interfaces(NetworkInterfaceIds=self.shown(endpoint)["NetworkInterfaceIds"])["NetworkInterfaces"]
        return {interface["SubnetId"]: interface["PrivateIpAddress"] for interface in interfaces}

    def test_an_interface_in_each_subnet_with_its_address(self) -> None:
        one, other = self.subnets
        endpoint = self.endpoint()
        self.assertRegex(self.addresses(endpoint)[one], r"^10\.0\.1\.")
        fixed = [{"SubnetId": other, "Ipv4": "10.0.2.10"}]
        self.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSubnetIds=[other], SubnetConfigurations=fixed)
        self.assertEqual(self.addresses(endpoint)[other], "10.0.2.10")
        self.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveSubnetIds=[one])
        self.assertEqual(self.addresses(endpoint), {other: "10.0.2.10"})
        asked = self.endpoint(SubnetConfigurations=[{"SubnetId": one, "Ipv4": "10.0.1.10"}])
        self.assertEqual(self.addresses(asked), {one: "10.0.1.10"})
        before = len(self.ec2.describe_vpc_endpoints()["VpcEndpoints"])
        self.assert_refused("InvalidParameter", self.endpoint, SubnetConfigurations=[{"SubnetId": one, "Ipv4": "10.0.9.10"}])
        self.assertEqual(len(self.ec2.describe_vpc_endpoints()["VpcEndpoints"]), before)

    def test_names(self) -> None:
        endpoint = self.endpoint(DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": False})
        self.assertEqual(self.shown(endpoint)["DnsOptions"], {"DnsRecordIpType": "ipv4", "PrivateDnsOnlyForInboundResolverEndpoint": False})
        self.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PrivateDnsEnabled=False, DnsOptions={"DnsRecordIpType": "dualstack"})
        shown = self.shown(endpoint)
        self.assertEqual((shown["PrivateDnsEnabled"], shown["DnsOptions"]["DnsRecordIpType"]), (False, "dualstack"))
