"""Commands for the hosts' scripts: python -m tss_host kill-switch | metrics | health | run | guard."""
import argparse
import json
import logging
import logging.handlers
import signal
import sys
import time
from typing import Any, List, Optional, Tuple

from . import aws, health, kill_switch, metrics
from .child import ChildProcess
from .leader_guard import Guard, Timing
from .lease import LeaseStore
from .owner import owner as new_owner
from .settings import Settings, SettingsError, load, settings_path
from .start import Start

# Wrong settings: starting again does not help.
EXIT_SETTINGS = 78
# Between two looks at the program that `run` started.
TICK_SECONDS = 0.25
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tss_host", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("kill-switch", help="exit code 0: inactive, 10: active, 11: unknown")
    put = commands.add_parser("metrics", help="publish metrics of this host")
    put.add_argument("values", nargs="+", metavar="NAME=VALUE")
    put.add_argument("--unit", default="Count", help="as CloudWatch names it, or None (default: Count)")
    commands.add_parser("health", help="exit code 0: all services answer, 1: not all; prints which as JSON")
    run = commands.add_parser("run", help="run a program, unless the kill switch is active (exit code 10) or unknown (11), the stop file exists (12), or there is no terminal (13)")
    run.add_argument("--after-terminal", action="store_true", help="wait first until MetaTrader 5 runs on a desktop, for some minutes")
    run.add_argument("program", nargs=argparse.REMAINDER, metavar="-- PROGRAM [ARGUMENT ...]")
    guard = commands.add_parser("guard", help="run a program while this host holds the trading lease; exit code 75: lost it")
    guard.add_argument("program", nargs=argparse.REMAINDER, metavar="-- PROGRAM [ARGUMENT ...]")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format=FORMAT)
    logging.getLogger("botocore").setLevel(logging.WARNING)
    try:
        return COMMANDS[options.command](options)
    except SettingsError as error:
        print(error, file=sys.stderr)
        # To the kill switch's readers, no settings is no answer.
        return kill_switch.State.UNKNOWN.value if options.command == "kill-switch" else EXIT_SETTINGS


def _kill_switch(_: argparse.Namespace) -> int:
    state, line = _read_switch(load())
    print(line)
    return state.value


def _read_switch(settings: Settings) -> Tuple[kill_switch.State, str]:
    return kill_switch.read(aws.client("dynamodb", settings.region), settings.table)


def _metrics(options: argparse.Namespace) -> int:
    try:
        values = [metrics.parse(value) for value in options.values]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    metrics.Metrics(load()).put(values, options.unit)
    return 0


def _health(_: argparse.Namespace) -> int:
    services = health.SystemHealthChecker(load()).check_all_services()
    print(json.dumps(services))
    return 0 if all(services.values()) else 1


def _program(options: argparse.Namespace) -> List[str]:
    program = options.program[1:] if options.program[:1] == ["--"] else options.program
    if not program:
        print(f"{options.command}: which program? python -m tss_host {options.command} -- PROGRAM [ARGUMENT ...]", file=sys.stderr)
    return program


def _run(options: argparse.Namespace) -> int:
    program = _program(options)
    if not program:
        return 2
    settings = load()
    _log_to_file("run")
    terminal = health.terminal_runs if options.after_terminal else None
    start = Start(ChildProcess(program), settings_path().parent / "stop", lambda: _read_switch(settings), _clock, terminal)
    return _to_the_end(start, TICK_SECONDS)


def _guard(options: argparse.Namespace) -> int:
    program = _program(options)
    if not program:
        return 2
    settings = load()
    _log_to_file("guard")
    guard, timing = _build_guard(settings, program)
    return _to_the_end(guard, timing.tick)


def _to_the_end(machine: Any, tick: float) -> int:
    """Steps until there is an exit code; a signal asks for the end."""
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: machine.stop())
    while (code := machine.step()) is None:
        time.sleep(tick)
    return code


def _log_to_file(name: str) -> None:
    # Nobody sees what a task on Windows prints; there, a folder for logs lies beside the settings.
    folder = settings_path().parent / "logs"
    if folder.is_dir():
        handler = logging.handlers.RotatingFileHandler(folder / f"{name}.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8")
        handler.setFormatter(logging.Formatter(FORMAT))
        logging.getLogger().addHandler(handler)


def _build_guard(settings: Settings, program: List[str]):
    if settings.leader_guard is None:
        raise SettingsError("leaderGuard is missing in the settings: this environment has one trading host at most")
    try:
        timing = Timing(lease=settings.leader_guard.lease_seconds, renew=settings.leader_guard.renew_seconds)
    except ValueError as error:
        raise SettingsError(f"settings: leaderGuard: {error}") from error
    owner = new_owner()
    dynamodb = aws.client("dynamodb", settings.region, timing.call_timeout, attempts=2)
    store = LeaseStore(dynamodb, settings.table, owner, timing.lease)
    return Guard(owner, timing, store, ChildProcess(program, owner), _clock), timing


def _clock() -> float:
    # Linux' monotonic clock stands still while the machine is suspended, and a lease does not.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


COMMANDS = {"kill-switch": _kill_switch, "metrics": _metrics, "health": _health, "run": _run, "guard": _guard}

if __name__ == "__main__":
    sys.exit(main())
