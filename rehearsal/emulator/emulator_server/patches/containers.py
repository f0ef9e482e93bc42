"""Containers: images that somebody pushed, and services whose deployments come to an end."""
from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from emulator_server.patches.replace import Method, add, wrap

#: end of a tag by which a person says that its image does not start: ECS then goes back to the tasks before
BROKEN = "-broken"


def pushed_images() -> None:
    """Whoever names an image of a repository has pushed it: whether it is there, only AWS can tell (`limits.py` says so)."""
    from moto.ecr.exceptions import ImageNotFoundException
    from moto.ecr.models import ECRBackend, Image

    def assume(backend: Any, name: str, tag: str | None, digest: str | None) -> Any:
        digest = digest or f"sha256:{hashlib.sha256(f'{name}:{tag}'.encode()).hexdigest()}"
        media_type = "application/vnd.docker.distribution.manifest.v2+json"
        manifest = json.dumps({"schemaVersion": 2, "mediaType": media_type, "config": {"size": 1}, "layers": [{"size": 1}]})
        # Not kept: a repository without real images can be deleted without force.
        return Image(backend.account_id, tag, manifest, name, media_type, digest)

    def describe(original: Method) -> Method:
        def describe_images(self: Any, repository_name: str, registry_id: str | None = None, image_ids: list[dict[str, str]] | None = None) -> Any:
            images: set[Any] = set()
            for image_id in image_ids or []:
                try:
                    images |= set(original(self, repository_name, registry_id, [image_id]))
                except ImageNotFoundException:
                    images.add(assume(self, repository_name, image_id.get("imageTag"), image_id.get("imageDigest")))
            return images if image_ids else original(self, repository_name, registry_id, image_ids)

        return describe_images

    wrap(ECRBackend, "describe_images", describe)


def _is_broken(backend: Any, task_definition: str | None) -> bool:
    containers = backend.describe_task_definition(task_definition).container_definitions if task_definition else []
    return any(re.search(rf":[^/:@]+{BROKEN}$", str(container.get("image", ""))) for container in containers)


def _settle(service: Any, failed: str | None = None) -> None:
    """All tasks run, and the one deployment is over."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        reason = f"{failed} failed: tasks failed to start. Rolled back." if failed else f"ECS deployment {deployment['id']} completed."
        deployment |= {
            "desiredCount": service.desired_count, "runningCount": service.desired_count, "pendingCount": 0, "failedTasks": 0,
            "rolloutState": "COMPLETED", "rolloutStateReason": reason, "taskDefinition": service.task_definition,
        }  # fmt: skip


def finished_deployments() -> None:
    """moto's services never start a task, so a client that waits for a steady state waits in vain.

    An image whose tag ends in `-broken` does not start: the circuit breaker goes back to the task definition before.
    """
    from moto.ecs.models import EC2ContainerServiceBackend

    def create(original: Method) -> Method:
        def create_service(self: Any, *args: Any, **kwargs: Any) -> Any:
            service = original(self, *args, **kwargs)
            if not _is_broken(self, service.task_definition):  # there is nothing to go back to: it keeps trying
                _settle(service)
            return service

        return create_service

    def update(original: Method) -> Method:
        def update_service(self: Any, service_properties: dict[str, Any]) -> Any:
            wanted = service_properties.get("task_definition")
            before = self._get_service(service_properties.get("cluster", "default"), service_properties["service"].split("/")[-1]).task_definition
            service = original(self, service_properties)
            broken = wanted != before and _is_broken(self, wanted)
            if broken:
                service.task_definition = before
            _settle(service, failed=wanted if broken else None)
            return service

        return update_service

    wrap(EC2ContainerServiceBackend, "create_service", create)
    wrap(EC2ContainerServiceBackend, "update_service", update)


def registry_policies() -> None:
    """A registry's policy may speak of every action of ECR, not of two only.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
    """
    from moto.ecr.models import ECRBackend
    from moto.iam.exceptions import MalformedPolicyDocument

    def check(self: Any, policy_text: str) -> None:
        for statement in json.loads(policy_text)["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            if not all(action.startswith("ecr:") for action in actions):
                raise MalformedPolicyDocument()

    add(ECRBackend, _validate_registry_policy_action=check)


PATCHES = (registry_policies, pushed_images, finished_deployments)
