"""ECR: rules of registries, and repositories for everybody."""
from __future__ import annotations

from emulator_server.engine import Kind
from emulator_server.kinds.arns import arn

KINDS = (
    Kind("ecr", "PullThroughCacheRule", tag_key="@none", defaults={"registryId": "{account}"}),
    Kind(
        "ecr-public",
        "Repository",
        tag_key="repositoryArn",
        operations={"PutRepositoryCatalogData": "update", "GetRepositoryCatalogData": "read"},
        defaults={
            "repositoryArn": arn("ecr-public", "repository/{repositoryName}", ""),
            "registryId": "{account}",
            "repositoryUri": "public.ecr.aws/r{account}/{repositoryName}",  # AWS gives each registry an alias
        },
    ),
    Kind("ecr-public", "RepositoryPolicy", tag_key="@none", operations={"SetRepositoryPolicy": "create"}, defaults={"registryId": "{account}"}),
)
