"""Listening, saying so, and stopping: on a signal, or when the process that asked for the emulator is gone."""
from __future__ import annotations

import json
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

#: how often the owner is looked for, in seconds
OWNER_INTERVAL = 0.5


class QuietHandler(MotoRequestHandler):
    """Without a line on stderr for each request: --trace says it better."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        return


class Owner:
    """The process on whose behalf the emulator runs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.started = self._started()

    def release(self) -> None:
        """From here on the emulator lives without it: the rehearsal is kept."""
        self.pid = 0

    def is_gone(self) -> bool:
        """Whether it has ended; a zombie has, and so has one whose number went to another process since."""
        if not self.pid:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        started = self._started()
        return started == "" or started != self.started

    def _started(self) -> str | None:
        """When it was started, where the system says so (Linux); "" for a zombie."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()  # the name in parentheses may hold blanks
        return "" if fields[0] in "ZX" else fields[19]


def write_ready_file(path: Path, port: int) -> None:
    """Atomically, so that a reader sees either nothing or all of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({"port": port, "pid": os.getpid()}), encoding="utf-8")
    draft.replace(path)


def serve(app: Any, host: str, port: int, ready_file: Path | None, owner: Owner | None) -> None:
    """Serve until SIGTERM, SIGINT or the end of the owner."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    os.environ["MOTO_PORT"] = str(server.port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    if ready_file:
        write_ready_file(ready_file, server.port)
    print(f"emulator listening on http://{host}:{server.port}", flush=True)
    while not stop.wait(OWNER_INTERVAL):
        if owner and owner.is_gone():
            break
    server.shutdown()
