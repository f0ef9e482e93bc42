"""One run of an Automation document, in a thread of its own, under the role that the document names."""
from __future__ import annotations

import json
import threading
import time
import uuid
from datetime import datetime, timezone
from typing import Any

import boto3.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from emulator_server.automation.actions import ACTIONS, StepFailed
from emulator_server.automation.document import Document, Step
from emulator_server.automation.references import Unresolved, as_text, resolve

SERVICE = "ssm.amazonaws.com"

#: one for all runs, because each reads the models anew; making a client of it is not safe in several threads at once
_session = boto3.session.Session()
_making = threading.Lock()


def new_client(service: str, **arguments: Any) -> Any:
    with _making:
        return _session.client(service, **arguments)


class Stopped(Exception):
    """The run was stopped from outside."""


class Execution:
    def __init__(self, document: Document, *, name: str, version: str, parameters: dict[str, Any], account: str, region: str, endpoint: str, by: str) -> None:
        self.id = str(uuid.uuid4())
        self.document, self.name, self.version, self.parameters = document, name, version, parameters
        self.account, self.region, self.endpoint, self.by = account, region, endpoint, by
        self.status, self.failure, self.started, self.ended = "InProgress", "", _now(), None
        self.steps: list[dict[str, Any]] = []
        self.outputs: dict[str, Any] = {}
        self._changed = threading.Condition()
        self._signal, self._stopped, self._next = "", False, None
        self._clients: dict[str, Any] = {}
        self._credentials: dict[str, str] | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    # --- what the API asks of it ---

    def describe(self) -> dict[str, Any]:
        """As GetAutomationExecution gives it."""
        with self._changed:
            described = {
                "AutomationExecutionId": self.id,
                "DocumentName": self.name,
                "DocumentVersion": self.version,
                "ExecutedBy": self.by,
                "ExecutionStartTime": self.started,
                "ExecutionEndTime": self.ended,
                "AutomationExecutionStatus": self.status,
                "StepExecutions": [dict(step) for step in self.steps],
                "StepExecutionsTruncated": False,
                "Parameters": {name: _texts(value) for name, value in self.parameters.items()},
                "Outputs": {name: _texts(self.outputs[name]) for name in self.document.get("outputs", []) if name in self.outputs},
                "FailureMessage": self.failure or None,
                "Mode": "Auto",
            }
        return {name: value for name, value in described.items() if value is not None}

    def signal(self, kind: str) -> bool:
        """Approve or Reject. Returns whether a step waited for it."""
        with self._changed:
            if self.status != "Waiting":
                return False
            self._signal = kind
            self._changed.notify_all()
            return True

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    # --- what steps ask of it ---

    def client(self, service: str) -> Any:
        if service not in self._clients:
            # Each call once: a failure is the document's to deal with.
            config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
            self._clients[service] = new_client(service, region_name=self.region, endpoint_url=self.endpoint, config=config, **self.credentials())
        return self._clients[service]

    def credentials(self) -> dict[str, str]:
        """Those of the role that the document names; @raise StepFailed: Systems Manager may not take it, or there is none."""
        if self._credentials:
            return self._credentials
        own = {"aws_access_key_id": self.account, "aws_secret_access_key": "automation", "aws_session_token": "automation"}
        role = resolve(self.document.get("assumeRole", ""), self._known)
        if not role:
            return own
        ask = {"region_name": self.region, "endpoint_url": self.endpoint, **own}
        try:
            trust = new_client("iam", **ask).get_role(RoleName=role.rsplit("/", 1)[-1])["Role"]["AssumeRolePolicyDocument"]
            if SERVICE not in json.dumps(trust):
                raise StepFailed(f"the role {role} does not let {SERVICE} take it")
            keys = new_client("sts", **ask).assume_role(RoleArn=role, RoleSessionName=f"Automation-{self.id}")["Credentials"]
        except (ClientError, BotoCoreError) as error:
            raise StepFailed(f"the role {role} cannot be taken: {error}") from error
        self._credentials = {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"], "aws_session_token": keys["SessionToken"]}
        return self._credentials

    def go_to(self, step: str) -> None:
        """Where a branch leads."""
        self._next = step

    def pause(self, seconds: float) -> None:
        """@raise Stopped: from outside, meanwhile"""
        with self._changed:
            if self._changed.wait_for(lambda: self._stopped, seconds):
                raise Stopped

    def wait_for_signal(self) -> str:
        with self._changed:
            self.status = self.steps[-1]["StepStatus"] = "Waiting"
            self._changed.wait_for(lambda: self._signal or self._stopped)
            if self._stopped:
                raise Stopped
            signal, self._signal = self._signal, ""
            self.status = self.steps[-1]["StepStatus"] = "InProgress"
            return signal

    # --- the run ---

    def _run(self) -> None:
        steps = {step["name"]: step for step in self.document["mainSteps"]}
        names = list(steps)
        worst, name = "Success", names[0]
        try:
            while name:
                step = steps[name]
                status = self._carry_out(step)
                failure = step.get("onFailure", "Abort")
                if status != "Success" and step.get("isCritical", True):
                    worst = status
                if status != "Success" and failure == "Abort":
                    break
                if status != "Success" and failure.startswith("step:"):
                    name = failure.removeprefix("step:")
                elif step.get("isEnd"):
                    break
                else:
                    name = self._next or step.get("nextStep") or next(iter(names[names.index(name) + 1 :]), "")
        except Stopped:
            worst = "Cancelled"
        with self._changed:
            self.status, self.ended = worst, _now()

    def _carry_out(self, step: Step) -> str:
        """The status with which a step ended."""
        record: dict[str, Any] = {"StepName": step["name"], "Action": step["action"], "StepStatus": "InProgress", "ExecutionStartTime": _now(), "StepExecutionId": str(uuid.uuid4())}
        with self._changed:
            self.steps.append(record)
        self._next = None
        outputs: dict[str, Any] = {}
        try:
            inputs = resolve(step["inputs"], self._known)
            record["Inputs"] = {name: value if isinstance(value, str) else json.dumps(value) for name, value in inputs.items()}
            outputs = ACTIONS[step["action"]](self, step, inputs)
            status, message = "Success", ""
        except (StepFailed, Unresolved) as failed:
            status, message = getattr(failed, "status", "Failed"), str(failed)
            outputs = getattr(failed, "outputs", {})
        except Stopped:
            self._end(record, "Cancelled", "stopped", {})
            raise
        except Exception as error:  # noqa: BLE001 - whichever: a run that hangs would tell nobody
            status, message = "Failed", repr(error)
        self._end(record, status, message, outputs)
        return status

    def _end(self, record: dict[str, Any], status: str, message: str, outputs: dict[str, Any]) -> None:
        with self._changed:
            self.outputs.update({f"{record['StepName']}.{name}": value for name, value in outputs.items()})
            record.update({"StepStatus": status, "ExecutionEndTime": _now(), "Outputs": {name: _texts(value) for name, value in outputs.items()}})
            if message:
                record["FailureMessage"] = message
                self.failure = f"Step fails when it is executed: {record['StepName']}: {message}"

    def _known(self, name: str) -> Any:
        known = {**self.parameters, **self.outputs, "automation:EXECUTION_ID": self.id, "global:REGION": self.region, "global:ACCOUNT_ID": self.account, "global:DATE": time.strftime("%Y-%m-%d", time.gmtime()), "global:DATE_TIME": time.strftime("%Y-%m-%d_%H.%M.%S", time.gmtime())}
        if name not in known:
            raise Unresolved(f"{{{{ {name} }}}} has no value")
        return known[name]


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _texts(value: Any) -> list[str]:
    """As the API writes whatever a parameter or an output is: a list of texts."""
    if isinstance(value, list):
        return [item if isinstance(item, str) else json.dumps(item, default=str) for item in value]
    return [json.dumps(value, default=str) if isinstance(value, dict) else as_text(value)]
