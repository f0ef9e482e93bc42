"""The kinds of step, each carried out as Automation does it; what would take a machine's or a person's time takes a thousandth of it."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from emulator_server.automation.document import OWN, Step
from emulator_server.automation.references import Unresolved, as_text, select

if TYPE_CHECKING:
    from emulator_server.automation.execution import Execution

#: seconds here for a second of AWS
PACE = 0.001
#: the least that a wait lasts here, in seconds: a call takes its time here too
LEAST_WAIT = 0.5
POLL = 0.02
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")

Inputs = dict[str, Any]
Outputs = dict[str, Any]


class StepFailed(Exception):
    """Why a step failed; with what it gave all the same."""

    def __init__(self, message: str, status: str = "Failed", outputs: Outputs | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.outputs = outputs or {}


def call(execution: Execution, inputs: Inputs) -> Any:
    """The answer of the API that a step names."""
    client = execution.client(inputs["Service"])
    name = next(method for method, api in client.meta.method_to_api_mapping.items() if api == inputs["Api"])
    try:
        return getattr(client, name)(**{member: value for member, value in inputs.items() if member not in OWN})
    except (ClientError, BotoCoreError) as error:
        raise StepFailed(str(error)) from error


def execute_aws_api(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    return _declared(step, call(execution, inputs))


def assert_property(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    found = _property(execution, inputs)
    if found not in inputs["DesiredValues"]:
        raise StepFailed(f"{inputs['PropertySelector']} is {found}, and not {' or '.join(inputs['DesiredValues'])}")
    return {}


def wait_for_property(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    end = time.monotonic() + max(LEAST_WAIT, step.get("timeoutSeconds", 3600) * PACE)
    while (found := _property(execution, inputs)) not in inputs["DesiredValues"]:
        if time.monotonic() > end:
            raise StepFailed(f"{inputs['PropertySelector']} is still {found}, and not {' or '.join(inputs['DesiredValues'])}", "TimedOut")
        execution.pause(POLL)
    return {}


def _property(execution: Execution, inputs: Inputs) -> str:
    try:
        return as_text(select(inputs["PropertySelector"], call(execution, inputs)))
    except Unresolved:
        return "nothing"


def _ended(execution: Execution, ssm: Any, command: str, machine: str) -> dict[str, Any]:
    while True:
        try:
            answer = ssm.get_command_invocation(CommandId=command, InstanceId=machine)
        except ssm.exceptions.InvocationDoesNotExist:  # its thread has not begun
            answer = {"Status": "Pending"}
        if answer["Status"] not in ("Pending", "InProgress", "Delayed"):
            return answer
        execution.pause(POLL)


def run_command(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    """Done by the machines' stand-ins (`machines.py`), unless a test planted what GetCommandInvocation says."""
    ssm = execution.client("ssm")
    sent = {name: inputs[name] for name in ("DocumentName", "InstanceIds", "Parameters", "TimeoutSeconds") if name in inputs}
    try:
        command = ssm.send_command(**sent)["Command"]["CommandId"]
        ended = [_ended(execution, ssm, command, machine) for machine in inputs["InstanceIds"]]
    except (ClientError, BotoCoreError) as error:
        raise StepFailed(str(error)) from error
    worst = next((answer for answer in ended if answer["Status"] != "Success"), ended[0])
    outputs = {
        "CommandId": command,
        "Status": worst["Status"],
        "ResponseCode": worst.get("ResponseCode", 0),
        "Output": "\n".join(text for answer in ended for text in (answer.get("StandardOutputContent"), answer.get("StandardErrorContent")) if text),
    }
    if worst["Status"] != "Success":
        raise StepFailed(f"the command ended as {worst['Status']}: {outputs['Output']}", "TimedOut" if worst["Status"] == "TimedOut" else "Failed", outputs)
    return outputs


def approve(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    """Waits for a signal. Who gives it is not looked at: a client here is nobody in particular."""
    if execution.wait_for_signal() == "Reject":
        raise StepFailed("rejected by an approver", outputs={"ApprovalStatus": "Rejected"})
    return {"ApprovalStatus": "Approved"}


#: reads what it is given, runs the function, and writes what that returns as the last line
RUNNER = "import json, sys\nscope = {}\nexec(sys.argv[1], scope)\nresult = scope[sys.argv[2]](json.loads(sys.argv[3]), {})\nprint()\nprint(json.dumps(result))"


def execute_script(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    keys = execution.credentials()
    environment = {**os.environ, "AWS_ENDPOINT_URL": execution.endpoint, "AWS_DEFAULT_REGION": execution.region, "AWS_ACCESS_KEY_ID": keys["aws_access_key_id"], "AWS_SECRET_ACCESS_KEY": keys["aws_secret_access_key"], "AWS_SESSION_TOKEN": keys["aws_session_token"]}
    command = [sys.executable, "-c", RUNNER, inputs["Script"], inputs["Handler"], json.dumps(inputs.get("InputPayload", {}))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=min(600, step.get("timeoutSeconds", 600)), check=False)
    if done.returncode != 0:
        raise StepFailed(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}")
    return _declared(step, {"Payload": json.loads(done.stdout.splitlines()[-1])})


def sleep(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    days, hours, minutes, seconds = (int(part or 0) for part in _duration(inputs["Duration"]).groups())
    execution.pause((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * PACE)
    return {}


def _duration(text: str) -> re.Match[str]:
    if match := DURATION.fullmatch(text):
        return match
    raise StepFailed(f"{text} is no duration of ISO 8601")


def branch(execution: Execution, step: Step, inputs: Inputs) -> Outputs:
    """Where to go on: the first choice that holds, else the default."""
    for choice in inputs["Choices"]:
        comparison = next(name for name in COMPARISONS if name in choice)
        if COMPARISONS[comparison](choice["Variable"], choice[comparison]):
            execution.go_to(choice["NextStep"])
            return {}
    if "Default" not in inputs:
        raise StepFailed("no choice holds, and there is no default")
    execution.go_to(inputs["Default"])
    return {}


def _declared(step: Step, answer: Any) -> Outputs:
    try:
        return {output["Name"]: select(output["Selector"], answer, output["Type"]) for output in step.get("outputs", [])}
    except Unresolved as error:
        raise StepFailed(str(error)) from error


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "BooleanEquals": lambda value, other: as_text(value) == as_text(other),
    "Contains": lambda value, other: str(other) in str(value),
    "EndsWith": lambda value, other: str(value).endswith(str(other)),
    "EqualsIgnoreCase": lambda value, other: str(value).lower() == str(other).lower(),
    "NumericEquals": lambda value, other: float(value) == float(other),
    "NumericGreaterOrEquals": lambda value, other: float(value) >= float(other),
    "NumericGreater": lambda value, other: float(value) > float(other),
    "NumericLesserOrEquals": lambda value, other: float(value) <= float(other),
    "NumericLesser": lambda value, other: float(value) < float(other),
    "StartsWith": lambda value, other: str(value).startswith(str(other)),
    "StringEquals": lambda value, other: str(value) == str(other),
}

ACTIONS: dict[str, Callable[[Any, Step, Inputs], Outputs]] = {
    "aws:approve": approve,
    "aws:assertAwsResourceProperty": assert_property,
    "aws:branch": branch,
    "aws:executeAwsApi": execute_aws_api,
    "aws:executeScript": execute_script,
    "aws:runCommand": run_command,
    "aws:sleep": sleep,
    "aws:waitForAwsResourceProperty": wait_for_property,
}
