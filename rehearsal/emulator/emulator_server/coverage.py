"""Which operations the emulator had no table entry for: the list to work off when a type is added."""
from __future__ import annotations

import threading


class Coverage:
    """Operations that were inferred from the model, and operations that were refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, set[tuple[str, str]]] = {"inferred": set(), "refused": set(), "failed": set()}

    def note(self, what: str, service: str, operation: str) -> None:
        with self._lock:
            self._seen[what].add((service, operation))

    def report(self) -> dict[str, list[dict[str, str]]]:
        """Sorted lists, as the control endpoint serves them."""
        with self._lock:
            return {what: [{"service": s, "operation": o} for s, o in sorted(seen)] for what, seen in self._seen.items()}
