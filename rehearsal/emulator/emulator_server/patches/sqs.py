"""SQS: which queues may use another as their dead-letter queue, and the spelling of policies."""
from __future__ import annotations

import json
from typing import Any

from emulator_server.patches.replace import Method, add, wrap


def sqs_redrive() -> None:
    """RedriveAllowPolicy, RedrivePolicy in the spelling the provider compares, and a policy that survives other changes."""
    from moto.sqs.models import Queue, SQSBackend

    def write(original: Method) -> Method:
        def set_attributes(self: Any, attributes: dict[str, Any], now: Any = None) -> Any:
            attributes = dict(attributes)
            if "RedriveAllowPolicy" in attributes:
                self.__dict__["_redrive_allow"] = attributes.pop("RedriveAllowPolicy")
            if not attributes:
                return None
            if "Policy" not in attributes and getattr(self, "policy", None):  # moto would drop the policy with every other change
                attributes["Policy"] = self.policy
            return original(self, attributes, now)

        return set_attributes

    plain: Method = vars(Queue)["attributes"].fget

    def attributes(self: Any) -> dict[str, Any]:
        result = plain(self)
        if self.__dict__.get("_redrive_allow"):
            result["RedriveAllowPolicy"] = self.__dict__["_redrive_allow"]
        if result.get("RedrivePolicy"):
            result["RedrivePolicy"] = json.dumps(json.loads(result["RedrivePolicy"]), separators=(",", ":"), sort_keys=True)
        return result

    def read(original: Method) -> Method:
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


PATCHES = (sqs_redrive,)
