"""Who serves and who waits: going back to how the emulator was.

The process that was started only watches, and keeps its number for whoever watches it. A fork of it serves. A checkpoint is a process
that waits: the one that serves stays as it is, with all that moto and the engine hold, and a fork of it goes on serving, on the same
listening socket. To roll back, the one that serves ends, and the one that waits forks again.

A process forks only while it answers nothing and runs no other thread: a fork has only the thread that made it, and a lock that
another one held would be held for ever.

Only the standard library is imported here: `python -m emulator_server.processes CHILD PARENT` is a small process.
"""
from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

#: how often it is looked whether somebody is gone, in seconds
INTERVAL = 0.5
#: the exit status of a process that makes way for a fork of the checkpoint
ROLLED_BACK = 75

STOP = "stop"
ENDED = "a child has ended"
REPLACED = "there is a newer checkpoint"

#: what the main thread is told, by signals and by the threads of calls; the only queue that a signal's handler may put into
bell: SimpleQueue[Any] = SimpleQueue()


def can_fork() -> bool:
    """Windows cannot."""
    return hasattr(os, "fork")


def listen_to_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: bell.put(STOP))
    if can_fork():
        signal.signal(signal.SIGCHLD, lambda *_: bell.put(ENDED))
        signal.signal(signal.SIGUSR1, lambda *_: bell.put(REPLACED))


def ring() -> Any:
    """What the main thread is told next; None after a while without anything."""
    try:
        return bell.get(timeout=INTERVAL)
    except Empty:
        return None


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


class Lineage:
    """A process that serves, as one of a line: its keeper before it, perhaps a fork of it after it."""

    def __init__(self, keeper: int) -> None:
        self.keeper = keeper
        #: whether the keeper waits with a checkpoint
        self.has_checkpoint = False

    def is_orphan(self) -> bool:
        return os.getppid() != self.keeper

    def checkpoint(self) -> int | None:
        """Waits as it is, and returns None in each fork that is to serve; the exit status when the last of them has ended."""
        if self.has_checkpoint:
            os.kill(self.keeper, signal.SIGUSR1)
        while True:
            status = fork(self.is_orphan)
            if status is None:
                self.keeper = os.getppid()
                self.has_checkpoint = True
            if status != ROLLED_BACK:
                return status


def fork(is_over: Callable[[], bool]) -> int | None:
    """None in the fork; here its exit status, once it has ended."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    return wait_for(child, is_over) if child else None


def wait_for(child: int, is_over: Callable[[], bool]) -> int:
    """Until a child ends: who is told to stop tells it. @return its exit status"""
    told = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            if told and code == ROLLED_BACK:
                return 0  # it made way for another, and there is to be none
            return code if code >= 0 else 128 - code  # as a shell says it of a signal
        news, over = ring(), is_over()
        if news == REPLACED and not over:
            # Nothing is kept here any more: what remains of it passes the child's status on, and is small.
            os.execv(sys.executable, [sys.executable, "-m", "emulator_server.processes", str(child), str(os.getppid())])
        if not told and (news == STOP or over):
            os.kill(child, signal.SIGTERM)
            told = True


if __name__ == "__main__":
    listen_to_signals()
    sys.exit(wait_for(int(sys.argv[1]), lambda: os.getppid() != int(sys.argv[2])))
