"""Automation: what is taken, how a run goes, and what a test plants. The documents of the project are run by test/runbooks."""
from __future__ import annotations

import json
import time
import unittest
import urllib.error
import urllib.request
from typing import Any

from tests.support import ACCOUNT, EmulatorCase, shared

setUpModule, tearDownModule = shared()
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def step(name: str, action: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "action": f"aws:{action}", "inputs": inputs, **more}


SLEEP = step("sleep", "sleep", {"Duration": "PT1S"})
WHO = step("who", "executeAwsApi", {"Service": "sts", "Api": "GetCallerIdentity"}, outputs=[{"Name": "Arn", "Selector": "$.Arn", "Type": "String"}])


class AutomationTest(EmulatorCase):
    def setUp(self) -> None:
        self.ssm = self.emulator.client("ssm")

    def make(self, name: str, *steps: dict[str, Any], **more: Any) -> None:
        content = {"schemaVersion": "0.3", "mainSteps": list(steps), **more}
        self.ssm.create_document(Name=name, DocumentType="Automation", DocumentFormat="JSON", Content=json.dumps(content))

    def start(self, name: str, **parameters: str) -> str:
        given = {"Parameters": {key: [value] for key, value in parameters.items()}} if parameters else {}
        started: str = self.ssm.start_automation_execution(DocumentName=name, **given)["AutomationExecutionId"]
        return started

    def ended(self, execution: str) -> dict[str, Any]:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            found: dict[str, Any] = self.ssm.get_automation_execution(AutomationExecutionId=execution)["AutomationExecution"]
            if found["AutomationExecutionStatus"] not in ("InProgress", "Waiting"):
                return found
            time.sleep(0.02)
        raise AssertionError(f"it never ended: {found}")

    def run_of(self, name: str, **parameters: str) -> dict[str, Any]:
        return self.ended(self.start(name, **parameters))

    def test_takes_the_role_of_its_document(self) -> None:
        role = self.emulator.client("iam").create_role(RoleName="runbook", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        self.make("as-role", WHO, assumeRole=role, outputs=["who.Arn"])
        self.assertIn("assumed-role/runbook/Automation-", self.run_of("as-role")["Outputs"]["who.Arn"][0])

    def test_takes_no_role_that_does_not_trust_it_or_is_not_there(self) -> None:
        other = TRUST.replace("ssm.", "ec2.")
        role = self.emulator.client("iam").create_role(RoleName="machine", AssumeRolePolicyDocument=other)["Role"]["Arn"]
        for name, arn, words in (("not-trusted", role, "does not let"), ("not-there", f"arn:aws:iam::{ACCOUNT}:role/nobody", "cannot be taken")):
            self.make(name, WHO, assumeRole=arn)
            found = self.run_of(name)
            self.assertEqual(found["AutomationExecutionStatus"], "Failed")
            self.assertIn(words, found["FailureMessage"])

    def test_refuses_a_document_that_is_wrong_and_keeps_the_one_before(self) -> None:
        with self.assertRaises(self.ssm.exceptions.InvalidDocumentContent):
            self.make("wrong", step("who", "executeAwsApi", {"Service": "sts", "Api": "WhoAmI"}))
        self.make("right", SLEEP)
        wrong = json.dumps({"schemaVersion": "0.3", "mainSteps": [{**SLEEP, "nextStep": "nowhere"}]})
        with self.assertRaises(self.ssm.exceptions.InvalidDocumentContent):
            self.ssm.update_document(Name="right", Content=wrong, DocumentVersion="$LATEST", DocumentFormat="JSON")
        self.assertEqual(self.ssm.describe_document(Name="right")["Document"]["LatestVersion"], "1")

    def test_runs_the_default_version_or_the_one_that_is_asked_for(self) -> None:
        self.make("versions", SLEEP)
        content = json.dumps({"schemaVersion": "0.3", "mainSteps": [{**SLEEP, "name": "second"}]})
        self.ssm.update_document(Name="versions", Content=content, DocumentVersion="$LATEST", DocumentFormat="JSON")
        self.assertEqual([one["StepName"] for one in self.run_of("versions")["StepExecutions"]], ["sleep"])
        self.ssm.update_document_default_version(Name="versions", DocumentVersion="2")
        self.assertEqual([one["StepName"] for one in self.run_of("versions")["StepExecutions"]], ["second"])

    def test_runs_python_and_reads_what_it_gives(self) -> None:
        script = "def handler(events, context):\n    if events['of'] == 'none':\n        raise ValueError('nothing of that')\n    print('a line')\n    return {'double': int(events['of']) * 2}"
        double = step("double", "executeScript", {"Runtime": "python3.11", "Handler": "handler", "Script": script, "InputPayload": {"of": "{{ Of }}"}}, outputs=[{"Name": "Double", "Selector": "$.Payload.double", "Type": "Integer"}])
        self.make("script", double, parameters={"Of": {"type": "String"}}, outputs=["double.Double"])
        self.assertEqual(self.run_of("script", Of="21")["Outputs"], {"double.Double": ["42"]})
        self.assertIn("nothing of that", self.run_of("script", Of="none")["FailureMessage"])

    def test_a_failure_that_is_dealt_with_is_none(self) -> None:
        call = step("who", "executeAwsApi", {"Service": "sqs", "Api": "GetQueueUrl", "QueueName": "none"}, onFailure="step:last", isCritical=False, isEnd=True)
        for name, critical, status in (("dealt-with", False, "Success"), ("critical", True, "Failed")):
            self.make(name, {**call, "isCritical": critical}, {**SLEEP, "name": "last"})
            found = self.run_of(name)
            self.assertEqual((found["AutomationExecutionStatus"], [one["StepName"] for one in found["StepExecutions"]]), (status, ["who", "last"]))

    def test_is_stopped_from_outside_and_listed(self) -> None:
        self.make("long", step("sleep", "sleep", {"Duration": "PT20H"}))
        execution = self.start("long")
        self.ssm.stop_automation_execution(AutomationExecutionId=execution)
        self.assertEqual(self.ended(execution)["AutomationExecutionStatus"], "Cancelled")
        self.assertIn(execution, [one["AutomationExecutionId"] for one in self.ssm.describe_automation_executions()["AutomationExecutionMetadataList"]])

    def test_knows_no_document_and_no_run_that_is_not_there(self) -> None:
        self.assert_refused("AutomationDefinitionNotFoundException", self.ssm.start_automation_execution, DocumentName="nothing")
        self.assert_refused("AutomationExecutionNotFoundException", self.ssm.get_automation_execution, AutomationExecutionId="0" * 36)


class FaultsTest(EmulatorCase):
    def plant(self, **fault: Any) -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.emulator.port}/rehearsal/faults", json.dumps(fault).encode(), method="POST")
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)

    def test_take_the_place_of_the_next_answers_of_their_account_only(self) -> None:
        error = {"code": "Throttling", "message": "slower"}
        self.assertEqual(self.plant(account=ACCOUNT, service="sqs", operation="ListQueues", times=1, error=error), 200)
        self.emulator.client("sqs", account="222233334444").list_queues()
        self.assert_refused("Throttling", self.emulator.client("sqs").list_queues)
        self.emulator.client("sqs").list_queues()

    def test_are_refused_when_they_lack_something(self) -> None:
        self.assertEqual(self.plant(account=ACCOUNT, service="sqs", operation="ListQueues"), 400)


class MoveTaskTest(EmulatorCase):
    def test_dead_letters_of_a_queue_are_moved_and_no_others(self) -> None:
        sqs = self.emulator.client("sqs")
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.assert_refused("InvalidParameterValue", sqs.start_message_move_task, SourceArn=arn)
        queue = sqs.create_queue(QueueName="queue", Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})})["QueueUrl"]
        sqs.send_message(QueueUrl=dead, MessageBody="again")
        sqs.start_message_move_task(SourceArn=arn)
        self.assertEqual(sqs.list_message_move_tasks(SourceArn=arn)["Results"][0]["ApproximateNumberOfMessagesMoved"], 1)
        self.assertEqual([one["Body"] for one in sqs.receive_message(QueueUrl=queue)["Messages"]], ["again"])
        self.assert_refused("ResourceNotFoundException", sqs.start_message_move_task, SourceArn=f"{arn}-none")


if __name__ == "__main__":
    unittest.main()
