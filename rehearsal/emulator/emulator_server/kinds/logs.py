"""CloudWatch and its logs: saved queries, detectors of anomalies, what masks data, and streams of metrics."""
from __future__ import annotations

from emulator_server.engine import Engine, Kind, Record
from emulator_server.engine.store import missing
from emulator_server.kinds.arns import arn
from emulator_server.wire import Call


def _known(engine: Engine, call: Call, members: Record) -> None:
    """Who names a query changes it, and cannot choose the name of a new one."""
    chosen = members.get("queryDefinitionId")
    if chosen and (chosen,) not in engine.bucket(call, QUERY):
        raise missing(call, QUERY)


QUERY = Kind(
    "logs",
    "QueryDefinition",
    tag_key="@none",
    defaults={"queryDefinitionId": "{uuid}", "success": True},  # the latter is what its deletion says
    check=_known,
)

KINDS = (
    QUERY,
    Kind(
        "logs",
        "LogAnomalyDetector",
        tag_key="anomalyDetectorArn",
        defaults={"anomalyDetectorArn": arn("logs", "anomaly-detector:{uuid}"), "evaluationFrequency": "ONE_HOUR", "anomalyVisibilityTime": 21},
        derived={"anomalyDetectorStatus": lambda r: "PAUSED" if r.get("enabled") is False else "TRAINING"},
    ),
    Kind("logs", "DataProtectionPolicy", tag_key="@none", absent={}),
    Kind(
        "logs",
        "AccountPolicy",
        identity=("policyType", "policyName"),
        tag_key="@none",
        defaults={"accountId": "{account}", "scope": "ALL"},
    ),
    Kind(
        "cloudwatch",
        "MetricStream",
        tag_key="Arn",
        defaults={"Arn": arn("cloudwatch", "metric-stream/{Name}"), "State": "running", "IncludeLinkedAccountsMetrics": False},
    ),
)
