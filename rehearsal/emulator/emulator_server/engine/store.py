"""Where records are kept, what identifies them, and what is made up for them."""
from __future__ import annotations

import re
import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from botocore.model import Shape

from emulator_server.engine.kind import Kind, Record
from emulator_server.engine.values import canonical, get
from emulator_server.wire import Call, Refusal

Key = tuple[str, ...]

NOT_FOUND = re.compile(r"NotFound|DoesNotExist|NoSuch|^Unknown.*Exception")
EXISTS = re.compile(r"AlreadyExist|Duplicate|InUse|^ConflictException$")
#: states that a waiter accepts, best first
SETTLED = ("ACTIVE", "AVAILABLE", "ENABLED", "READY", "CREATED", "COMPLETED", "SUCCESSFUL", "SUCCEEDED", "IN_SERVICE")


class Store:
    """The records of every account and region."""

    def __init__(self) -> None:
        #: (account, region, service, noun) -> key -> record; region is empty for global services
        self.records: dict[Key, dict[Key, Record]] = defaultdict(dict)

    def bucket(self, call: Call, kind: Kind) -> dict[Key, Record]:
        """The records of one kind that the caller can see."""
        return self.records[(*call.scope, kind.service, kind.noun)]

    def forget(self, call: Call, member: str, value: Any) -> None:
        """Drop every record of the service that has this value in this member: what it belonged to is gone."""
        for (*scope, service, _), bucket in self.records.items():
            if (*scope, service) == (*call.scope, call.service):
                for key in [key for key, record in bucket.items() if get(record, member) == value]:
                    del bucket[key]

    def key(self, call: Call, kind: Kind, members: dict[str, Any]) -> Key | None:
        """What identifies a resource, from its own members or from a request's; None where a part is not given."""
        values = [get(members, name) for name in identity(call, kind)]
        return None if any(value is None for value in values) else tuple(canonical(value) for value in values)

    def lookup(self, call: Call, kind: Kind, members: dict[str, Any]) -> Record:
        """The record that a request is about, or the service's error for a missing one."""
        key = self.key(call, kind, members)
        bucket = self.bucket(call, kind)
        record = bucket.get(key) if key is not None else None
        if record is None and key is not None and len(key) == 1:  # by ARN, id or name, where the operation takes either
            record = next((r for r in bucket.values() if key[0] in (get(r, "Arn"), get(r, "Id"), get(r, "Name"))), None)
        if record is None:
            raise missing(call, kind)
        return record


def identity(call: Call, kind: Kind) -> tuple[str, ...]:
    """The members that identify a resource: what the table says, else what its delete operation (or its kin) requires."""
    if kind.identity:
        return kind.identity
    for verb in ("Delete", "Deregister", "Get", "Describe", "Create"):
        operation = call.operation_model(f"{verb}{kind.noun}")
        if operation and operation.input_shape and operation.input_shape.required_members:
            return tuple(operation.input_shape.required_members)
    return ()


def missing(call: Call, kind: Kind) -> Refusal:
    """The error for a resource that is not there: the modelled one that names the noun, where there is one."""
    if kind.not_found:
        return Refusal(*kind.not_found)
    codes = [str(shape.error_code) for shape in call.operation.error_shapes if NOT_FOUND.search(str(shape.error_code))]
    codes.sort(key=lambda code: (not code.startswith(f"{kind.noun}NotFound"), kind.noun not in code, code))
    return Refusal(codes[0] if codes else "ResourceNotFoundException", f"{kind.noun} not found")


def existing(call: Call, kind: Kind) -> Refusal | None:
    """The error for a resource that is there already, where the operation models one."""
    codes = [str(shape.error_code) for shape in call.operation.error_shapes if EXISTS.search(str(shape.error_code))]
    codes.sort(key=lambda code: (kind.noun not in code, "AlreadyExist" not in code, code))
    return Refusal(codes[0], f"{kind.noun} already exists") if codes else None


def fresh_context(call: Call) -> dict[str, str]:
    """What the table's templates may refer to: whose it is, and identifiers that nobody has yet."""
    return {
        "account": call.account,
        "region": call.region,
        "uuid": str(uuid.uuid4()),
        "hex": secrets.token_hex(9)[:17],
        "id": secrets.token_hex(8)[:13].upper(),
    }


def generate(call: Call, kind: Kind, name: str, context: dict[str, str]) -> str:
    """A value for an identifying member that the caller leaves to the service."""
    if name.lower().endswith("arn"):
        return f"arn:aws:{call.service}:{call.region}:{call.account}:{kind.noun.lower()}/{context['uuid']}"
    return context["uuid"]


def resource_shapes(call: Call, kind: Kind) -> Iterator[Shape]:
    """The structures that show a resource: outputs of its operations, and what they wrap."""
    for name in (f"{verb}{noun}" for verb in ("Create", "Describe", "Get") for noun in (kind.noun, f"{kind.noun}s")):
        operation = call.operation_model(name)
        shape = operation.output_shape if operation else None
        if not shape:
            continue
        for member in shape.members.values():
            inner = member.member if member.type_name == "list" else member
            if inner.type_name == "structure" and kind.noun.lower() in inner.name.lower():
                yield inner
        yield shape


def complete(call: Call, kind: Kind, record: Record, context: dict[str, str]) -> None:
    """Its ARN, id and state, where its structures have them and neither caller nor table gave them."""
    noun = kind.noun.lower()
    known = [(name.lower(), get(record, name)) for name in identity(call, kind)]
    for shape in resource_shapes(call, kind):
        for name, member in shape.members.items():
            low = name.lower()
            if member.type_name != "string" or get(record, name) is not None:
                continue
            if low in ("arn", f"{noun}arn"):
                record[name] = next((v for n, v in known if n.endswith("arn")), generate(call, kind, name, context))
            elif low in ("id", f"{noun}id"):
                record[name] = next((v for n, v in known if n.endswith("id")), context["uuid"])
            elif low in ("status", "state", f"{noun}status", f"{noun}state"):
                states = {str(state).upper(): state for state in getattr(member, "enum", ())}
                record[name] = next((states[state] for state in SETTLED if state in states), None)
