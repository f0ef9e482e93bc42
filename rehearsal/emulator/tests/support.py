"""An emulator process for a test module, and AWS clients that talk to it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[1]
REGION = "ap-northeast-1"
ACCOUNT = "111122223333"
#: how long an emulator may take to listen or to stop, in seconds; far more than it needs
PATIENCE = 30


class Emulator:
    """A running emulator. Each account is a world of its own, so tests that need a clean one take another number."""

    def __init__(self, *options: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.ready_file = Path(self.folder.name) / "ready.json"
        command = [sys.executable, "-m", "emulator_server", "--ready-file", str(self.ready_file), *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = 0

    def wait_until_ready(self) -> Emulator:
        end = time.monotonic() + PATIENCE
        while not self.ready_file.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()  # or one that is only slow would be waited for without end
                raise AssertionError(f"the emulator did not start: {self.process.communicate()[1]}")
            time.sleep(0.02)
        self.port = json.loads(self.ready_file.read_text())["port"]
        return self

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)
        self.folder.cleanup()

    def get(self, path: str) -> Any:
        """The JSON that a control endpoint serves."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as answer:
            return json.load(answer)

    def inventory(self, account: str = ACCOUNT) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/rehearsal/inventory?account={account}")
        return found

    def client(self, service: str, account: str = ACCOUNT, region: str = REGION, retries: int = 0) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=account,
            aws_secret_access_key="secret",
            config=Config(retries={"total_max_attempts": retries + 1}, s3={"addressing_style": "path"}, parameter_validation=False),
        )


class EmulatorCase(unittest.TestCase):
    """Tests against an emulator that the test's module shares."""

    emulator: Emulator

    def assert_refused(self, code: str, operation: Any, **arguments: Any) -> ClientError:
        """The operation answers with that error."""
        with self.assertRaises(ClientError) as caught:
            operation(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception


def shared(*options: str) -> tuple[Any, Any]:
    """setUpModule and tearDownModule for a module whose tests share one emulator."""

    def set_up() -> None:
        EmulatorCase.emulator = Emulator(*options).wait_until_ready()

    def tear_down() -> None:
        EmulatorCase.emulator.stop()

    return set_up, tear_down
