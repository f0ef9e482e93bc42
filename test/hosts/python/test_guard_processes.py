"""Two real guards with real programs, against DynamoDB on a socket."""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path

import support
from moto.server import ThreadedMotoServer
from tss_host.lease import KEY

# Tells when it runs, by its own clock, which all processes of this machine share.
PROGRAM = """
import os, sys, time
while True:
    with open(sys.argv[1], "a") as log:
        log.write(f"{time.monotonic()} {os.getpid()} {os.environ['TSS_FENCING_TOKEN']} {os.environ['TSS_LEADER_OWNER']}\\n")
    time.sleep(0.02)
"""
# Long enough for a machine that is busy with other tests.
LEASE = 6.0


@unittest.skipUnless(sys.platform == "linux", "the kernel of Linux ends the program with its guard")
class GuardProcessesTest(unittest.TestCase):
    def setUp(self):
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.addCleanup(self.server.stop)
        host, port = self.server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"
        self.guard_log = Path(folder.name) / "logs" / "guard.log"
        self.guard_log.parent.mkdir()
        # All moto servers of a process share their tables.
        self.table = f"orders-{uuid.uuid4().hex}"
        settings = support.write_settings(folder.name, table=self.table, leaderGuard={"leaseSeconds": LEASE, "renewSeconds": 1})
        self.environment = {**os.environ, "AWS_ENDPOINT_URL": endpoint, "TSS_SETTINGS": str(settings), "PYTHONPATH": str(support.PACKAGES), "PYTHONDONTWRITEBYTECODE": "1"}
        import boto3

        self.dynamodb = boto3.client("dynamodb", region_name="ap-northeast-1", endpoint_url=endpoint)
        support.create_table(self.dynamodb, self.table)
        self.guards = []
        self.addCleanup(self.end)

    def end(self):
        for guard in self.guards:
            if guard.poll() is None:
                guard.kill()
            guard.wait()

    def guard(self, *program):
        command = [sys.executable, "-m", "tss_host", "guard", "--", *(program or (sys.executable, "-c", PROGRAM, str(self.log)))]
        self.guards.append(subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL))
        return self.guards[-1]

    def lines(self):
        text = self.log.read_text() if self.log.exists() else ""
        return [(float(at), int(pid), int(token), owner) for at, pid, token, owner in map(str.split, text.splitlines(keepends=False))]

    def wait_for(self, condition, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, self.lines()[-3:])
            time.sleep(0.05)

    def spans(self):
        """First and last sign of life of every program, in the order of their tokens."""
        spans = {}
        for at, pid, token, _ in self.lines():
            first, _ = spans.get((token, pid), (at, at))
            spans[token, pid] = (first, at)
        return [spans[key] for key in sorted(spans)]

    def owner(self):
        return self.dynamodb.get_item(TableName=self.table, Key=KEY)["Item"]["owner"]["S"]

    def test_a_killed_guard_takes_its_program_along_and_the_other_takes_over(self):
        first = self.guard()
        self.wait_for(self.lines)
        second = self.guard()
        time.sleep(1)
        self.assertEqual({token for _, _, token, _ in self.lines()}, {1})
        killed = time.monotonic()
        first.send_signal(signal.SIGKILL)
        self.wait_for(lambda: any(token == 2 for _, _, token, _ in self.lines()))
        before, after = self.spans()
        self.assertLess(before[1], after[0])
        self.assertLess(before[1] - killed, 0.5)
        self.assertGreater(after[0] - before[1], LEASE / 2)
        self.assertEqual(self.owner(), self.lines()[-1][3])

        # And a signal that it can answer hands over at once.
        third = self.guard()
        time.sleep(1)
        second.send_signal(signal.SIGTERM)
        self.assertEqual(second.wait(10), 143)
        self.wait_for(lambda: any(token == 3 for _, _, token, _ in self.lines()))
        _, before, after = self.spans()
        self.assertLess(before[1], after[0])
        self.assertLess(after[0] - before[1], LEASE / 2)
        third.send_signal(signal.SIGTERM)
        third.wait(10)
        self.assertEqual(self.owner(), "")

    def test_without_dynamodb_the_program_ends_within_the_lease(self):
        guard = self.guard()
        self.wait_for(self.lines)
        cut = time.monotonic()
        self.server.stop()
        self.assertEqual(guard.wait(30), 75)
        self.assertLess(self.spans()[0][1] - cut, LEASE)

    def test_the_programs_exit_code_is_passed_on(self):
        self.assertEqual(self.guard(sys.executable, "-c", "raise SystemExit(3)").wait(20), 3)
        self.assertEqual(self.owner(), "")
        self.assertIn("the program ended with exit code 3", self.guard_log.read_text())
        self.assertEqual(self.guard("/no/such/program").wait(20), 127)


if __name__ == "__main__":
    unittest.main()
