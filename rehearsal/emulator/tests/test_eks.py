"""EKS: a cluster as production describes it, and what AWS refuses of one."""
from __future__ import annotations

import base64

from cryptography import x509

from tests.eks import POLICY, EksCase
from tests.support import REGION, shared

setUpModule, tearDownModule = shared()


class ClusterTest(EksCase):
    def test_a_cluster_reads_back_as_it_was_described(self) -> None:
        own = {
            "logging": {"clusterLogging": [{"types": ["audit", "api"], "enabled": True}]},
            "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": f"arn:aws:kms:{REGION}:{self.account}:key/k"}}],
            "upgradePolicy": {"supportType": "STANDARD"},
            "zonalShiftConfig": {"enabled": True},
            "tags": {"Name": "c"},
        }
        self.cluster(**own, kubernetesNetworkConfig={"serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4"})
        found = self.described()
        for name in ("encryptionConfig", "upgradePolicy", "zonalShiftConfig", "tags"):
            self.assertEqual(found[name], own[name])
        self.assertEqual((found["version"], found["status"], found["deletionProtection"]), ("1.34", "ACTIVE", False))
        self.assertEqual(found["accessConfig"], {"authenticationMode": "API"}, "what was asked about the creator is not told")
        self.assertEqual(found["kubernetesNetworkConfig"]["serviceIpv4Cidr"], "172.20.0.0/16")
        rest = ["authenticator", "controllerManager", "scheduler"]
        self.assertEqual(found["logging"]["clusterLogging"], [{"types": ["api", "audit"], "enabled": True}, {"types": rest, "enabled": False}])
        self.assertNotIn("id", found, "only a cluster on an Outpost has one")

    def test_an_endpoint_its_authority_and_its_issuer(self) -> None:
        found = self.cluster()
        self.assertRegex(found["endpoint"], rf"^https://[0-9A-F]{{32}}\.gr7\.{REGION}\.eks\.amazonaws\.com$")
        self.assertEqual(found["identity"]["oidc"]["issuer"], f"https://oidc.eks.{REGION}.amazonaws.com/id/{found['endpoint'][8:40]}")
        certificate = x509.load_pem_x509_certificate(base64.b64decode(found["certificateAuthority"]["data"]))
        self.assertTrue(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
        self.assertRegex(found["platformVersion"], r"^eks\.\d+$")

    def test_its_security_group_comes_and_goes_with_it(self) -> None:
        own = self.cluster()["resourcesVpcConfig"]
        self.assertEqual(own["vpcId"], self.vpc)
        group = self.ec2.describe_security_groups(GroupIds=[own["clusterSecurityGroupId"]])["SecurityGroups"][0]
        self.assertEqual(group["VpcId"], self.vpc)
        self.assertIn({"Key": "aws:eks:cluster-name", "Value": "c"}, group["Tags"])
        self.assertEqual(group["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"], own["clusterSecurityGroupId"])
        self.eks.delete_cluster(name="c")
        self.assert_refused("InvalidGroup.NotFound", self.ec2.describe_security_groups, GroupIds=[own["clusterSecurityGroupId"]])

    def test_a_security_group_that_a_rule_names_stays(self) -> None:
        own = self.cluster()["resourcesVpcConfig"]["clusterSecurityGroupId"]
        other = self.ec2.create_security_group(GroupName="database", Description="d", VpcId=self.vpc)["GroupId"]
        rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": own}]}
        self.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
        self.eks.delete_cluster(name="c")
        self.assertEqual(len(self.ec2.describe_security_groups(GroupIds=[own])["SecurityGroups"]), 1)

    def test_who_may_call_the_endpoint(self) -> None:
        self.assertEqual(self.cluster()["resourcesVpcConfig"]["publicAccessCidrs"], ["0.0.0.0/0"])
        self.cluster(name="closed", resourcesVpcConfig=self.network(endpointPublicAccess=False, endpointPrivateAccess=True))
        closed = self.eks.describe_cluster(name="closed")["cluster"]["resourcesVpcConfig"]
        self.assertEqual((closed["endpointPublicAccess"], closed["endpointPrivateAccess"], closed["publicAccessCidrs"]), (False, True, []))
        same = {"endpointPrivateAccess": True, "endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]}
        self.assert_refused("InvalidParameterException", self.eks.update_cluster_config, name="c", resourcesVpcConfig=same)
        self.eks.update_cluster_config(name="c", resourcesVpcConfig={**same, "publicAccessCidrs": ["203.0.113.0/24"]})
        found = self.described()["resourcesVpcConfig"]
        self.assertEqual((found["publicAccessCidrs"], found["subnetIds"]), (["203.0.113.0/24"], self.subnets), "what is not sent stays")
        nobody = {"endpointPrivateAccess": False, "endpointPublicAccess": False}
        self.assert_refused("InvalidParameterException", self.eks.update_cluster_config, name="c", resourcesVpcConfig=nobody)

    def test_an_update_can_be_followed(self) -> None:
        self.cluster()
        update = self.eks.update_cluster_version(name="c", version="1.35")["update"]
        self.assertEqual((update["type"], update["status"]), ("VersionUpdate", "Successful"))
        self.assertEqual(self.eks.describe_update(name="c", updateId=update["id"])["update"]["id"], update["id"])
        self.assertEqual(self.eks.list_updates(name="c")["updateIds"], [update["id"]])
        self.assertEqual(self.described()["version"], "1.35")
        self.assert_refused("ResourceNotFoundException", self.eks.describe_update, name="c", updateId="nothing")

    def test_a_version_follows_the_one_before(self) -> None:
        self.cluster()
        for wanted in ("1.36", "1.34", "1.33"):
            error = self.assert_refused("InvalidParameterException", self.eks.update_cluster_version, name="c", version=wanted)
            self.assertIn(f"Unsupported Kubernetes minor version update from 1.34 to {wanted}", str(error))

    def test_logs_change_by_type(self) -> None:
        self.cluster(logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]})
        change = {"clusterLogging": [{"types": ["scheduler"], "enabled": True}, {"types": ["api"], "enabled": False}]}
        update = self.eks.update_cluster_config(name="c", logging=change)["update"]
        self.assertEqual(update["type"], "LoggingUpdate")
        self.assertEqual(self.described()["logging"]["clusterLogging"][0], {"types": ["audit", "scheduler"], "enabled": True})
        self.assert_refused("InvalidParameterException", self.eks.update_cluster_config, name="c", logging=change)

    def test_one_kind_of_change_at_a_time(self) -> None:
        self.cluster()
        self.assert_refused(
            "InvalidParameterException", self.eks.update_cluster_config, name="c", upgradePolicy={"supportType": "STANDARD"},
            zonalShiftConfig={"enabled": True})  # fmt: skip
        self.eks.update_cluster_config(name="c", upgradePolicy={"supportType": "STANDARD"})
        self.eks.update_cluster_config(name="c", zonalShiftConfig={"enabled": True})
        self.assertEqual(self.described()["upgradePolicy"], {"supportType": "STANDARD"})
        self.assert_refused(
            "RehearsalUnsupportedOperation", self.eks.update_cluster_config, name="c", computeConfig={"enabled": True, "nodePools": ["system"]})

    def test_what_a_network_must_be(self) -> None:
        far = self.ec2.create_security_group(GroupName="far", Description="d", VpcId=self.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"])
        for why, more in {
            "one zone": {"resourcesVpcConfig": {"subnetIds": self.subnets[:1]}},
            "a subnet that is not there": {"resourcesVpcConfig": {"subnetIds": [*self.subnets, "subnet-0"]}},
            "a security group of another VPC": {"resourcesVpcConfig": self.network(securityGroupIds=[far["GroupId"]])},
            "addresses of the VPC for Services": {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.0.128.0/20"}},
            "public addresses for Services": {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "203.0.113.0/24"}},
            "too few addresses for Services": {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/25"}},
        }.items():
            with self.subTest(why):
                self.assert_refused("InvalidParameterException", self.eks.create_cluster, **self.arguments(**more))
        self.assertEqual(self.eks.list_clusters()["clusters"], [])

    def test_a_cluster_with_node_groups_cannot_be_deleted(self) -> None:
        self.cluster()
        self.group()
        self.assertIn("Cluster has nodegroups attached", str(self.assert_refused("ResourceInUseException", self.eks.delete_cluster, name="c")))
        self.eks.delete_nodegroup(clusterName="c", nodegroupName="general")
        self.eks.delete_cluster(name="c")
        self.assertIn("No cluster found for name: c.", str(self.assert_refused("ResourceNotFoundException", self.eks.describe_cluster, name="c")))

    def test_nothing_is_left_of_a_deleted_cluster(self) -> None:
        before = self.emulator.inventory(self.account)
        self.cluster(tags={"a": "1"})
        self.group(launchTemplate={"id": self.template("own")})
        entry = {"clusterName": "c", "principalArn": self.role("deploy")}
        self.eks.create_access_entry(**entry)
        self.eks.associate_access_policy(**entry, policyArn=f"{POLICY}AmazonEKSViewPolicy", accessScope={"type": "cluster"})
        self.eks.create_addon(clusterName="c", addonName="vpc-cni", podIdentityAssociations=[{"serviceAccount": "s", "roleArn": self.role("r")}])
        self.eks.create_pod_identity_association(clusterName="c", namespace="n", serviceAccount="s", roleArn=self.role("r"))
        self.eks.update_cluster_version(name="c", version="1.35")
        self.eks.delete_nodegroup(clusterName="c", nodegroupName="general")
        self.eks.delete_cluster(name="c")
        self.ec2.delete_launch_template(LaunchTemplateName="own")
        self.assertEqual(self.emulator.inventory(self.account), before)

    def test_a_cluster_is_made_once_and_tagged(self) -> None:
        arn = self.cluster(tags={"a": "1"})["arn"]
        self.assert_refused("ResourceInUseException", self.eks.create_cluster, **self.arguments())
        self.eks.tag_resource(resourceArn=arn, tags={"b": "2"})
        self.eks.untag_resource(resourceArn=arn, tagKeys=["a"])
        self.assertEqual(self.described()["tags"], {"b": "2"})

    def test_a_protected_cluster_stays(self) -> None:
        self.cluster(deletionProtection=True)
        self.assert_refused("InvalidRequestException", self.eks.delete_cluster, name="c")
        self.eks.update_cluster_config(name="c", deletionProtection=False)
        self.eks.delete_cluster(name="c")
