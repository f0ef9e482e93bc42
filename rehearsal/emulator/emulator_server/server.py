"""Listening, saying so, and answering until it is to stop or to make way for a checkpoint."""
from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import LISTEN_QUEUE, ThreadedWSGIServer

from emulator_server.control import Unable
from emulator_server.processes import ROLLED_BACK, STOP, Lineage, bell, ring

#: seconds that calls under way may take before a checkpoint is given up
PATIENCE = 30


class QuietHandler(MotoRequestHandler):
    """Without a line on stderr for each request: --trace says it better."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        return


class Server(ThreadedWSGIServer):
    """Answers calls, each on a connection of its own, and can wait until none is under way."""

    def __init__(self, listener: socket.socket, app: Any) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(host, port, app, QuietHandler, fd=listener.fileno())
        self.calls = 0
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.changed:
            self.calls += 1
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.changed:
                self.calls -= 1
                self.changed.notify_all()

    def end(self) -> None:
        """Takes no more calls; those that come wait at the socket for the next server."""
        self.shutdown()
        self.thread.join()

    def drain(self, but: int = 0) -> bool:
        """Waits until all calls but some are answered. Returns whether they are."""
        with self.changed:
            return self.changed.wait_for(lambda: self.calls <= but, PATIENCE)


class Checkpoints:
    """What the thread of a call asks of the main thread, the only one that may fork."""

    def __init__(self, lineage: Lineage | None) -> None:
        self.lineage = lineage

    def make(self) -> None:
        self._ask(rolls_back=False)

    def roll_back(self) -> None:
        if self.lineage and not self.lineage.has_checkpoint:
            raise Unable("there is no checkpoint to roll back to")
        self._ask(rolls_back=True)

    def _ask(self, *, rolls_back: bool) -> None:
        if not self.lineage:
            raise Unable("checkpoints need fork, which this system lacks")
        wish = Wish(rolls_back)
        bell.put(wish)
        wish.granted.result()


class Wish:
    def __init__(self, rolls_back: bool) -> None:
        self.rolls_back = rolls_back
        self.granted: Future[None] = Future()


def next_wish(is_over: Callable[[], bool]) -> Wish | None:
    """None when it is to stop."""
    while True:
        news = ring()
        if isinstance(news, Wish):
            return news
        if news == STOP or is_over():
            return None


def listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=LISTEN_QUEUE)


def write_ready_file(path: Path, port: int, pid: int) -> None:
    """Atomically, so that a reader sees either nothing or all of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({"port": port, "pid": pid}), encoding="utf-8")
    draft.replace(path)


def serve(app: Any, listener: socket.socket, is_over: Callable[[], bool], lineage: Lineage | None) -> int:
    """Answers until it is to stop; whatever it becomes, the exit status is returned."""
    while True:
        server = Server(listener, app)
        wish = next_wish(is_over)
        server.end()
        if wish is None:
            return 0
        if not server.drain(but=1):  # the one that asks
            wish.granted.set_exception(Unable(f"{server.calls - 1} calls are still under way after {PATIENCE} s"))
            continue
        wish.granted.set_result(None)
        server.drain()
        if wish.rolls_back:
            return ROLLED_BACK
        assert lineage, "Checkpoints refuses before"
        status = lineage.checkpoint()
        if status is not None:
            return status
