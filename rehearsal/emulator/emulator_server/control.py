"""The emulator's own endpoints, under /rehearsal/."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from emulator_server.coverage import Coverage
from emulator_server.engine import Engine
from emulator_server.inventory import inventory
from emulator_server.limits import KNOWN_LIMITS
from emulator_server.wire import Environ, Response


class Control:
    """Questions about the emulator itself, not about the AWS that it plays."""

    def __init__(self, coverage: Coverage, engine: Engine, keep: Callable[[], None]) -> None:
        self.keep = keep
        self.routes: dict[str, Callable[[dict[str, str]], Any]] = {
            "/rehearsal/health": lambda _: {"status": "ok"},
            "/rehearsal/coverage": lambda _: coverage.report(),
            "/rehearsal/limits": lambda _: list(KNOWN_LIMITS),
            "/rehearsal/inventory": lambda query: inventory(query["account"], engine.store),
        }

    def answer(self, environ: Environ) -> Response:
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", "/rehearsal/keep"):
            self.keep()
            return self._json(200, {"status": "kept"})
        route = self.routes.get(environ["PATH_INFO"])
        if route is None or environ["REQUEST_METHOD"] != "GET":
            return self._json(404, {"error": f"GET one of {', '.join(sorted(self.routes))}, or POST /rehearsal/keep"})
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        try:
            return self._json(200, route(query))
        except KeyError as error:
            return self._json(400, {"error": f"the query parameter {error} is missing"})

    @staticmethod
    def _json(status: int, value: Any) -> Response:
        return Response(status, {"Content-Type": "application/json"}, json.dumps(value, indent=1).encode())
