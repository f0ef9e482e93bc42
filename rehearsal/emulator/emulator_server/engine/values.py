"""Members and their values: looking them up, comparing them, fitting them to a shape."""
from __future__ import annotations

import json
from typing import Any

from botocore.model import Shape


def find(members: dict[str, Any], name: str) -> str | None:
    """The key under which a member is stored; letter case differs between operations of one service."""
    if name in members:
        return name
    return next((key for key in members if key.lower() == name.lower()), None)


def get(members: dict[str, Any], name: str) -> Any:
    """A member's value whatever the letter case of its name; None where it is absent."""
    key = find(members, name)
    return None if key is None else members[key]


def canonical(value: Any) -> str:
    """A value as a key: 80 and 80.0 are the same threshold, and a structure does not depend on its order."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = float(value)
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def fill(template: Any, context: dict[str, Any]) -> Any:
    """A template of the table with its {placeholders} filled in, at any depth."""
    if isinstance(template, str):
        return template.format_map(context) if "{" in template else template
    if isinstance(template, dict):
        return {key: fill(value, context) for key, value in template.items()}
    return [fill(value, context) for value in template] if isinstance(template, list) else template


def coerce(shape: Shape, value: Any) -> Any:
    """A stored value cut to the shape of an output member; what does not fit is left out."""
    if shape.type_name == "structure":
        if not isinstance(value, dict):
            return None
        return {name: coerce(member, get(value, name)) for name, member in shape.members.items() if get(value, name) is not None}
    if shape.type_name == "list":
        return [coerce(shape.member, item) for item in value] if isinstance(value, (list, tuple)) else None
    if shape.type_name == "map":
        return {key: coerce(shape.value, item) for key, item in value.items()} if isinstance(value, dict) else None
    if shape.type_name == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if shape.type_name == "string":
        return value if isinstance(value, str) else None if isinstance(value, (dict, list)) else str(value)
    return value


#: what makes several names of one: ids in InstanceIds, names in CacheClusterIdList, prefixes in ecrRepositoryPrefixes
PLURALS = ("List", "es", "s")


def matches(record: dict[str, Any], members: dict[str, Any]) -> bool:
    """Whether a record passes a list operation's arguments, as far as they name stored members."""
    for name, value in members.items():
        one = next((find(record, name.removesuffix(plural)) for plural in PLURALS if name.endswith(plural) and find(record, name.removesuffix(plural))), None)
        if one and isinstance(value, list):
            if value and record[one] not in value:
                return False
        elif name.endswith("NamePrefix"):
            own = get(record, name[:-6]) or get(record, "Name")
            if own is not None and not str(own).startswith(value):
                return False
        elif name.lower() == "filters" and isinstance(value, list):
            for item in value:
                low = {key.lower(): part for key, part in item.items()}
                if get(record, low.get("key", low.get("name", "")).replace("-", "")) not in low.get("values", []):
                    return False
        elif isinstance(value, (str, int)) and not isinstance(value, bool) and find(record, name):
            if canonical(get(record, name)) != canonical(value):
                return False
    return True
