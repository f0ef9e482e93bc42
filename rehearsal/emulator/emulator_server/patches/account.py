"""What watches an account."""
from __future__ import annotations

from typing import Any

from emulator_server.patches.replace import Method, wrap

#: on in a detector that is new; https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html
FEATURES = ("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS")


def detector_features() -> None:
    """A new detector has features, and a change names some of them; moto has none, and forgets those that a change does not name."""
    from moto.guardduty.models import Detector

    def start(original: Method) -> Method:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            given = {feature["name"]: feature for feature in kwargs.get("features") or []}
            kwargs["features"] = [given.get(name, {"name": name, "status": "ENABLED"}) for name in FEATURES]
            kwargs["datasources"] = kwargs.get("datasources") or {}
            original(self, *args, **kwargs)

        return init

    def change(original: Method) -> Method:
        def update(self: Any, enable: Any, frequency: Any, data_sources: Any, features: Any) -> None:
            if features is not None:
                changed = {feature["name"]: feature for feature in features}
                features = [changed.pop(own["name"], own) for own in self.features] + list(changed.values())
            original(self, enable, frequency, data_sources, features)

        return update

    wrap(Detector, "__init__", start)
    wrap(Detector, "update", change)


PATCHES = (detector_features,)
