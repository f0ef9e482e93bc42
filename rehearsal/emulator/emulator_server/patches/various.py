"""One-line defects."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import EmptyResult

from emulator_server.patches.replace import add, wrap


def small() -> None:
    """One-line defects."""
    from moto.autoscaling.models import FakeScalingPolicy
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.elasticache.responses import ElastiCacheResponse
    from moto.rds.models import DBParameterGroup
    from moto.s3.models import FakeDeleteMarker

    add(CloudWatchResponse, put_composite_alarm=CloudWatchResponse.put_metric_alarm)
    add(FakeDeleteMarker, dispose=lambda self, *args, **kwargs: None)

    def delete_subnet_group(self: Any) -> EmptyResult:
        groups = self.elasticache_backend.cache_subnet_groups
        for name in [n for n in groups if n.lower() == self.params["CacheSubnetGroupName"].lower()]:
            groups.pop(name)
        return EmptyResult()

    add(ElastiCacheResponse, delete_cache_subnet_group=delete_subnet_group)

    def policy(original: Callable[..., None]) -> Callable[..., None]:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self.enabled = True
            self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

        return init

    def parameters(original: Callable[..., None]) -> Callable[..., None]:
        def update(self: Any, new: Any) -> None:
            new = list(new)
            original(self, new)
            for item in new:
                self.parameters[item["ParameterName"]]["Source"] = "user"

        return update

    wrap(FakeScalingPolicy, "__init__", policy)
    wrap(DBParameterGroup, "update_parameters", parameters)
