"""What the tests of EKS share: an account for each, with a VPC."""
from __future__ import annotations

import itertools
from typing import Any

from tests.support import REGION, EmulatorCase

ACCOUNTS = itertools.count(333300000001)
POLICY = "arn:aws:eks::aws:cluster-access-policy/"


class EksCase(EmulatorCase):
    """Each test has an account with a VPC of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.account = str(next(ACCOUNTS))
        self.eks, self.ec2 = (self.emulator.client(service, self.account) for service in ("eks", "ec2"))
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
            for n, zone in enumerate("ac")
        ]

    def role(self, name: str) -> str:
        return f"arn:aws:iam::{self.account}:role/{name}"

    def network(self, **more: Any) -> dict[str, Any]:
        return {"subnetIds": self.subnets, **more}

    def arguments(self, **more: Any) -> dict[str, Any]:
        return {
            "name": "c", "version": "1.34", "roleArn": self.role("cluster"), "resourcesVpcConfig": self.network(endpointPrivateAccess=True),
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}, **more,
        }  # fmt: skip

    def cluster(self, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.eks.create_cluster(**self.arguments(**more))["cluster"]
        return made

    def described(self) -> dict[str, Any]:
        found: dict[str, Any] = self.eks.describe_cluster(name="c")["cluster"]
        return found

    def template(self, name: str, **data: Any) -> str:
        return str(self.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]["LaunchTemplateId"])

    def group(self, name: str = "general", **more: Any) -> dict[str, Any]:
        sizes = {"minSize": 2, "maxSize": 4, "desiredSize": 2}
        made: dict[str, Any] = self.eks.create_nodegroup(
            **{"clusterName": "c", "nodegroupName": name, "subnets": self.subnets, "nodeRole": self.role("nodes"), "scalingConfig": sizes, **more}
        )["nodegroup"]
        return made

    def nodes(self) -> dict[str, Any]:
        found: dict[str, Any] = self.eks.describe_nodegroup(clusterName="c", nodegroupName="general")["nodegroup"]
        return found
