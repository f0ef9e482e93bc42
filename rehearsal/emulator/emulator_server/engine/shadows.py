"""moto's own answers, completed: members that it accepts and forgets are remembered here and merged back."""
from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from botocore.model import Shape

from emulator_server.engine.kind import Record, Shadow, Table
from emulator_server.engine.tags import TAGS, TagStore, read_tags
from emulator_server.engine.values import coerce
from emulator_server.wire import Call, Response

#: writes that begin a resource anew: nothing remembered about an earlier one of the same name survives them
ANEW = re.compile(r"^(Create|Put|Run)")


class Shadows:
    """What moto forgets."""

    def __init__(self, table: Table, tags: TagStore) -> None:
        self.shadows = table.shadows
        self.tagged = table.tagged
        self.tags = tags
        self.records: dict[tuple[str, ...], dict[tuple[str, ...], Record]] = defaultdict(dict)
        self.lock = threading.Lock()

    def complete(self, call: Call, response: Response) -> Response:
        """Remember what a write sent and add it to what moto answers."""
        if not response.ok:
            return response
        if (call.service, call.name) in self.tagged:
            self._remember_tags(call, response)
        shadows = [s for s in self.shadows if s.service == call.service and (call.name in s.writes or not s.reads or call.name in s.reads)]
        if not shadows:
            return response
        with self.lock:
            parsed = call.parse_response(response) if call.operation.output_shape else {}
            changed = [self._apply(call, shadow, parsed) for shadow in shadows]
            return call.respond(parsed) if any(changed) else response

    def forget(self, call: Call, value: str) -> None:
        """Nothing is remembered of what is deleted."""
        with self.lock:
            for shadow in self.shadows:
                if shadow.service == call.service:
                    self._bucket(call, shadow).pop((value,), None)

    def _apply(self, call: Call, shadow: Shadow, parsed: dict[str, Any]) -> bool:
        found = list(structures_named(call.operation.output_shape, parsed, shadow.shape))
        if call.name in shadow.writes:
            # what AWS names itself, as an instance, is named in the answer only
            for key in {shadow_key(shadow, call, target) for _, target in found} or {shadow_key(shadow, call, {})}:
                self._remember(call, shadow, key)
        changed = False
        for shape, target in found:
            known = self._bucket(call, shadow).get(shadow_key(shadow, call, target), {})
            for name in set(shadow.drop) - set(known):
                target.pop(name, None)
            for name, value in {**shadow.defaults, **known}.items():
                if name in shape.members:
                    target[name] = coerce(shape.members[name], value)
            changed = True
        return changed

    def _bucket(self, call: Call, shadow: Shadow) -> dict[tuple[str, ...], Record]:
        return self.records[(*call.scope, shadow.service, *shadow.members)]

    def _remember(self, call: Call, shadow: Shadow, key: tuple[str, ...]) -> None:
        bucket = self._bucket(call, shadow)
        if ANEW.match(call.name):
            bucket.pop(key, None)
        known = bucket.setdefault(key, {})
        for name, path in shadow.members.items():
            value: Any = call.params
            for step in path.split("."):
                value = (value or {}).get(step)
            if value is not None:
                known[name] = value

    def _remember_tags(self, call: Call, response: Response) -> None:
        arn = next((v for k, v in call.parse_response(response).items() if k.lower().endswith("arn")), None)
        sent = next((value for name, value in call.params.items() if TAGS.match(name)), None)
        if arn and (sent is not None or arn not in self.tags.tags):
            self.tags.tags[arn] = read_tags(sent)


def shadow_key(shadow: Shadow, call: Call, target: dict[str, Any]) -> tuple[str, ...]:
    """Which resource: by the names in the answer, else in the request, without what comes before them in an ARN."""
    values = []
    for output, inputs in shadow.key.items():
        value = target.get(output) or next((call.params[name] for name in inputs if call.params.get(name)), "default")
        text = str(value)
        values.append(re.split("[/:]", text)[-1] if text.startswith("arn:") else text)
    return tuple(values)


def structures_named(shape: Shape | None, value: Any, name: str) -> Iterator[tuple[Shape, dict[str, Any]]]:
    """Every structure of that shape inside a value; for an empty name the value itself."""
    if shape is None or value is None:
        return
    if shape.type_name == "structure":
        if not name or shape.name == name:
            yield shape, value
            return
        for key, member in shape.members.items():
            yield from structures_named(member, value.get(key), name)
    elif shape.type_name == "list":
        for item in value:
            yield from structures_named(shape.member, item, name)
