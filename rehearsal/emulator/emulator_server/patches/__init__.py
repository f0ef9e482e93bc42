"""What no rule drawn from the models can give: defects of moto in behaviour that its own state must show.

Each patch names its defect in its docstring. When moto's version is raised, try without them one by one: the tests say which are
still needed.
"""
from __future__ import annotations

from emulator_server.patches import containers, dynamodb, ec2, images, network, s3, sns, sqs, various

PATCHES = (*containers.PATCHES, *dynamodb.PATCHES, *ec2.PATCHES, *images.PATCHES, *network.PATCHES, *s3.PATCHES, *sns.PATCHES, *sqs.PATCHES, *various.PATCHES)


def apply_patches() -> None:
    """Change moto, once, before it serves anything."""
    for patch in PATCHES:
        patch()
