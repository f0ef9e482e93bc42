"""What moto keeps and AWS keeps too, or what is no resource at all: the only things an inventory may leave out, each with its reason."""
from __future__ import annotations

from typing import Any

HISTORY = "a record of past calls, not a resource"
TAGS = "tags, filed apart from what they are on"

#: (service, collection) -> why it says nothing about what is left
RETAINED: dict[tuple[str, str], str] = {
    ("ec2", "tags"): TAGS,
    ("sts", "assumed_roles"): HISTORY,
}


def is_retained(service: str, collection: str, key: str, backend: Any) -> bool:
    """Whether AWS would keep it after its deletion as well, or it is no resource."""
    return (service, collection) in RETAINED
