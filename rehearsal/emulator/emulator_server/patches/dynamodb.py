"""DynamoDB: what an index keeps."""
from __future__ import annotations

from typing import Any

from emulator_server.patches.replace import Method, add, wrap


def index_limits() -> None:
    """An index keeps its limits on demand, from its creation on and when they change."""
    from moto.dynamodb.models.table import GlobalSecondaryIndex

    def create(original: Method) -> Method:
        def made(dct: dict[str, Any], table_key_attrs: list[str]) -> Any:
            index = original(dct, table_key_attrs)
            index.on_demand_throughput = dct.get("OnDemandThroughput")
            return index

        return made

    def describe(original: Method) -> Method:
        def shown(self: Any) -> dict[str, Any]:
            limits = self.on_demand_throughput
            return {**original(self), "OnDemandThroughput": limits} if limits else original(self)

        return shown

    def update(original: Method) -> Method:
        def updated(self: Any, change: dict[str, Any]) -> None:
            original(self, change)
            self.on_demand_throughput = change.get("OnDemandThroughput", self.on_demand_throughput)

        return updated

    add(GlobalSecondaryIndex, on_demand_throughput=None, create=staticmethod(create(GlobalSecondaryIndex.create)))
    wrap(GlobalSecondaryIndex, "describe", describe)
    wrap(GlobalSecondaryIndex, "update", update)


PATCHES = (index_limits,)
