"""DynamoDB: what an index keeps."""
from __future__ import annotations

import time
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


#: seconds; five minutes at AWS
RESTORABLE_AFTER = 0.3


def latest_restorable() -> None:
    """What a table can be restored to goes on with the time, always a little behind it; in moto it stays where it was switched on."""
    from moto.dynamodb.models import DynamoDBBackend

    def describe(original: Method) -> Method:
        def shown(self: Any, table_name: str) -> dict[str, Any]:
            backups = original(self, table_name)
            recovery = backups["PointInTimeRecoveryDescription"]
            if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
                return backups
            latest = max(recovery["EarliestRestorableDateTime"], time.time() - RESTORABLE_AFTER)
            return {**backups, "PointInTimeRecoveryDescription": {**recovery, "LatestRestorableDateTime": latest}}

        return shown

    wrap(DynamoDBBackend, "describe_continuous_backups", describe)


PATCHES = (index_limits, latest_restorable)
