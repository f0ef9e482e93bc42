"""What all kinds of EKS share: the cluster they belong to, and its errors."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator_server.engine import Engine, Kind, Record
from emulator_server.wire import Call, Refusal


def invalid(message: str) -> Refusal:
    """A parameter that EKS does not take."""
    return Refusal("InvalidParameterException", message)


def records(engine: Engine, call: Call, noun: str) -> list[Record]:
    """All records of one kind in the caller's region."""
    return list(engine.bucket(call, Kind("eks", noun)).values())


def find_cluster(engine: Engine, call: Call, name: str | None) -> Record:
    """The cluster that a request names."""
    for cluster in records(engine, call, "Cluster"):
        if cluster["name"] == name:
            return cluster
    raise Refusal("ResourceNotFoundException", f"No cluster found for name: {name}.")


def in_cluster(engine: Engine, call: Call, members: dict[str, Any]) -> None:
    """Whatever belongs to a cluster is asked for in one that exists."""
    find_cluster(engine, call, members.get("clusterName"))


def remove(engine: Engine, call: Call, noun: str, is_meant: Callable[[Record], bool]) -> None:
    """Forget what goes with something else."""
    for record in records(engine, call, noun):
        if is_meant(record):
            engine.remove(call, engine.operations.kinds["eks", noun], record)
