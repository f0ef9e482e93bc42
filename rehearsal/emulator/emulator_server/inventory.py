"""What exists in an account now: the proof that a destroy left nothing behind.

Found by reflection over moto's state rather than by a list of known types, so that a type nobody thought of cannot hide.
A fresh account is not empty (default VPC, AWS's managed policies, the default event bus...), and parts of it have random names.
So the content of each of moto's backends is noted at the moment it is created, before any request can change it; what was
there then is not reported. The few things that AWS, too, keeps after deletion are in `retained`.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend, backend_lock
from moto.utilities.tagging_service import TaggingService

from emulator_server.engine.store import Store
from emulator_server.retained import is_retained

#: (collection, key) pairs of a backend
Content = frozenset[tuple[str, str]]
Grouped = dict[str, dict[str, dict[str, list[str]]]]

#: attributes that name an object in a list, best first
NAMES = ("arn", "name", "id", "physical_resource_id", "allocation_id", "policy_id", "public_ip")
DEPTH = 4
_baselines: dict[int, Content] = {}


def watch_creation() -> None:
    """Note what is in each backend when moto creates it."""
    plain = AccountSpecificBackend.__getitem__

    def create_and_note(self: AccountSpecificBackend[Any], region: str) -> BaseBackend:
        backend: BaseBackend = plain(self, region)
        if id(backend) not in _baselines:
            with backend_lock:
                _baselines.setdefault(id(backend), frozenset(content(backend, frozenset(content(backend, frozenset())))))
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
            baseline = _baselines.get(id(backend), frozenset())
            for collection, key in _settled(backend, baseline) - baseline:
                if not is_retained(backends.service_name, collection, key, backend):
                    yield backends.service_name, "global" if region == "aws" else region, collection, key


def _engine(account: str, store: Store) -> Iterator[tuple[str, str, str, str]]:
    for (owner, region, service, noun), records in list(store.records.items()):
        if owner == account:
            for key in list(records):
                yield service, region or "global", noun, "/".join(key)


def _settled(backend: BaseBackend, baseline: Content) -> Content:
    """The content of a backend, asked again when a request changed it meanwhile."""
    for _ in range(20):
        try:
            return frozenset(content(backend, baseline))
        except RuntimeError:
            continue
    return frozenset(content(backend, baseline))


def content(backend: BaseBackend, inside: Content) -> Iterator[tuple[str, str]]:
    """Every (collection, key) that a backend holds, and what is inside of those given: a rule on the default event bus is left over too."""
    for name, value in vars(backend).items():
        yield from _walk(name, "", value, inside, DEPTH)


def _walk(collection: str, path: str, value: Any, inside: Content, depth: int) -> Iterator[tuple[str, str]]:
    """The entries of a collection, or of the collections that an object of moto has as attributes."""
    if depth == 0 or isinstance(value, (BaseBackend, TaggingService)):
        return
    if isinstance(value, Mapping):
        for key, item in list(value.items()):
            yield from _entry(collection, f"{path}{key}", item, inside, depth)
    elif isinstance(value, (list, set)):
        for item in list(value):
            yield from _entry(collection, f"{path}{_name(item)}", item, inside, depth)
    elif _is_model(value):
        yield collection, f"{path}{_name(value)}"
        for name, item in list(vars(value).items()):
            yield from _walk(f"{collection}.{name}", path, item, inside, depth - 1)


def _entry(collection: str, key: str, item: Any, inside: Content, depth: int) -> Iterator[tuple[str, str]]:
    """One entry of a collection: a group of entries if it is itself a collection, else a thing that exists."""
    if isinstance(item, (Mapping, list, set)):
        yield from _walk(collection, f"{key}/", item, inside, depth - 1)
        return
    yield collection, key
    if (collection, key) in inside and _is_model(item):
        for name, part in list(vars(item).items()):
            if isinstance(part, (Mapping, list, set)):
                yield from _walk(f"{collection}.{name}", f"{key}/", part, inside, depth - 1)


def _is_model(value: Any) -> bool:
    return type(value).__module__.startswith("moto.") and hasattr(value, "__dict__")


def _name(item: Any) -> str:
    if isinstance(item, (str, int)):
        return str(item)
    for name in NAMES:
        if isinstance(value := getattr(item, name, None), str) and value:
            return value
    if isinstance(item, Mapping):
        return next((str(v) for k, v in item.items() if str(k).lower() in NAMES), type(item).__name__)
    return type(item).__name__
