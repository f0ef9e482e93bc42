"""Create, read, list, update and delete: the engine itself."""
from __future__ import annotations

import re
import threading
from datetime import datetime, timezone
from typing import Any

from emulator_server.engine.kind import NO_ERROR, Kind, Record, Table
from emulator_server.engine.operations import Operations
from emulator_server.engine.projection import Projection, tag_key
from emulator_server.engine.shadows import Shadows
from emulator_server.engine.store import NOT_FOUND, Key, Store, complete, existing, fresh_context, generate, identity, missing
from emulator_server.engine.tags import TAGS, TagStore, read_tags
from emulator_server.engine.values import PLURALS, fill, find, get, matches
from emulator_server.wire import Call, Refusal, Response


def now() -> datetime:
    """The time as services give it: in UTC, to the second."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def flatten(kind: Kind, members: dict[str, Any]) -> dict[str, Any]:
    """Input members with the structure that wraps the whole resource taken apart."""
    wrapper = re.compile(rf"(New)?{kind.noun}(Config(uration)?)?(WithTags)?")
    flat: dict[str, Any] = {}
    for name, value in members.items():
        if wrapper.fullmatch(name) and isinstance(value, dict):
            flat.update(flatten(kind, value))
        elif value is not None:
            flat[name] = value
    return flat


class Engine:
    """Keeps the resources that moto lacks or misreads, and answers for them."""

    def __init__(self, table: Table) -> None:
        self.operations = Operations(table)
        self.store = Store()
        self.tags = TagStore()
        self.projection = Projection(table.constants, self.tags.tags)
        self.shadows = Shadows(table, self.tags)
        self.actions = {
            "create": self.do_create, "read": self.do_read, "list": self.do_list, "update": self.do_update, "delete": self.do_delete,
        }  # fmt: skip
        self.deletions = table.deletions
        self.lock = threading.RLock()

    def handle(self, call: Call, kind: Kind, action: str) -> Response:
        """Carry out an operation on a kind."""
        with self.lock:
            try:
                members = flatten(kind, call.params)
                if kind.check:
                    kind.check(self, call, members)
                return call.respond(self.actions[action](call, kind, members))
            except Refusal as error:
                return call.respond(error)

    def follow(self, call: Call, response: Response) -> Response:
        """moto's answer with what it forgets; after a deletion nothing is known here of what it deleted."""
        sent, kept = self.deletions.get((call.service, call.name), ("", ""))
        if sent and response.ok:
            with self.lock:
                self.store.forget(call, kept, call.params[sent])
            self.shadows.forget(call, call.params[sent])
        return self.shadows.complete(call, response)

    def bucket(self, call: Call, kind: Kind) -> dict[Key, Record]:
        """The records of one kind that the caller can see, for the hooks of other kinds."""
        return self.store.bucket(call, kind)

    def create(self, call: Call, kind: Kind, members: dict[str, Any]) -> Record:
        """Store a new resource with everything that AWS would fill in."""
        tag_names = [name for name in members if TAGS.match(name)]
        record: Record = {name: value for name, value in members.items() if name not in tag_names}
        record |= {"@created": now(), "@updated": now(), "@account": call.account, "@region": call.region}
        context = fresh_context(call)
        for name, default in kind.defaults.items():
            if get(record, name) is None:
                value = default(record) if callable(default) else fill(default, {**context, **record})
                if value is not None:
                    record[name] = value
        for name in identity(call, kind):
            if get(record, name) is None:
                record[name] = generate(call, kind, name, context)
        complete(call, kind, record, context)
        self._derive(kind, record)
        key = self.store.key(call, kind, record)
        if key is not None:
            self.bucket(call, kind)[key] = record
        if filed_under := tag_key(kind, record):
            self.tags.tags[filed_under] = read_tags(members[tag_names[0]]) if tag_names else {}
        if kind.after_write:
            kind.after_write(self, call, record)
        return record

    def do_create(self, call: Call, kind: Kind, members: dict[str, Any]) -> Any:
        if call.name.startswith("Create") and self.store.key(call, kind, members) in self.bucket(call, kind):
            if error := existing(call, kind):
                raise error
        return self.projection.project(call, kind, self.create(call, kind, members))

    def do_read(self, call: Call, kind: Kind, members: dict[str, Any]) -> Any:
        if self.projection.is_constant(call):
            return self.projection.project(call, kind, {})
        if kind.absent is not None and self.store.key(call, kind, members) not in self.bucket(call, kind):
            return self.projection.project(call, kind, kind.absent)
        return self.projection.project(call, kind, self.store.lookup(call, kind, members))

    def do_list(self, call: Call, kind: Kind, members: dict[str, Any]) -> Any:
        names = identity(call, kind)
        found = [record for record in self.bucket(call, kind).values() if matches(record, members)]
        asked_for_one = any(get(members, name + plural) for plural in ("", *PLURALS) for name in names[-1:])
        if not found and asked_for_one and kind.not_found != NO_ERROR:
            if kind.not_found or any(NOT_FOUND.search(str(shape.error_code)) for shape in call.operation.error_shapes):
                raise missing(call, kind)
        result: dict[str, Any] = {}
        for name, shape in call.operation.output_shape.members.items():
            if shape.type_name == "list" and shape.member.type_name == "structure":
                result[name] = [self.projection.resource(kind, shape.member, record) for record in found]
            elif shape.type_name == "list":
                result[name] = [get(record, names[-1]) for record in found]
            elif shape.type_name != "structure" and get(members, name) is not None:
                result[name] = get(members, name)
        return result

    def do_update(self, call: Call, kind: Kind, members: dict[str, Any]) -> Any:
        if not identity(call, kind) and not self.bucket(call, kind):  # one per account: written by its first update
            return self.do_create(call, kind, members)
        record = self.store.lookup(call, kind, members)
        if kind.merge:
            kind.merge(record, members, call.name)
        else:
            self._replace(call, kind, record, members)
        record["@updated"] = now()
        self._derive(kind, record)
        if kind.after_write:
            kind.after_write(self, call, record)
        return self.projection.project(call, kind, record)

    def do_delete(self, call: Call, kind: Kind, members: dict[str, Any]) -> Any:
        record = self.store.lookup(call, kind, members)
        self.remove(call, kind, record)
        return self.projection.project(call, kind, record)

    def remove(self, call: Call, kind: Kind, record: Record) -> None:
        """Forget a resource, its tags and what goes with it."""
        bucket = self.bucket(call, kind)
        for key in [key for key, kept in bucket.items() if kept is record]:
            del bucket[key]
        self.tags.tags.pop(tag_key(kind, record), None)
        if kind.after_delete:
            kind.after_delete(self, call, record)

    @staticmethod
    def _replace(call: Call, kind: Kind, record: Record, members: dict[str, Any]) -> None:
        """Flat members replace those of the record; a structure that wraps the resource replaces it as a whole."""
        for name, shape in call.operation.input_shape.members.items():
            if isinstance(call.params.get(name), dict) and flatten(kind, {name: {}}) == {}:
                for gone in shape.members:
                    record.pop(gone, None)
        for name, value in members.items():
            record[find(record, name) or name] = value

    @staticmethod
    def _derive(kind: Kind, record: Record) -> None:
        for name, rule in kind.derived.items():
            record[name] = rule(record)
