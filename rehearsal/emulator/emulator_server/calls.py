"""What was called, a line of JSON each: what the rights of roles are held against."""
from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from botocore.model import Shape

from emulator_server.wire import Call, Environ, Response


class CallLog:
    """A file that calls are added to; whoever reads it may add lines of his own between them."""

    def __init__(self, file: Path | None) -> None:
        #: None: nothing is noted; kept open, because a fork goes on with it
        self._file = None if file is None else os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, environ: Environ, call: Call, response: Response) -> None:
        """The operation with its members, but for contents and secrets; a rehearsal's stacks name themselves in the session token."""
        said = {"stack": environ.get("HTTP_X_AMZ_SECURITY_TOKEN"), "service": call.service, "operation": call.name, "region": call.region, "account": call.account}
        self._write({**said, "status": response.status, "members": plain(call.operation.input_shape, call.params)})

    def note_unread(self, environ: Environ) -> None:
        """A request without a readable signature."""
        self._write({"unread": f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"})

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            os.write(self._file, (json.dumps(line, default=str, ensure_ascii=False) + "\n").encode())  # in one: threads write at once


def plain(shape: Shape | None, value: Any) -> Any:
    """A value as JSON, without what the model calls sensitive and without bytes."""
    if shape is None or value is None or shape.metadata.get("sensitive") or shape.type_name == "blob":
        return None
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: shown for name, member in shape.members.items() if (shown := plain(member, value.get(name))) is not None}
    if shape.type_name == "list" and isinstance(value, (list, tuple)):
        return [plain(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: plain(shape.value, item) for key, item in value.items()}
    return value
