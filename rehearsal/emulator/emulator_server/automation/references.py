"""What stands in braces in a document, and what a selector finds in an answer."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from jsonpath_ng import parse

REFERENCE = re.compile(r"\{\{\s*([\w:.]+)\s*\}\}")
#: the part of JSONPath that documents here may use: members, one item or all items of a list
SELECTOR = re.compile(r"\$((\.\w+)|(\[(\d+|\*)\]))*")
PART = re.compile(r"\.(\w+)|\[(\d+|\*)\]")


class Unresolved(Exception):
    """A name or a selector that stands for nothing."""


def references(value: Any) -> set[str]:
    """All names in braces, wherever they stand in a value."""
    if isinstance(value, str):
        return set(REFERENCE.findall(value))
    if isinstance(value, dict):
        return set().union(*(references(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(references(item) for item in value))
    return set()


def resolve(value: Any, known: Callable[[str], Any]) -> Any:
    """The value with everything filled in. A text that is nothing but a reference becomes what it refers to, a list included."""
    if isinstance(value, str):
        if whole := REFERENCE.fullmatch(value):
            return known(whole[1])
        return REFERENCE.sub(lambda match: as_text(known(match[1])), value)
    if isinstance(value, dict):
        return {name: resolve(item, known) for name, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, known) for item in value]
    return value


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


def select(selector: str, answer: Any, kind: str = "") -> Any:
    """What a selector finds, as the output's type wants it. @raise Unresolved: nothing is there"""
    found = [match.value for match in parse(selector).find(answer)]
    if kind.endswith("List") and "[*]" in selector:
        return found
    if not found or found[0] is None:
        raise Unresolved(f"{selector} finds nothing in the answer")
    value = found[0]
    if kind in ("Integer", "Boolean") or isinstance(value, (dict, list)):
        return value
    return as_text(value)


def selected_shape(selector: str, shape: Shape | None) -> Shape:
    """The shape that a selector leads to. @raise Unresolved: the model has no such member"""
    if not SELECTOR.fullmatch(selector):
        raise Unresolved(f"{selector} is no plain path: $.Member[0].Member")
    for member, item in PART.findall(selector):
        if member and isinstance(shape, StructureShape) and member in shape.members:
            shape = shape.members[member]
        elif member and isinstance(shape, MapShape):
            shape = shape.value
        elif item and isinstance(shape, ListShape):
            shape = shape.member
        else:
            raise Unresolved(f"{selector}: {shape.name if shape else 'an empty answer'} has no {member or f'[{item}]'}")
    if shape is None:
        raise Unresolved(f"{selector}: the answer is empty")
    return shape
