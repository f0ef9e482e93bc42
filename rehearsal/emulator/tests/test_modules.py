"""What public modules ask for and the stacks here do not: found by deploying the examples of terraform-aws-modules."""
from __future__ import annotations

import json
from typing import Any

from tests.support import ACCOUNT, REGION, EmulatorCase, shared

setUpModule, tearDownModule = shared()


class SubnetsTest(EmulatorCase):
    def setUp(self) -> None:
        self.ec2 = self.emulator.client("ec2", "444455556666")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        self.addCleanup(self.ec2.delete_vpc, VpcId=self.vpc["VpcId"])

    def subnet(self, **more: Any) -> str:
        subnet = str(self.ec2.create_subnet(VpcId=self.vpc["VpcId"], CidrBlock="10.0.1.0/24", **more)["Subnet"]["SubnetId"])
        self.addCleanup(self.ec2.delete_subnet, SubnetId=subnet)
        return subnet

    def shown(self, subnet: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
        return found

    def test_an_ipv6_block_is_associated(self) -> None:
        block = self.vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
        subnet = self.subnet(Ipv6CidrBlock=block)
        [association] = self.shown(subnet)["Ipv6CidrBlockAssociationSet"]
        self.assertEqual((association["Ipv6CidrBlock"], association["Ipv6CidrBlockState"]), (block, {"State": "associated"}))
        self.ec2.disassociate_subnet_cidr_block(AssociationId=association["AssociationId"])
        self.assertEqual(self.shown(subnet)["Ipv6CidrBlockAssociationSet"], [])

    def test_names_of_machines_and_nat_for_ipv6(self) -> None:
        subnet = self.subnet()
        self.ec2.modify_subnet_attribute(SubnetId=subnet, EnableResourceNameDnsAAAARecordOnLaunch={"Value": True})
        self.ec2.modify_subnet_attribute(SubnetId=subnet, EnableResourceNameDnsARecordOnLaunch={"Value": True})
        self.ec2.modify_subnet_attribute(SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name")
        self.ec2.modify_subnet_attribute(SubnetId=subnet, EnableDns64={"Value": True})
        shown = self.shown(subnet)
        names = {"HostnameType": "resource-name", "EnableResourceNameDnsARecord": True, "EnableResourceNameDnsAAAARecord": True}
        self.assertEqual((shown["PrivateDnsNameOptionsOnLaunch"], shown["EnableDns64"]), (names, True))


class LogDeliveryTest(EmulatorCase):
    """Access logs may be delivered wherever the bucket's policy says so, however it says it."""

    LOGS = "arn:aws:s3:::delivered"

    def setUp(self) -> None:
        self.s3 = self.emulator.client("s3")
        self.s3.create_bucket(Bucket="delivered", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.addCleanup(self.s3.delete_bucket, Bucket="delivered")

    def own(self, ownership: str) -> None:
        self.s3.put_bucket_ownership_controls(Bucket="delivered", OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]})

    def deliver(self, prefix: str = "logs/", **statement: Any) -> None:
        allowed = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject", "Resource": f"{self.LOGS}/*"}
        self.s3.put_bucket_policy(Bucket="delivered", Policy=json.dumps({"Version": "2012-10-17", "Statement": {**allowed, **statement}}))
        self.s3.put_bucket_logging(Bucket="delivered", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "delivered", "TargetPrefix": prefix}})

    def test_a_bucket_without_acls_may_get_its_policy_later(self) -> None:
        self.deliver(Action="s3:GetObject")
        self.own("BucketOwnerEnforced")
        self.deliver(Action="s3:GetObject")

    def test_what_permits_it(self) -> None:
        self.own("ObjectWriter")
        for statement in (
            {},
            {"Principal": {"Service": ["delivery.logs.amazonaws.com", "logging.s3.amazonaws.com"]}},
            {"Action": ["s3:GetBucketAcl", "s3:Put*"]},
            {"Resource": [self.LOGS, f"{self.LOGS}/logs/*"]},
            {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}},
        ):
            with self.subTest(statement=statement):
                self.deliver(**statement)

    def test_what_does_not(self) -> None:
        self.own("ObjectWriter")
        for statement in (
            {"Principal": {"Service": "delivery.logs.amazonaws.com"}},
            {"Principal": "*", "Effect": "Deny"},
            {"Action": "s3:GetObject"},
            {"Resource": self.LOGS},
            {"Resource": f"{self.LOGS}/other/*"},
        ):
            with self.subTest(statement=statement):
                self.assert_refused("InvalidTargetBucketForLogging", self.deliver, **statement)


class EndpointServicesTest(EmulatorCase):
    def types(self, service: str) -> list[str]:
        ec2 = self.emulator.client("ec2", "666677778888")
        found = ec2.describe_vpc_endpoint_services(ServiceNames=[f"com.amazonaws.{REGION}.{service}"])["ServiceDetails"]
        return sorted(kind["ServiceType"] for one in found for kind in one["ServiceType"])

    def test_services_of_aws_are_there_by_name(self) -> None:
        self.assertEqual(self.types("ecr.dkr"), ["Interface"])
        self.assertEqual(self.types("dynamodb"), ["Gateway", "Interface"])
        self.assertEqual(self.types("ecr.dkr"), ["Interface"], "as often as they are asked for")

    def test_those_of_others_are_not(self) -> None:
        ec2 = self.emulator.client("ec2", "666677778888")
        self.assert_refused("InvalidServiceName", ec2.describe_vpc_endpoint_services, ServiceNames=[f"com.example.{REGION}.a"])


class DeletedTest(EmulatorCase):
    def test_what_ec2_still_shows_is_not_left(self) -> None:
        account = "666677779999"
        ec2 = self.emulator.client("ec2", account)
        made = ec2.create_managed_prefix_list(PrefixListName="p", AddressFamily="IPv4", MaxEntries=1)["PrefixList"]["PrefixListId"]
        customer = ec2.create_customer_gateway(BgpAsn=65000, IpAddress="192.0.2.1", Type="ipsec.1")["CustomerGateway"]["CustomerGatewayId"]
        vpn = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        self.assertEqual(set(self.emulator.inventory(account)["ec2"][REGION]), {"customer_gateways", "managed_prefix_lists", "vpn_gateways"})
        ec2.delete_managed_prefix_list(PrefixListId=made)
        ec2.delete_customer_gateway(CustomerGatewayId=customer)
        ec2.delete_vpn_gateway(VpnGatewayId=vpn)
        self.assertEqual(self.emulator.inventory(account), {})


class LoadBalancersTest(EmulatorCase):
    def test_capacity_is_kept_until_it_is_given_back_or_the_balancer_goes(self) -> None:
        account = "121212121212"
        elb, ec2 = (self.emulator.client(service, account) for service in ("elbv2", "ec2"))
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]
        balancer = {"LoadBalancerArn": elb.create_load_balancer(Name="b", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]}
        self.assertNotIn("MinimumLoadBalancerCapacity", elb.describe_capacity_reservation(**balancer))
        for units in (10, 20):
            elb.modify_capacity_reservation(**balancer, MinimumLoadBalancerCapacity={"CapacityUnits": units})
            shown = elb.describe_capacity_reservation(**balancer)
            self.assertEqual((shown["MinimumLoadBalancerCapacity"], shown["CapacityReservationState"][0]["State"]["Code"]), ({"CapacityUnits": units}, "provisioned"))
        elb.modify_capacity_reservation(**balancer, ResetCapacityReservation=True)
        self.assertNotIn("MinimumLoadBalancerCapacity", elb.describe_capacity_reservation(**balancer))
        elb.modify_capacity_reservation(**balancer, MinimumLoadBalancerCapacity={"CapacityUnits": 1})
        elb.delete_load_balancer(**balancer)
        self.assertNotIn("elbv2", self.emulator.inventory(account))


class MachinesTest(EmulatorCase):
    def faults(self, definition: Any) -> list[tuple[str, str]]:
        text = definition if isinstance(definition, str) else json.dumps(definition)
        answer = self.emulator.client("stepfunctions").validate_state_machine_definition(definition=text)
        self.assertEqual(answer["result"], "FAIL" if answer["diagnostics"] else "OK")
        return [(fault["code"], fault["location"]) for fault in answer["diagnostics"]]

    def test_states_lead_to_each_other(self) -> None:
        inner = {"StartAt": "i", "States": {"i": {"Type": "Pass", "End": True}}}
        states = {"a": {"Type": "Parallel", "Branches": [inner], "Next": "b"}, "b": {"Type": "Choice", "Choices": [{"Next": "c"}], "Default": "c"}, "c": {"Type": "Fail"}}
        self.assertEqual(self.faults({"StartAt": "a", "States": states}), [])
        for broken, where in (({"c": {"Type": "Nap"}}, "/States/c/Type"), ({"c": {"Type": "Pass"}}, "/States/c"), ({"c": {"Type": "Wait", "Next": "d"}}, "/States/c"),
                              ({"a": {"Type": "Map", "ItemProcessor": {"States": {}}, "End": True}}, "/States/a/ItemProcessor/States")):  # fmt: skip
            with self.subTest(broken=broken):
                self.assertEqual([place for _, place in self.faults({"StartAt": "a", "States": {**states, **broken}})], [where])
        self.assertEqual(self.faults({"StartAt": "z", "States": states}), [("MISSING_TRANSITION_TARGET", "/StartAt")])
        self.assertEqual(self.faults("{"), [("INVALID_JSON_DESCRIPTION", "")])

    def test_versions_are_not_published(self) -> None:
        machines = self.emulator.client("stepfunctions")
        machine = {"stateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:m"}
        self.assertEqual(machines.list_state_machine_versions(**machine)["stateMachineVersions"], [])
        self.assert_refused("RehearsalUnsupportedOperation", machines.publish_state_machine_version, **machine)


class RegistriesTest(EmulatorCase):
    def test_a_policy_may_speak_of_images_from_upstream(self) -> None:
        ecr = self.emulator.client("ecr")

        def put(action: str) -> None:
            statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": [action], "Resource": "*"}
            ecr.put_registry_policy(policyText=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

        put("ecr:BatchImportUpstreamImage")
        self.assert_refused("InvalidParameterException", put, action="s3:GetObject")

    def test_rules_by_their_prefixes(self) -> None:
        ecr = self.emulator.client("ecr", "000011112222")
        for prefix in ("one", "two"):
            ecr.create_pull_through_cache_rule(ecrRepositoryPrefix=prefix, upstreamRegistryUrl="public.ecr.aws")
        found = ecr.describe_pull_through_cache_rules(ecrRepositoryPrefixes=["two"])["pullThroughCacheRules"]
        self.assertEqual([rule["ecrRepositoryPrefix"] for rule in found], ["two"])
        self.assert_refused("PullThroughCacheRuleNotFoundException", ecr.describe_pull_through_cache_rules, ecrRepositoryPrefixes=["three"])


class TopicsTest(EmulatorCase):
    def test_data_protection(self) -> None:
        account = "777788880000"
        sns = self.emulator.client("sns", account)
        topic = sns.create_topic(Name="protected")["TopicArn"]
        self.assertEqual(sns.get_data_protection_policy(ResourceArn=topic)["DataProtectionPolicy"], "")
        for policy in ('{"Name":"a"}', '{"Name":"b"}', ""):
            sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=policy)
            self.assertEqual(sns.get_data_protection_policy(ResourceArn=topic)["DataProtectionPolicy"], policy)
        sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy="{}")
        sns.delete_topic(TopicArn=topic)
        self.assertEqual(self.emulator.inventory(account), {})


class ParametersTest(EmulatorCase):
    def test_data_types(self) -> None:
        ssm = self.emulator.client("ssm")
        named = {"Type": "SecureString", "Value": "{}"}
        ssm.put_parameter(Name="/d9d01087-4a3f-49e0-b0b4-d568d7826553/ssm/integrations/webhook/w", DataType="aws:ssm:integration", **named)
        self.assert_refused("ValidationException", ssm.put_parameter, Name="other", DataType="aws:ssm:other", **named)


class BucketsTest(EmulatorCase):
    def test_nothing_is_left_of_a_bucket_nor_comes_back_with_its_name(self) -> None:
        account = "555566667777"
        s3 = self.emulator.client("s3", account)
        for _ in range(2):
            s3.create_bucket(Bucket="again", CreateBucketConfiguration={"LocationConstraint": REGION})
            self.assertEqual(s3.get_bucket_request_payment(Bucket="again")["Payer"], "BucketOwner")
            self.assertNotIn("LoggingEnabled", s3.get_bucket_logging(Bucket="again"))
            s3.put_bucket_request_payment(Bucket="again", RequestPaymentConfiguration={"Payer": "Requester"})
            s3.put_bucket_metrics_configuration(Bucket="again", Id="x", MetricsConfiguration={"Id": "x"})
            s3.put_bucket_logging(Bucket="again", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "again", "TargetPrefix": ""}})
            s3.delete_bucket(Bucket="again")
        self.assertEqual(self.emulator.inventory(account), {})


    def test_settings_read_back(self) -> None:
        s3 = self.emulator.client("s3")
        s3.create_bucket(Bucket="settled", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="settled", VersioningConfiguration={"Status": "Enabled"})
        self.assertNotIn("MFADelete", s3.get_bucket_versioning(Bucket="settled"))
        s3.put_bucket_versioning(Bucket="settled", VersioningConfiguration={"Status": "Enabled", "MFADelete": "Disabled"})
        self.assertEqual(s3.get_bucket_versioning(Bucket="settled")["MFADelete"], "Disabled")
        self.assertNotIn("Status", s3.get_bucket_accelerate_configuration(Bucket="settled"))
        s3.put_bucket_accelerate_configuration(Bucket="settled", AccelerateConfiguration={"Status": "Suspended"})
        self.assertEqual(s3.get_bucket_accelerate_configuration(Bucket="settled")["Status"], "Suspended")
        self.assertEqual(s3.list_buckets()["Owner"]["ID"], s3.get_bucket_acl(Bucket="settled")["Owner"]["ID"])


class TablesTest(EmulatorCase):
    def test_limits_on_demand(self) -> None:
        dynamodb = self.emulator.client("dynamodb")
        limits = {"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 5}
        dynamodb.create_table(
            TableName="limited", BillingMode="PAY_PER_REQUEST", OnDemandThroughput=limits,
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])  # fmt: skip
        self.assertEqual(dynamodb.describe_table(TableName="limited")["Table"]["OnDemandThroughput"], limits)
        dynamodb.update_table(TableName="limited", OnDemandThroughput={**limits, "MaxReadRequestUnits": 6})
        self.assertEqual(dynamodb.describe_table(TableName="limited")["Table"]["OnDemandThroughput"]["MaxReadRequestUnits"], 6)

    def test_limits_on_demand_of_an_index(self) -> None:
        dynamodb = self.emulator.client("dynamodb")
        keys = [{"AttributeName": "k", "KeyType": "HASH"}]
        limits = {"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": 1}
        dynamodb.create_table(
            TableName="indexed", BillingMode="PAY_PER_REQUEST", KeySchema=keys, AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            GlobalSecondaryIndexes=[{"IndexName": "index", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}, "OnDemandThroughput": limits}])  # fmt: skip

        def shown() -> dict[str, Any]:
            [index] = dynamodb.describe_table(TableName="indexed")["Table"]["GlobalSecondaryIndexes"]
            found: dict[str, Any] = index["OnDemandThroughput"]
            return found

        self.assertEqual(shown(), limits)
        more = {**limits, "MaxReadRequestUnits": 2}
        dynamodb.update_table(TableName="indexed", GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "index", "OnDemandThroughput": more}}])
        self.assertEqual(shown(), more)
