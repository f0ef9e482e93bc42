"""Containers: images that are taken to be there, deployments that end, and one that goes back."""
from __future__ import annotations

from typing import Any

from tests.support import EmulatorCase, shared

setUpModule, tearDownModule = shared()


class ImagesTest(EmulatorCase):
    def test_an_image_of_a_repository_is_taken_to_be_pushed(self) -> None:
        ecr = self.emulator.client("ecr")
        ecr.create_repository(repositoryName="ml")
        one, again, other = (ecr.describe_images(repositoryName="ml", imageIds=[{"imageTag": tag}])["imageDetails"][0] for tag in ("1.0", "1.0", "2.0"))
        self.assertEqual(one["imageTags"], ["1.0"])
        self.assertRegex(one["imageDigest"], "^sha256:[0-9a-f]{64}$")
        self.assertEqual(one["imageDigest"], again["imageDigest"], "a second plan reads the same")
        self.assertNotEqual(one["imageDigest"], other["imageDigest"])
        digest = f"sha256:{'a' * 64}"
        self.assertEqual(ecr.describe_images(repositoryName="ml", imageIds=[{"imageDigest": digest}])["imageDetails"][0]["imageDigest"], digest)
        self.assertEqual(ecr.describe_images(repositoryName="ml")["imageDetails"], [], "nothing was pushed for real")
        ecr.delete_repository(repositoryName="ml")

    def test_a_repository_that_is_not_there_has_no_images(self) -> None:
        with self.assertRaisesRegex(Exception, "RepositoryNotFoundException"):
            self.emulator.client("ecr").describe_images(repositoryName="nowhere", imageIds=[{"imageTag": "1.0"}])


class DeploymentsTest(EmulatorCase):
    def setUp(self) -> None:
        super().setUp()
        self.ecs = self.emulator.client("ecs")
        self.ecs.create_cluster(clusterName="deployments")

    def revision(self, tag: str) -> str:
        container = {"name": "a", "image": f"111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/ml:{tag}", "memory": 128}
        return str(self.ecs.register_task_definition(family="ml", containerDefinitions=[container])["taskDefinition"]["taskDefinitionArn"])

    def service(self, name: str) -> Any:
        return self.ecs.describe_services(cluster="deployments", services=[name])["services"][0]

    def create(self, name: str, tag: str, desired: int = 2) -> str:
        revision = self.revision(tag)
        strategy = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]
        self.ecs.create_service(
            cluster="deployments", serviceName=name, taskDefinition=revision, desiredCount=desired, capacityProviderStrategy=strategy
        )
        return revision

    def test_a_service_comes_to_a_steady_state(self) -> None:
        self.create("steady", "1.0")
        service = self.service("steady")
        self.assertEqual((service["runningCount"], service["pendingCount"]), (2, 0))
        (deployment,) = service["deployments"]
        self.assertEqual((deployment["status"], deployment["rolloutState"], deployment["runningCount"]), ("PRIMARY", "COMPLETED", 2))
        self.assertEqual(service["capacityProviderStrategy"], [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}])

    def test_an_update_runs_the_new_tasks(self) -> None:
        self.create("updated", "1.0")
        second = self.revision("2.0")
        self.ecs.update_service(cluster="deployments", service="updated", taskDefinition=second, desiredCount=3)
        service = self.service("updated")
        self.assertEqual((service["taskDefinition"], service["runningCount"]), (second, 3))
        self.assertEqual(service["deployments"][0]["taskDefinition"], second)

    def test_an_image_that_does_not_start_is_rolled_back(self) -> None:
        first = self.create("rolled-back", "1.0")
        broken = self.revision("2.0-broken")
        self.ecs.update_service(cluster="deployments", service="rolled-back", taskDefinition=broken)
        service = self.service("rolled-back")
        self.assertEqual((service["taskDefinition"], service["runningCount"]), (first, 2))
        self.assertIn("Rolled back", service["deployments"][0]["rolloutStateReason"])

    def test_a_first_deployment_that_does_not_start_never_gets_steady(self) -> None:
        self.create("never", "1.0-broken")
        service = self.service("never")
        self.assertEqual((service["runningCount"], service["deployments"][0]["rolloutState"]), (0, "IN_PROGRESS"))
