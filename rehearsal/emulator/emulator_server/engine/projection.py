"""From a record to an answer: the record's members, cut to the shape that the operation returns."""
from __future__ import annotations

import re
import uuid
from typing import Any

from botocore.model import Shape

from emulator_server.engine.kind import Kind, Record
from emulator_server.engine.tags import TAGS, write_tags
from emulator_server.engine.values import coerce, fill, get
from emulator_server.wire import Call

UPDATED = re.compile(r"(?i)^(?!auth).*(modif|updat)")
CREATED = re.compile(r"(?i)creat|associatedat|^date$")


def tag_key(kind: Kind, record: Record) -> str:
    """What a resource's tags are filed under: its ARN unless the table says otherwise; empty where it has none."""
    if kind.tag_key:
        return str(get(record, kind.tag_key) or "")
    arns = [value for name, value in record.items() if name.lower().endswith("arn") and isinstance(value, str)]
    own = [value for value in arns if f":{kind.service}:" in value]
    return str(record.get("ARN") or next(iter(own[::-1]), ""))


class Projection:
    """Answers made of records."""

    def __init__(self, constants: dict[tuple[str, str], Any], tags: dict[str, dict[str, str]]) -> None:
        self.constants = constants
        self.tags = tags

    def is_constant(self, call: Call) -> bool:
        """Whether an operation returns what carries no resource, such as the progress of an update."""
        output = call.operation.output_shape
        said = (self.constants.get((call.service, name)) for name in output.members) if output else ()
        return any(value is not None and not callable(value) for value in said)

    def project(self, call: Call, kind: Kind, record: Record) -> dict[str, Any]:
        """A record as the output of an operation."""
        shape = call.operation.output_shape
        if shape is None:
            return {}
        structures = [name for name, member in shape.members.items() if member.type_name == "structure"]
        result = self.resource(kind, shape, record)
        for name in structures:
            if (call.service, name) in self.constants:
                said = self.constants[call.service, name]
                result[name] = said(record) if callable(said) else fill(said, {"uuid": str(uuid.uuid4())})
            elif name not in result and (len(structures) == 1 or kind.noun.lower() in name.lower()):
                if inner := self.resource(kind, shape.members[name], record):
                    result[name] = inner
        return result

    def resource(self, kind: Kind, shape: Shape, record: Record) -> dict[str, Any]:
        """A record as a resource structure: stored members, its tags, its times, itself under its wrapper."""
        result: dict[str, Any] = {}
        for name, member in shape.members.items():
            value = get(record, name)
            if value is not None:
                result[name] = coerce(member, value)
            elif TAGS.match(name):
                result[name] = write_tags(member, self.tags.get(tag_key(kind, record), {}))
            elif member.type_name == "timestamp" and UPDATED.search(name):
                result[name] = record.get("@updated")
            elif member.type_name == "timestamp" and CREATED.search(name):
                result[name] = record.get("@created")
            elif member.type_name == "structure" and re.fullmatch(rf"{kind.noun}(Config(uration)?)?", name) and shape.name != name:
                result[name] = self.resource(kind, member, record)
        return result
