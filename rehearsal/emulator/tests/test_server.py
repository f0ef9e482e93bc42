"""Starting, saying so, the control endpoints, and stopping."""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from tests.support import PATIENCE, Emulator


class ServerTest(unittest.TestCase):
    def start(self, *options: str) -> Emulator:
        emulator = Emulator(*options)
        self.addCleanup(emulator.folder.cleanup)
        self.addCleanup(lambda: emulator.process.poll() is None and emulator.process.kill())
        return emulator

    def test_ready_file_health_and_limits(self) -> None:
        emulator = self.start().wait_until_ready()
        self.addCleanup(emulator.stop)
        self.assertEqual(json.loads(emulator.ready_file.read_text()), {"port": emulator.port, "pid": emulator.process.pid})
        self.assertEqual([path.name for path in Path(emulator.folder.name).iterdir()], ["ready.json"], "the draft is gone")
        self.assertEqual(emulator.get("/rehearsal/health"), {"status": "ok"})
        limits = emulator.get("/rehearsal/limits")
        self.assertTrue(any("IAM is not enforced" in limit for limit in limits), limits)
        self.assertEqual(emulator.get("/rehearsal/coverage"), {"inferred": [], "refused": [], "failed": []})
        for path, status in (("/rehearsal/nothing", 404), ("/rehearsal/inventory", 400)):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                emulator.get(path)
            self.assertEqual(caught.exception.code, status)
            caught.exception.close()

    def test_does_not_do_what_its_caller_has_given_up(self) -> None:
        emulator = self.start().wait_until_ready()
        self.addCleanup(emulator.stop)
        roles = emulator.client("iam")

        def create(name: str) -> socket.socket:
            body = f"Action=CreateRole&Version=2010-05-08&RoleName={name}&AssumeRolePolicyDocument=%7B%7D"
            connection = socket.create_connection(("127.0.0.1", emulator.port))
            connection.sendall(
                "POST / HTTP/1.1\r\nHost: iam.amazonaws.com\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                "Authorization: AWS4-HMAC-SHA256 Credential=111122223333/20250101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=a\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            return connection

        create("given-up").close()
        with create("waited-for") as waiting:
            self.assertIn(b"200", waiting.recv(100))
        self.assertEqual([role["RoleName"] for role in roles.list_roles()["Roles"]], ["waited-for"])

    def test_stops_on_a_signal(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                emulator = self.start().wait_until_ready()
                emulator.process.send_signal(number)
                _, errors = emulator.process.communicate(timeout=PATIENCE)
                self.assertEqual(emulator.process.returncode, 0)
                self.assertEqual(errors, "")

    def hears(self, pid: int, number: signal.Signals) -> bool:
        """Whether a process has a handler for a signal, which only Linux tells: Python itself takes a while to start."""
        status = Path(f"/proc/{pid}/status")
        if not status.exists():
            time.sleep(1)
            return True
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) >> (number - 1) & 1)

    def test_stops_while_it_loads(self) -> None:
        emulator = self.start()
        while not self.hears(emulator.process.pid, signal.SIGTERM):
            time.sleep(0.02)
        emulator.process.send_signal(signal.SIGTERM)
        _, errors = emulator.process.communicate(timeout=PATIENCE)
        self.assertEqual((emulator.process.returncode, errors), (0, ""))

    def test_ends_with_its_owner(self) -> None:
        owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        emulator = self.start("--owner", str(owner.pid)).wait_until_ready()
        time.sleep(1)
        self.assertIsNone(emulator.process.poll(), "it stays while its owner lives")
        os.kill(owner.pid, signal.SIGKILL)  # not yet waited for: a zombie counts as gone
        _, errors = emulator.process.communicate(timeout=PATIENCE)
        self.assertEqual((emulator.process.returncode, errors), (0, ""))
        owner.communicate()

    def test_outlives_its_owner_once_it_is_kept(self) -> None:
        owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        emulator = self.start("--owner", str(owner.pid)).wait_until_ready()
        request = urllib.request.Request(f"http://127.0.0.1:{emulator.port}/rehearsal/keep", method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            self.assertEqual(json.load(response), {"status": "kept"})
        owner.communicate(b"\n")
        time.sleep(1.5)
        self.assertIsNone(emulator.process.poll())

    def test_does_not_outlive_an_owner_that_is_gone_already(self) -> None:
        owner = subprocess.Popen([sys.executable, "-c", ""])
        owner.wait()
        emulator = self.start("--owner", str(owner.pid))
        emulator.process.communicate(timeout=PATIENCE)
        self.assertEqual(emulator.process.returncode, 0)
