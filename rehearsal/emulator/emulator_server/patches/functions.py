"""Lambda: what becomes of a function's asynchronous calls."""
from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from moto.core.responses import ActionResult, EmptyResult

from emulator_server.patches.replace import add

LATEST = "$LATEST"


def event_invoke_configs() -> None:
    """Each version and alias of a function has its own, and a new one takes the place of the old; moto keeps the first for all."""
    from moto.awslambda.exceptions import UnknownEventConfig
    from moto.awslambda.models import EventInvokeConfig
    from moto.awslambda.responses import LambdaResponse

    def subject(self: Any, depth: int = 2) -> tuple[Any, str]:
        return self.backend.get_function(unquote(self.path.rsplit("/", depth)[1])), self._get_param("Qualifier") or LATEST

    def known(self: Any) -> Any:
        function, qualifier = subject(self)
        for config in function.event_invoke_config:
            if config.qualifier == qualifier:
                return config
        raise UnknownEventConfig(f"{function.function_arn}:{qualifier}")

    def keep(self: Any, members: dict[str, Any]) -> ActionResult:
        function, qualifier = subject(self)
        config = EventInvokeConfig(f"{function.function_arn}:{qualifier}", function.last_modified, members)
        config.qualifier = qualifier
        function.event_invoke_config = [*(other for other in function.event_invoke_config if other.qualifier != qualifier), config]
        return ActionResult(config.response())

    def delete(self: Any) -> EmptyResult:
        config = known(self)
        subject(self)[0].event_invoke_config.remove(config)
        return EmptyResult()

    def listed(self: Any) -> ActionResult:
        return ActionResult({"FunctionEventInvokeConfigs": [config.response() for config in subject(self, 3)[0].event_invoke_config]})

    add(
        LambdaResponse,
        put_function_event_invoke_config=lambda self: keep(self, self.json_body),
        update_function_event_invoke_config=lambda self: keep(self, {**known(self).config, **self.json_body}),
        get_function_event_invoke_config=lambda self: ActionResult(known(self).response()),
        delete_function_event_invoke_config=delete,
        list_function_event_invoke_configs=listed,
    )


PATCHES = (event_invoke_configs,)
