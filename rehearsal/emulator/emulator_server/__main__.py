"""python -m emulator_server: the AWS emulator of a rehearsal, on loopback."""
from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from emulator_server.processes import Lineage, Owner, can_fork, fork, listen_to_signals


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="emulator_server", description="An AWS emulator for rehearsals.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--ready-file", type=Path, help='where to write {"port":N,"pid":N} once it listens')
    parser.add_argument("--owner", type=int, default=0, metavar="PID", help="stop when this process is gone")
    parser.add_argument("--lenient", action="store_true", help="guess operations that nothing covers instead of refusing them")
    parser.add_argument("--trace", action="store_true", help="write a line to stderr for each operation")
    parser.add_argument("--calls", type=Path, metavar="FILE", help="add a line of JSON to this file for each call: operation and members, without contents and secrets")
    parser.add_argument("--machines", type=Path, metavar="FOLDER", help="stand-ins of machines, which do what Run Command tells the instances of their name")
    return parser.parse_args()


def main() -> int:
    listen_to_signals()
    chosen = options()
    logging.basicConfig(stream=sys.stderr, format="%(relativeCreated)7d %(message)s")
    logging.getLogger("emulator").setLevel(logging.DEBUG if chosen.trace else logging.WARNING)
    owner = Owner(chosen.owner)
    watcher = os.getpid()
    if not can_fork():
        return work(chosen, watcher, owner.is_gone, owner.release, None)
    signal.signal(signal.SIGUSR2, lambda *_: owner.release())
    status = fork(owner.is_gone)
    if status is not None:
        return status
    lineage = Lineage(watcher)
    status = work(chosen, watcher, lineage.is_orphan, lambda: os.kill(watcher, signal.SIGUSR2), lineage)
    sys.stdout.flush()
    os._exit(status)  # at once: to take all that moto holds to pieces takes a second, in which no signal is heard


def work(chosen: argparse.Namespace, watcher: int, is_over: Callable[[], bool], keep: Callable[[], None], lineage: Lineage | None) -> int:
    """Load moto, which takes a second, and serve."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    # imported late, so that --help and a mistyped option answer at once
    from emulator_server import machines
    from emulator_server.application import Application
    from emulator_server.calls import CallLog
    from emulator_server.inventory import watch_creation
    from emulator_server.kinds import TABLE
    from emulator_server.patches import apply_patches
    from emulator_server.server import Checkpoints, listen, serve, write_ready_file

    machines.folder = chosen.machines and chosen.machines.resolve()
    watch_creation()
    apply_patches()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    listener = listen(chosen.host, chosen.port)
    port = listener.getsockname()[1]
    os.environ["MOTO_PORT"] = str(port)
    application = Application(TABLE, lenient=chosen.lenient, calls=CallLog(chosen.calls), keep=keep, checkpoints=Checkpoints(lineage))
    listen_to_signals()
    if chosen.ready_file:
        write_ready_file(chosen.ready_file, port, watcher)
    print(f"emulator listening on http://{chosen.host}:{port}", flush=True)
    return serve(application, listener, is_over, lineage)


if __name__ == "__main__":
    sys.exit(main())
