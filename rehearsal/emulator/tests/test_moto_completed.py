"""What moto answers, with its forgotten members remembered (shadows) and its defects repaired (patches)."""
from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

from tests.support import ACCOUNT, REGION, EmulatorCase, shared

setUpModule, tearDownModule = shared()

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


class ShadowsTest(EmulatorCase):
    def test_kms_rotation_period(self) -> None:
        kms = self.emulator.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
        self.assertEqual(kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"], 180)

    def test_lambda_dead_letters_and_logging(self) -> None:
        self.emulator.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("index.js", "")
        functions = self.emulator.client("lambda")
        functions.create_function(
            FunctionName="f", Runtime="nodejs20.x", Role=ROLE, Handler="index.handler", Code={"ZipFile": code.getvalue()},
            DeadLetterConfig={"TargetArn": "arn:aws:sqs:x"}, LoggingConfig={"LogFormat": "JSON"})  # fmt: skip
        found = functions.get_function_configuration(FunctionName="f")
        self.assertEqual(found["DeadLetterConfig"], {"TargetArn": "arn:aws:sqs:x"})
        self.assertEqual(found["LoggingConfig"], {"LogFormat": "JSON"})

    def test_database_performance_insights(self) -> None:
        rds = self.emulator.client("rds")
        rds.create_db_instance(
            DBInstanceIdentifier="d", Engine="postgres", DBInstanceClass="db.t4g.small", AllocatedStorage=20, MasterUsername="u",
            MasterUserPassword="p" * 12, PreferredBackupWindow="17:00-18:00", PreferredMaintenanceWindow="sun:18:00-sun:19:00",
            EnablePerformanceInsights=True, PerformanceInsightsRetentionPeriod=7)  # fmt: skip
        instance = rds.describe_db_instances(DBInstanceIdentifier="d")["DBInstances"][0]
        self.assertTrue(instance["PerformanceInsightsEnabled"])
        self.assertEqual(instance["PerformanceInsightsRetentionPeriod"], 7)

    def test_ecs_service(self) -> None:
        ecs = self.emulator.client("ecs")
        ecs.create_cluster(clusterName="c")
        ecs.register_task_definition(family="t", containerDefinitions=[{"name": "a", "image": "a", "memory": 128}])
        ecs.create_service(cluster="c", serviceName="s", taskDefinition="t", desiredCount=0, enableExecuteCommand=True)
        service = ecs.describe_services(cluster="c", services=["s"])["services"][0]
        self.assertEqual((service["enableExecuteCommand"], service["availabilityZoneRebalancing"]), (True, "DISABLED"))
        ecs.delete_service(cluster="c", service="s", force=True)
        ecs.create_service(cluster="c", serviceName="s", taskDefinition="t", desiredCount=0)
        service = ecs.describe_services(cluster="c", services=["s"])["services"][0]
        self.assertFalse(service["enableExecuteCommand"], "a new one of the same name begins anew")

    def test_notebook_platform(self) -> None:
        sagemaker = self.emulator.client("sagemaker")
        name = {"NotebookInstanceName": "n"}
        metadata = {"InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"}}
        sagemaker.create_notebook_instance(**name, InstanceType="ml.t3.medium", RoleArn=ROLE, PlatformIdentifier="notebook-al2-v3", **metadata)
        described = sagemaker.describe_notebook_instance(**name)
        self.assertEqual(described["PlatformIdentifier"], "notebook-al2-v3")
        self.assertEqual({key: described[key] for key in metadata}, metadata)

    def test_rules_keep_their_descriptions_whatever_is_on_the_other_side(self) -> None:
        ec2 = self.emulator.client("ec2")
        group = ec2.create_security_group(GroupName="described", Description="d")["GroupId"]
        self.addCleanup(ec2.delete_security_group, GroupId=group)
        [lists] = [found["PrefixListId"] for found in ec2.describe_prefix_lists()["PrefixLists"] if found["PrefixListName"].endswith(".s3")]
        peers = [
            {"IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "a network"}]},
            {"PrefixListIds": [{"PrefixListId": lists, "Description": "a list"}]},
            {"UserIdGroupPairs": [{"GroupId": group, "Description": "a group"}]},
        ]
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer} for peer in peers])
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
        self.assertLessEqual({"a network", "a list", "a group"}, {rule.get("Description") for rule in rules})

    def test_log_group_class_by_whole_name(self) -> None:
        logs = self.emulator.client("logs")
        logs.create_log_group(logGroupName="/a/x", logGroupClass="INFREQUENT_ACCESS")
        logs.create_log_group(logGroupName="/b/x")
        classes = {group["logGroupName"]: group["logGroupClass"] for group in logs.describe_log_groups()["logGroups"]}
        self.assertEqual(classes, {"/a/x": "INFREQUENT_ACCESS", "/b/x": "STANDARD"})

    def test_tags_of_scalable_targets(self) -> None:
        ecs = self.emulator.client("ecs")
        ecs.create_cluster(clusterName="scaled")
        ecs.register_task_definition(family="scaled", containerDefinitions=[{"name": "a", "image": "a", "memory": 128}])
        ecs.create_service(cluster="scaled", serviceName="s", taskDefinition="scaled", desiredCount=0)
        scaling = self.emulator.client("application-autoscaling")
        target = {"ServiceNamespace": "ecs", "ResourceId": "service/scaled/s", "ScalableDimension": "ecs:service:DesiredCount"}
        arn = scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2, Tags={"a": "1"})["ScalableTargetARN"]
        self.assertEqual(scaling.list_tags_for_resource(ResourceARN=arn)["Tags"], {"a": "1"})


class BucketTest(EmulatorCase):
    def bucket(self, name: str) -> Any:
        s3 = self.emulator.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return s3

    def test_lifecycle_reads_back_as_it_was_written(self) -> None:
        s3 = self.bucket("lifecycle")
        rules = [{
            "ID": "r", "Status": "Enabled",
            "Filter": {"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 1000, "Tags": [{"Key": "k", "Value": "v"}]}},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 3},
        }]  # fmt: skip
        s3.put_bucket_lifecycle_configuration(Bucket="lifecycle", LifecycleConfiguration={"Rules": rules})
        self.assertEqual(s3.get_bucket_lifecycle_configuration(Bucket="lifecycle")["Rules"], rules)
        s3.delete_bucket_lifecycle(Bucket="lifecycle")
        self.assert_refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket="lifecycle")

    def test_logging_by_bucket_policy(self) -> None:
        s3 = self.bucket("deliveries")
        logging = {"TargetBucket": "deliveries", "TargetPrefix": "l/"}
        deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::deliveries/*"}
        service = {"Service": "logging.s3.amazonaws.com"}
        allow = {"Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::deliveries/*"}
        s3.put_bucket_ownership_controls(Bucket="deliveries", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
        s3.put_bucket_policy(Bucket="deliveries", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
        status = {"LoggingEnabled": logging}
        self.assert_refused("InvalidTargetBucketForLogging", s3.put_bucket_logging, Bucket="deliveries", BucketLoggingStatus=status)
        s3.put_bucket_policy(Bucket="deliveries", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny, allow]}))
        s3.put_bucket_logging(Bucket="deliveries", BucketLoggingStatus=status)
        self.assertEqual(s3.get_bucket_logging(Bucket="deliveries")["LoggingEnabled"], logging)

    def test_logging_format_replication_and_eventbridge(self) -> None:
        s3 = self.bucket("settings")
        s3.put_bucket_acl(Bucket="settings", ACL="log-delivery-write")
        formats = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
        logging = {"TargetBucket": "settings", "TargetPrefix": "l/", "TargetObjectKeyFormat": formats}
        s3.put_bucket_logging(Bucket="settings", BucketLoggingStatus={"LoggingEnabled": logging})
        self.assertEqual(s3.get_bucket_logging(Bucket="settings")["LoggingEnabled"], logging)
        self.assertNotIn("Contents", s3.list_objects_v2(Bucket="settings"), "no access logs are delivered")
        s3.put_bucket_notification_configuration(Bucket="settings", NotificationConfiguration={"EventBridgeConfiguration": {}})
        self.assertEqual(s3.get_bucket_notification_configuration(Bucket="settings")["EventBridgeConfiguration"], {})
        s3.put_bucket_notification_configuration(Bucket="settings", NotificationConfiguration={})
        self.assertNotIn("EventBridgeConfiguration", s3.get_bucket_notification_configuration(Bucket="settings"))

    def test_denials_with_conditions_do_not_bind(self) -> None:
        s3 = self.bucket("tls")
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::tls", "arn:aws:s3:::tls/*"]}
        condition = {"Bool": {"aws:SecureTransport": "false"}}
        s3.put_bucket_policy(Bucket="tls", Policy=json.dumps({"Statement": [{**statement, "Condition": condition}]}))
        s3.put_object(Bucket="tls", Key="k", Body=b"x")

    def test_delete_markers_can_be_deleted(self) -> None:
        s3 = self.bucket("markers")
        s3.put_object(Bucket="markers", Key="k", Body=b"x")
        s3.delete_object(Bucket="markers", Key="k")
        versions = s3.list_object_versions(Bucket="markers")
        for version in versions["Versions"] + versions["DeleteMarkers"]:
            s3.delete_object(Bucket="markers", Key="k", VersionId=version["VersionId"])
        s3.delete_bucket(Bucket="markers")

    def test_retention_of_a_bucket_that_holds_objects(self) -> None:
        s3 = self.emulator.client("s3")
        location = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket="locked", CreateBucketConfiguration=location, ObjectLockEnabledForBucket=True)
        s3.put_object(Bucket="locked", Key="k", Body=b"x")
        rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}
        s3.put_object_lock_configuration(Bucket="locked", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
        found = s3.get_object_lock_configuration(Bucket="locked")["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
        self.assertEqual((found["Mode"], found["Days"]), ("GOVERNANCE", 30))


class QueuesAndTopicsTest(EmulatorCase):
    def test_attributes_of_queues(self) -> None:
        sqs = self.emulator.client("sqs")
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
        allow = json.dumps({"redrivePermission": "allowAll"})
        sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": allow})
        statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": redrive})
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(found["Policy"], policy, "another change leaves it alone")
        self.assertEqual(found["RedrivePolicy"], f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":3}}')
        for names in (["All"], ["RedriveAllowPolicy"]):
            attributes = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=names)["Attributes"]
            self.assertEqual(attributes["RedriveAllowPolicy"], allow)

    def test_attributes_of_topics_and_pending_subscriptions(self) -> None:
        sns = self.emulator.client("sns")
        topic = sns.create_topic(Name="t", Attributes={"TracingConfig": "Active"})["TopicArn"]
        self.assertEqual(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["TracingConfig"], "Active")
        pending = {}
        for protocol, endpoint in (("email", "a@example.com"), ("sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:any")):
            self.emulator.client("sqs").create_queue(QueueName="any")
            made = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, ReturnSubscriptionArn=True)
            attributes = sns.get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"])["Attributes"]
            pending[protocol] = attributes["PendingConfirmation"]
        self.assertEqual(pending, {"email": "true", "sqs": "false"})


class ComputersTest(EmulatorCase):
    image = "ami-03cf127a"

    def test_launch(self) -> None:
        ec2 = self.emulator.client("ec2")
        subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
        group = ec2.create_security_group(GroupName="g", Description="g")["GroupId"]
        disk = {"VolumeType": "gp3", "VolumeSize": 50, "Iops": 4000, "Throughput": 250}
        launched = ec2.run_instances(
            ImageId=self.image, MinCount=1, MaxCount=1, BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": disk}],
            NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "Groups": [group], "AssociatePublicIpAddress": True}])  # fmt: skip
        instance = launched["Instances"][0]
        self.assertEqual(instance["SecurityGroups"], [{"GroupId": group, "GroupName": "g"}])
        self.assertEqual(instance["MaintenanceOptions"]["AutoRecovery"], "default")
        only = {"InstanceIds": [instance["InstanceId"]]}
        volume = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": only["InstanceIds"]}])["Volumes"][0]
        self.assertEqual((volume["Iops"], volume["Throughput"]), (4000, 250))
        ec2.monitor_instances(**only)
        self.assertEqual(ec2.describe_instances(**only)["Reservations"][0]["Instances"][0]["Monitoring"]["State"], "enabled")
        interface = instance["NetworkInterfaces"][0]["NetworkInterfaceId"]
        ec2.terminate_instances(**only)
        self.assertNotIn(interface, [i["NetworkInterfaceId"] for i in ec2.describe_network_interfaces()["NetworkInterfaces"]])

    def test_an_interface_outlives_its_instance(self) -> None:
        ec2 = self.emulator.client("ec2")
        subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
        interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
        launched = ec2.run_instances(
            ImageId=self.image, MinCount=1, MaxCount=1, NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
            BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"VolumeType": "gp3", "Encrypted": True}}])["Instances"][0]  # fmt: skip
        volumes = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [launched["InstanceId"]]}])["Volumes"]
        self.assertEqual([(volume["Size"], volume["Encrypted"]) for volume in volumes], [(8, True)], "the size is the image's")
        ec2.terminate_instances(InstanceIds=[launched["InstanceId"]])
        gone = ec2.describe_instances(InstanceIds=[launched["InstanceId"]])["Reservations"][0]["Instances"][0]
        self.assertEqual(gone["State"]["Name"], "terminated")
        self.assertNotIn("Attachment", ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0])
        ec2.delete_network_interface(NetworkInterfaceId=interface)

    def test_templates_keep_their_own_tags_apart(self) -> None:
        ec2 = self.emulator.client("ec2")
        tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "1"}]}]
        template = ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"ImageId": self.image}, TagSpecifications=tags)
        ec2.create_tags(Resources=[template["LaunchTemplate"]["LaunchTemplateId"]], Tags=[{"Key": "a", "Value": "2"}])
        found = ec2.describe_launch_templates(LaunchTemplateNames=["template"])["LaunchTemplates"][0]
        self.assertEqual(found["Tags"], [{"Key": "a", "Value": "2"}], "tags that change are told")
        data = ec2.describe_launch_template_versions(LaunchTemplateName="template")["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        self.assertEqual(data.get("TagSpecifications", []), [])

    def test_published_images(self) -> None:
        ec2, ssm = self.emulator.client("ec2"), self.emulator.client("ssm")
        name = "Windows_Server-2022-English-Full-Base"
        images = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": [f"{name}-*"]}])["Images"]
        parameter = ssm.get_parameter(Name=f"/aws/service/ami-windows-latest/{name}")["Parameter"]
        self.assertEqual([image["ImageId"] for image in images], [parameter["Value"]])
        self.assertEqual(images[0]["Platform"], "windows")
        japanese = ssm.get_parameter(Name="/aws/service/ami-windows-latest/Windows_Server-2022-Japanese-Full-Base")["Parameter"]
        self.assertNotEqual(japanese["Value"], parameter["Value"])
        path = "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"
        self.assertIn("ami-", ssm.get_parameter(Name=path)["Parameter"]["Value"])

    def test_launch_attributes(self) -> None:
        ec2 = self.emulator.client("ec2", "333344448888")
        subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
        interface = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": False}
        launched = ec2.run_instances(ImageId=self.image, MinCount=1, MaxCount=1, DisableApiTermination=True, NetworkInterfaces=[interface])["Instances"][0]["InstanceId"]
        self.assertTrue(ec2.describe_instance_attribute(InstanceId=launched, Attribute="disableApiTermination")["DisableApiTermination"]["Value"])
        self.assert_refused("OperationNotPermitted", ec2.terminate_instances, InstanceIds=[launched])
        interfaces = ec2.describe_instances(InstanceIds=[launched])["Reservations"][0]["Instances"][0]["NetworkInterfaces"]
        self.assertNotIn("Association", interfaces[0])

    def test_images_that_a_parameter_names_at_launch(self) -> None:
        scaling, ec2 = self.emulator.client("autoscaling", "333344440000"), self.emulator.client("ec2", "333344440000")
        image = "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"
        ec2.create_launch_template(LaunchTemplateName="resolved", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.medium"})
        scaling.create_auto_scaling_group(
            AutoScalingGroupName="g", MinSize=1, MaxSize=1, AvailabilityZones=[f"{REGION}a"], LaunchTemplate={"LaunchTemplateName": "resolved"})  # fmt: skip
        self.assertEqual(len(scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]), 1)
        data = ec2.describe_launch_template_versions(LaunchTemplateName="resolved")["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        self.assertEqual(data["ImageId"], image, "it stays as it was written, or every plan would change it")

    def test_pinned_images(self) -> None:
        ec2 = self.emulator.client("ec2", "333344449999")
        pinned = "ami-0dafcef159b1fc745"
        self.assertEqual([image["RootDeviceName"] for image in ec2.describe_images(ImageIds=[pinned])["Images"]], ["/dev/sda1"])
        left = self.emulator.inventory("333344449999")
        self.assertEqual(left, {})
        self.assert_refused("InvalidAMIID.NotFound", ec2.describe_images, ImageIds=["ami-xxxxxxxxx"])

    def test_scaling_policies(self) -> None:
        scaling, ec2 = self.emulator.client("autoscaling"), self.emulator.client("ec2")
        ec2.create_launch_template(LaunchTemplateName="scaled", LaunchTemplateData={"ImageId": self.image})
        group = {"AutoScalingGroupName": "g"}
        scaling.create_auto_scaling_group(
            **group, MinSize=0, MaxSize=1, AvailabilityZones=[f"{REGION}a"], LaunchTemplate={"LaunchTemplateName": "scaled"})  # fmt: skip
        scaling.put_scaling_policy(**group, PolicyName="p", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1)
        policy = scaling.describe_policies(**group)["ScalingPolicies"][0]
        self.assertTrue(policy["Enabled"])
        self.assertNotIn("PredictiveScalingConfiguration", policy)


class NetworkTest(EmulatorCase):
    def test_named_certificates(self) -> None:
        account = "333344447777"
        ec2, elb = self.emulator.client("ec2", account), self.emulator.client("elbv2", account)
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
        balancer = elb.create_load_balancer(Name="ui", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        listener = {"LoadBalancerArn": balancer, "Protocol": "HTTPS", "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]}
        certificate = f"arn:aws:acm:{REGION}:{account}:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000003"
        elb.create_listener(**listener, Port=443, Certificates=[{"CertificateArn": certificate}])
        foreign = certificate.replace(account, ACCOUNT)
        self.assert_refused("CertificateNotFound", elb.create_listener, **listener, Port=8443, Certificates=[{"CertificateArn": foreign}])

    def test_protected_load_balancers(self) -> None:
        account = "333344447776"
        ec2, elb = self.emulator.client("ec2", account), self.emulator.client("elbv2", account)
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
        balancer = {"LoadBalancerArn": elb.create_load_balancer(Name="ui", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]}
        protection = lambda value: elb.modify_load_balancer_attributes(**balancer, Attributes=[{"Key": "deletion_protection.enabled", "Value": value}])  # noqa: E731
        protection("true")
        self.assert_refused("OperationNotPermitted", elb.delete_load_balancer, **balancer)
        protection("false")
        elb.delete_load_balancer(**balancer)
        self.assertEqual(elb.describe_load_balancers()["LoadBalancers"], [])

    def test_descriptions_of_rules_between_groups(self) -> None:
        ec2 = self.emulator.client("ec2", "333344446666")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        one, other = (ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("one", "other"))
        pair = {"GroupId": other, "Description": "Redis access"}
        ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "UserIdGroupPairs": [pair]}])
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [one]}])["SecurityGroupRules"]
        self.assertEqual([rule.get("Description") for rule in rules if not rule["IsEgress"]], ["Redis access"])

    def test_groups_that_another_names(self) -> None:
        ec2 = self.emulator.client("ec2", "333344446667")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        one, other = (ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("one", "other"))
        for authorize, revoke in ((ec2.authorize_security_group_ingress, ec2.revoke_security_group_ingress), (ec2.authorize_security_group_egress, ec2.revoke_security_group_egress)):
            rule = {"GroupId": one, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "UserIdGroupPairs": [{"GroupId": other}]}]}
            authorize(**rule)
            self.assert_refused("DependencyViolation", ec2.delete_security_group, GroupId=other)
            revoke(**rule)
        # A rule of its own is no matter.
        ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]}])
        ec2.delete_security_group(GroupId=other)

    def test_what_goes_with_a_vpc_and_a_nat_gateway(self) -> None:
        account = "333344445555"
        ec2 = self.emulator.client("ec2", account)
        tags = [{"ResourceType": "dhcp-options", "Tags": [{"Key": "a", "Value": "1"}]}]
        configurations = [{"Key": "domain-name", "Values": ["example.com"]}]
        options = ec2.create_dhcp_options(DhcpConfigurations=configurations, TagSpecifications=tags)["DhcpOptions"]
        self.assertEqual(options["Tags"], [{"Key": "a", "Value": "1"}])
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        ec2.associate_dhcp_options(VpcId=vpc, DhcpOptionsId=options["DhcpOptionsId"])
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        ec2.delete_nat_gateway(NatGatewayId=gateway)
        self.assertNotIn("AssociationId", ec2.describe_addresses()["Addresses"][0])
        ec2.release_address(AllocationId=address)
        ec2.delete_subnet(SubnetId=subnet)
        ec2.delete_vpc(VpcId=vpc)
        ec2.delete_dhcp_options(DhcpOptionsId=options["DhcpOptionsId"])  # the VPC did not take them along
        self.assertEqual(self.emulator.inventory(account), {})


class OthersTest(EmulatorCase):
    def test_encryption_of_a_table_that_stands(self) -> None:
        dynamodb = self.emulator.client("dynamodb")
        dynamodb.create_table(
            TableName="plain", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])  # fmt: skip
        described = lambda: dynamodb.describe_table(TableName="plain")["Table"].get("SSEDescription", {})  # noqa: E731
        self.assertEqual(described(), {})
        dynamodb.update_table(TableName="plain", SSESpecification={"Enabled": True})
        self.assertEqual((described()["Status"], described()["SSEType"]), ("ENABLED", "KMS"))
        own = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/own"
        dynamodb.update_table(TableName="plain", SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": own})
        self.assertEqual(described()["KMSMasterKeyArn"], own)
        dynamodb.update_table(TableName="plain", SSESpecification={"Enabled": False})
        self.assertEqual(described(), {})

    def test_what_a_table_can_be_restored_to_goes_on_with_the_time(self) -> None:
        client = self.emulator.client("dynamodb")
        key = {"AttributeName": "pk"}
        client.create_table(TableName="kept", KeySchema=[{**key, "KeyType": "HASH"}], AttributeDefinitions=[{**key, "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")

        def recovery() -> dict[str, Any]:
            found: dict[str, Any] = client.describe_continuous_backups(TableName="kept")["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
            return found

        self.assertNotIn("LatestRestorableDateTime", recovery())
        client.update_continuous_backups(TableName="kept", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
        begun = recovery()
        time.sleep(1.5)
        later = recovery()
        self.assertGreater(later["LatestRestorableDateTime"], begun["LatestRestorableDateTime"])
        self.assertLess(later["LatestRestorableDateTime"].timestamp(), time.time())
        self.assertEqual(later["EarliestRestorableDateTime"], begun["EarliestRestorableDateTime"])

    def test_database_parameters_are_the_users(self) -> None:
        rds = self.emulator.client("rds")
        group = {"DBParameterGroupName": "p"}
        rds.create_db_parameter_group(**group, DBParameterGroupFamily="postgres16", Description="d")
        parameter = {"ParameterName": "log_statement", "ParameterValue": "ddl", "ApplyMethod": "immediate"}
        rds.modify_db_parameter_group(**group, Parameters=[parameter])
        found = rds.describe_db_parameters(**group, Source="user")["Parameters"]
        self.assertEqual([(p["ParameterName"], p["Source"]) for p in found], [("log_statement", "user")])

    def test_a_database_runs_a_minor_version(self) -> None:
        rds = self.emulator.client("rds")
        common = {"Engine": "postgres", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20, "MasterUsername": "u"}
        rds.create_db_instance(DBInstanceIdentifier="major", EngineVersion="15", MasterUserPassword="p" * 12, **common)
        rds.create_db_instance(DBInstanceIdentifier="minor", EngineVersion="15.18", MasterUserPassword="p" * 12, **common)
        found = {d["DBInstanceIdentifier"]: d["EngineVersion"] for d in rds.describe_db_instances()["DBInstances"]}
        self.assertEqual(found, {"major": "15.1", "minor": "15.18"})
        rds.modify_db_instance(DBInstanceIdentifier="major", EngineVersion="16", AllowMajorVersionUpgrade=True)
        self.assertEqual(rds.describe_db_instances(DBInstanceIdentifier="major")["DBInstances"][0]["EngineVersion"], "16.1")

    def test_a_database_is_found_by_an_id_of_its_own(self) -> None:
        rds = self.emulator.client("rds")
        common = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20, "MasterUsername": "u", "MasterUserPassword": "p" * 12}
        for name in ("one", "two"):
            made = rds.create_db_instance(DBInstanceIdentifier=name, **common)["DBInstance"]["DbiResourceId"]
            found = rds.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [made]}])["DBInstances"]
            self.assertEqual([one["DBInstanceIdentifier"] for one in found], [name])
        for name in ("one", "two"):
            rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)

    def test_trails_are_deleted_by_arn(self) -> None:
        location = {"LocationConstraint": REGION}
        self.emulator.client("s3").create_bucket(Bucket="trails", CreateBucketConfiguration=location)
        trails = self.emulator.client("cloudtrail")
        arn = trails.create_trail(Name="trail", S3BucketName="trails")["TrailARN"]
        trails.delete_trail(Name=arn)
        self.assertEqual(trails.describe_trails()["trailList"], [])

    def test_an_account_is_its_own_access_key(self) -> None:
        self.assertEqual(self.emulator.client("sts", "444455556666").get_caller_identity()["Account"], "444455556666")

    def test_a_defect_of_moto_is_told_not_retried(self) -> None:
        url = self.emulator.client("sqs").create_queue(QueueName="plain")["QueueUrl"]
        error = self.assert_refused(
            "RehearsalEmulatorFailure", self.emulator.client("sqs", retries=4).set_queue_attributes, QueueUrl=url,
            Attributes={"DelaySeconds": "soon"})  # fmt: skip
        self.assertEqual(error.response["ResponseMetadata"]["RetryAttempts"], 0)

    def test_a_quota_that_was_never_raised_is_its_default(self) -> None:
        quotas = self.emulator.client("service-quotas")
        addresses = {"ServiceCode": "ec2", "QuotaCode": "L-0263D0A3"}
        self.assert_refused("NoSuchResourceException", quotas.get_service_quota, **addresses)
        self.assertEqual(quotas.get_aws_default_service_quota(**addresses)["Quota"]["Value"], 5)
        quotas.request_service_quota_increase(**addresses, DesiredValue=8)
        self.assertEqual(quotas.get_service_quota(**addresses)["Quota"]["Value"], 8)
        self.assert_refused("NoSuchResourceException", quotas.get_aws_default_service_quota, ServiceCode="ec2", QuotaCode="L-00000000")

    def test_certificates_are_issued_after_a_moment(self) -> None:
        certificates = self.emulator.client("acm")
        arn = certificates.request_certificate(DomainName="example.com", ValidationMethod="DNS")["CertificateArn"]
        deadline = time.monotonic() + 10
        while certificates.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] != "ISSUED":
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)
