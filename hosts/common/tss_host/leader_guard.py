"""Lets one host trade at a time: runs a program only while this host holds the lease (C-62).

Why two programs never run at once, with no clock compared between hosts:
- The holder counts its time from before it sent the last renewal that succeeded, and its program is dead when the lease is over.
- A contender counts from after it received a version, which cannot be before that renewal was sent. It takes over when the version
  has stood still for the whole lease, and only if it still does so at that moment.
Clocks only need to run at about the same speed; the margin allows for a tenth. A machine that was frozen longer than that kills the
program as soon as it wakes; against what the program sends in that instant only the fencing token helps (TSS_FENCING_TOKEN).
Deleting the item by hand gives the lease away at once and begins the tokens anew: never do that while a host trades.
"""
import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Callable, Optional, Protocol, Tuple

from .lease import Lost, Record

# The program was stopped because the lease was lost or could not be renewed; a later start may succeed.
EXIT_FENCED = 75
EXIT_NOT_STARTED = 127

log = logging.getLogger("tss_host.guard")


@dataclass(frozen=True)
class Timing:
    """All in seconds; derived from the two figures of the environment."""

    lease: float
    renew: float

    def __post_init__(self) -> None:
        if not 0 < self.renew * 2 < self.lease:
            raise ValueError(f"renewSeconds {self.renew:g} must be above 0 and less than half of leaseSeconds {self.lease:g}")

    @property
    def grace(self) -> float:
        """For the program to end by itself once it is asked to."""
        return min(10.0, self.lease / 10)

    @property
    def usable(self) -> float:
        """Of a lease, until the program is asked to end: the rest is the grace, and a tenth for clocks and a busy machine."""
        return self.lease * 0.9 - self.grace

    @property
    def poll(self) -> float:
        """Between two looks at another's lease."""
        return self.renew / 3

    @property
    def retry(self) -> float:
        """After a failed renewal."""
        return self.renew / 4

    @property
    def tick(self) -> float:
        """Between two looks at the clock."""
        return min(0.25, self.lease / 60)

    @property
    def call_timeout(self) -> float:
        """Of one attempt to connect or to read. With the default figures two calls may use up all their attempts, and a third is in time."""
        return min(2.0, self.lease / 20)


class Store(Protocol):
    def read(self) -> Optional[Record]: ...
    def acquire(self, seen: Optional[Record]) -> Record: ...
    def renew(self, held: Record) -> Record: ...
    def release(self, held: Record) -> None: ...


class Child(Protocol):
    def start(self, token: int) -> None: ...
    def poll(self) -> Optional[int]: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


def in_background(function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
    """Runs a call beside the guard, which must look at its clock whatever the network does. Does not keep the process alive."""
    future: "Future[Any]" = Future()

    def run() -> None:
        try:
            future.set_result(function(*arguments))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


class Guard:
    """A state machine: whoever runs it calls `step` every `timing.tick` seconds until it returns the exit code."""

    def __init__(
        self,
        owner: str,
        timing: Timing,
        store: Store,
        child: Child,
        clock: Callable[[], float],
        call: Callable[..., "Future[Any]"] = in_background,
    ) -> None:
        self._owner = owner
        self._timing = timing
        self._store = store
        self._child = child
        self._clock = clock
        self._call = call
        self._state: Callable[[float], Optional[int]] = self._contend
        self._stopping = False
        # The one call under way, what it is, and when it was sent.
        self._pending: Optional[Tuple[str, "Future[Any]", float]] = None
        self._next_call = clock()
        # Contender: what was seen last, and since when.
        self._seen: Optional[Record] = None
        self._seen_since = 0.0
        # Holder.
        self._held: Optional[Record] = None
        self._sent = 0.0
        self._kill_at = 0.0
        self._killed = False
        self._exit = 0

    def step(self) -> Optional[int]:
        return self._state(self._clock())

    def stop(self) -> None:
        """Ends the program, gives the lease back. Safe in a signal handler."""
        self._stopping = True

    def _contend(self, now: float) -> Optional[int]:
        if self._pending:
            kind, future, sent = self._pending
            if not future.done():
                return None
            self._pending = None
            self._contended(now, kind, future, sent)
        elif self._stopping:
            return 0
        elif now >= self._next_call:
            self._send(now, "read")
        return None

    def _contended(self, now: float, kind: str, future: "Future[Any]", sent: float) -> None:
        self._next_call = now + self._timing.poll
        try:
            record = future.result()
        except Lost:
            # Another was faster, or an answer got lost and the call was repeated: the next look tells.
            self._next_call = now
            return
        except Exception as error:
            log.warning("%s of the lease failed: %s: %s", kind, type(error).__name__, error)
            return
        if kind == "read":
            # Looked at again: the machine may have been frozen between the last look and the answer.
            self._consider(self._clock(), record)
        else:
            self._acquired(now, record, sent)

    def _consider(self, now: float, record: Optional[Record]) -> None:
        if record is not None and (self._seen is None or record.version != self._seen.version):
            # Counted from now, when the answer is here: the version may have been written after the question was sent.
            self._seen, self._seen_since = record, now
            log.info("lease: owner %s, token %d, version %d", record.owner or "nobody", record.token, record.version)
        if self._stopping:
            return
        if record is None or record.owner == "":
            self._send(now, "acquire", record)
        elif record.owner == self._owner:
            # An acquisition of ours whose answer got lost.
            self._send(now, "renew", record)
        elif now >= self._seen_since + max(record.lease_seconds, self._timing.lease):
            log.warning("lease: %s has been silent for the whole lease, taking over", record.owner)
            self._send(now, "acquire", record)

    def _acquired(self, now: float, record: Record, sent: float) -> None:
        self._held, self._sent = record, sent
        if self._stopping:
            self._enter_release(now)
        elif now >= sent + self._timing.usable:
            # The answer took too long to be of use; the next look finds the lease to be ours, and renews it.
            self._next_call = now
        else:
            self._next_call = sent + self._timing.renew
            self._start(now, record)

    def _start(self, now: float, record: Record) -> None:
        log.info("lease: held with token %d, starting the program", record.token)
        try:
            self._child.start(record.token)
        except OSError as error:
            log.error("the program could not be started: %s", error)
            self._exit = EXIT_NOT_STARTED
            self._enter_release(now)
            return
        self._state = self._hold

    def _hold(self, now: float) -> Optional[int]:
        code = self._child.poll()
        if code is not None:
            log.info("the program ended with exit code %d", code)
            self._exit = code
            self._enter_release(now)
            return None
        lost = self._renewed(now)
        if lost:
            log.error("lease: it is another's, the program is killed")
            # Whoever has it may trade already.
            self._enter_end(now, grace=0.0)
        elif now >= self._sent + self._timing.usable:
            log.error("lease: not renewed for %.1f s, the program is stopped", now - self._sent)
            self._enter_end(now, grace=self._timing.grace)
        elif self._stopping:
            self._enter_end(now, grace=self._timing.grace, fenced=False)
        elif not self._pending and now >= self._next_call:
            self._send(now, "renew", self._held)
        return None

    def _renewed(self, now: float) -> bool:
        """Takes the answer to a renewal, if there is one. True when the lease is another's."""
        if not self._pending or not self._pending[1].done():
            return False
        _, future, sent = self._pending
        self._pending = None
        try:
            future.result()
        except Lost:
            self._held = None
            return True
        except Exception as error:
            log.warning("renewal failed: %s: %s", type(error).__name__, error)
            self._next_call = now + self._timing.retry
            return False
        self._sent = sent
        self._next_call = sent + self._timing.renew
        return False

    def _enter_end(self, now: float, grace: float, fenced: bool = True) -> None:
        self._exit = EXIT_FENCED if fenced else 0
        # However late it is, what is left of the lease is the limit.
        self._kill_at = min(now + grace, self._sent + self._timing.lease * 0.9)
        self._child.terminate()
        self._state = self._end
        self._end(now)

    def _end(self, now: float) -> Optional[int]:
        code = self._child.poll()
        if code is not None:
            if self._exit != EXIT_FENCED:
                self._exit = code
            self._enter_release(now)
        elif now >= self._kill_at and not self._killed:
            self._killed = True
            self._child.kill()
        # One that even kill does not end, such as in a broken driver, keeps the lease from being released.
        return None

    def _enter_release(self, now: float) -> None:
        self._pending = None
        if self._held:
            self._send(now, "release", self._held)
        self._state = self._release

    def _release(self, now: float) -> Optional[int]:
        if self._pending:
            _, future, sent = self._pending
            # Without it, the next host waits until the lease is over: not worth waiting for here.
            if not future.done() and now < sent + self._timing.call_timeout * 4:
                return None
            error = future.exception() if future.done() else None
            log.info("lease: %s", "released" if future.done() and error is None else f"not released: {error or 'no answer'}")
        return self._exit

    def _send(self, now: float, kind: str, *arguments: Any) -> None:
        self._pending = (kind, self._call(getattr(self._store, kind), *arguments), now)
