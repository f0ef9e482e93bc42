"""Constraints of the models that refuse what AWS takes: service → shapes whose own constraints are not asked, each with where that is known from."""
from __future__ import annotations

EXEMPT: dict[str, frozenset[str]] = {
    # log-delivery-write is missing: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
    "s3": frozenset({"BucketCannedACL"}),
}
