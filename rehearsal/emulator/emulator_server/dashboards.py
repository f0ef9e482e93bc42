"""What CloudWatch refuses in a dashboard's body, in its words as far as they are known.

What a body may hold: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html.
How it is refused: https://github.com/aws/aws-cdk/issues/5026 (a bad rendering makes the array one too long), #31066,
https://github.com/aws-samples/aws-eda-slurm-cluster/issues/116 (nothing to show).
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

#: type of a widget -> the properties that it cannot do without, beside what a metric widget shows
WIDGETS: dict[str, tuple[str, ...]] = {
    "metric": ("region",),
    "log": ("region", "query"),
    "text": ("markdown",),
    "alarm": ("alarms",),
    "explorer": ("metrics",),
    "custom": ("endpoint",),
    "chart": (),
}
VIEWS = {"metric": ("timeSeries", "singleValue", "gauge", "bar", "pie", "table"), "log": ("table", "timeSeries", "bar", "pie")}
#: member of a widget -> its least and its largest value; the grid is 24 columns wide
GRID = {"x": (0, 23), "y": (0, None), "width": (1, 24), "height": (1, 1000)}
#: how one metric is drawn: property -> whether its value is one that it takes
RENDERING: dict[str, Any] = {
    **{name: lambda value: isinstance(value, str) for name in ("accountId", "expression", "id", "label", "region", "stat")},
    "color": lambda value: isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{3}([0-9A-Fa-f]{3})?", value),
    "period": lambda value: isinstance(value, int),
    "visible": lambda value: isinstance(value, bool),
    "yAxis": lambda value: value in ("left", "right"),
}
MOST_WIDGETS, MOST_METRICS = 500, 500
#: (path in the body, what is wrong there)
Fault = tuple[str, str]


def refusal(body: str) -> str:
    """Why CloudWatch refuses a body; empty for one that it takes."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return "The field DashboardBody must be a valid JSON object"
    faults = [{"dataPath": path, "message": message} for path, message in _body(found)]
    return f"The dashboard body is invalid, there are {len(faults)} validation errors:\n{json.dumps(faults, indent=2)}" if faults else ""


def _body(body: dict[str, Any]) -> Iterator[Fault]:
    widgets = body.get("widgets")
    if widgets is None:
        yield "", "Should have required property 'widgets'"
    elif not isinstance(widgets, list):
        yield "/widgets", "Should be array"
    elif len(widgets) > MOST_WIDGETS:
        yield "/widgets", f"Should NOT have more than {MOST_WIDGETS} items"
    else:
        for number, widget in enumerate(widgets):
            yield from _widget(f"/widgets/{number}", widget)
    if body.get("periodOverride", "auto") not in ("auto", "inherit"):
        yield "/periodOverride", "Should be equal to one of the allowed values"


def _widget(path: str, widget: Any) -> Iterator[Fault]:
    if not isinstance(widget, dict):
        yield path, "Should be object"
        return
    for name, (least, most) in GRID.items():
        value = widget.get(name, least)
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{path}/{name}", "Should be integer"
        elif value < least:
            yield f"{path}/{name}", f"Should be >= {least}"
        elif most is not None and value > most:
            yield f"{path}/{name}", f"Should be <= {most}"
    kind, properties = widget.get("type"), widget.get("properties")
    if kind not in WIDGETS:
        yield f"{path}/type", "Should be equal to one of the allowed values"
    elif not isinstance(properties, dict):
        yield path, "Should have required property 'properties'"
    else:
        yield from _properties(f"{path}/properties", kind, properties)


def _properties(path: str, kind: str, properties: dict[str, Any]) -> Iterator[Fault]:
    for name in WIDGETS[kind]:
        if properties.get(name) in (None, ""):
            yield path, f"Should have required property '{name}'"
    if kind in VIEWS and properties.get("view", VIEWS[kind][0]) not in VIEWS[kind]:
        yield f"{path}/view", "Should be equal to one of the allowed values"
    if kind == "alarm" and properties.get("alarms") == []:
        yield f"{path}/alarms", "Should NOT have less than 1 items"
    if kind != "metric":
        return
    annotations = properties.get("annotations")
    has_alarm = isinstance(annotations, dict) and bool(annotations.get("alarms"))
    metrics = properties.get("metrics")
    if metrics is None:
        if not has_alarm:
            yield path, "Should have required property 'metrics'"
            yield path, "The metric widget should have specified a region and a data source or an alarm annotation"
            yield path, "Should have required property 'annotations'"
    elif not isinstance(metrics, list):
        yield f"{path}/metrics", "Should be array"
    elif len(metrics) > MOST_METRICS:
        yield f"{path}/metrics", f"Should NOT have more than {MOST_METRICS} items"
    else:
        for number, metric in enumerate(metrics):
            yield from _metric(f"{path}/metrics/{number}", metric, is_first=number == 0)


def _metric(path: str, metric: Any, *, is_first: bool) -> Iterator[Fault]:
    """One row: namespace, name, pairs of a dimension and its value, and at last how it is drawn; or an expression alone."""
    if not isinstance(metric, list):
        yield path, "Should be array"
        return
    rendering = metric[-1] if metric and isinstance(metric[-1], dict) else None
    fields = metric if rendering is None else metric[:-1]
    wrong = [number for number, field in enumerate(fields) if not isinstance(field, str) or not field]
    for number in wrong:
        yield f"{path}/{number}", 'Invalid metric field type, only "String" type is allowed'
    repeats = any(isinstance(field, str) and set(field) == {"."} for field in fields)
    is_expression = rendering is not None and "expression" in rendering
    if rendering is not None and not all(name in RENDERING and RENDERING[name](value) for name, value in rendering.items()):
        yield path, f"Should NOT have more than {len(fields)} items"
    elif is_expression and fields:
        yield path, "Should NOT have more than 1 items"
    elif not fields and not is_expression:
        yield path, "Should NOT have less than 2 items"
    elif fields and not wrong and "..." not in fields and (len(fields) < 2 or len(fields) % 2):
        yield path, f"Should NOT have {'less than 2' if len(fields) < 2 else f'more than {len(fields) - 1}'} items"
    elif repeats and is_first:  # there is none before it to repeat
        yield path, f"Should NOT have more than {len(fields)} items"
