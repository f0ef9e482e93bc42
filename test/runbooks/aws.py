"""Calls of boto3, a line of JSON each: what the tests of runbooks ask of an emulator. Arguments: endpoint, account, region."""
import json
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, account, region = sys.argv[1:]
clients = {}
for line in sys.stdin:
    asked = json.loads(line)
    service = asked["service"]
    if service not in clients:
        clients[service] = boto3.client(service, region_name=region, endpoint_url=endpoint, aws_access_key_id=account, aws_secret_access_key="test")
    try:
        result = getattr(clients[service], asked["operation"])(**asked["arguments"])
        result.pop("ResponseMetadata", None)
        if hasattr(result.get("Body"), "read"):
            result["Body"] = result["Body"].read().decode()
        answer = {"result": result}
    except ClientError as error:
        answer = {"error": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    except Exception as error:  # noqa: BLE001 - whichever: the test is told
        answer = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(answer, default=str), flush=True)
