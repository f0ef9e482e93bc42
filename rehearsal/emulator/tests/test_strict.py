"""What nothing covers is refused: in every protocol, at the first attempt, and without touching anything else."""
from __future__ import annotations

import unittest

from tests.support import Emulator, EmulatorCase, shared

setUpModule, tearDownModule = shared()
UNSUPPORTED = "RehearsalUnsupportedOperation"

#: protocol -> (service, operation, arguments) that neither moto nor the table has
UNCOVERED = {
    "query": ("elasticache", "create_global_replication_group", {"GlobalReplicationGroupIdSuffix": "x", "PrimaryReplicationGroupId": "y"}),
    "json": ("ssm", "create_activation", {"IamRole": "x"}),
    "rest-json": ("eks", "register_cluster", {"name": "x", "connectorConfig": {"roleArn": "arn:aws:iam::1:role/x", "provider": "OTHER"}}),
    "rest-xml": ("cloudfront", "create_monitoring_subscription", {"DistributionId": "X", "MonitoringSubscription": {}}),
    "ec2": ("ec2", "create_verified_access_instance", {}),
}


class StrictTest(EmulatorCase):
    def test_refuses_in_every_protocol(self) -> None:
        for protocol, (service, operation, arguments) in UNCOVERED.items():
            with self.subTest(protocol=protocol):
                client = self.emulator.client(service, retries=4)
                error = self.assert_refused(UNSUPPORTED, getattr(client, operation), **arguments)
                name = client.meta.method_to_api_mapping[operation]
                self.assertIn(f"{service} {name}", error.response["Error"]["Message"])
                self.assertEqual(error.response["ResponseMetadata"]["HTTPStatusCode"], 400)
                self.assertEqual(error.response["ResponseMetadata"]["RetryAttempts"], 0)
                self.assertIn({"service": service, "operation": name}, self.emulator.get("/rehearsal/coverage")["refused"])

    def test_refuses_services_that_moto_does_not_have(self) -> None:
        self.assert_refused(UNSUPPORTED, self.emulator.client("outposts").create_site, Name="x")

    def test_a_bucket_survives_operations_that_moto_takes_for_its_deletion(self) -> None:
        s3 = self.emulator.client("s3")
        s3.create_bucket(Bucket="survivor", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
        self.assert_refused(UNSUPPORTED, s3.delete_bucket_metadata_table_configuration, Bucket="survivor")
        for name in ("metrics", "analytics", "inventory", "intelligent_tiering"):
            self.assert_refused("NoSuchConfiguration", getattr(s3, f"delete_bucket_{name}_configuration"), Bucket="survivor", Id="x")
        s3.head_bucket(Bucket="survivor")

    def test_signed_requests_for_a_bucket_called_rehearsal_are_not_for_the_emulator(self) -> None:
        s3 = self.emulator.client("s3")
        s3.create_bucket(Bucket="rehearsal", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
        s3.put_object(Bucket="rehearsal", Key="health", Body=b"mine")
        self.assertEqual(s3.get_object(Bucket="rehearsal", Key="health")["Body"].read(), b"mine")


class LenientTest(unittest.TestCase):
    def test_answers_by_inference_and_says_so(self) -> None:
        emulator = Emulator("--lenient").wait_until_ready()
        self.addCleanup(emulator.stop)
        outposts = emulator.client("outposts")
        site = outposts.create_site(Name="tokyo", Description="x")["Site"]
        self.assertEqual(outposts.get_site(SiteId=site["SiteId"])["Site"]["Name"], "tokyo")
        inferred = emulator.get("/rehearsal/coverage")["inferred"]
        self.assertEqual(inferred, [{"service": "outposts", "operation": name} for name in ("CreateSite", "GetSite")])
