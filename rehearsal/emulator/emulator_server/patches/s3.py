"""S3: what a bucket policy refuses, and versions that are deletions."""
from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from emulator_server.patches.replace import Method, add, wrap


#: of buckets since April 2023: without ACLs. https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
DEFAULT_OWNERSHIP = "BucketOwnerEnforced"


def denials_with_conditions() -> None:
    """moto ignores Condition, and would apply 'deny unless TLS' to everyone: such a statement decides nothing here."""
    from moto.iam.access_control import IAMPolicyStatement, PermissionResult

    def check(original: Method) -> Method:
        def permitted(self: Any, *args: Any, **kwargs: Any) -> Any:
            if self._statement.get("Effect") == "Deny" and self._statement.get("Condition"):
                return PermissionResult.NEUTRAL
            return original(self, *args, **kwargs)

        return permitted

    wrap(IAMPolicyStatement, "is_action_permitted", check)


def delete_markers() -> None:
    """A bucket with delete markers can be emptied."""
    from moto.s3.models import FakeDeleteMarker

    add(FakeDeleteMarker, dispose=lambda self, *args, **kwargs: None)


def access_logs() -> None:
    """No access logs are delivered: AWS does that hours later, and not at all to a bucket that is emptied and deleted meanwhile."""
    from moto.s3.models import S3Backend

    add(S3Backend, log_incoming_request=lambda self, request, bucket_name: None)


def log_delivery_policy() -> None:
    """Whoever delivers access logs is permitted by any statement that lets it put objects there; moto knows one way to write it.

    A bucket without ACLs can be permitted by its policy alone, and takes logging before it has one: the log bucket of
    https://github.com/terraform-aws-modules/terraform-aws-s3-bucket/tree/v4.11.0/examples/complete gets its policy later than its first source.
    """
    from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket

    def grants(statement: dict[str, Any], target: str) -> bool:
        principal = statement.get("Principal")
        services = _listed(principal.get("Service")) if isinstance(principal, dict) else []
        return (
            statement.get("Effect") == "Allow"
            and LOGGING_SERVICE_PRINCIPAL in services
            and any(fnmatchcase("s3:putobject", action.lower()) for action in _listed(statement.get("Action")))
            and any(fnmatchcase(target, resource) for resource in _listed(statement.get("Resource")))
        )

    def permitted(target_bucket: Any, target_prefix: str | None) -> bool:
        if (target_bucket.ownership_rule or DEFAULT_OWNERSHIP) == DEFAULT_OWNERSHIP:
            return True
        policy = json.loads(target_bucket.policy) if target_bucket.policy else {"Statement": []}
        target = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}log"
        return any(grants(statement, target) for statement in _listed(policy["Statement"]))

    add(FakeBucket, _log_permissions_enabled_policy=staticmethod(permitted))


def _listed(value: Any) -> list[Any]:
    """What stands alone or in a list, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def owner_of_buckets() -> None:
    """Whoever lists buckets is who owns them: one canonical user, not two."""
    from moto.s3.models import OWNER
    from moto.s3.responses import S3Response

    def buckets(original: Method) -> Method:
        def all_buckets(self: Any) -> Any:
            status, headers, body = original(self)
            return status, headers, re.sub(r"(<Owner>.*?<ID>)\w+(</ID>)", rf"\g<1>{OWNER}\g<2>", body, flags=re.DOTALL)

        return all_buckets

    wrap(S3Response, "all_buckets", buckets)


def acceleration() -> None:
    """A bucket whose acceleration was set has that state, suspended too: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html"""
    from moto.s3.models import FakeBucket

    def set_accelerate_configuration(self: Any, accelerate_config: str) -> None:
        self.accelerate_configuration = accelerate_config

    add(FakeBucket, set_accelerate_configuration=set_accelerate_configuration)


def object_lock() -> None:
    """A bucket that holds objects can have its default retention changed, and can have it removed."""
    from moto.s3.exceptions import BucketNeedsToBeNew
    from moto.s3.models import S3Backend

    def put(original: Method) -> Method:
        def put_object_lock_configuration(
            self: Any, bucket_name: str, lock_enabled: bool, mode: Any = None, days: Any = None, years: Any = None
        ) -> None:
            try:
                original(self, bucket_name, lock_enabled, mode, days, years)
            except BucketNeedsToBeNew:
                bucket = self.get_bucket(bucket_name)
                bucket.object_lock_enabled = bool(lock_enabled) or bucket.object_lock_enabled
                bucket.default_lock_mode, bucket.default_lock_days, bucket.default_lock_years = mode, days, years

        return put_object_lock_configuration

    wrap(S3Backend, "put_object_lock_configuration", put)


PATCHES = (denials_with_conditions, delete_markers, access_logs, log_delivery_policy, owner_of_buckets, acceleration, object_lock)
