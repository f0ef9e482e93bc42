"""What botocore's models say of members: required, how long, how large, which characters, which values."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.model import Shape

from emulator_server.constraints.patterns import satisfies

NUMBERS = ("integer", "long", "float", "double")
CONTAINERS = ("structure", "list", "map")


def violations(shape: Shape | None, value: Any, exempt: frozenset[str] = frozenset(), path: str = "", *, shows_empty: bool = True) -> Iterator[str]:
    """A sentence for each constraint that a value breaks, as AWS words it.

    :param exempt: names of shapes whose own constraints are not asked
    :param shows_empty: whether the protocol tells an empty list or structure from a missing one; forms do not
    """
    if shape is None or value is None:
        return
    if shape.name not in exempt:
        shown = "***" if shape.metadata.get("sensitive") else value
        for constraint in _own(shape, value):
            yield f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"
    if shape.type_name == "structure":
        for name in shape.required_members if isinstance(value, dict) else ():
            if value.get(name) is None and (shows_empty or shape.members[name].type_name not in CONTAINERS):
                yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
        for name, member in shape.members.items() if isinstance(value, dict) else ():
            yield from violations(member, value.get(name), exempt, _join(path, name), shows_empty=shows_empty)
    elif shape.type_name == "list" and isinstance(value, (list, tuple)):
        for number, item in enumerate(value, 1):
            yield from violations(shape.member, item, exempt, f"{path}.{number}.member", shows_empty=shows_empty)
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, item in value.items():
            yield from violations(shape.key, key, exempt, path, shows_empty=shows_empty)
            yield from violations(shape.value, item, exempt, f"{path}.{key}.member", shows_empty=shows_empty)


def _join(path: str, name: str) -> str:
    """Members begin with a small letter in AWS's messages."""
    return ".".join(filter(None, (path, name[:1].lower() + name[1:])))


def _own(shape: Shape, value: Any) -> Iterator[str]:
    """What a value breaks of its own shape's constraints."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name in NUMBERS and isinstance(value, (int, float)):
        measure, what = value, "value"
    elif shape.type_name in ("string", "list", "map", "blob") and hasattr(value, "__len__"):
        measure, what = len(value), "length"
    else:
        return
    if least is not None and measure < least:
        yield f"Member must have {what} greater than or equal to {least}"
    if most is not None and measure > most:
        yield f"Member must have {what} less than or equal to {most}"
    if shape.type_name != "string" or not isinstance(value, str):
        return
    pattern, values = shape.metadata.get("pattern"), shape.metadata.get("enum")
    if pattern and not satisfies(pattern, value):
        yield f"Member must satisfy regular expression pattern: {pattern}"
    if values and value not in values:
        yield f"Member must satisfy enum value set: [{', '.join(sorted(values))}]"
