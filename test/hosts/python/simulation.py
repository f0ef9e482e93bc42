"""A world of two to four hosts under guards, on a clock of its own: everything that a seed can make go wrong does."""
import heapq
import random
from concurrent.futures import Future
from dataclasses import replace

import support  # noqa: F401
from tss_host.leader_guard import Guard, Timing
from tss_host.lease import Lost, Record

TIMING = Timing(lease=60, renew=15)
CALL_SECONDS = 12.0
# After this the world is kind, and somebody has to trade again.
TROUBLE_ENDS = 1500.0
END = 1900.0


class Table:
    """The conditional updates of LeaseStore, in memory; test_lease.py holds the real ones to the same behaviour."""

    def __init__(self):
        self.item = None

    def store(self, owner):
        return _Store(self, owner)


class _Store:
    def __init__(self, table, owner):
        self.table, self.owner = table, owner

    def read(self):
        return self.table.item

    def acquire(self, seen):
        item = self.table.item
        if (item is None) != (seen is None) or (item and item.version != seen.version):
            raise Lost()
        self.table.item = Record(self.owner, item.token + 1 if item else 1, item.version + 1 if item else 1, TIMING.lease)
        return self.table.item

    def renew(self, held):
        return self._change(held, self.owner)

    def release(self, held):
        self._change(held, "")

    def _change(self, held, owner):
        item = self.table.item
        if item is None or (item.owner, item.token) != (self.owner, held.token):
            raise Lost()
        self.table.item = replace(item, owner=owner, version=item.version + 1)
        return self.table.item


class Host:
    """A machine: its guard, and the guard's program, which is frozen when the machine is."""

    def __init__(self, world, number):
        self.world, self.number = world, number
        self.rate = 1 + world.random.uniform(-0.01, 0.01)
        self.life = 0
        self.frozen_until = 0.0
        self.cut_off_until = 0.0
        self.start_guard()

    def start_guard(self):
        self.life += 1
        self.running, self.exit_code, self.stubborn, self.done = False, None, False, False
        owner = f"host-{self.number}/{self.life}"
        self.guard = Guard(owner, TIMING, self.world.table.store(owner), self, lambda: self.world.now * self.rate, self.call)
        self.world.at(self.world.now, self.step, self.life)

    def step(self, life):
        world = self.world
        if life != self.life or self.done:
            return
        if world.now < self.frozen_until:
            world.at(self.frozen_until, self.step, life)
            return
        code = self.guard.step()
        if code is None:
            # A busy machine comes late now and then.
            late = world.random.uniform(0, 0.03 * TIMING.lease) if world.random.random() < 0.1 else 0
            world.at(world.now + 0.4 + late, self.step, life)
        else:
            assert not self.running, "the guard ended before its program"
            self.done = True
            world.at(world.now + world.random.uniform(1, 60), self.restart, life)

    def restart(self, life):
        if life == self.life:
            self.start_guard()

    def freeze(self, until):
        """Stands still, then looks at the clock at once; what the program sends before that look is the fencing token's business."""
        self.frozen_until = max(self.frozen_until, until)
        self.world.at(self.frozen_until, self.look, self.life)

    def look(self, life):
        if life == self.life and self.world.now >= self.frozen_until and not self.done:
            self.done = self.guard.step() is not None
            if self.done:
                self.world.at(self.world.now + 1, self.restart, life)

    def crash(self):
        """SIGKILL: the program dies with its guard."""
        self.life += 1
        self.running = False
        self.world.at(self.world.now + self.world.random.uniform(0, 90), self.restart, self.life)

    # What the guard sees of its program.
    def start(self, token):
        world = self.world
        assert not self.running and token > world.last_token, f"token {token} after {world.last_token}"
        world.last_token, world.starts = token, world.starts + 1
        self.running, self.exit_code = True, None
        self.stubborn = world.random.random() < 0.3
        if world.random.random() < 0.1:
            world.at(world.now + world.random.uniform(0, 200), self.ended, self.life, 3)

    def ended(self, life, code):
        if life == self.life and self.running:
            self.running, self.exit_code = False, code

    def poll(self):
        return None if self.running else self.exit_code

    def terminate(self):
        if not self.stubborn:
            self.world.at(self.world.now + self.world.random.uniform(0, 12), self.ended, self.life, 0)

    def kill(self):
        self.ended(self.life, 137)

    # What the guard sees of the network.
    def call(self, function, *arguments):
        world, future = self.world, Future()
        dice = world.random
        troubled = world.now < TROUBLE_ENDS
        cut_off = world.now < self.cut_off_until
        arrives = world.now + dice.expovariate(20 if not troubled or dice.random() < 0.8 else 0.1)
        answers = arrives + dice.expovariate(20 if not troubled or dice.random() < 0.9 else 0.1)
        lost = troubled and dice.random()

        def arrive():
            if not cut_off and lost >= 0.05 or not troubled:
                outcomes = [_outcome(function, arguments)]
                if troubled and dice.random() < 0.1:
                    # The client repeats a call whose answer it did not get.
                    outcomes.append(_outcome(function, arguments))
                if lost >= 0.15 or not troubled:
                    world.at(answers, deliver, *outcomes[-1])

        def deliver(result, error):
            if not future.done():
                future.set_exception(error) if error else future.set_result(result)

        # The request may arrive long after the client has given it up.
        world.at(arrives, arrive)
        world.at(world.now + CALL_SECONDS, deliver, None, TimeoutError("no answer"))
        return future


def _outcome(function, arguments):
    try:
        return function(*arguments), None
    except Lost as error:
        return None, error


class World:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now, self.events, self.count = 0.0, [], 0
        self.table, self.last_token, self.starts, self.most = Table(), 0, 0, 0
        self.hosts = [Host(self, number) for number in range(self.random.randint(2, 4))]
        self.at(self.random.expovariate(1 / 40), self.trouble)

    def at(self, time, action, *arguments):
        self.count += 1
        heapq.heappush(self.events, (time, self.count, action, arguments))

    def trouble(self):
        if self.now >= TROUBLE_ENDS:
            return
        dice, host = self.random, self.random.choice(self.hosts)
        kind = dice.choice(["freeze", "cut off", "crash", "stop"])
        if kind == "freeze":
            host.freeze(self.now + dice.uniform(1, 150))
        elif kind == "cut off":
            host.cut_off_until = self.now + dice.uniform(1, 150)
        elif kind == "crash":
            host.crash()
        else:
            host.guard.stop()
        self.at(self.now + dice.expovariate(1 / 40), self.trouble)

    def trading(self):
        return [host.number for host in self.hosts if host.running and self.now >= host.frozen_until]

    def run(self):
        """Runs all events; every one may break the promise."""
        while self.events and self.events[0][0] < END:
            self.now = self.events[0][0]
            # A machine that wakes looks at its clock first: steps of this instant come before the question who trades.
            while self.events and self.events[0][0] == self.now:
                _, _, action, arguments = heapq.heappop(self.events)
                action(*arguments)
            trading = self.trading()
            assert len(trading) <= 1, f"{self.now:.1f} s: hosts {trading} trade at once"
