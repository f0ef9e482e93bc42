"""Members that AWS would refuse, by the constraints of botocore's models."""
from __future__ import annotations

import unittest

from moto.core.utils import get_service_model

from emulator_server.constraints.checks import violations
from emulator_server.constraints.patterns import compiled, satisfies
from tests.support import EmulatorCase, shared

setUpModule, tearDownModule = shared()

TRUST = '{"Version":"2012-10-17","Statement":[]}'


class RefusedTest(EmulatorCase):
    """Each value that is refused, with its neighbour that is taken."""

    def assert_told(self, told: str, code: str, operation: object, **arguments: object) -> None:
        error = self.assert_refused(code, operation, **arguments).response
        self.assertIn(told, error["Error"]["Message"])
        self.assertEqual(error["ResponseMetadata"]["HTTPStatusCode"], 400)

    def test_too_long(self) -> None:
        iam = self.emulator.client("iam")
        told = f"1 validation error detected: Value '{'r' * 65}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64"
        self.assert_told(told, "ValidationError", iam.create_role, RoleName="r" * 65, AssumeRolePolicyDocument=TRUST)
        iam.create_role(RoleName="r" * 64, AssumeRolePolicyDocument=TRUST)

    def test_too_short(self) -> None:
        secrets = self.emulator.client("secretsmanager")
        self.assert_told("at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1", "ValidationException", secrets.create_secret, Name="")
        secrets.create_secret(Name="n", SecretString="s")

    def test_too_large_and_too_small(self) -> None:
        iam = self.emulator.client("iam")
        for seconds, told in {43201: "value less than or equal to 43200", 3599: "value greater than or equal to 3600"}.items():
            self.assert_told(told, "ValidationError", iam.create_role, RoleName="sessions", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=seconds)
        iam.create_role(RoleName="sessions", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=43200)

    def test_characters(self) -> None:
        iam, logs = self.emulator.client("iam"), self.emulator.client("logs")
        told = "at 'description' failed to satisfy constraint: Member must satisfy regular expression pattern: "
        self.assert_told(told, "ValidationError", iam.create_role, RoleName="described", AssumeRolePolicyDocument=TRUST, Description="取引")
        iam.create_role(RoleName="described", AssumeRolePolicyDocument=TRUST, Description="Händler")
        self.assert_told("at 'logGroupName'", "InvalidParameterException", logs.create_log_group, logGroupName="/a b")
        logs.create_log_group(logGroupName="/a#b")

    def test_one_of_several_values(self) -> None:
        balancers = self.emulator.client("elbv2")
        told = "at 'protocol' failed to satisfy constraint: Member must satisfy enum value set: ["
        self.assert_told(told, "ValidationError", balancers.create_target_group, Name="t", Protocol="http", Port=80, VpcId="vpc-1")

    def test_within_lists_and_structures(self) -> None:
        table = {
            "TableName": "t", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        }  # fmt: skip
        dynamodb = self.emulator.client("dynamodb")
        self.assert_told("at 'tags.1.member.key' failed", "ValidationException", dynamodb.create_table, **table, Tags=[{"Key": "k" * 129, "Value": "v"}])
        dynamodb.create_table(**table, Tags=[{"Key": "k" * 128, "Value": "v"}])

    def test_all_at_once(self) -> None:
        iam = self.emulator.client("iam")
        self.assert_told("2 validation errors detected: ", "ValidationError", iam.create_role, RoleName="a b", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=1)

    def test_missing(self) -> None:
        scheduler = self.emulator.client("scheduler")
        self.assert_told("Value null at 'scheduleExpression' failed to satisfy constraint: Member must not be null", "ValidationException", scheduler.create_schedule, Name="s",
                         FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": "arn:aws:sqs:ap-northeast-1:111122223333:q", "RoleArn": "arn:aws:iam::111122223333:role/r"})  # fmt: skip

    def test_secrets_are_not_told(self) -> None:
        secrets = self.emulator.client("secretsmanager")
        error = self.assert_refused("ValidationException", secrets.create_secret, Name="long", SecretString="s" * 65537)
        self.assertIn("Value '***' at 'secretString'", error.response["Error"]["Message"])

    def test_what_the_model_is_known_to_be_wrong_about_is_taken(self) -> None:
        s3 = self.emulator.client("s3")
        s3.create_bucket(Bucket="deliveries", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
        s3.put_bucket_acl(Bucket="deliveries", ACL="log-delivery-write")

    def test_what_a_form_cannot_say_is_not_missed(self) -> None:
        ec2 = self.emulator.client("ec2")
        ec2.create_launch_template(LaunchTemplateName="empty", LaunchTemplateData={})

    def test_before_anything_is_done(self) -> None:
        cache = self.emulator.client("elasticache")  # one of the engine's own kinds
        self.assert_told("at 'networkType'", "ValidationError", cache.create_cache_cluster, CacheClusterId="c", Engine="redis", NetworkType="ipv5")
        self.assertEqual(cache.describe_cache_clusters()["CacheClusters"], [])


class PatternsTest(unittest.TestCase):
    """Java's patterns in Python."""

    def test_all_of_a_value_unless_the_pattern_says_where_it_stands(self) -> None:
        self.assertTrue(satisfies(r"[\w-]+", "a-b"))
        self.assertFalse(satisfies(r"[\w-]+", "a-b!"))
        self.assertTrue(satisfies(r"^arn:aws", "arn:aws:sqs:x"))
        self.assertFalse(satisfies(r"^arn:aws", "x:arn:aws"))

    def test_classes_of_unicode(self) -> None:
        tag = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
        self.assertTrue(satisfies(tag, "取引 1"))
        self.assertFalse(satisfies(tag, "a;b"))
        self.assertTrue(satisfies(r"\p{Print}+", "a b"))
        self.assertFalse(satisfies(r"\p{Print}+", "取引"))

    def test_letters_are_ascii_unless_the_pattern_says_otherwise(self) -> None:
        self.assertFalse(satisfies(r"\w+", "取引"))

    def test_what_python_writes_otherwise(self) -> None:
        self.assertTrue(satisfies(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*", "a😀"))
        self.assertTrue(satisfies(r"[\w-_]*", "a-b"))
        self.assertFalse(satisfies(r"^(?!(?i).*<script>.*)[^:]+$", "a<SCRIPT>"))
        self.assertTrue(satisfies(r"^(?!(?i).*<script>.*)[^:]+$", "a"))

    def test_every_pattern_of_the_services_here_is_understood(self) -> None:
        unknown = set()
        for service in ("acm", "application-autoscaling", "autoscaling", "backup", "budgets", "ce", "cloudfront", "cloudtrail", "cloudwatch", "cognito-idp", "dynamodb", "ec2", "ecr", "ecs", "eks", "elasticache",
                        "elbv2", "events", "iam", "kms", "lambda", "logs", "rds", "route53", "s3", "scheduler", "secretsmanager", "servicediscovery", "sns", "sqs", "ssm", "sts", "wafv2"):  # fmt: skip
            model = get_service_model(service)
            patterns = {model.shape_for(name).metadata.get("pattern") for name in model.shape_names}
            unknown |= {(service, pattern) for pattern in patterns if pattern and compiled(pattern) is None}
        self.assertEqual(unknown, set())


class PathsTest(unittest.TestCase):
    def test_values_of_a_map(self) -> None:
        shape = get_service_model("eks").operation_model("TagResource").input_shape
        arguments = {"resourceArn": "arn", "tags": {"k": "v" * 257}}
        self.assertEqual(list(violations(shape, arguments)), [f"Value '{'v' * 257}' at 'tags.k.member' failed to satisfy constraint: Member must have length less than or equal to 256"])
        self.assertEqual(list(violations(shape, {**arguments, "tags": {"k": "v" * 256}})), [])


if __name__ == "__main__":
    unittest.main()
