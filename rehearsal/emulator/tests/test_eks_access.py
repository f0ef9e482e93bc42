"""EKS: who may enter a cluster, which identities its pods have, and its add-ons."""
from __future__ import annotations

from tests.eks import POLICY, EksCase
from tests.support import shared

setUpModule, tearDownModule = shared()


class AccessTest(EksCase):
    def setUp(self) -> None:
        super().setUp()
        self.cluster()
        self.entry = {"clusterName": "c", "principalArn": self.role("teams/deploy")}

    def test_a_role_enters_under_the_name_of_its_session(self) -> None:
        found = self.eks.create_access_entry(**self.entry, kubernetesGroups=["day-trade:deploy"])["accessEntry"]
        self.assertEqual(found["username"], f"arn:aws:sts::{self.account}:assumed-role/deploy/{{{{SessionName}}}}")
        self.assertEqual((found["type"], found["kubernetesGroups"]), ("STANDARD", ["day-trade:deploy"]))
        self.eks.update_access_entry(**self.entry, kubernetesGroups=[])
        self.assertEqual(self.eks.describe_access_entry(**self.entry)["accessEntry"]["kubernetesGroups"], [])

    def test_what_an_entry_must_be(self) -> None:
        error = self.assert_refused("InvalidParameterException", self.eks.create_access_entry, **self.entry, kubernetesGroups=["system:masters"])
        self.assertIn("it cannot start with system:", str(error))
        self.assert_refused("InvalidParameterException", self.eks.create_access_entry, clusterName="c", principalArn="deploy")
        self.assert_refused("InvalidParameterException", self.eks.create_access_entry, **self.entry, type="EC2_LINUX", kubernetesGroups=["g"])
        self.eks.create_access_entry(**self.entry)
        self.assert_refused("ResourceInUseException", self.eks.create_access_entry, **self.entry)
        self.cluster(name="old", accessConfig={"authenticationMode": "CONFIG_MAP"})
        self.assert_refused("InvalidRequestException", self.eks.create_access_entry, **{**self.entry, "clusterName": "old"})

    def test_policies_are_aws_own_and_go_with_their_entry(self) -> None:
        policy = {**self.entry, "policyArn": f"{POLICY}AmazonEKSEditPolicy"}
        scope = {"type": "namespace", "namespaces": ["day-trade"]}
        self.assert_refused("ResourceNotFoundException", self.eks.associate_access_policy, **policy, accessScope=scope)
        self.eks.create_access_entry(**self.entry)
        for arn in (f"{POLICY}AmazonEKSEverythingPolicy", "arn:aws:iam::aws:policy/AdministratorAccess"):
            self.assert_refused("InvalidParameterException", self.eks.associate_access_policy, **{**policy, "policyArn": arn}, accessScope=scope)
        self.assert_refused("InvalidParameterException", self.eks.associate_access_policy, **policy, accessScope={"type": "namespace"})
        self.eks.associate_access_policy(**policy, accessScope=scope)
        wider = {"type": "namespace", "namespaces": ["day-trade", "day-trade-data"]}
        self.eks.associate_access_policy(**policy, accessScope=wider)
        (found,) = self.eks.list_associated_access_policies(**self.entry)["associatedAccessPolicies"]
        self.assertEqual(found["accessScope"], wider)
        self.eks.delete_access_entry(**self.entry)
        self.assert_refused("ResourceNotFoundException", self.eks.list_associated_access_policies, **self.entry)
        self.eks.create_access_entry(**self.entry)
        self.assertEqual(self.eks.list_associated_access_policies(**self.entry)["associatedAccessPolicies"], [])

    def test_a_service_account_has_one_identity(self) -> None:
        pod = {"clusterName": "c", "namespace": "day-trade", "serviceAccount": "ml", "roleArn": self.role("ml")}
        made = self.eks.create_pod_identity_association(**pod)["association"]
        self.assertTrue(made["associationArn"].endswith(f"podidentityassociation/c/{made['associationId']}"))
        self.assert_refused("ResourceInUseException", self.eks.create_pod_identity_association, **pod)
        self.eks.create_pod_identity_association(**{**pod, "namespace": "other"})
        found = self.eks.list_pod_identity_associations(clusterName="c", namespace="day-trade")["associations"]
        self.assertEqual([item["associationId"] for item in found], [made["associationId"]])

    def test_nothing_belongs_to_a_cluster_that_is_not_there(self) -> None:
        absent = {"clusterName": "absent"}
        for operation, arguments in {
            "create_access_entry": {"principalArn": self.role("r")}, "create_addon": {"addonName": "coredns"}, "list_addons": {},
            "create_nodegroup": {"nodegroupName": "n", "subnets": self.subnets, "nodeRole": self.role("r")},
            "create_pod_identity_association": {"namespace": "n", "serviceAccount": "s", "roleArn": self.role("r")},
            "create_fargate_profile": {"fargateProfileName": "f", "podExecutionRoleArn": self.role("r")},
        }.items():  # fmt: skip
            with self.subTest(operation):
                self.assert_refused("ResourceNotFoundException", getattr(self.eks, operation), **absent, **arguments)


class AddonTest(EksCase):
    def setUp(self) -> None:
        super().setUp()
        self.cluster()
        self.addon = {"clusterName": "c", "addonName": "vpc-cni"}

    def test_an_add_on_keeps_what_it_was_given(self) -> None:
        given = {"addonVersion": "v1.20.4-eksbuild.2", "configurationValues": '{"env": {"A": "1"}}'}
        self.eks.create_addon(**self.addon, **given, resolveConflicts="OVERWRITE")
        found = self.eks.describe_addon(**self.addon)["addon"]
        self.assertEqual({name: found[name] for name in given}, given)
        update = self.eks.update_addon(**self.addon, addonVersion="v1.21.1-eksbuild.1", configurationValues="env:\n  A: '2'\n")["update"]
        self.assertEqual(self.eks.describe_update(name="c", addonName="vpc-cni", updateId=update["id"])["update"]["type"], "AddonUpdate")
        found = self.eks.describe_addon(**self.addon)["addon"]
        self.assertEqual((found["addonVersion"], found["configurationValues"]), ("v1.21.1-eksbuild.1", "env:\n  A: '2'\n"))
        self.assertEqual(found["status"], "ACTIVE")
        self.assert_refused("ResourceInUseException", self.eks.create_addon, **self.addon)

    def test_an_add_on_that_aws_does_not_have(self) -> None:
        error = self.assert_refused("InvalidParameterException", self.eks.create_addon, clusterName="c", addonName="vpc-cnii")
        self.assertIn("Addon vpc-cnii specified is not supported in 1.34 kubernetes version", str(error))
        self.assert_refused("InvalidParameterException", self.eks.create_addon, **self.addon, addonVersion="1.20.4")
        self.assert_refused("InvalidParameterException", self.eks.create_addon, **self.addon, configurationValues='{"env"')
        self.eks.create_addon(clusterName="c", addonName="kubecost_kubecost")

    def test_its_identities_are_its_own(self) -> None:
        asked = [{"serviceAccount": "aws-node", "roleArn": self.role("cni")}]
        (arn,) = self.eks.create_addon(**self.addon, podIdentityAssociations=asked)["addon"]["podIdentityAssociations"]
        made = {"clusterName": "c", "associationId": arn.rpartition("/")[2]}
        found = self.eks.describe_pod_identity_association(**made)["association"]
        self.assertEqual((found["namespace"], found["serviceAccount"], found["roleArn"]), ("kube-system", "aws-node", self.role("cni")))
        self.assertEqual(found["ownerArn"], self.eks.describe_addon(**self.addon)["addon"]["addonArn"])
        self.eks.update_addon(**self.addon, podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": self.role("other")}])
        self.assertEqual(self.eks.describe_pod_identity_association(**made)["association"]["roleArn"], self.role("other"), "the same one")
        self.eks.update_addon(**self.addon, addonVersion="v1.21.1-eksbuild.1")
        self.assertEqual(self.eks.describe_addon(**self.addon)["addon"]["podIdentityAssociations"], [arn], "not sent: not changed")
        self.eks.update_addon(**self.addon, podIdentityAssociations=[])
        self.assertEqual(self.eks.list_pod_identity_associations(clusterName="c")["associations"], [])

    def test_an_identity_that_is_taken(self) -> None:
        self.eks.create_pod_identity_association(clusterName="c", namespace="kube-system", serviceAccount="aws-node", roleArn=self.role("cni"))
        asked = [{"serviceAccount": "aws-node", "roleArn": self.role("cni")}]
        self.assert_refused("ResourceInUseException", self.eks.create_addon, **self.addon, podIdentityAssociations=asked)
        self.assert_refused("ResourceNotFoundException", self.eks.describe_addon, **self.addon)
