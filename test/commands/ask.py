"""Holds requests against botocore's model of a service, enumerations included: `ask.py <service>`, lines of JSON with operation and members."""

import json
import sys

from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator


def strangers(value, shape, path=""):
    """Values that are none of those that an enumeration has."""
    if shape.type_name == "structure":
        return [found for key, inner in value.items() for found in strangers(inner, shape.members[key], f"{path}.{key}")]
    if shape.type_name == "list":
        return [found for entry in value for found in strangers(entry, shape.member, path)]
    enum = getattr(shape, "enum", [])
    return [f"{path}: {value} is none of {enum}"] if enum and value not in enum else []


# Not by a session, which would read somebody's own configuration.
model = ServiceModel(create_loader().load_service_model(sys.argv[1], "service-2"), sys.argv[1])
for line in sys.stdin:
    request = json.loads(line)
    shape = model.operation_model(request["operation"]).input_shape
    report = ParamValidator().validate(request["members"], shape)
    print(json.dumps(report.generate_report().splitlines() if report.has_errors() else strangers(request["members"], shape)))
