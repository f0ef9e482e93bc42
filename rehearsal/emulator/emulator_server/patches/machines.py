"""Step Functions: a definition is looked at before a machine is made of it."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from emulator_server.patches.replace import add

#: https://states-language.net/spec.html; the first three end by themselves or by what they choose
CLOSED = ("Succeed", "Fail", "Choice")
TYPES = (*CLOSED, "Task", "Wait", "Pass", "Parallel", "Map")
Fault = tuple[str, str, str]


def _faults(machine: Any, path: str = "") -> Iterator[Fault]:
    """What is wrong with a machine or a part of one: (code, message, where)."""
    states = machine.get("States") if isinstance(machine, dict) else None
    if not isinstance(states, dict) or not states:
        yield "SCHEMA_VALIDATION_FAILED", "The field 'States' is required and must not be empty", f"{path}/States"
        return
    if machine.get("StartAt") not in states:
        yield "MISSING_TRANSITION_TARGET", f"Missing 'Next' target: {machine.get('StartAt')}", f"{path}/StartAt"
    for name, state in states.items():
        where = f"{path}/States/{name}"
        if not isinstance(state, dict) or state.get("Type") not in TYPES:
            yield "SCHEMA_VALIDATION_FAILED", f"The field 'Type' must be one of {', '.join(sorted(TYPES))}", f"{where}/Type"
            continue
        if state["Type"] not in CLOSED and "Next" not in state and state.get("End") is not True:
            yield "SCHEMA_VALIDATION_FAILED", "Either 'Next' or 'End' is required", where
        chosen = [part for key in ("Choices", "Catch") for part in state.get(key) or [] if isinstance(part, dict)]
        for target in [state.get("Next"), state.get("Default"), *(part.get("Next") for part in chosen)]:
            if target is not None and target not in states:
                yield "MISSING_TRANSITION_TARGET", f"Missing 'Next' target: {target}", where
        for number, branch in enumerate(state.get("Branches") or []):
            yield from _faults(branch, f"{where}/Branches/{number}")
        for key in ("Iterator", "ItemProcessor"):
            if key in state:
                yield from _faults(state[key], f"{where}/{key}")


def validation() -> None:
    """moto has no such operation: only that states are there and lead to each other is looked at."""
    from moto.stepfunctions.responses import StepFunctionResponse

    def validate(self: Any) -> str:
        try:
            found = list(_faults(json.loads(self._get_param("definition"))))
        except ValueError as error:
            found = [("INVALID_JSON_DESCRIPTION", str(error), "")]
        diagnostics = [{"severity": "ERROR", "code": code, "message": message, "location": where} for code, message, where in found]
        return json.dumps({"result": "FAIL" if found else "OK", "diagnostics": diagnostics, "truncated": False})

    add(StepFunctionResponse, validate_state_machine_definition=validate)


PATCHES = (validation,)
