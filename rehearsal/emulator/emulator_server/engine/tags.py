"""Tags, in every shape that services give them, and the operations on them."""
from __future__ import annotations

import re
import threading
from typing import Any

from botocore.model import Shape

from emulator_server.wire import Call, Response

#: the names of members that carry tags: Tags, TagList, ResourceTags, BackupVaultTags, BackupPlanTags, TagSpecifications, ...
TAGS = re.compile(r"(?i)^(\w*resource|\w*vault|\w*plan)?tags?(list|specifications)?$")
ACTIONS = {
    "TagResource": "tag",
    "AddTagsToResource": "tag",
    "CreateTags": "tag",
    "UntagResource": "untag",
    "RemoveTagsFromResource": "untag",
    "DeleteTags": "untag",
    "ListTagsForResource": "read",
    "ListTags": "read",
}


def read_tags(value: Any) -> dict[str, str]:
    """Tags in any of the shapes that services use: a map, a list of pairs, a list in a structure, or in several."""
    if isinstance(value, list):
        value = [tag for item in value for tag in item.get("Tags", [item])]
        pairs = [{key.lower(): part for key, part in item.items()} for item in value]
        return {str(p.get("key", p.get("tagkey"))): str(p.get("value", p.get("tagvalue", ""))) for p in pairs}
    if isinstance(value, dict) and list(value) == ["Items"]:
        return read_tags(value["Items"])
    return dict(value or {})


def write_tags(shape: Shape, tags: dict[str, str]) -> Any:
    """Tags in the shape of an output member."""
    if shape.type_name == "map":
        return dict(tags)
    if shape.type_name == "structure":
        return {name: write_tags(member, tags) for name, member in shape.members.items()}
    key, value = sorted(shape.member.members, key=lambda name: name.lower().endswith("value"))[:2]
    return [{key: k, value: v} for k, v in tags.items()]


class TagStore:
    """The tags of the engine's own resources, and of those whose tags moto forgets, by ARN (or what else names them)."""

    def __init__(self) -> None:
        self.tags: dict[str, dict[str, str]] = {}
        self.lock = threading.Lock()

    def answer(self, call: Call, *, known_only: bool) -> Response | None:
        """Answer a tag operation; with known_only, just for resources whose tags are kept here."""
        action = ACTIONS.get(call.name)
        names = [value for value in call.params.values() if isinstance(value, str)]
        names += call.params.get("Resources") or []  # EC2 tags several things at once
        key = next((name for name in names if name in self.tags), None)
        if action is None or not names or (key is None and known_only):
            return None
        with self.lock:
            tags = self.tags.setdefault(key or max(names, key=len), {})
            if action == "tag":
                tags.update(next(read_tags(value) for name, value in call.params.items() if TAGS.match(name)))
            elif action == "untag":
                keys = next((value for name, value in call.params.items() if "keys" in name.lower()), None)
                for gone in read_tags(call.params.get("Tags")) if keys is None else keys:
                    tags.pop(gone, None)
            output = call.operation.output_shape
            return call.respond({n: write_tags(s, tags) for n, s in (output.members if output else {}).items() if TAGS.match(n)})
