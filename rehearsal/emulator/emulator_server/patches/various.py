"""Small defects of several services."""
from __future__ import annotations

from typing import Any

from emulator_server.patches.replace import Method, add, wrap


def composite_alarms() -> None:
    """moto's metric alarm reads a composite's members too, but has no operation for it."""
    from moto.cloudwatch.responses import CloudWatchResponse

    add(CloudWatchResponse, put_composite_alarm=CloudWatchResponse.put_metric_alarm)


def scaling_policies() -> None:
    """A new scaling policy is enabled, and is predictive only if it says so."""
    from moto.autoscaling.models import FakeScalingPolicy

    def policy(original: Method) -> Method:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self.enabled = True
            self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

        return init

    wrap(FakeScalingPolicy, "__init__", policy)


def database_parameters() -> None:
    """A parameter that a user set reads back as set by a user; the provider takes any other for a default."""
    from moto.rds.models import DBParameterGroup

    def parameters(original: Method) -> Method:
        def update(self: Any, new: Any) -> None:
            new = list(new)
            original(self, new)
            for item in new:
                self.parameters[item["ParameterName"]]["Source"] = "user"

        return update

    wrap(DBParameterGroup, "update_parameters", parameters)


def adjoining_windows() -> None:
    """A database's maintenance may begin when its backup ends: windows that touch do not overlap."""
    from moto.rds import utils

    def overlap(original: Method) -> Method:
        return lambda *ranges: original(*ranges) or -1

    wrap(utils, "get_overlap_between_two_date_ranges", overlap)


def trail_deletion() -> None:
    """A trail can be deleted by its ARN too; moto then says that it did so and keeps it."""
    from moto.cloudtrail.models import CloudTrailBackend

    def delete(original: Method) -> Method:
        return lambda self, name: original(self, name.rpartition("/")[2])

    wrap(CloudTrailBackend, "delete_trail", delete)


PATCHES = (composite_alarms, scaling_policies, database_parameters, adjoining_windows, trail_deletion)
