"""python -m emulator_server: the AWS emulator of a rehearsal, on loopback."""
from __future__ import annotations

import argparse
import logging
import signal
import sys
from pathlib import Path


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="emulator_server", description="An AWS emulator for rehearsals.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--ready-file", type=Path, help='where to write {"port":N,"pid":N} once it listens')
    parser.add_argument("--owner", type=int, metavar="PID", help="stop when this process is gone")
    parser.add_argument("--lenient", action="store_true", help="guess operations that nothing covers instead of refusing them")
    parser.add_argument("--trace", action="store_true", help="write a line to stderr for each operation")
    return parser.parse_args()


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGINT):  # until the server has its own: loading takes a second
        signal.signal(number, lambda *_: sys.exit(0))
    chosen = options()
    logging.basicConfig(stream=sys.stderr, format="%(relativeCreated)7d %(message)s")
    logging.getLogger("emulator").setLevel(logging.DEBUG if chosen.trace else logging.WARNING)
    # imported late, so that --help and a mistyped option answer at once
    from emulator_server.application import Application
    from emulator_server.inventory import watch_creation
    from emulator_server.kinds import TABLE
    from emulator_server.patches import apply_patches
    from emulator_server.server import Owner, serve

    owner = Owner(chosen.owner) if chosen.owner else None
    watch_creation()
    apply_patches()
    application = Application(TABLE, lenient=chosen.lenient, **({"keep": owner.release} if owner else {}))
    serve(application, chosen.host, chosen.port, chosen.ready_file, owner)
    return 0


if __name__ == "__main__":
    sys.exit(main())
