"""The emulator's own endpoints, under /rehearsal/."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import parse_qs

from emulator_server.coverage import Coverage
from emulator_server.engine import Engine
from emulator_server.faults import Faults
from emulator_server.inventory import inventory
from emulator_server.limits import KNOWN_LIMITS
from emulator_server.wire import Environ, Response


class Unable(Exception):
    """What is asked for cannot be done, with the reason."""


class Checkpoints(Protocol):
    """How the emulator is gone back with."""

    def make(self) -> None: ...
    def roll_back(self) -> None: ...


class Control:
    """Questions about the emulator itself, not about the AWS that it plays."""

    def __init__(self, coverage: Coverage, engine: Engine, keep: Callable[[], None], checkpoints: Checkpoints, faults: Faults) -> None:
        self.faults = faults
        self.acts: dict[str, tuple[Callable[[], None], str]] = {
            "/rehearsal/keep": (keep, "kept"),
            "/rehearsal/checkpoint": (checkpoints.make, "checkpoint made"),
            "/rehearsal/rollback": (checkpoints.roll_back, "rolled back"),
        }
        self.routes: dict[str, Callable[[dict[str, str]], Any]] = {
            "/rehearsal/health": lambda _: {"status": "ok"},
            "/rehearsal/coverage": lambda _: coverage.report(),
            "/rehearsal/limits": lambda _: list(KNOWN_LIMITS),
            "/rehearsal/inventory": lambda query: inventory(query["account"], engine.store),
        }

    def answer(self, environ: Environ) -> Response:
        if environ["PATH_INFO"] == "/rehearsal/faults" and environ["REQUEST_METHOD"] == "POST":
            return self._plant(environ)
        if environ["PATH_INFO"] == "/rehearsal/faults" and environ["REQUEST_METHOD"] == "DELETE":
            self.faults.forget()
            return self._json(200, {"status": "forgotten"})
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in self.acts:
            act, status = self.acts[environ["PATH_INFO"]]
            try:
                act()
            except Unable as error:
                return self._json(409, {"error": str(error)})
            return self._json(200, {"status": status})
        route = self.routes.get(environ["PATH_INFO"])
        if route is None or environ["REQUEST_METHOD"] != "GET":
            return self._json(404, {"error": f"GET one of {', '.join(sorted(self.routes))}, or POST one of {', '.join(sorted(self.acts))}"})
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        try:
            return self._json(200, route(query))
        except KeyError as error:
            return self._json(400, {"error": f"the query parameter {error} is missing"})

    def _plant(self, environ: Environ) -> Response:
        try:
            self.faults.plant(json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))))
        except (KeyError, ValueError) as error:
            return self._json(400, {"error": f"a fault has account, service, operation and either answer or error: {error}"})
        return self._json(200, {"status": "planted"})

    @staticmethod
    def _json(status: int, value: Any) -> Response:
        return Response(status, {"Content-Type": "application/json"}, json.dumps(value, indent=1).encode())
