"""CloudFront distributions. An answer without OriginGroups or the ActiveTrusted* members crashes the whole provider plugin."""
from __future__ import annotations

from emulator_server.engine import Kind
from emulator_server.kinds.arns import arn

KINDS = (
    Kind(
        "cloudfront",
        "Distribution",
        tag_key="ARN",
        derived={"OriginGroups": lambda r: r.get("OriginGroups") or {"Quantity": 0}},
        defaults={
            "Id": "E{id}",
            "ARN": arn("cloudfront", "distribution/E{id}", ""),
            "Status": "Deployed",
            "DomainName": "d{hex}.cloudfront.net",
            "ETag": "E{id}",
            "InProgressInvalidationBatches": 0,
            "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
            "ActiveTrustedKeyGroups": {"Enabled": False, "Quantity": 0},
            "Location": "https://cloudfront.amazonaws.com/2020-05-31/distribution/E{id}",
        },
    ),
)
