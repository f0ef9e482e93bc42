"""Templates of ARNs."""
from __future__ import annotations


def arn(service: str, tail: str, region: str = "{region}") -> str:
    """A template that the engine fills in for the caller's account; region "" for global services."""
    return f"arn:aws:{service}:{region}:{{account}}:{tail}"
