"""The guard step by step, on a clock that stands until a test moves it."""
import unittest
from concurrent.futures import Future

import support  # noqa: F401
from tss_host.leader_guard import EXIT_FENCED, EXIT_NOT_STARTED, Guard, Timing
from tss_host.lease import Lost, Record

OTHER = Record(owner="other", token=7, version=70, lease_seconds=60)
FREE = Record(owner="", token=7, version=71, lease_seconds=60)
MINE = Record(owner="me", token=8, version=72, lease_seconds=60)


class Child:
    def __init__(self):
        self.log, self.code, self.fails = [], None, False

    def start(self, token):
        if self.fails:
            raise FileNotFoundError("no such program")
        self.log.append(f"start {token}")

    def poll(self):
        return self.code

    def terminate(self):
        self.log.append("terminate")

    def kill(self):
        self.log.append("kill")


class Answer(Future):
    """One that takes its time while somebody looks at it: a machine that freezes between two instructions."""

    delay = None

    def done(self):
        if self.delay:
            self.delay, delay = None, self.delay
            delay()
        return super().done()


class GuardTest(unittest.TestCase):
    def setUp(self):
        self.now, self.sent = 1000.0, []
        self.child = Child()
        store = type("Names", (), {name: name for name in ("read", "acquire", "renew", "release")})
        self.guard = Guard("me", Timing(60, 15), store, self.child, lambda: self.now, self.call)

    def call(self, name, *arguments):
        answer = Answer()
        self.sent.append((name, arguments, answer))
        return answer

    def step(self, seconds=0.0):
        self.now += seconds
        return self.guard.step()

    def answer(self, expected, result):
        """Answers the last call, which must be the one expected."""
        name, arguments, future = self.sent[-1]
        self.assertEqual((name, *arguments), expected)
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
        return self.step()

    def hold(self):
        self.step()
        self.answer(("read",), FREE)
        self.answer(("acquire", FREE), MINE)
        self.assertEqual(self.child.log, ["start 8"])

    def names(self):
        return [name for name, _, _ in self.sent]

    def test_a_missing_or_released_lease_is_taken_at_once(self):
        for seen in (None, FREE):
            with self.subTest(seen=seen):
                self.setUp()
                self.step()
                self.answer(("read",), seen)
                self.answer(("acquire", seen), MINE)
                self.assertEqual(self.child.log, ["start 8"])

    def test_another_that_stands_still_is_taken_over_after_the_whole_lease(self):
        self.step()
        self.answer(("read",), OTHER)
        for _ in range(11):
            self.step(5)
            self.answer(("read",), OTHER)
        self.step(4.9)
        self.assertNotIn("acquire", self.names())
        self.step(0.2)
        self.answer(("read",), OTHER)
        self.answer(("acquire", OTHER), MINE)
        self.assertEqual(self.child.log, ["start 8"])

    def test_a_renewed_lease_begins_anew(self):
        self.step()
        self.answer(("read",), OTHER)
        self.step(59)
        self.answer(("read",), Record("other", 7, 73, 60))
        self.step(59)
        self.answer(("read",), Record("other", 7, 73, 60))
        self.assertNotIn("acquire", self.names())

    def test_the_holders_own_longer_lease_counts(self):
        longer = Record("other", 7, 70, 120)
        self.step()
        self.answer(("read",), longer)
        self.step(61)
        self.answer(("read",), longer)
        self.assertNotIn("acquire", self.names())

    def test_a_version_counts_from_when_its_answer_is_here(self):
        self.step()
        future = self.sent[-1][2]
        future.set_result(OTHER)

        def freeze():
            self.now += 100

        future.delay = freeze
        self.step(0.1)
        self.step(5)
        self.answer(("read",), OTHER)
        self.assertNotIn("acquire", self.names())

    def test_who_comes_second_looks_again(self):
        self.step()
        self.answer(("read",), FREE)
        self.answer(("acquire", FREE), Lost())
        self.step()
        self.answer(("read",), OTHER)
        self.assertEqual(self.child.log, [])

    def test_an_acquisition_whose_answer_got_lost_is_renewed_before_the_start(self):
        self.step()
        self.answer(("read",), FREE)
        self.answer(("acquire", FREE), TimeoutError())
        self.step(5)
        self.answer(("read",), MINE)
        self.answer(("renew", MINE), MINE)
        self.assertEqual(self.child.log, ["start 8"])

    def test_an_acquisition_answered_too_late_is_renewed_before_the_start(self):
        self.step()
        self.answer(("read",), FREE)
        self.now += 48
        self.answer(("acquire", FREE), MINE)
        self.assertEqual(self.child.log, [])
        self.step()
        self.answer(("read",), MINE)
        self.answer(("renew", MINE), MINE)
        self.assertEqual(self.child.log, ["start 8"])

    def test_an_acquisition_counts_from_before_the_call(self):
        self.step()
        self.answer(("read",), FREE)
        self.now += 40
        self.answer(("acquire", FREE), MINE)
        # No renewal is answered.
        self.step(7.9)
        self.assertEqual(self.child.log, ["start 8"])
        self.step(0.2)
        self.assertEqual(self.child.log, ["start 8", "terminate"])

    def test_the_holder_renews_and_its_time_counts_from_before_the_call(self):
        self.hold()
        self.step(15)
        self.now += 10
        self.answer(("renew", MINE), MINE)
        # Sent at 15, so usable until 15 + 48.
        for _ in range(37):
            self.step(1)
        self.assertEqual(self.child.log, ["start 8"])
        self.step(1.01)
        self.assertEqual(self.child.log, ["start 8", "terminate"])

    def test_without_an_answer_it_terminates_kills_and_releases(self):
        self.hold()
        self.step(15)
        self.step(33)
        self.assertEqual(self.child.log, ["start 8", "terminate"])
        self.step(5.9)
        self.assertEqual(self.child.log, ["start 8", "terminate"])
        self.step(0.1)
        self.assertEqual(self.child.log, ["start 8", "terminate", "kill"])
        self.step(1)
        # Not before the program is known to be dead.
        self.assertNotIn("release", self.names())
        self.child.code = 137
        self.step(1)
        self.assertEqual(self.answer(("release", MINE), None), EXIT_FENCED)

    def test_failed_renewals_are_tried_again_soon(self):
        self.hold()
        self.step(15)
        self.answer(("renew", MINE), TimeoutError())
        self.step(3.8)
        self.answer(("renew", MINE), MINE)
        self.step(47)
        self.assertEqual(self.child.log, ["start 8"])

    def test_a_machine_that_was_frozen_kills_at_once(self):
        self.hold()
        self.step(300)
        self.assertEqual(self.child.log, ["start 8", "terminate", "kill"])

    def test_a_lost_lease_kills_at_once_and_is_not_released(self):
        self.hold()
        self.step(15)
        self.answer(("renew", MINE), Lost())
        self.step()
        self.assertEqual(self.child.log, ["start 8", "terminate", "kill"])
        self.child.code = 137
        self.step()
        self.assertEqual(self.step(), EXIT_FENCED)
        self.assertNotIn("release", self.names())

    def test_the_programs_exit_code_is_passed_on_after_the_release(self):
        self.hold()
        self.child.code = 3
        self.assertIsNone(self.step(1))
        self.assertEqual(self.answer(("release", MINE), None), 3)

    def test_a_release_without_an_answer_does_not_hold_up_the_end(self):
        self.hold()
        self.child.code = 3
        self.step(1)
        self.assertIsNone(self.step(7))
        self.assertEqual(self.step(2), 3)

    def test_a_signal_stops_the_program_and_gives_the_lease_back(self):
        self.hold()
        self.guard.stop()
        self.step(1)
        self.assertEqual(self.child.log, ["start 8", "terminate"])
        self.child.code = 143
        self.step(1)
        self.assertEqual(self.answer(("release", MINE), None), 143)

    def test_a_signal_while_it_waits_ends_it(self):
        self.step()
        self.answer(("read",), OTHER)
        self.guard.stop()
        self.assertEqual(self.step(), 0)

    def test_a_signal_during_the_acquisition_gives_the_lease_back(self):
        self.step()
        self.answer(("read",), FREE)
        self.guard.stop()
        self.assertIsNone(self.step(1))
        self.answer(("acquire", FREE), MINE)
        self.assertEqual(self.answer(("release", MINE), None), 0)
        self.assertEqual(self.child.log, [])

    def test_a_program_that_cannot_start_gives_the_lease_back(self):
        self.child.fails = True
        self.step()
        self.answer(("read",), FREE)
        self.answer(("acquire", FREE), MINE)
        self.assertEqual(self.answer(("release", MINE), None), EXIT_NOT_STARTED)


class TimingTest(unittest.TestCase):
    def test_the_lease_must_be_longer_than_two_renewals(self):
        for lease, renew in ((30, 15), (20, 15), (60, 0), (60, -1)):
            with self.subTest(lease=lease, renew=renew), self.assertRaisesRegex(ValueError, "less than half of leaseSeconds"):
                Timing(lease, renew)

    def test_the_program_is_dead_before_the_lease_is_over(self):
        for lease in (15, 60, 3600):
            timing = Timing(lease, lease / 4)
            self.assertLess(timing.usable + timing.grace + 2 * timing.tick, lease)

    def test_two_calls_may_fail_with_all_their_attempts(self):
        timing = Timing(60, 15)
        # Two attempts to connect and to read, and a second between them.
        call = 2 * 2 * timing.call_timeout + 1
        self.assertLess(timing.renew + 2 * (call + timing.retry), timing.usable)


if __name__ == "__main__":
    unittest.main()
