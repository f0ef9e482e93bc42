"""`tss_host run`: what keeps a program from being started, and that it ends with whoever started it."""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path
from unittest import mock

import support
from moto.server import ThreadedMotoServer
from tss_host import kill_switch, lease
from tss_host.kill_switch import State
from tss_host.start import EXIT_NO_TERMINAL, EXIT_NOT_STARTED, EXIT_STOP_FILE, TERMINAL_SECONDS, Start


class StartTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.stop_file = Path(folder.name) / "stop"
        self.child = mock.Mock()
        self.child.poll.return_value = None
        self.switch = mock.Mock(return_value=(State.INACTIVE, "inactive"))
        self.now = 0.0

    def start(self, terminal=None):
        return Start(self.child, self.stop_file, self.switch, lambda: self.now, terminal)

    def to_the_end(self, start, seconds=1000):
        while self.now < seconds:
            if (code := start.step()) is not None:
                return code
            self.now += 0.25
        return None

    def test_runs_the_program_and_passes_its_exit_code_on(self):
        start = self.start()
        self.assertIsNone(start.step())
        self.child.start.assert_called_once_with()
        self.assertIsNone(start.step())
        self.child.poll.return_value = 3
        self.assertEqual(start.step(), 3)
        self.child.start.assert_called_once_with()

    def test_whatever_is_not_inactive_keeps_it_from_starting(self):
        for state, code in ((State.ACTIVE, 10), (State.UNKNOWN, 11)):
            self.switch.return_value = (state, "why")
            self.assertEqual(self.start().step(), code)
        self.child.start.assert_not_called()

    def test_the_stop_file_does_so_without_the_switch(self):
        self.stop_file.touch()
        self.assertEqual(self.start().step(), EXIT_STOP_FILE)
        self.switch.assert_not_called()
        self.child.start.assert_not_called()

    def test_the_switch_is_asked_when_the_terminal_is_there_and_not_before(self):
        terminal = mock.Mock(side_effect=[False, OSError("busy"), True])
        start = self.start(terminal)
        for _ in range(40):
            self.switch.assert_not_called()
            start.step()
            self.now += 0.25
        self.assertEqual(terminal.call_count, 2)
        start.step()
        start.step()
        self.switch.assert_called_once_with()
        self.child.start.assert_called_once_with()

    def test_gives_up_before_the_watchdog_looks_again(self):
        self.assertEqual(self.to_the_end(self.start(lambda: False)), EXIT_NO_TERMINAL)
        self.assertEqual(self.now, TERMINAL_SECONDS)
        self.assertLess(TERMINAL_SECONDS, 300)
        self.switch.assert_not_called()

    def test_a_stop_ends_the_wait(self):
        start = self.start(lambda: False)
        start.step()
        start.stop()
        self.assertEqual(start.step(), 0)

    def test_a_stop_is_passed_on_once_and_awaited(self):
        start = self.start()
        start.step()
        start.stop()
        for _ in range(3):
            self.assertIsNone(start.step())
        self.child.terminate.assert_called_once_with()
        self.child.poll.return_value = 143
        self.assertEqual(start.step(), 143)

    def test_a_program_that_does_not_exist(self):
        self.child.start.side_effect = FileNotFoundError("none")
        self.assertEqual(self.start().step(), EXIT_NOT_STARTED)


# Says that it runs, and under which token.
PROGRAM = """
import os, sys, time
with open(sys.argv[1], "w") as log:
    log.write(f"{os.getpid()} {os.environ.get('TSS_FENCING_TOKEN')}")
time.sleep(60)
"""


@unittest.skipUnless(sys.platform == "linux", "the kernel of Linux ends the program with its starter")
class RunProcessesTest(unittest.TestCase):
    def setUp(self):
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        self.addCleanup(server.stop)
        host, port = server.get_host_and_port()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "logs").mkdir()
        self.said = self.folder / "said"
        # All moto servers of a process share their tables.
        self.table = f"orders-{uuid.uuid4().hex}"
        settings = support.write_settings(folder.name, table=self.table)
        self.environment = {**os.environ, "AWS_ENDPOINT_URL": f"http://{host}:{port}", "TSS_SETTINGS": str(settings), "PYTHONPATH": str(support.PACKAGES), "PYTHONDONTWRITEBYTECODE": "1"}
        import boto3

        self.dynamodb = boto3.client("dynamodb", region_name="ap-northeast-1", endpoint_url=self.environment["AWS_ENDPOINT_URL"])
        support.create_table(self.dynamodb, self.table)
        self.program = [sys.executable, "-c", PROGRAM, str(self.said)]

    def tss_host(self, *arguments):
        process = subprocess.Popen([sys.executable, "-m", "tss_host", *arguments], env=self.environment, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def switch_on(self):
        self.dynamodb.put_item(TableName=self.table, Item={**kill_switch.KEY, "active": {"BOOL": True}, "reason": {"S": "drill"}})

    def started(self):
        end = time.monotonic() + 30
        while not self.said.exists() or not self.said.read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        pid, token = self.said.read_text().split()
        return int(pid), token

    def wait_until_gone(self, pid):
        end = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def test_an_active_switch_refuses_with_and_without_the_guard(self):
        self.switch_on()
        self.assertEqual(self.tss_host("run", "--", *self.program).wait(30), 10)
        run = [sys.executable, "-m", "tss_host", "run", "--", *self.program]
        self.assertEqual(self.tss_host("guard", "--", *run).wait(30), 10)
        self.assertFalse(self.said.exists())
        self.assertIn("not started: kill switch: active: drill", (self.folder / "logs" / "run.log").read_text())
        item = self.dynamodb.get_item(TableName=self.table, Key=lease.KEY)["Item"]
        self.assertEqual(item["owner"]["S"], "", "a host that may not trade gives the lease back")

    def test_the_stop_file_beside_the_settings_refuses(self):
        (self.folder / "stop").touch()
        self.assertEqual(self.tss_host("run", "--", *self.program).wait(30), 12)
        self.assertFalse(self.said.exists())

    def test_a_killed_run_takes_its_program_along(self):
        run = self.tss_host("run", "--", *self.program)
        pid, token = self.started()
        self.assertEqual(token, "None")
        run.send_signal(signal.SIGKILL)
        self.wait_until_gone(pid)

    def test_a_guard_hands_its_token_through_and_ends_all(self):
        guard = self.tss_host("guard", "--", sys.executable, "-m", "tss_host", "run", "--", *self.program)
        pid, token = self.started()
        self.assertEqual(token, "1")
        guard.send_signal(signal.SIGTERM)
        guard.wait(20)
        self.wait_until_gone(pid)

    def test_which_program(self):
        self.assertEqual(self.tss_host("run", "--").wait(30), 2)
        self.assertEqual(self.tss_host("run", "--", "/no/such/program").wait(30), 127)


if __name__ == "__main__":
    unittest.main()
