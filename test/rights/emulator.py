"""ministack, which enforces IAM, and the calls that a test makes on it: one JSON object a line in, one out, until the input ends.

In: {"credentials": null | {…}, "service": "sqs", "operation": "send_message", "arguments": {…}}; null is the administrator. Bytes are {"base64": "…"}.
Out: {"result": …} or {"error": "AccessDenied", "message": "…"}.
"""
import asyncio
import base64
import contextvars
import json
import os
import re
import socket
import sys
import threading
import time
import urllib.parse

ACCOUNT, REGION = sys.argv[1:3]

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
port = listener.getsockname()[1]

for name in [name for name in os.environ if name.startswith(("AWS_", "MINISTACK_")) or name.lower().endswith("_proxy")]:
    del os.environ[name]
os.environ.update(AUTH="true", GATEWAY_PORT=str(port), MINISTACK_HOST="127.0.0.1", MINISTACK_REGION=REGION, MINISTACK_ACCOUNT_ID=ACCOUNT, LOG_LEVEL="ERROR",
                  AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)

import boto3  # noqa: E402 - reads the environment
import botocore.config  # noqa: E402
import botocore.exceptions  # noqa: E402
import hypercorn.asyncio  # noqa: E402
import hypercorn.config  # noqa: E402
import ministack.app  # noqa: E402
from ministack.core import iam_actions, iam_evaluator, lambda_runtime  # noqa: E402
from ministack.services import alb, ec2, iam, lambda_svc, sts, tagging  # noqa: E402


def teach() -> None:
    """What AWS's evaluation knows of a request and ministack 1.5.33 does not; it looks all of it up anew for each request."""
    resource_of, context_of = iam_actions.extract_resource_arn, iam_actions.request_tag_context
    value_of = iam_evaluator._resolve_condition_key

    def role(name):
        return iam._roles.get_scoped(ACCOUNT, None, name) or {}

    def first(parameters, key):
        found = parameters.get(key, "")
        return found[0] if isinstance(found, list) else found

    # Calls on a log group or its streams are made on the ARN with `:*`; without it only a group itself is made, tagged and described.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    # The ARN of a role has its path.
    def extract_resource_arn(service, method, path, headers, *rest):
        arn = resource_of(service, method, path, headers, *rest)
        if service == "iam" and ":role/" in arn:
            name = first(rest[1], "RoleName")
            return role(name).get("Arn") or f"arn:aws:iam::{ACCOUNT}:role{first(rest[1], 'Path') or '/'}{name}"
        action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        return f"{arn}:*" if service == "logs" and arn != "*" and action in ("CreateLogStream", "DescribeLogStreams", "PutLogEvents") else arn

    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    # A body that is not the JSON that boto3 sends gives an error 500, never a refusal.
    def request_tag_context(service, action, body, parameters):
        context = context_of(service, action, body, parameters)
        if action == "cloudwatch:PutMetricData":
            return {**context, "cloudwatch:namespace": json.loads(body)["Namespace"]}
        # The boundary that a call sets, or that the role which it speaks of has.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
        if action.startswith("iam:"):
            boundary = first(parameters, "PermissionsBoundary") or role(first(parameters, "RoleName")).get("PermissionsBoundary")
            return {**context, "iam:PermissionsBoundary": boundary} if boundary else context
        return context

    # Of a session of a role it is the role's own ARN, with its path.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    def resolve_condition_key(key, context):
        if key.lower() == "aws:principalarn" and ":assumed-role/" in context.principal_arn:
            return role(context.principal_arn.split("/")[1])["Arn"]
        return value_of(key, context)

    iam_actions.extract_resource_arn, iam_actions.request_tag_context = extract_resource_arn, request_tag_context
    iam_evaluator._resolve_condition_key = resolve_condition_key
    # The tags that a target group or a machine has, for aws:ResourceTag.
    tagging._RESOURCE_TAG_COLLECTORS["elasticloadbalancing"] = lambda: list(alb._tags.items())
    tagging._RESOURCE_TAG_COLLECTORS["ec2"] = lambda: [(f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{id}", tags) for id, tags in ec2._tags.items() if id.startswith("i-")]


def teach_second_factors() -> None:
    """Whoever sends the code of their own device with a call of STS has shown a second factor: in that call, and for as long as a session token lasts that it asked for.

    ministack says "false" of every session. Of the code its form is looked at, and whose device it is said to be of.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    """
    handle, register, keys_of = sts.handle_request, sts.register_session, iam_evaluator._principal_keys
    shown_by = contextvars.ContextVar("shown_by", default=None)

    async def handle_request(method, path, headers, body, query_params):
        given = {name: values[0] for name, values in urllib.parse.parse_qs((body or b"").decode()).items()}
        device = iam._mfa_devices.get(given.get("SerialNumber", ""))
        token = shown_by.set(device["User"] if device and re.fullmatch(r"\d{6}", given.get("TokenCode", "")) else None)
        try:
            return await handle(method, path, headers, body, query_params)
        finally:
            shown_by.reset(token)

    def register_session(access_key, session):
        if session.get("PrincipalType") == "User" and shown_by.get() == session["PrincipalName"]:
            session["SecondFactorAt"] = time.time()
        register(access_key, session)

    def principal_keys(credential):
        keys = keys_of(credential)
        at = (sts._sessions.get(credential.access_key_id) or {}).get("SecondFactorAt")
        if credential.principal_type == "User" and shown_by.get() == credential.principal_name:
            at = time.time()
        return keys if at is None else {**keys, "aws:multifactorauthpresent": "true", "aws:multifactorauthage": str(int(time.time() - at))}

    sts.handle_request, sts.register_session = handle_request, register_session
    sts._principal_keys = iam_evaluator._principal_keys = principal_keys


def teach_destinations() -> None:
    """What a function returned of an event goes to its destination, in the function's own name. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    execute = lambda_svc._execute_function_with_config_scope

    def execute_event(function, event):
        result = execute(function, event)
        destination = ((function.get("event_invoke_config") or {}).get("DestinationConfig") or {}).get("OnSuccess", {}).get("Destination")
        if destination and not result.get("error"):
            config = function.get("config") or function
            record = {"version": "1.0", "timestamp": "2026-11-29T14:00:00.000Z", "requestPayload": event, "responsePayload": result.get("body"),
                      "requestContext": {"functionArn": config["FunctionArn"] + ":$LATEST", "condition": "Success", "approximateInvokeCount": 1},
                      "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"}}
            names = lambda_runtime.execution_credentials(config)
            credentials = {"AccessKeyId": names["AWS_ACCESS_KEY_ID"], "SecretAccessKey": names["AWS_SECRET_ACCESS_KEY"], "SessionToken": names["AWS_SESSION_TOKEN"]}
            answer = call({"credentials": credentials, "service": "sns", "operation": "publish", "arguments": {"TopicArn": destination, "Message": json.dumps(record)}})
            if "error" in answer:
                print(f"{config['FunctionName']} may not tell its destination {destination}: {answer['error']}: {answer['message']}", file=sys.stderr, flush=True)
        return result

    lambda_svc._execute_function_with_config_scope = execute_event


def serve() -> None:
    config = hypercorn.config.Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "ERROR"
    asyncio.run(hypercorn.asyncio.serve(ministack.app.app, config, shutdown_trigger=lambda: asyncio.Future()))


def plain(value: object) -> str:
    return value.read().decode() if hasattr(value, "read") else str(value)


def with_bytes(value: dict) -> dict | bytes:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value


def call(request: dict) -> dict:
    credentials = request["credentials"] or {"AccessKeyId": ACCOUNT, "SecretAccessKey": "test", "SessionToken": None}
    client = boto3.client(
        request["service"], endpoint_url=f"http://127.0.0.1:{port}", region_name=REGION,
        aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"], aws_session_token=credentials.get("SessionToken"),
        config=botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, connect_timeout=10, read_timeout=20),
    )
    try:
        return {"result": getattr(client, request["operation"])(**request["arguments"])}
    except botocore.exceptions.ClientError as error:
        return {"error": error.response["Error"]["Code"], "message": error.response["Error"].get("Message", "")}


teach()
teach_second_factors()
teach_destinations()
del os.environ["LOG_LEVEL"]  # ministack has read it; functions, which have its environment, would take it for theirs
threading.Thread(target=serve, daemon=True).start()
answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
for line in sys.stdin:
    try:
        answer = call(json.loads(line, object_hook=with_bytes))
    except Exception as error:  # noqa: BLE001 - the test shows it
        answer = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(answer, default=plain), file=answers, flush=True)
