"""The WSGI application: who answers a request."""
from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from emulator_server.automation import Automation
from emulator_server.calls import CallLog
from emulator_server.constraints import refusal
from emulator_server.control import Checkpoints, Control
from emulator_server.coverage import Coverage
from emulator_server.engine import Engine, Kind, Table
from emulator_server.faults import Faults
from emulator_server.moto_app import Moto, MotoFailure
from emulator_server.retries import Retries
from emulator_server.wire import Call, Environ, Response, buffer_body, read_call, rewind, with_account

UNSUPPORTED = "RehearsalUnsupportedOperation"
FAILURE = "RehearsalEmulatorFailure"
log = logging.getLogger("emulator")


class Application:
    """The engine for its own kinds, else moto with what it forgets, else (if lenient) the engine's guess, else a refusal."""

    def __init__(self, table: Table, *, lenient: bool, calls: CallLog, keep: Callable[[], None], checkpoints: Checkpoints) -> None:
        self.engine = Engine(table)
        self.moto = Moto()
        self.misrouted = table.misrouted
        self.coverage = Coverage()
        self.automation = Automation()
        self.faults = Faults()
        self.control = Control(self.coverage, self.engine, keep, checkpoints, self.faults)
        self.retries = Retries()
        self.lenient = lenient
        self.calls = calls

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith("/rehearsal/") and "HTTP_AUTHORIZATION" not in environ:  # signed: a bucket of that name
            return self._send(environ, start_response, self.control.answer(environ))
        environ = with_account(environ)
        body = buffer_body(environ)
        call = read_call(environ, body) if body is not None else None
        if call is None or body is None:
            self.calls.note_unread(environ)
            return self._send(environ, start_response, self.pass_on(environ if body is None else rewind(environ, body)))
        response = self.retries.once(environ, lambda: self.answer(call, rewind(environ, body)))
        self.calls.note(environ, call, response)
        log.debug("%s %s %s -> %s", call.region, call.service, call.name, response.status)
        return self._send(environ, start_response, response)

    def answer(self, call: Call, environ: Environ) -> Response:
        """Answer a request that was understood."""
        if not self.lenient and (broken := refusal(call)):  # identifiers that are guessed fit no pattern
            return broken
        if planted := self.faults.answer(call):
            return planted
        if answered := self.automation.answer(call, environ):
            return answered
        if tagged := self.engine.tags.answer(call, known_only=True):
            return tagged
        if owned := self.engine.operations.owned(call):
            return self._handle(call, *owned)
        try:
            response = None if (call.service, call.name) in self.misrouted else self.moto.ask(environ, call.name)
        except MotoFailure as failure:
            traceback.print_exc()
            self.coverage.note("failed", call.service, call.name)
            return call.refuse(FAILURE, f"the emulator failed on {call.service} {call.name}: {failure}")
        if response is not None:
            return self.engine.follow(call, response)
        return self.infer(call) if self.lenient else self.refuse(call)

    def infer(self, call: Call) -> Response:
        """Guess from the model what nothing else answers, and put it on record."""
        if tagged := self.engine.tags.answer(call, known_only=False):
            self.coverage.note("inferred", call.service, call.name)
            return tagged
        if guess := self.engine.operations.inferred(call):
            self.coverage.note("inferred", call.service, call.name)
            return self._handle(call, *guess)
        return self.refuse(call)

    def _handle(self, call: Call, kind: Kind, action: str) -> Response:
        """The engine's answer; its own defects are told like moto's, because a 5xx would be retried for minutes."""
        try:
            return self.engine.handle(call, kind, action)
        except Exception as error:  # noqa: BLE001 - whichever: the caller is told
            traceback.print_exc()
            self.coverage.note("failed", call.service, call.name)
            return call.refuse(FAILURE, f"the emulator failed on {call.service} {call.name}: {error!r}")

    def refuse(self, call: Call) -> Response:
        """Say that nobody covers the operation, in a way that the AWS SDKs do not retry."""
        self.coverage.note("refused", call.service, call.name)
        return call.refuse(UNSUPPORTED, f"the rehearsal emulator does not cover {call.service} {call.name}")

    def pass_on(self, environ: Environ) -> Response:
        """A request without a readable signature: presigned, anonymous or streamed; moto knows best."""
        what = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
        try:
            response = self.moto.ask(environ)
        except MotoFailure as failure:
            traceback.print_exc()
            return Response(400, {"Content-Type": "text/plain"}, f"{FAILURE}: {what}: {failure}".encode())
        return response or Response(400, {"Content-Type": "text/plain"}, f"{UNSUPPORTED}: {what}".encode())

    @staticmethod
    def _send(environ: Environ, start_response: Any, response: Response) -> Iterable[bytes]:
        headers = {name: value for name, value in response.headers.items() if name.lower() not in ("content-length", "status")}
        body = response.body
        if environ["REQUEST_METHOD"] == "HEAD":  # no body, but the length that it would have
            length, body = response.headers.get("Content-Length", "0"), b""
        else:
            length = str(len(body))
        start_response(f"{response.status} -", [*headers.items(), ("Content-Length", length)])
        return [body]
