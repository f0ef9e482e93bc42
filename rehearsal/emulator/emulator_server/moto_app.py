"""moto as a function: a request in, its answer out, or None where moto does not implement the operation."""
from __future__ import annotations

import io
import os
import socket
import threading
from typing import Any

from moto.core.config import default_user_config
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from emulator_server.wire import Environ, Response

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


#: for nobody
CUT_OFF = Response(400, {}, b"")


def _caller_is_gone(environ: Environ) -> bool:
    """Whether nobody waits for the answer any more.

    AWS makes what it is asked for at once. Here calls wait for one another, and an interrupted Terraform would find made what it
    had given up long before.
    """
    connection = environ.get("werkzeug.socket")
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:  # it waits
        return False
    except OSError:
        return True


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
                        if _caller_is_gone(environ):
                            return CUT_OFF
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
