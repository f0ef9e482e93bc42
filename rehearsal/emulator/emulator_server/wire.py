"""Wire formats: one AWS request in, one AWS response out, for every protocol that botocore describes.

Everything above this module deals in operation names and members, never in XML, JSON or form fields.
"""
from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

from botocore.parsers import create_parser
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from

Environ = dict[str, Any]

CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
ACCOUNT = re.compile(r"\d{12}")
#: signing names that are not botocore's name of the service
SIGNING_NAMES = {
    "monitoring": "cloudwatch", "states": "stepfunctions", "email": "ses", "es": "opensearch", "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2", "tagging": "resourcegroupstaggingapi", "access-analyzer": "accessanalyzer", "servicequotas": "service-quotas",
}  # fmt: skip
#: services that are signed with another one's name: by what stands in the path, the query or a form
NAMESAKES = {
    "elasticloadbalancing": ("elb", re.compile(rb"Version=2012-06-01")),
    "apigateway": ("apigatewayv2", re.compile(rb"^/v2/")),
    "s3": ("s3control", re.compile(rb"^/v20180820/")),
}
#: services without regions, or with names that are unique in all of them: clients may sign them for any
GLOBAL_SERVICES = frozenset({"budgets", "ce", "chatbot", "cloudfront", "iam", "organizations", "route53", "s3", "shield"})


class Refusal(ServiceException):
    """An error answer of the emulator's own making.

    Its own class, outside moto, because moto looks an error up in the service of the raising class's package.
    """


@dataclass
class Response:
    """An HTTP answer, whoever made it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Call:
    """A request, understood: which operation of which service, by whom, with what input members."""

    service: str
    region: str
    account: str
    model: ServiceModel
    operation: OperationModel
    protocol: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.operation.name)

    @property
    def scope(self) -> tuple[str, str]:
        """Whose resources: the account and region."""
        return self.account, "" if self.service in GLOBAL_SERVICES else self.region

    def operation_model(self, name: str) -> OperationModel | None:
        """Another operation of the same service, where it has one of that name."""
        return self.model.operation_model(name) if name in self.model.operation_names else None

    def respond(self, result: Any) -> Response:
        """Serialize a result (a mapping, or an exception carrying a code) in the caller's protocol."""
        serializer = get_serializer_class(self.model.service_name, self.protocol)(operation_model=self.operation)
        raw = serializer.serialize(result)
        body = raw["body"]
        return Response(raw["status_code"], dict(raw["headers"]), body if isinstance(body, bytes) else body.encode())

    def refuse(self, code: str, message: str) -> Response:
        """An error in the caller's protocol, with status 400: a 5xx would be retried with back-off for minutes."""
        response = self.respond(Refusal(code, message))
        response.status = 400
        return response

    def parse_response(self, response: Response) -> dict[str, Any]:
        """Read a response back into members, whatever produced it."""
        raw = {"status_code": response.status, "headers": response.headers, "body": response.body}
        parsed: dict[str, Any] = create_parser(self.protocol).parse(raw, self.operation.output_shape)
        parsed.pop("ResponseMetadata", None)
        return parsed


def account_of(access_key: str) -> str:
    """The account that an access key belongs to: an account's own number is a key to it, so that clients choose where they are."""
    return access_key if ACCOUNT.fullmatch(access_key) else get_account_id_from(access_key)


def with_account(environ: Environ) -> Environ:
    """The same request with the header by which moto takes the account."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    return {**environ, "HTTP_X_MOTO_ACCOUNT_ID": account_of(match["key"])} if match else environ


def buffer_body(environ: Environ) -> bytes | None:
    """Read the body so that it can be read again; None for a body of unknown length."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def rewind(environ: Environ, body: bytes) -> Environ:
    """The same request with its body unread."""
    return {**environ, "wsgi.input": io.BytesIO(body)}


def read_call(environ: Environ, body: bytes) -> Call | None:
    """Understand a signed request; None where service or operation is unknown to botocore."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not match:
        return None
    service = _service(match["service"], environ, body)
    try:
        model = get_service_model(service)
        request = Request(rewind(environ, body))
        protocol = determine_request_protocol(model, request.content_type)
        operation, uri = _operation(service, model, request)
        parsed = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data or body,
                "url_path": request.path,
                "url_params": uri,
            }
        )
    except Exception:  # noqa: BLE001 - not ours to judge: moto sees the request unchanged
        return None
    return Call(service, match["region"], account_of(match["key"]), model, operation, protocol, parsed or {})


def _service(signing_name: str, environ: Environ, body: bytes) -> str:
    """botocore's name of the service that a request is for."""
    namesake, mark = NAMESAKES.get(signing_name, ("", None))
    if mark and (mark.search(environ.get("PATH_INFO", "").encode()) or mark.search(environ.get("QUERY_STRING", "").encode()) or (environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded") and mark.search(body))):
        return namesake
    return SIGNING_NAMES.get(signing_name, signing_name)


def _operation(service: str, model: ServiceModel, request: Request) -> tuple[OperationModel, dict[str, Any]]:
    """The operation by its target header, its action or its path, and what the path says."""
    if target := request.headers.get("X-Amz-Target"):
        return model.operation_model(target.split(".")[-1]), {}
    if action := request.values.get("Action"):
        return model.operation_model(action), {}
    operation, uri = get_service_router(service).match(request)
    return operation, dict(uri)
