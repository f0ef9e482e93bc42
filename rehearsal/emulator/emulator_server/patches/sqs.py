"""SQS: redrive policies."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from emulator_server.patches.replace import add, wrap


def sqs_redrive() -> None:
    """RedriveAllowPolicy, and RedrivePolicy in the spelling the provider compares."""
    from moto.sqs.models import Queue, SQSBackend

    def write(original: Callable[..., Any]) -> Callable[..., Any]:
        def set_attributes(self: Any, attributes: dict[str, Any], now: Any = None) -> Any:
            attributes = dict(attributes)
            if "RedriveAllowPolicy" in attributes:
                self.__dict__["_redrive_allow"] = attributes.pop("RedriveAllowPolicy")
            return original(self, attributes, now) if attributes else None

        return set_attributes

    plain: Callable[[Any], dict[str, Any]] = vars(Queue)["attributes"].fget

    def attributes(self: Any) -> dict[str, Any]:
        result = plain(self)
        if self.__dict__.get("_redrive_allow"):
            result["RedriveAllowPolicy"] = self.__dict__["_redrive_allow"]
        if result.get("RedrivePolicy"):
            result["RedrivePolicy"] = json.dumps(json.loads(result["RedrivePolicy"]), separators=(",", ":"), sort_keys=True)
        return result

    def read(original: Callable[..., Any]) -> Callable[..., Any]:
        def get_queue_attributes(self: Any, queue_name: str, attribute_names: list[str]) -> dict[str, Any]:
            rest = [a for a in attribute_names if a != "RedriveAllowPolicy"]
            result: dict[str, Any] = original(self, queue_name, rest) if rest else {}
            value = self.get_queue(queue_name).__dict__.get("_redrive_allow")
            if value and {"RedriveAllowPolicy", "All"} & set(attribute_names):
                result["RedriveAllowPolicy"] = value
            return result

        return get_queue_attributes

    wrap(Queue, "_set_attributes", write)
    add(Queue, attributes=property(attributes))
    wrap(SQSBackend, "get_queue_attributes", read)
