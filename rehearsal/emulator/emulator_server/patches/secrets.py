"""Secrets Manager: when a secret is rotated."""
from __future__ import annotations

from typing import Any

from emulator_server.patches.replace import Method, wrap


def rotation_rules() -> None:
    """A rotation keeps its whole rule, and is on whatever the rule says; moto knows rules in days only."""
    from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

    def rotate(original: Method) -> Method:
        def rotate_secret(self: Any, secret_id: str, *args: Any, **kwargs: Any) -> Any:
            secret = self.secrets.get(secret_id)
            if secret is not None and not secret.versions and not secret.is_deleted():
                # moto fails at one that nobody has filled in: the version that its steps would be told of has no id.
                secret.rotation_requested, secret.rotation_lambda_arn = True, kwargs.get("rotation_lambda_arn") or ""
                answer = secret.to_short_dict()
            else:
                answer = original(self, secret_id, *args, **kwargs)
            secret = self.secrets[secret_id]
            secret.rotation_enabled = True
            secret.rotation_rules = kwargs.get("rotation_rules") or getattr(secret, "rotation_rules", {})
            return answer

        return rotate_secret

    def show(original: Method) -> Method:
        def to_dict(self: Any) -> dict[str, Any]:
            shown: dict[str, Any] = original(self)
            return {**shown, "RotationRules": self.rotation_rules} if getattr(self, "rotation_rules", None) else shown

        return to_dict

    wrap(SecretsManagerBackend, "rotate_secret", rotate)
    wrap(FakeSecret, "to_dict", show)


PATCHES = (rotation_rules,)
