"""The inventory: nothing in a fresh account, all that is made, nothing once it is deleted."""
from __future__ import annotations

from typing import Any

from tests.support import REGION, EmulatorCase, shared

setUpModule, tearDownModule = shared()


class InventoryTest(EmulatorCase):
    account = "222233334444"

    def client(self, service: str, region: str = REGION) -> Any:
        return self.emulator.client(service, self.account, region)

    def inventory(self) -> dict[str, Any]:
        return self.emulator.inventory(self.account)

    def test_empty_where_nothing_was_made(self) -> None:
        self.account = "222200000001"
        self.assertEqual(self.inventory(), {})
        self.client("ec2").describe_vpcs()
        self.client("iam").list_policies(Scope="AWS", MaxItems=1)
        self.client("kms").list_aliases()
        self.client("ssm").get_parameter(Name="/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base")
        self.client("events").list_rules()
        self.client("s3").list_buckets()
        self.assertEqual(self.inventory(), {}, "what a fresh account has is not left over")

    def test_shows_what_is_made_until_it_is_deleted(self) -> None:
        self.account = "222200000002"
        s3, sqs, dynamodb, cache = (self.client(service) for service in ("s3", "sqs", "dynamodb", "elasticache"))
        s3.create_bucket(Bucket="left-over", CreateBucketConfiguration={"LocationConstraint": REGION})
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        key = {"AttributeName": "pk", "KeyType": "HASH"}
        dynamodb.create_table(
            TableName="t", KeySchema=[key], AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST")  # fmt: skip
        cache.create_cache_cluster(CacheClusterId="c", Engine="redis")
        expected = {
            "s3": {"global": {"buckets": ["left-over"]}},
            "sqs": {REGION: {"queues": ["q"]}},
            "dynamodb": {REGION: {"tables": ["t"]}},
            "elasticache": {REGION: {"CacheCluster": ["c"]}},
        }
        self.assertEqual(self.inventory(), expected)
        s3.delete_bucket(Bucket="left-over")
        sqs.delete_queue(QueueUrl=url)
        dynamodb.delete_table(TableName="t")
        cache.delete_cache_cluster(CacheClusterId="c")
        self.assertEqual(self.inventory(), {})

    def test_shows_what_is_left_inside_of_what_was_there_before(self) -> None:
        self.account = "222200000003"
        events = self.client("events")
        events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
        self.assertEqual(self.inventory(), {"events": {REGION: {"event_buses.rules": ["default/nightly"]}}})
        events.delete_rule(Name="nightly")
        self.assertEqual(self.inventory(), {})

    def test_shows_a_rule_added_to_the_default_security_group(self) -> None:
        self.account = "222200000004"
        ec2 = self.client("ec2")
        group = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["GroupId"]
        ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="192.0.2.0/24")
        self.assertEqual(list(self.inventory()["ec2"][REGION]), ["groups.ingress_rules"])

    def test_tells_regions_apart(self) -> None:
        self.account = "222200000005"
        self.client("sns", "ap-northeast-3").create_topic(Name="osaka")
        arn = f"arn:aws:sns:ap-northeast-3:{self.account}:osaka"
        self.assertEqual(self.inventory(), {"sns": {"ap-northeast-3": {"topics": [arn]}}})
        self.assertEqual(self.emulator.inventory("222200000099"), {})

    def test_leaves_out_what_aws_keeps_too(self) -> None:
        self.account = "222200000006"
        kms, secrets, ec2 = self.client("kms"), self.client("secretsmanager"), self.client("ec2")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        secrets.create_secret(Name="s", SecretString="x")
        instance = ec2.run_instances(ImageId="ami-03cf127a", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        self.assertEqual(set(self.inventory()), {"kms", "secretsmanager", "ec2"})
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        secrets.delete_secret(SecretId="s", RecoveryWindowInDays=7)
        ec2.terminate_instances(InstanceIds=[instance])
        self.assertEqual(self.inventory(), {})

    def test_leaves_out_what_belongs_to_a_deleted_thing(self) -> None:
        self.account = "222200000008"
        route53, ssm = self.client("route53"), self.client("ssm")
        zone = route53.create_hosted_zone(Name="example.com", CallerReference="r")["HostedZone"]["Id"].rpartition("/")[2]
        route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=[{"Key": "a", "Value": "1"}])
        settings = {"Schedule": "rate(1 day)", "Duration": 3, "Cutoff": 1, "AllowUnassociatedTargets": False}
        window = ssm.create_maintenance_window(Name="window", **settings, Tags=[{"Key": "a", "Value": "1"}])["WindowId"]
        self.assertEqual(set(self.inventory()), {"route53", "ssm"})
        route53.delete_hosted_zone(Id=zone)
        ssm.delete_maintenance_window(WindowId=window)
        self.assertEqual(self.inventory(), {})

    def test_shows_a_setting_of_the_account(self) -> None:
        self.account = "222200000007"
        self.client("iam").update_account_password_policy(MinimumPasswordLength=14)
        self.assertIn("account_password_policy", self.inventory()["iam"]["global"])
