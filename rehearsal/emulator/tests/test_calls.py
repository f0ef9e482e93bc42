"""The file of calls: what was called, without contents and secrets."""
from __future__ import annotations

import json
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.support import ACCOUNT, REGION, Emulator


class CallLogTest(unittest.TestCase):
    file: Path
    emulator: Emulator

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.file = Path(folder.name) / "calls.jsonl"
        cls.emulator = Emulator("--calls", str(cls.file)).wait_until_ready()
        cls.addClassCleanup(cls.emulator.stop)

    def setUp(self) -> None:
        self.file.write_text("")

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]

    def test_operations_with_their_members(self) -> None:
        self.emulator.client("sqs").create_queue(QueueName="q", Attributes={"DelaySeconds": "1"})
        call = {"stack": None, "service": "sqs", "operation": "CreateQueue", "region": REGION, "account": ACCOUNT, "status": 200}
        self.assertEqual(self.lines(), [{**call, "members": {"QueueName": "q", "Attributes": {"DelaySeconds": "1"}}}])

    def test_whose_calls_they_are(self) -> None:
        sqs = self.emulator.client("sqs")

        def name_oneself(request: Any, **_: Any) -> None:
            request.headers["X-Amz-Security-Token"] = "dev-events"

        sqs.meta.events.register("before-send.sqs", name_oneself)
        sqs.list_queues()
        self.assertEqual([line["stack"] for line in self.lines()], ["dev-events"])

    def test_what_was_refused_too(self) -> None:
        with self.assertRaises(Exception):
            self.emulator.client("iam").get_role(RoleName="nobody")
        self.assertEqual([(line["operation"], line["status"]) for line in self.lines()], [("GetRole", 404)])

    def test_no_contents_and_no_secrets(self) -> None:
        s3 = self.emulator.client("s3")
        s3.create_bucket(Bucket="contents", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="contents", Key="k", Body=b"hidden")
        self.emulator.client("secretsmanager").create_secret(Name="s", SecretString="hidden")
        self.assertEqual([line["operation"] for line in self.lines()], ["CreateBucket", "PutObject", "CreateSecret"])
        self.assertNotIn("hidden", self.file.read_text(encoding="utf-8"))

    def test_what_cannot_be_read(self) -> None:
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{self.emulator.port}/nowhere/x")
        self.assertEqual(self.lines(), [{"unread": "GET /nowhere/x"}])

    def test_goes_on_after_a_checkpoint(self) -> None:
        for act in ("checkpoint", "rollback"):
            request = urllib.request.Request(f"http://127.0.0.1:{self.emulator.port}/rehearsal/{act}", method="POST")
            urllib.request.urlopen(request).close()
            self.emulator.client("sqs").list_queues()
        self.assertEqual([line["operation"] for line in self.lines()], ["ListQueues", "ListQueues"])
