"""What exists in an account now: the proof that a destroy left nothing behind.

Found by reflection over moto's state rather than by a list of known types, so that a type nobody thought of cannot hide.
A fresh account is not empty (default VPC, AWS's managed policies, the default event bus...), and parts of it have random names.
So the content of each of moto's backends is noted at the moment it is created, before any request can change it; what was
there then is not reported. The few things that AWS, too, keeps after deletion are in `retained`.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend, backend_lock
from moto.utilities.tagging_service import TaggingService

from emulator_server.engine.store import Store
from emulator_server.retained import SETTINGS, is_retained

#: (collection, key) -> the thing itself
Content = dict[tuple[str, str], Any]
Grouped = dict[str, dict[str, dict[str, list[str]]]]

#: attributes that name an object in a list, best first
NAMES = ("arn", "name", "id", "physical_resource_id", "allocation_id", "policy_id", "public_ip")
#: how far collections are followed into collections
DEPTH = 4
#: how often a backend is walked through again when a request changes it meanwhile
ATTEMPTS = 20


@dataclass(frozen=True)
class Baseline:
    """What a backend held when it was new."""

    #: its own things
    things: frozenset[tuple[str, str]]
    #: they, and what they in turn held
    everything: frozenset[tuple[str, str]]


NOTHING = Baseline(frozenset(), frozenset())
_baselines: dict[int, Baseline] = {}


def watch_creation() -> None:
    """Note what is in each backend when moto creates it."""
    plain = AccountSpecificBackend.__getitem__

    def create_and_note(self: AccountSpecificBackend[Any], region: str) -> BaseBackend:
        backend: BaseBackend = plain(self, region)
        if id(backend) not in _baselines:
            with backend_lock:
                things = frozenset(content(backend, frozenset()))
                _baselines.setdefault(id(backend), Baseline(things, frozenset(content(backend, things))))
        return backend

    AccountSpecificBackend.__getitem__ = create_and_note  # type: ignore[method-assign]


def inventory(account: str, store: Store) -> Grouped:
    """All that exists in an account beyond what a fresh one has: service -> region -> collection -> keys."""
    found: Grouped = {}
    for service, region, collection, key in sorted({*_moto(account), *_engine(account, store)}):
        found.setdefault(service, {}).setdefault(region, {}).setdefault(collection, []).append(key)
    return found


def _moto(account: str) -> Iterator[tuple[str, str, str, str]]:
    for backends in list(BackendDict._instances):
        if account not in list(backends):
            continue
        for region, backend in list(dict.items(backends[account])):
            baseline = _baselines.get(id(backend), NOTHING)
            for (collection, key), item in _settled(backend, baseline).items():
                if (collection, key) not in baseline.everything and not is_retained(backends.service_name, collection, key, item):
                    yield backends.service_name, "global" if region == "aws" else region, collection, key


def _engine(account: str, store: Store) -> Iterator[tuple[str, str, str, str]]:
    for (owner, region, service, noun), records in list(store.records.items()):
        if owner == account and (service, noun) not in SETTINGS:
            for key in list(records):
                yield service, region or "global", noun, "/".join(key)


def _settled(backend: BaseBackend, baseline: Baseline) -> Content:
    for _ in range(ATTEMPTS):
        try:
            return content(backend, baseline.things)
        except RuntimeError:  # a collection changed its size
            continue
    return content(backend, baseline.things)


def content(backend: BaseBackend, inside: frozenset[tuple[str, str]]) -> Content:
    """What a backend holds, and what those things of it hold that are given: a rule on the default event bus is left over too."""
    found = {(collection, key): item for name, value in vars(backend).items() for collection, key, item in _walk(name, "", value, DEPTH)}
    for (collection, key), item in list(found.items()):
        if (collection, key) in inside and _is_model(item):
            for name, part in list(vars(item).items()):
                if isinstance(part, (Mapping, list, set)):
                    found.update({(c, k): i for c, k, i in _walk(f"{collection}.{name}", f"{key}/", part, DEPTH)})
    return found


def _walk(collection: str, path: str, value: Any, depth: int) -> Iterator[tuple[str, str, Any]]:
    """The entries of a collection, or of the collections that an object of moto has as attributes."""
    if depth == 0 or isinstance(value, (BaseBackend, TaggingService)):
        return
    if isinstance(value, Mapping):
        entries = [(f"{path}{key}", item) for key, item in list(value.items())]
    elif isinstance(value, (list, set)):
        entries = [(f"{path}{_name(item)}", item) for item in list(value)]
    elif _is_model(value):
        yield collection, f"{path}{_name(value)}", value
        for name, item in list(vars(value).items()):
            yield from _walk(f"{collection}.{name}", path, item, depth - 1)
        return
    else:
        return
    for key, item in entries:
        if isinstance(item, (Mapping, list, set)):  # a group of entries; an empty one is nothing
            yield from _walk(collection, f"{key}/", item, depth - 1)
        else:
            yield collection, key, item


def _is_model(value: Any) -> bool:
    """Whether it is one of moto's objects that stand for something of AWS, not a tool of moto's own."""
    module = type(value).__module__
    return module.startswith("moto.") and module != "moto.core.model" and hasattr(value, "__dict__")


def _name(item: Any) -> str:
    if isinstance(item, (str, int)):
        return str(item)
    if isinstance(item, Mapping):
        return next((str(value) for name, value in item.items() if str(name).lower() in NAMES), type(item).__name__)
    found = (getattr(item, name, None) for name in NAMES)
    return next((value for value in found if isinstance(value, str) and value), type(item).__name__)
