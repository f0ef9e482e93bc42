"""Run Command: a stand-in does what its instance is told; where there is none, nothing is called done."""
from __future__ import annotations

import json
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

from .support import Emulator, EmulatorCase

AGENT = '#!/bin/sh\nif [ "$1" = aws:runShellScript ]; then . "$2"; else echo "no shell: $1"; exit 3; fi\n'


class CommandsTest(EmulatorCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.emulator = Emulator("--machines", cls.folder.name).wait_until_ready()
        cls.ssm, cls.ec2 = cls.emulator.client("ssm"), cls.emulator.client("ec2")
        steps = [
            {"action": run, "name": name, "precondition": {"StringEquals": ["platformType", platform]}, "inputs": {"runCommand": [line], "timeoutSeconds": "60"}}
            for name, platform, run, line in (
                ("linux", "Linux", "aws:runShellScript", "echo here; cat file; exit 0"),
                ("windows", "Windows", "aws:runPowerShellScript", "anything"),
            )
        ]
        content = json.dumps({"schemaVersion": "2.2", "description": "d", "mainSteps": steps})
        cls.ssm.create_document(Name="tss-dev.look", DocumentType="Command", DocumentFormat="JSON", Content=content)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.emulator.stop()
        cls.folder.cleanup()

    def instance(self, name: str, **files: str) -> str:
        for file, text in files.items():
            path = Path(self.folder.name) / name / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        made: str = self.ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, TagSpecifications=tags)["Instances"][0]["InstanceId"]
        return made

    def send(self, instance: str, **more: Any) -> str:
        sent: str = self.ssm.send_command(DocumentName="tss-dev.look", InstanceIds=[instance], **more)["Command"]["CommandId"]
        return sent

    def answer(self, command: str, instance: str, step: str) -> dict[str, Any]:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                found: dict[str, Any] = self.ssm.get_command_invocation(CommandId=command, InstanceId=instance, PluginName=step)
            except self.ssm.exceptions.InvocationDoesNotExist:
                found = {"Status": "Pending"}
            if found["Status"] not in ("Pending", "InProgress"):
                return found
            time.sleep(0.1)
        raise AssertionError("no answer within 60 s")

    def test_the_stand_in_runs_the_step_of_its_platform(self) -> None:
        linux = self.instance("linux", agent=AGENT, file="a file")
        found = self.answer(self.send(linux), linux, "linux")
        self.assertEqual((found["Status"], found["ResponseCode"], found["StandardOutputContent"]), ("Success", 0, "here\na file"))
        windows = self.instance("windows", agent=AGENT, platform="Windows\n")
        found = self.answer(self.send(windows), windows, "windows")
        self.assertEqual((found["Status"], found["ResponseCode"]), ("Failed", 3))
        self.assertIn("no shell: aws:runPowerShellScript", found["StandardOutputContent"])

    def test_an_instance_without_one_is_refused_as_one_whose_agent_never_registered(self) -> None:
        for name in ("nobody", "..", "a/b"):
            instance = self.instance(name)
            self.assert_refused("InvalidInstanceId", self.ssm.send_command, DocumentName="tss-dev.look", InstanceIds=[instance])

    def test_a_stopped_one_is_refused_too(self) -> None:
        instance = self.instance("stopped", agent=AGENT)
        self.ec2.stop_instances(InstanceIds=[instance])
        self.assert_refused("InvalidInstanceId", self.ssm.send_command, DocumentName="tss-dev.look", InstanceIds=[instance])

    def test_a_document_that_there_is_not_is_refused(self) -> None:
        instance = self.instance("some", agent=AGENT)
        self.assert_refused("InvalidDocument", self.ssm.send_command, DocumentName="AWS-RunShellScript", InstanceIds=[instance])

    def test_one_that_is_offline_is_told_when_it_is_back(self) -> None:
        instance = self.instance("away", agent=AGENT, file="late", offline="")
        command = self.send(instance, TimeoutSeconds=3600)
        time.sleep(0.5)
        with self.assertRaises(self.ssm.exceptions.InvocationDoesNotExist):
            self.ssm.get_command_invocation(CommandId=command, InstanceId=instance, PluginName="linux")
        (Path(self.folder.name) / "away" / "offline").unlink()
        self.assertEqual(self.answer(command, instance, "linux")["StandardOutputContent"], "here\nlate")

    def test_an_agent_has_registered_where_there_is_a_stand_in_that_runs(self) -> None:
        there, away, stopped, nobody = (self.instance(name, **files) for name, files in (("here", {"agent": AGENT}), ("far", {"agent": AGENT, "offline": ""}), ("off", {"agent": AGENT}), ("none", {})))
        self.ec2.stop_instances(InstanceIds=[stopped])
        found = self.ssm.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [there, away, stopped, nobody]}])
        self.assertEqual([(one["InstanceId"], one["PingStatus"]) for one in found["InstanceInformationList"]], [(there, "Online"), (away, "ConnectionLost")])


    def test_a_document_takes_what_its_pattern_allows_and_nothing_else(self) -> None:
        content = {
            "schemaVersion": "2.2",
            "parameters": {"version": {"type": "String", "allowedPattern": "^[a-z0-9.]{1,9}$"}},
            "mainSteps": [{"action": "aws:runShellScript", "name": "says", "inputs": {"runCommand": ["echo '{{ version }}' {{version}}"]}}],
        }
        self.ssm.create_document(Name="tss-dev.say", DocumentType="Command", DocumentFormat="JSON", Content=json.dumps(content))
        instance = self.instance("says", agent=AGENT)

        def send(**parameters: list[str]) -> str:
            sent: str = self.ssm.send_command(DocumentName="tss-dev.say", InstanceIds=[instance], Parameters=parameters)["Command"]["CommandId"]
            return sent

        self.assertEqual("1.2 1.2\n", self.answer(send(version=["1.2"]), instance, "says")["StandardOutputContent"])
        for refused in ({"version": ["1'; id"]}, {}, {"version": ["1"], "another": ["1"]}):
            with self.assertRaises(self.ssm.exceptions.ClientError) as raised:
                send(**refused)
            self.assertEqual("InvalidParameters", raised.exception.response["Error"]["Code"])


if __name__ == "__main__":
    unittest.main()
