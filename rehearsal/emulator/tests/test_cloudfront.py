"""What CloudFront refuses of a distribution and of what belongs to it, and its invalidations."""
from __future__ import annotations

from typing import Any

from tests.support import EmulatorCase, shared

setUpModule, tearDownModule = shared()

FUNCTION = {"Name": "route", "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"}, "FunctionCode": b"function handler(event) {}"}


class CloudFrontTest(EmulatorCase):
    def distribution(self, reference: str, enabled: bool = False, **behavior: Any) -> dict[str, Any]:
        return {
            "CallerReference": reference,
            "Comment": "",
            "Enabled": enabled,
            "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "example.com"}]},
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", **behavior},
        }

    def test_a_function_runs_once_it_is_published_and_goes_when_nobody_runs_it(self) -> None:
        client = self.emulator.client("cloudfront")
        made = client.create_function(**FUNCTION)
        name = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
        running = {"FunctionAssociations": {"Quantity": 1, "Items": [{"FunctionARN": name, "EventType": "viewer-request"}]}}
        create = lambda reference="a": client.create_distribution(DistributionConfig=self.distribution(reference, **running))  # noqa: E731
        self.assert_refused("InvalidFunctionAssociation", create)
        client.publish_function(Name="route", IfMatch=made["ETag"])
        distribution = create("b")["Distribution"]["Id"]
        self.assert_refused("FunctionInUse", client.delete_function, Name="route", IfMatch=made["ETag"])
        client.delete_distribution(Id=distribution)
        client.delete_function(Name="route", IfMatch=made["ETag"])

    def test_headers_that_a_distribution_names_are_there_and_stay(self) -> None:
        client = self.emulator.client("cloudfront")
        create = lambda reference, policy: client.create_distribution(  # noqa: E731
            DistributionConfig=self.distribution(reference, ResponseHeadersPolicyId=policy)
        )
        self.assert_refused("NoSuchResponseHeadersPolicy", create, reference="c", policy="unknown")
        policy = client.create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": "headers"})["ResponseHeadersPolicy"]["Id"]
        distribution = create("d", policy)["Distribution"]["Id"]
        self.assert_refused("ResponseHeadersPolicyInUse", client.delete_response_headers_policy, Id=policy)
        client.delete_distribution(Id=distribution)
        client.delete_response_headers_policy(Id=policy)

    def test_a_vpc_origin_is_of_a_machine_that_is_there_and_stays_while_it_is_asked(self) -> None:
        client, ec2 = self.emulator.client("cloudfront"), self.emulator.client("ec2")
        account = self.emulator.client("sts").get_caller_identity()["Account"]
        config = lambda machine: {  # noqa: E731
            "Name": "api",
            "Arn": f"arn:aws:ec2:ap-northeast-1:{account}:instance/{machine}",
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "http-only",
        }
        self.assert_refused("InvalidArgument", client.create_vpc_origin, VpcOriginEndpointConfig=config("i-0123456789abcdef0"))
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        machine = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        made = client.create_vpc_origin(VpcOriginEndpointConfig=config(machine))
        origin = made["VpcOrigin"]["Id"]
        self.assertEqual(client.get_vpc_origin(Id=origin)["VpcOrigin"]["VpcOriginEndpointConfig"]["HTTPPort"], 80)
        asking = {**self.distribution("v"), "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "x", "VpcOriginConfig": {"VpcOriginId": origin}}]}}
        unknown = {**asking, "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "x", "VpcOriginConfig": {"VpcOriginId": "vo_none"}}]}}
        self.assert_refused("EntityNotFound", client.create_distribution, DistributionConfig=unknown)
        distribution = client.create_distribution(DistributionConfig=asking)["Distribution"]["Id"]
        etag = client.get_vpc_origin(Id=origin)["ETag"]
        self.assert_refused("CannotDeleteEntityWhileInUse", client.delete_vpc_origin, Id=origin, IfMatch=etag)
        changed = {"Id": origin, "IfMatch": etag, "VpcOriginEndpointConfig": {**config(machine), "Name": "other"}}
        self.assert_refused("CannotUpdateEntityWhileInUse", client.update_vpc_origin, **changed)
        client.delete_distribution(Id=distribution)
        client.update_vpc_origin(**changed)
        etag = client.get_vpc_origin(Id=origin)["ETag"]
        client.delete_vpc_origin(Id=origin, IfMatch=etag)
        self.assert_refused("EntityNotFound", client.get_vpc_origin, Id=origin)
        ec2.terminate_instances(InstanceIds=[machine])

    def test_a_distribution_that_serves_is_not_deleted(self) -> None:
        client = self.emulator.client("cloudfront")
        made = client.create_distribution(DistributionConfig=self.distribution("e", enabled=True))["Distribution"]["Id"]
        self.assert_refused("DistributionNotDisabled", client.delete_distribution, Id=made)
        client.update_distribution(Id=made, DistributionConfig=self.distribution("e"))
        client.delete_distribution(Id=made)

    def test_an_invalidation_is_of_a_distribution_that_is_there(self) -> None:
        client = self.emulator.client("cloudfront")
        batch = {"Paths": {"Quantity": 1, "Items": ["/robots.txt"]}, "CallerReference": "r"}
        self.assert_refused("NoSuchDistribution", client.create_invalidation, DistributionId="E0", InvalidationBatch=batch)
        made = client.create_distribution(DistributionConfig=self.distribution("f"))["Distribution"]["Id"]
        invalidation = client.create_invalidation(DistributionId=made, InvalidationBatch=batch)["Invalidation"]["Id"]
        shown = client.get_invalidation(DistributionId=made, Id=invalidation)["Invalidation"]
        self.assertEqual((shown["Status"], shown["InvalidationBatch"]["Paths"]["Items"]), ("Completed", ["/robots.txt"]))
        client.delete_distribution(Id=made)
