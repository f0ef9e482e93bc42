"""With which error a service refuses a member that breaks its constraint."""
from __future__ import annotations

from emulator_server.wire import Call

#: where the service's front end, not the operation, looks at a request first: the common errors of its API reference
BY_PROTOCOL = {"query": "ValidationError", "ec2": "InvalidParameterValue", "json": "ValidationException", "smithy-rpc-v2-cbor": "ValidationException"}
#: services with another one, from the common errors of their API references or as users met it
BY_SERVICE = {
    # https://github.com/terraform-aws-modules/terraform-aws-eks/issues/920: "InvalidParameterException: 1 validation error detected"
    "logs": "InvalidParameterException",
    "ecr": "InvalidParameterException",
    "cognito-idp": "InvalidParameterException",
    "cloudwatch": "ValidationError",
    "s3": "InvalidArgument",
    "servicediscovery": "InvalidInput",
}
#: what operations of the REST protocols model, the likeliest first
MODELLED = ("ValidationException", "InvalidParameterException", "InvalidParameterValueException", "InvalidInput", "InvalidArgument", "InvalidRequestException", "BadRequestException")


def code_of(call: Call) -> str:
    """The error's code, such as `ValidationException`."""
    known = BY_SERVICE.get(call.service) or BY_PROTOCOL.get(call.protocol)
    if known:
        return known
    modelled = [str(shape.error_code) for shape in call.operation.error_shapes]
    return next((code for code in MODELLED if code in modelled), "ValidationException")
