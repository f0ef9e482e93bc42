"""The system's own metrics (OBS-013 ff.)."""
import math
from datetime import datetime, timezone
from typing import Any, Iterable, Optional, Tuple

from . import aws
from .settings import Settings, load


class Metrics:
    """Publishes with the dimensions that the alarms ask for: Environment and Host."""

    def __init__(self, settings: Settings, cloudwatch: Any = None) -> None:
        self._settings = settings
        self._cloudwatch = cloudwatch or aws.client("cloudwatch", settings.region)

    def put(self, values: Iterable[Tuple[str, float]], unit: str = "Count") -> None:
        settings = self._settings
        dimensions = [{"Name": "Environment", "Value": settings.environment}, {"Name": "Host", "Value": settings.host}]
        now = datetime.now(timezone.utc)
        self._cloudwatch.put_metric_data(
            Namespace=settings.metric_namespace,
            MetricData=[
                {"MetricName": name, "Dimensions": dimensions, "Timestamp": now, "Value": value, "Unit": unit}
                for name, value in values
            ],
        )


_metrics: Optional[Metrics] = None


def put_custom_metrics(metric_name: str, value: float, unit: str = "Count") -> None:
    """The documented helper (OBS-013), for the application: settings from the settings file, one client for the process."""
    global _metrics
    if _metrics is None:
        _metrics = Metrics(load())
    _metrics.put([(metric_name, value)], unit)


def parse(argument: str) -> Tuple[str, float]:
    """`Heartbeat=1`. Raises ValueError, which names the argument."""
    name, separator, text = argument.partition("=")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not name or not separator or not math.isfinite(value):
        raise ValueError(f"{argument!r} is not NAME=VALUE with a number, such as Heartbeat=1")
    return name, value
