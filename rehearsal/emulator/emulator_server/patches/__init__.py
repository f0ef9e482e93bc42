"""What no rule drawn from the models can give: defects of moto in behaviour that its own state must show.

Each patch names its defect in its docstring. When moto's version is raised, try without them one by one: the tests say which are
still needed.
"""
from __future__ import annotations

from emulator_server.patches import (
    account,
    cloudwatch,
    commands,
    containers,
    dynamodb,
    ec2,
    endpoints,
    functions,
    images,
    kms,
    machines,
    move_tasks,
    network,
    quotas,
    s3,
    secrets,
    sns,
    sqs,
    various,
)

PATCHES = (
    *account.PATCHES,
    *cloudwatch.PATCHES,
    *commands.PATCHES,
    *containers.PATCHES,
    *dynamodb.PATCHES,
    *ec2.PATCHES,
    *endpoints.PATCHES,
    *functions.PATCHES,
    *images.PATCHES,
    *kms.PATCHES,
    *machines.PATCHES,
    *move_tasks.PATCHES,
    *network.PATCHES,
    *quotas.PATCHES,
    *s3.PATCHES,
    *secrets.PATCHES,
    *sns.PATCHES,
    *sqs.PATCHES,
    *various.PATCHES,
)


def apply_patches() -> None:
    """Change moto, once, before it serves anything."""
    for patch in PATCHES:
        patch()
