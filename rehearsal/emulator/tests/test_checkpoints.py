"""Going back to how the emulator was: what comes back, what a call under way sees, and which processes there are."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from emulator_server.processes import can_fork
from tests.support import ACCOUNT, PATIENCE, REGION, Emulator


def tree(pid: int) -> list[int]:
    """A process and its descendants."""
    lines = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
    pairs = [tuple(map(int, line.split())) for line in lines]
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in pairs if its_parent == parent]
    return found


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()
    return state != "" and not state.startswith("Z")


@unittest.skipUnless(can_fork(), "checkpoints need fork")
class CheckpointTest(unittest.TestCase):
    def start(self, *options: str) -> Emulator:
        emulator = Emulator(*options).wait_until_ready()
        self.addCleanup(emulator.stop)
        return emulator

    def post(self, emulator: Emulator, what: str) -> dict[str, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{emulator.port}/rehearsal/{what}", method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            said: dict[str, str] = json.load(answer)
            return said

    def processes(self, emulator: Emulator) -> list[int]:
        """All of an emulator's, once one of them serves."""
        emulator.get("/rehearsal/health")
        return tree(emulator.process.pid)

    def wait_until_gone(self, pids: list[int]) -> None:
        end = time.monotonic() + PATIENCE
        while any(map(is_alive, pids)) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])

    def test_everything_is_as_it_was(self) -> None:
        emulator = self.start()
        sqs, s3, kinds = emulator.client("sqs"), emulator.client("s3"), emulator.client("ce")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="buy")
        s3.create_bucket(Bucket="states", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="states", Key="dev/events.tfstate", Body=b"before")
        kinds.create_anomaly_monitor(AnomalyMonitor={"MonitorName": "before", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"})
        before = emulator.inventory()
        self.assertEqual(self.post(emulator, "checkpoint"), {"status": "checkpoint made"})
        self.assertEqual(emulator.inventory(), before, "it goes on with what there is")
        for _ in range(3):
            sqs.delete_queue(QueueUrl=url)
            sqs.create_queue(QueueName="later")
            s3.put_object(Bucket="states", Key="dev/events.tfstate", Body=b"after")
            s3.put_object(Bucket="states", Key="dev/events.tfstate.tflock", Body=b"{}")
            kinds.create_anomaly_monitor(AnomalyMonitor={"MonitorName": "after", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"})
            self.assertNotEqual(emulator.inventory(), before)
            self.assertEqual(self.post(emulator, "rollback"), {"status": "rolled back"})
            self.assertEqual(emulator.inventory(), before)
            self.assertEqual(s3.get_object(Bucket="states", Key="dev/events.tfstate")["Body"].read(), b"before")
            self.assertEqual(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"], "buy")

    def test_identifiers_are_not_given_twice(self) -> None:
        emulator = self.start()
        ec2 = emulator.client("ec2")
        self.post(emulator, "checkpoint")
        given = []
        for _ in range(3):
            given.append(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
            self.post(emulator, "rollback")
        self.assertEqual(len(set(given)), 3, given)

    def test_there_is_nothing_to_roll_back_to_without_a_checkpoint(self) -> None:
        emulator = self.start()
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.post(emulator, "rollback")
        with caught.exception as answer:
            self.assertEqual((answer.code, json.load(answer)), (409, {"error": "there is no checkpoint to roll back to"}))

    def test_a_newer_checkpoint_takes_the_place_of_the_older(self) -> None:
        emulator = self.start()
        sqs = emulator.client("sqs")
        for name in ("first", "second", "third"):
            sqs.create_queue(QueueName=name)
            self.post(emulator, "checkpoint")
        sqs.create_queue(QueueName="fourth")
        self.post(emulator, "rollback")
        self.assertEqual([url.rpartition("/")[2] for url in sqs.list_queues()["QueueUrls"]], ["first", "second", "third"])
        loaded = [pid for pid in self.processes(emulator) if "-m emulator_server.processes" not in self.command(pid)]
        self.assertEqual(len(loaded), 3, "the one that watches, the one that waits, the one that serves")

    def command(self, pid: int) -> str:
        return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout

    def test_calls_are_answered_before_and_after_and_never_cut_off(self) -> None:
        emulator = self.start()
        url = emulator.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
        with ThreadPoolExecutor(20) as pool:
            waiting = pool.submit(emulator.client("sqs").receive_message, QueueUrl=url, WaitTimeSeconds=2)
            time.sleep(0.5)
            made = pool.submit(self.post, emulator, "checkpoint")
            time.sleep(0.2)
            self.assertFalse(made.done(), "a call is under way")
            held = [pool.submit(emulator.client("sqs").get_queue_url, QueueName="orders") for _ in range(15)]
            self.assertNotIn("Messages", waiting.result(PATIENCE))
            self.assertEqual(made.result(PATIENCE), {"status": "checkpoint made"})
            self.assertEqual({answer.result(PATIENCE)["QueueUrl"] for answer in held}, {url})

    def test_all_its_processes_stop_with_it(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(signal=number.name):
                emulator = self.start()
                self.post(emulator, "checkpoint")
                self.post(emulator, "checkpoint")
                self.post(emulator, "rollback")
                pids = self.processes(emulator)
                self.assertEqual(len(pids), 4, "one watches, one was replaced, one waits, one serves")
                emulator.process.send_signal(number)
                emulator.process.communicate(timeout=PATIENCE)
                self.assertEqual(emulator.process.returncode, 0 if number == signal.SIGTERM else -number)
                self.wait_until_gone(pids)

    def test_it_ends_when_one_of_its_processes_is_killed(self) -> None:
        emulator = self.start()
        self.post(emulator, "checkpoint")
        pids = self.processes(emulator)
        os.kill(pids[-1], signal.SIGKILL)
        emulator.process.communicate(timeout=PATIENCE)
        self.assertEqual(emulator.process.returncode, 128 + signal.SIGKILL)
        self.wait_until_gone(pids)

    def test_it_ends_with_its_owner_after_a_rollback_and_not_once_it_is_kept(self) -> None:
        for kept in (False, True):
            with self.subTest(kept=kept):
                owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
                emulator = self.start("--owner", str(owner.pid))
                self.post(emulator, "checkpoint")
                if kept:
                    self.post(emulator, "keep")
                self.post(emulator, "rollback")
                pids = self.processes(emulator)
                owner.communicate(b"\n")
                if kept:
                    time.sleep(1.5)
                    self.assertEqual(emulator.get(f"/rehearsal/inventory?account={ACCOUNT}"), {})
                else:
                    emulator.process.communicate(timeout=PATIENCE)
                    self.assertEqual(emulator.process.returncode, 0)
                    self.wait_until_gone(pids)
