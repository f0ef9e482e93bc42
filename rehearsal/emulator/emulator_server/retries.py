"""Calls that an SDK repeats because their answer got lost: AWS would rarely lose one, a busy machine does.

Every attempt of a call carries the same `amz-sdk-invocation-id`. What succeeded the first time is not done again, or a rule that exists
already would be refused as a duplicate; what failed is.
"""
from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from emulator_server.wire import Environ, Response

#: calls that are remembered; an SDK repeats within seconds
REMEMBERED = 512
#: seconds to wait for an attempt that is still being answered
PATIENCE = 60


class Retries:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Future[Response]] = OrderedDict()

    def once(self, environ: Environ, answer: Callable[[], Response]) -> Response:
        """Answer a call, or say again what was answered to an earlier attempt of it."""
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if not invocation:
            return answer()
        own: Future[Response] = Future()
        with self._lock:
            earlier = self._answers.get(invocation) if self._is_repeated(environ) else None
            if earlier is None:
                self._answers[invocation] = own
                if len(self._answers) > REMEMBERED:
                    self._answers.popitem(last=False)
        if earlier is not None:
            remembered = earlier.result(PATIENCE)
            return remembered if remembered.status < 400 else answer()
        try:
            own.set_result(answer())
        except BaseException as error:
            own.set_exception(error)
        return own.result()

    @staticmethod
    def _is_repeated(environ: Environ) -> bool:
        attempt = re.search(r"attempt=(\d+)", environ.get("HTTP_AMZ_SDK_REQUEST", ""))
        return attempt is not None and int(attempt[1]) > 1
