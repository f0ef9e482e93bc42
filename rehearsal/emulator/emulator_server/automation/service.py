"""The operations of Systems Manager on Automation: which documents it takes, and their runs."""
from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from emulator_server.automation.document import errors
from emulator_server.automation.execution import Execution, new_client
from emulator_server.wire import Call, Environ, Refusal, Response


class Automation:
    """Runs by account and region. They are a record of what was done, so no inventory has them: AWS keeps them for 30 days."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._executions: dict[tuple[str, str], dict[str, Execution]] = {}
        self._operations: dict[str, Callable[[Call, str], dict[str, Any] | None]] = {
            "CreateDocument": self._check,
            "UpdateDocument": self._check,
            "StartAutomationExecution": self._start,
            "GetAutomationExecution": lambda call, _: {"AutomationExecution": self._find(call).describe()},
            "DescribeAutomationExecutions": self._list,
            "SendAutomationSignal": self._signal,
            "StopAutomationExecution": self._stop,
        }

    def answer(self, call: Call, environ: Environ) -> Response | None:
        """None for whatever is not its own, which includes a document that it has nothing against."""
        if call.service != "ssm" or call.name not in self._operations:
            return None
        try:
            result = self._operations[call.name](call, f"http://127.0.0.1:{environ['SERVER_PORT']}")
        except Refusal as refusal:
            return call.refuse(refusal.code, refusal.message)
        return None if result is None else call.respond(result)

    def _check(self, call: Call, endpoint: str) -> None:
        """AWS reads a document when it is made; moto keeps anything."""
        try:
            document = json.loads(call.params.get("Content", ""))
        except ValueError:
            return  # YAML, or nothing: moto's
        if isinstance(document, dict) and document.get("schemaVersion") == "0.3" and (found := errors(document)):
            raise Refusal("InvalidDocumentContent", "; ".join(found))

    def _start(self, call: Call, endpoint: str) -> dict[str, Any]:
        name = call.params["DocumentName"].rsplit("/", 1)[-1]
        caller = {"region_name": call.region, "endpoint_url": endpoint, "aws_access_key_id": call.account, "aws_secret_access_key": "automation"}
        ssm = new_client("ssm", **caller)
        version = {"DocumentVersion": call.params["DocumentVersion"]} if "DocumentVersion" in call.params else {}
        try:
            found = ssm.get_document(Name=name, DocumentFormat="JSON", **version)
        except ClientError as error:
            raise Refusal("AutomationDefinitionNotFoundException", f"An Automation runbook with the name {name} could not be found") from error
        document = json.loads(found["Content"])
        if found["DocumentType"] != "Automation":
            raise Refusal("AutomationDefinitionNotFoundException", f"{name} is a document of type {found['DocumentType']}")
        parameters = _parameters(document.get("parameters", {}), call.params.get("Parameters") or {})
        execution = Execution(document, name=name, version=found["DocumentVersion"], parameters=parameters, account=call.account, region=call.region, endpoint=endpoint, by=new_client("sts", **caller).get_caller_identity()["Arn"])
        with self._lock:
            self._executions.setdefault(call.scope, {})[execution.id] = execution
        execution.thread.start()
        return {"AutomationExecutionId": execution.id}

    def _find(self, call: Call) -> Execution:
        with self._lock:
            execution = self._executions.get(call.scope, {}).get(call.params["AutomationExecutionId"])
        if execution is None:
            raise Refusal("AutomationExecutionNotFoundException", f"There is no automation execution {call.params['AutomationExecutionId']}")
        return execution

    def _list(self, call: Call, endpoint: str) -> dict[str, Any]:
        with self._lock:
            return {"AutomationExecutionMetadataList": [execution.describe() for execution in reversed(self._executions.get(call.scope, {}).values())]}

    def _signal(self, call: Call, endpoint: str) -> dict[str, Any]:
        kind = call.params["SignalType"]
        if kind not in ("Approve", "Reject") or not self._find(call).signal(kind):
            raise Refusal("InvalidAutomationSignalException", f"no step of the execution waits for {kind}")
        return {}

    def _stop(self, call: Call, endpoint: str) -> dict[str, Any]:
        self._find(call).stop()
        return {}


def _parameters(declared: dict[str, dict[str, Any]], given: dict[str, list[str]]) -> dict[str, Any]:
    """What was given, held against what the document asks for, and its defaults. @raise Refusal"""

    def refuse(words: str) -> Refusal:
        return Refusal("InvalidAutomationExecutionParametersException", words)

    if unknown := sorted(set(given) - set(declared)):
        raise refuse(f"the document has no parameter {', '.join(unknown)}")
    values: dict[str, Any] = {}
    for name, parameter in declared.items():
        if name not in given:
            if "default" not in parameter:
                raise refuse(f"the parameter {name} is missing")
            values[name] = parameter["default"]
            continue
        texts, kind = given[name], parameter["type"]
        if not kind.endswith("List") and len(texts) != 1:
            raise refuse(f"the parameter {name} takes one value")
        pattern, allowed = parameter.get("allowedPattern"), parameter.get("allowedValues")
        if any((pattern and not re.search(pattern, text)) or (allowed and text not in map(str, allowed)) for text in texts):
            raise refuse(f"the parameter {name} is {texts}: allowed is {pattern or allowed}")
        values[name] = texts if kind.endswith("List") else _typed(texts[0], kind)
    return values


def _typed(text: str, kind: str) -> Any:
    if kind == "Integer":
        return int(text)
    return text == "true" if kind == "Boolean" else text
