"""With which error a service refuses a member that breaks its constraint."""
from __future__ import annotations

from emulator_server.wire import Call

#: by what looks at a request before the operation does. Met by users as such: https://github.com/boto/botocore/issues/3337 (IAM),
#: https://github.com/aws/aws-cli/issues/790 (DynamoDB); https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
BY_PROTOCOL = {"query": "ValidationError", "ec2": "InvalidParameterValue", "json": "ValidationException"}
#: services with another one
BY_SERVICE = {
    "cloudwatch": "ValidationError",  # https://github.com/cloudtools/troposphere/pull/1276
    "cognito-idp": "InvalidParameterException",  # https://github.com/anomalyco/guide/issues/127
    "ecr": "InvalidParameterException",  # https://github.com/localstack/localstack/issues/8051
    "logs": "InvalidParameterException",  # https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/issues/223
    "s3": "InvalidArgument",  # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
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
