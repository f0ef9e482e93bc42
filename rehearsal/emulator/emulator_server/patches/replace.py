"""How moto's classes are changed: a method wrapped, or members added."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

Method = Callable[..., Any]


def wrap(owner: Any, name: str, make: Callable[[Method], Method]) -> None:
    """Replace a method by one that is made from it."""
    setattr(owner, name, make(getattr(owner, name)))


def add(owner: Any, **members: Any) -> None:
    """Set members, new or not."""
    for name, value in members.items():
        setattr(owner, name, value)
