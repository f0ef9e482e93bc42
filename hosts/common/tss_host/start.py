"""Starts a program that trades, unless something speaks against it: no terminal on a desktop, the stop file, the kill switch (C-66)."""
import logging
from pathlib import Path
from typing import Callable, Optional, Protocol, Tuple

from .kill_switch import State

# Beside the kill switch's own 10 and 11.
EXIT_STOP_FILE = 12
EXIT_NO_TERMINAL = 13
EXIT_NOT_STARTED = 127
# A desktop and its terminal take a minute or two after a boot. Less than the watchdog's 300 s, which tries again.
TERMINAL_SECONDS = 240.0
TERMINAL_POLL_SECONDS = 5.0

log = logging.getLogger("tss_host.run")


class Child(Protocol):
    def start(self) -> None: ...
    def poll(self) -> Optional[int]: ...
    def terminate(self) -> None: ...


class Start:
    """A state machine: whoever runs it calls `step` a few times a second until it returns the exit code."""

    def __init__(
        self,
        child: Child,
        stop_file: Path,
        switch: Callable[[], Tuple[State, str]],
        clock: Callable[[], float],
        terminal: Optional[Callable[[], bool]] = None,
    ) -> None:
        """`terminal` tells whether MetaTrader 5 runs on a desktop; without it nobody waits for that."""
        self._child = child
        self._stop_file = stop_file
        self._switch = switch
        self._clock = clock
        self._terminal = terminal
        self._give_up = clock() + TERMINAL_SECONDS
        self._next_look = clock()
        self._state: Callable[[], Optional[int]] = self._wait if terminal else self._start
        self._stopping = False

    def step(self) -> Optional[int]:
        return self._state()

    def stop(self) -> None:
        """Ends the program, or the wait for it. Safe in a signal handler."""
        self._stopping = True

    def _wait(self) -> Optional[int]:
        now = self._clock()
        if self._stopping:
            return 0
        if now < self._next_look:
            return None
        self._next_look = now + TERMINAL_POLL_SECONDS
        if self._runs():
            self._state = self._start
        elif now >= self._give_up:
            log.warning("not started: MetaTrader 5 has not run on a desktop for %.0f s", TERMINAL_SECONDS)
            return EXIT_NO_TERMINAL
        return None

    def _runs(self) -> bool:
        try:
            return self._terminal is not None and self._terminal()
        except Exception as error:  # no answer is no terminal
            log.warning("MetaTrader 5: %s: %s", type(error).__name__, error)
            return False

    def _start(self) -> Optional[int]:
        if self._stopping:
            return 0
        if self._stop_file.exists():
            log.warning("not started: the stop file %s exists", self._stop_file)
            return EXIT_STOP_FILE
        state, line = self._switch()
        if state is not State.INACTIVE:
            log.warning("not started: %s", line)
            return state.value
        log.info("%s, starting the program", line)
        try:
            self._child.start()
        except OSError as error:
            log.error("the program could not be started: %s", error)
            return EXIT_NOT_STARTED
        self._state = self._run
        return None

    def _run(self) -> Optional[int]:
        if self._stopping:
            self._child.terminate()
            self._state = self._end
        return self._end()

    def _end(self) -> Optional[int]:
        code = self._child.poll()
        if code is not None:
            log.info("the program ended with exit code %d", code)
        return code
