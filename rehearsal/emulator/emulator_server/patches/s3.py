"""S3: what a bucket policy refuses, and versions that are deletions."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator_server.patches.replace import add, wrap


def iam_conditions() -> None:
    """moto ignores Condition and would apply 'deny unless TLS' to everyone."""
    from moto.iam.access_control import IAMPolicyStatement, PermissionResult

    def check(original: Callable[..., Any]) -> Callable[..., Any]:
        def permitted(self: Any, *args: Any, **kwargs: Any) -> Any:
            if self._statement.get("Effect") == "Deny" and self._statement.get("Condition"):
                return PermissionResult.NEUTRAL
            return original(self, *args, **kwargs)

        return permitted

    wrap(IAMPolicyStatement, "is_action_permitted", check)
