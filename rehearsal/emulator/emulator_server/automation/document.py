"""What is wrong with an Automation document: its names, its ways from step to step, and its calls by botocore's models."""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from botocore.model import OperationModel
from botocore.session import get_session
from botocore.validate import ParamValidator

from emulator_server.automation.references import Unresolved, references, resolve, selected_shape
from emulator_server.constraints.checks import violations

Document = dict[str, Any]
Step = dict[str, Any]

CALLS = ("aws:executeAwsApi", "aws:assertAwsResourceProperty", "aws:waitForAwsResourceProperty")
#: what an action gives without being asked to; https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
OUTPUTS = {
    "aws:approve": {"ApprovalStatus": "String"},
    "aws:runCommand": {"CommandId": "String", "Output": "String", "ResponseCode": "Integer", "Status": "String"},
}
NEEDED = {
    "aws:approve": ("Approvers",),
    "aws:branch": ("Choices",),
    "aws:executeScript": ("Handler", "Runtime", "Script"),
    "aws:runCommand": ("DocumentName", "InstanceIds"),
    "aws:sleep": ("Duration",),
    **dict.fromkeys(CALLS, ("Api", "Service")),
}
PROPERTY = ("PropertySelector", "DesiredValues")
#: members of a call's inputs that are not the API's
OWN = ("Service", "Api", *PROPERTY)
#: of each type one that fits wherever such a parameter may stand: a text may be a time
PARAMETER_TYPES = {"String": "2026-01-31T03:00:00Z", "StringList": ["x"], "Integer": 1, "Boolean": True, "StringMap": {"x": "x"}, "MapList": [{"x": "x"}]}
GLOBALS = {"global:ACCOUNT_ID", "global:DATE", "global:DATE_TIME", "global:REGION", "automation:EXECUTION_ID"}
STEP_NAME = re.compile(r"[a-zA-Z0-9_]{3,128}")
COMPARISONS = (
    "BooleanEquals", "Contains", "EndsWith", "EqualsIgnoreCase", "NumericEquals", "NumericGreater", "NumericGreaterOrEquals", "NumericLesser",
    "NumericLesserOrEquals", "StartsWith", "StringEquals",
)  # fmt: skip


@lru_cache(maxsize=None)
def operation(service: str, api: str) -> OperationModel:
    """The model of a call. @raise Unresolved: there is no such service or operation"""
    try:
        model = get_session().get_service_model(service)
    except Exception as error:
        raise Unresolved(f"{service} is no service") from error
    if api not in model.operation_names:
        raise Unresolved(f"{service} has no operation {api}")
    return model.operation_model(api)


def ways(document: Document, step: Step) -> set[tuple[str, bool]]:
    """Where it can go on from a step, and whether the step has succeeded then."""
    names = [other["name"] for other in document["mainSteps"]]
    onward: set[str] = set()
    if step["action"] == "aws:branch":
        onward |= {choice["NextStep"] for choice in step["inputs"]["Choices"]}
        onward |= {step["inputs"]["Default"]} if "Default" in step["inputs"] else set()
    elif "nextStep" in step:
        onward.add(step["nextStep"])
    elif not step.get("isEnd"):
        onward |= set(names[names.index(step["name"]) + 1 :][:1])
    failure = str(step.get("onFailure", "Abort"))
    failed = {failure.removeprefix("step:")} if failure.startswith("step:") else onward if failure == "Continue" else set()
    return {(name, True) for name in onward} | {(name, False) for name in failed}


def outputs_of(step: Step) -> dict[str, str]:
    """Names and types of what a step gives."""
    return {**OUTPUTS.get(step["action"], {}), **{output["Name"]: output["Type"] for output in step.get("outputs", [])}}


def errors(document: Document) -> list[str]:
    """Everything that is wrong with a document, each with where it stands."""
    if document.get("schemaVersion") != "0.3" or not document.get("mainSteps"):
        return ["an Automation document has schemaVersion 0.3 and mainSteps"]
    found: list[str] = []
    names = [step.get("name", "") for step in document["mainSteps"]]
    found += [f"step {name}: there are two of that name" for name in sorted({name for name in names if names.count(name) > 1})]
    for name, parameter in document.get("parameters", {}).items():
        if parameter.get("type") not in PARAMETER_TYPES:
            found.append(f"parameter {name}: type {parameter.get('type')} is none of {', '.join(PARAMETER_TYPES)}")
    for step in document["mainSteps"]:
        found += [f"step {step.get('name')}: {fault}" for fault in _step_errors(document, step, names)]
    found += [f"outputs: {reference} is no output of a step" for reference in document.get("outputs", []) if reference not in _outputs(document, names)]
    if not found:
        reached = _given_before(document)
        found += [f"step {name}: no way leads to it" for name in names if name not in reached]
    return found


def _step_errors(document: Document, step: Step, names: list[str]) -> list[str]:
    action, inputs = step.get("action"), step.get("inputs", {})
    if not STEP_NAME.fullmatch(step.get("name", "")):
        return [f"a name has 3 to 128 characters of {STEP_NAME.pattern}"]
    if action not in NEEDED:
        return [f"action {action} is none of {', '.join(sorted(NEEDED))}"]
    lacking = [name for name in (*NEEDED[action], *(PROPERTY if action in CALLS[1:] else ())) if name not in inputs]
    if lacking:
        return [f"inputs lack {', '.join(lacking)}"]
    found = [f"goes on to {name}, which is no step" for name in sorted({name for name, _ in ways(document, step)}) if name not in names]
    if action == "aws:branch":
        found += [f"choice {choice} needs one of {', '.join(COMPARISONS)}" for choice in inputs["Choices"] if not any(c in choice for c in COMPARISONS)]
    if action == "aws:executeScript":
        found += _script_errors(step["inputs"])
    known = {**{name: parameter["type"] for name, parameter in document.get("parameters", {}).items() if "type" in parameter}, **_outputs(document, _given_before(document).get(step["name"], set()))}
    unknown = sorted(references(inputs) - set(known) - GLOBALS)
    if unknown:
        return [*found, *(f"{{{{ {name} }}}} is no parameter, and no output of a step before it" for name in unknown)]
    return [*found, *(_call_errors(step, known) if action in CALLS else [])]


def _script_errors(inputs: dict[str, Any]) -> list[str]:
    try:
        compile(inputs["Script"], "Script", "exec")
    except SyntaxError as error:
        return [f"Script: {error}"]
    return [] if f"def {inputs['Handler']}(" in inputs["Script"] else [f"Script has no function {inputs['Handler']}"]


def _call_errors(step: Step, known: dict[str, str]) -> list[str]:
    """What botocore's model of the call says to its inputs and to the selectors on its answer."""
    inputs = step["inputs"]
    try:
        model = operation(inputs["Service"], inputs["Api"])
    except Unresolved as error:
        return [str(error)]
    sample = resolve({name: value for name, value in inputs.items() if name not in OWN}, lambda name: PARAMETER_TYPES[known.get(name, "String")])
    found: list[str] = []
    if model.input_shape:
        report = ParamValidator().validate(sample, model.input_shape)
        found += report.generate_report().splitlines() if report.has_errors() else []
        # What is null here is filled in when it runs.
        said = _literal({name: value for name, value in inputs.items() if name not in OWN})
        found += [broken for broken in violations(model.input_shape, said) if not broken.startswith("Value null ")]
    selectors = {**{output["Name"]: output["Selector"] for output in step.get("outputs", [])}, **({"PropertySelector": inputs["PropertySelector"]} if "PropertySelector" in inputs else {})}
    for name, selector in selectors.items():
        try:
            selected_shape(selector, model.output_shape)
        except Unresolved as error:
            found.append(f"{name}: {error}")
    return found


def _literal(value: Any) -> Any:
    """What of a value is known before it runs; a list is known as a whole or not at all."""
    if isinstance(value, dict):
        return {name: known for name, item in value.items() if (known := _literal(item)) is not None}
    return None if references(value) else value


def _outputs(document: Document, names: Iterable[str]) -> dict[str, str]:
    return {f"{step['name']}.{name}": kind for step in document["mainSteps"] if step.get("name") in names for name, kind in outputs_of(step).items()}


def _given_before(document: Document) -> dict[str, set[str]]:
    """By step: those that have succeeded on every way that leads to it, so that what they give is there. A step without a way to it is not in it."""
    steps = {step["name"]: step for step in document["mainSteps"]}
    first = document["mainSteps"][0]["name"]
    given: dict[str, set[str]] = {first: set()}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        for onward, succeeded in ways(document, steps[name]):
            if onward not in steps:
                continue
            now = given[name] | ({name} if succeeded else set())
            kept = now & given.get(onward, now)
            if onward not in given or kept != given[onward]:
                given[onward] = kept
                waiting.append(onward)
    return given
