"""What an account has once: analysers of access."""
from __future__ import annotations

from emulator_server.engine import Kind
from emulator_server.kinds.arns import arn

KINDS = (
    Kind(
        "accessanalyzer",
        "Analyzer",
        identity=("analyzerName",),
        tag_key="arn",
        defaults={
            "arn": arn("access-analyzer", "analyzer/{analyzerName}"),
            "name": "{analyzerName}",
            "status": "ACTIVE",
        },
    ),
)
