"""moto as a function: a request in, its answer out, or None where moto does not implement the operation."""
from __future__ import annotations

import io
import os
import threading
from typing import Any

# read by moto when its modules are imported, so set first: AWS's own policies exist, and certificates are issued at once
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "1")

from moto.core.config import default_user_config  # noqa: E402
from moto.moto_api._internal import mock_random  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402

from emulator_server.wire import Environ, Response  # noqa: E402

# moto draws its identifiers from a generator of its own, which would draw the same in each fork
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=mock_random.seed)

#: operations that only read, and may therefore be asked again when another request changed what they were walking through
READS = ("Describe", "Get", "List", "Head")
ATTEMPTS = 3
#: operations that may wait for something; all others that write take turns, because moto's models are not made for parallel changes
WAITING = ("Receive", "Invoke")


#: held by whoever writes to moto's models
turn = threading.Lock()


class MotoFailure(Exception):
    """moto stumbled over a request that it claims to implement."""


class Moto:
    """moto's own server application."""

    def __init__(self) -> None:
        # neither needs to run code here, and Docker is not there
        default_user_config["lambda"] = {"use_docker": False}
        default_user_config["batch"] = {"use_docker": False}
        self.app = DomainDispatcherApplication(create_backend_app)

    def ask(self, environ: Environ, operation: str = "") -> Response | None:
        """moto's answer; None where it does not implement the operation or has no such service."""
        host = self.app.infer_service_region_host(environ, environ.get("PATH_INFO", ""))
        if host and self.app.get_backend_for_host(host) is None:
            return None  # its application factory would crash
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if operation.startswith((*READS, *WAITING)):
                    response = self._ask(environ)
                else:
                    with turn:
                        response = self._ask(environ)
                break
            except NotImplementedError:
                return None
            except RuntimeError as error:
                if attempt == ATTEMPTS or not operation.startswith(READS):
                    raise MotoFailure(repr(error)) from error
            except Exception as error:  # noqa: BLE001 - a defect of moto, whichever: the caller is told
                raise MotoFailure(repr(error)) from error
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status in (404, 405) and html and b"<!doctype html>" in response.body:
            return None  # no route: Flask's own page, not an AWS error
        return response

    def _ask(self, environ: Environ) -> Response:
        head: list[Any] = []
        if isinstance(environ["wsgi.input"], io.BytesIO):  # asked again: from its beginning
            environ["wsgi.input"].seek(0)
        chunks = self.app(environ, lambda status, headers, *_: head.extend((status, headers)))
        body = b"".join(chunks)
        return Response(int(head[0].split()[0]), dict(head[1]), body)
