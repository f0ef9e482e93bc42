"""Answers that a test plants: what a real AWS does now and then, and an emulator never does by itself."""
from __future__ import annotations

import threading
from typing import Any

from emulator_server.wire import Call, Response


class Faults:
    """By account, service and operation: answers that take the place of the next ones, each once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planted: dict[tuple[str, str, str], list[dict[str, Any]]] = {}

    def plant(self, fault: dict[str, Any]) -> None:
        """`{account, service, operation, times, answer: members}` or, in place of an answer, `error: {code, message}`. @raise KeyError: a name is missing"""
        key = fault["account"], fault["service"], fault["operation"]
        kept = {name: fault[name] for name in ("answer", "error") if name in fault} or {"error": fault["error"]}
        with self._lock:
            self._planted.setdefault(key, []).extend([kept] * int(fault.get("times", 1)))

    def forget(self) -> None:
        """Those that nobody asked for."""
        with self._lock:
            self._planted.clear()

    def answer(self, call: Call) -> Response | None:
        """The planted answer to a call, where there is one."""
        with self._lock:
            planted = self._planted.get((call.account, call.service, call.name))
            fault = planted.pop(0) if planted else None
        if fault is None:
            return None
        if error := fault.get("error"):
            return call.refuse(error["code"], error["message"])
        return call.respond(fault["answer"])
