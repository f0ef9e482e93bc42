"""The words of the table: what the service models do not say about a kind of resource."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from emulator_server.wire import Call

#: a stored resource: its members by name, and its circumstances under names that begin with "@" (@created, @updated, @account, @region)
Record = dict[str, Any]


class Keeper(Protocol):
    """What hooks of a kind may ask of the engine."""

    def bucket(self, call: Call, kind: Kind) -> dict[Any, Record]: ...
    def create(self, call: Call, kind: Kind, members: dict[str, Any]) -> Record: ...
    def remove(self, call: Call, kind: Kind, record: Record) -> None: ...


Hook = Callable[[Keeper, Call, Record], None]

#: for `Kind.not_found`: a missing one is an empty list, not an error
NO_ERROR = ("", "")


@dataclass(frozen=True)
class Kind:
    """One kind of resource that the engine keeps, as far as the service model does not describe it."""

    service: str
    noun: str
    #: members that identify it, where not those required by its delete operation
    identity: tuple[str, ...] = ()
    #: operations whose name does not say it: operation -> create | read | list | update | delete
    operations: dict[str, str] = field(default_factory=dict)
    #: members that AWS fills in at creation: templates, or functions of the record
    defaults: dict[str, Any] = field(default_factory=dict)
    #: members worked out again after each write
    derived: dict[str, Callable[[Record], Any]] = field(default_factory=dict)
    #: the member that its tags are filed under, where not its ARN; a member that it lacks: it has no tags
    tag_key: str = ""
    #: (code, message) of the error for a missing one, where not modelled
    not_found: tuple[str, str] | None = None
    #: how an update changes the record, where not by replacing members: (record, members sent, operation)
    merge: Callable[[Record, dict[str, Any], str], None] | None = None
    #: refuses what AWS would refuse, before anything is read or changed: (engine, call, members sent)
    check: Hook | None = None
    #: what else comes and goes with it
    after_write: Hook | None = None
    after_delete: Hook | None = None
    #: what a read says of one that was never written, for settings that always exist
    absent: dict[str, Any] | None = None


@dataclass(frozen=True)
class Shadow:
    """Members that moto accepts but does not return: remembered on writes, put into its answers on reads."""

    service: str
    writes: tuple[str, ...]
    #: output member -> input members, one of which carries the same name or ARN; identifies the resource
    key: dict[str, tuple[str, ...]]
    #: output member -> input member
    members: dict[str, str]
    defaults: dict[str, Any] = field(default_factory=dict)
    #: members that moto returns and AWS would not
    drop: tuple[str, ...] = ()
    #: the output structure that carries the members; empty: the whole output
    shape: str = ""
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """All that the engine is told beyond the service models."""

    kinds: tuple[Kind, ...] = ()
    shadows: tuple[Shadow, ...] = ()
    #: output members that carry no resource: (service, member) -> what they say: a template, or a function of the record
    constants: dict[tuple[str, str], Any] = field(default_factory=dict)
    #: (service, operation): creations by moto whose tags moto forgets; the engine then answers that service's tag operations
    tagged: frozenset[tuple[str, str]] = frozenset()
    #: (service, operation): what nobody has, and moto or the engine would take for another operation
    misrouted: frozenset[tuple[str, str]] = frozenset()
    #: (service, operation): deletions by moto -> the members that name what is deleted, in the call and in records, which go with it
    deletions: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
