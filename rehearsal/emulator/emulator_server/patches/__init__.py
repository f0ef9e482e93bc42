"""What no rule drawn from the models can give: defects of moto in behaviour that its own state must show.

Each patch names the defect in its docstring. When moto's version is raised, try without them one by one: the tests say which are still needed.
"""
from __future__ import annotations

from emulator_server.patches import ec2, s3, sqs, various

PATCHES = (ec2.ec2_instances, s3.iam_conditions, sqs.sqs_redrive, various.small)


def apply_patches() -> None:
    """Change moto, once, before it serves anything."""
    for patch in PATCHES:
        patch()
