"""EKS: node groups, and what EKS makes for each."""
from __future__ import annotations

from tests.eks import EksCase
from tests.support import shared

setUpModule, tearDownModule = shared()


class NodeGroupTest(EksCase):
    def setUp(self) -> None:
        super().setUp()
        self.cluster()

    def test_a_node_group_reads_back_as_it_was_described(self) -> None:
        template = self.template("t", MetadataOptions={"HttpTokens": "required"})
        own = {
            "capacityType": "SPOT", "instanceTypes": ["m7i.large", "m6i.large"], "amiType": "AL2023_x86_64_STANDARD", "labels": {"a": "1"},
            "taints": [{"key": "batch", "value": "true", "effect": "NO_SCHEDULE"}], "updateConfig": {"maxUnavailable": 2},
            "nodeRepairConfig": {"enabled": True}, "tags": {"Name": "n"},
        }  # fmt: skip
        self.group(launchTemplate={"id": template, "version": "1"}, **own)
        found = self.nodes()
        for name, value in own.items():
            self.assertEqual(found[name], value)
        self.assertEqual(found["launchTemplate"], {"id": template, "name": "t", "version": "1"})
        self.assertEqual((found["status"], found["version"]), ("ACTIVE", "1.34"))
        self.assertTrue(found["releaseVersion"].startswith("1.34."))
        self.assertNotIn("diskSize", found, "the launch template says it")
        self.assertNotIn("remoteAccess", found)

    def test_its_auto_scaling_group_exists(self) -> None:
        scaling = self.emulator.client("autoscaling", self.account)
        name = self.group()["resources"]["autoScalingGroups"][0]["name"]
        self.assertRegex(name, "^eks-general-[0-9a-f-]{36}$")
        found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
        self.assertEqual((found["MinSize"], found["MaxSize"], found["DesiredCapacity"], found["Instances"]), (2, 4, 2, []))
        self.assertIn(("k8s.io/cluster-autoscaler/c", "owned"), [(tag["Key"], tag["Value"]) for tag in found["Tags"]])
        self.eks.update_nodegroup_config(clusterName="c", nodegroupName="general", scalingConfig={"maxSize": 6})
        self.assertEqual(scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]["MaxSize"], 6)
        self.eks.delete_nodegroup(clusterName="c", nodegroupName="general")
        self.assertEqual(scaling.describe_auto_scaling_groups()["AutoScalingGroups"], [])
        self.assertEqual(self.ec2.describe_launch_templates()["LaunchTemplates"], [], "EKS's own copy goes with it")

    def test_configuration_changes_in_parts(self) -> None:
        self.group(labels={"a": "1", "b": "2"}, taints=[{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}])
        names = {"clusterName": "c", "nodegroupName": "general"}
        update = self.eks.update_nodegroup_config(
            **names, labels={"addOrUpdateLabels": {"c": "3"}, "removeLabels": ["a"]}, scalingConfig={"maxSize": 5},
            taints={"removeTaints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}],
                    "addOrUpdateTaints": [{"key": "k", "value": "w", "effect": "NO_EXECUTE"}]})["update"]  # fmt: skip
        self.assertEqual(self.eks.describe_update(name="c", nodegroupName="general", updateId=update["id"])["update"]["type"], "ConfigUpdate")
        found = self.nodes()
        self.assertEqual(found["labels"], {"b": "2", "c": "3"})
        self.assertEqual(found["taints"], [{"key": "k", "value": "w", "effect": "NO_EXECUTE"}])
        self.assertEqual(found["scalingConfig"], {"minSize": 2, "maxSize": 5, "desiredSize": 2})

    def test_sizes_contain_each_other(self) -> None:
        self.group()
        names = {"clusterName": "c", "nodegroupName": "general"}
        raised = {"minSize": 3, "maxSize": 4}
        error = self.assert_refused("InvalidParameterException", self.eks.update_nodegroup_config, **names, scalingConfig=raised)
        self.assertIn("Minimum capacity 3 can't be greater than desired size 2", str(error))
        self.assert_refused("InvalidParameterException", self.eks.update_nodegroup_config, **names, scalingConfig={"maxSize": 1})

    def test_a_version_never_passes_that_of_the_cluster(self) -> None:
        names = {"clusterName": "c", "nodegroupName": "general"}
        self.assert_refused("InvalidParameterException", self.group, version="1.33")
        self.group()
        self.assert_refused("InvalidParameterException", self.eks.update_nodegroup_version, **names, version="1.35")
        self.eks.update_cluster_version(name="c", version="1.35")
        self.assertEqual(self.nodes()["version"], "1.34", "nodes wait for their own update")
        self.eks.update_nodegroup_version(**names, version="1.35")
        self.assertTrue(self.nodes()["releaseVersion"].startswith("1.35."))
        self.assert_refused("InvalidParameterException", self.eks.update_nodegroup_version, **names, version="1.34")

    def test_a_new_version_of_the_launch_template_brings_that_of_the_cluster(self) -> None:
        template = self.template("t")
        self.group(launchTemplate={"id": template, "version": "1"})
        self.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData={"EbsOptimized": True})
        self.eks.update_cluster_version(name="c", version="1.35")
        self.eks.update_nodegroup_version(clusterName="c", nodegroupName="general", launchTemplate={"id": template, "version": "2"})
        found = self.nodes()
        self.assertEqual((found["launchTemplate"]["version"], found["version"]), ("2", "1.35"))
        (scaled,) = self.emulator.client("autoscaling", self.account).describe_auto_scaling_groups()["AutoScalingGroups"]
        self.assertEqual(scaled["LaunchTemplate"]["Version"], "2", "of EKS's own copy, which follows")

    def test_what_a_launch_template_must_not_say(self) -> None:
        for n, (data, more) in enumerate((
            ({"InstanceType": "m7i.large"}, {"instanceTypes": ["m6i.large"]}),
            ({"IamInstanceProfile": {"Name": "p"}}, {}),
            ({"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": self.subnets[0]}]}, {}),
            ({}, {"diskSize": 50}),
        )):  # fmt: skip
            with self.subTest(data=data, **more):
                self.assert_refused("InvalidParameterException", self.group, launchTemplate={"id": self.template(f"t{n}", **data)}, **more)
        self.assert_refused("InvalidParameterException", self.group, launchTemplate={"id": "lt-0123456789abcdef0"})
        self.group(launchTemplate={"name": "t3"})
        update = {"clusterName": "c", "nodegroupName": "general", "launchTemplate": {"id": self.template("other")}}
        self.assert_refused("InvalidParameterException", self.eks.update_nodegroup_version, **update)

    def test_its_role_is_admitted(self) -> None:
        self.group()
        entry = self.eks.describe_access_entry(clusterName="c", principalArn=self.role("nodes"))["accessEntry"]
        self.assertEqual((entry["type"], entry["username"]), ("EC2_LINUX", "system:node:{{EC2PrivateDNSName}}"))
        own = {"clusterName": "c", "principalArn": self.role("nodes"), "type": "EC2_LINUX"}
        self.assert_refused("ResourceInUseException", self.eks.create_access_entry, **own)
        self.eks.delete_nodegroup(clusterName="c", nodegroupName="general")
        self.assertEqual(self.eks.list_access_entries(clusterName="c")["accessEntries"], [self.role("nodes")], "it stays")
