"""What the notebook's own programs share: their settings, and how they say that something is wrong.

For the Python 3.7 of Amazon Linux 2, without a package of others: it runs before there is any environment, and when building one has failed.

notebook.py setting NAME | wheels LOCK_FILE | fault WORDS
"""
import json
import os
import subprocess
import sys
import time
from typing import Any, Dict, List

SETTINGS = os.environ.get("TSS_ROOT", "") + "/opt/tss/notebook.json"
#: Of a call of AWS.
TIMEOUT_SECONDS = 60


def settings() -> Dict[str, Any]:
    with open(SETTINGS, encoding="utf-8") as file:
        loaded: Dict[str, Any] = json.load(file)
        return loaded


def aws(own: Dict[str, Any], *arguments: str) -> None:
    """Raises CalledProcessError with what AWS said, or TimeoutExpired."""
    subprocess.run(
        ["aws", *arguments, "--region", own["region"]],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=TIMEOUT_SECONDS,
    )


def report(own: Dict[str, Any], metrics: Dict[str, float], words: str) -> None:
    """A line of the log that CloudWatch makes metrics of, so that neither another endpoint nor another right is needed.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    now = int(time.time() * 1000)
    dimensions = {"Environment": own["environment"], "Host": own["host"]}
    directive = {
        "Namespace": own["metricNamespace"],
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    line = {"_aws": {"Timestamp": now, "CloudWatchMetrics": [directive]}, **dimensions, **metrics, "message": words}
    place = ["--log-group-name", own["logGroup"], "--log-stream-name", own["notebook"] + "/programs"]
    try:
        aws(own, "logs", "create-log-stream", *place)
    except subprocess.CalledProcessError as error:
        if "ResourceAlreadyExistsException" not in error.stderr:
            raise
    aws(own, "logs", "put-log-events", *place, "--log-events", json.dumps([{"timestamp": now, "message": json.dumps(line)}]))


def fault(own: Dict[str, Any], words: str) -> None:
    report(own, {"NotebookFaults": 1}, words)


def main(command: str, argument: str) -> None:
    if command == "setting":
        print(settings()[argument])
    elif command == "wheels":
        with open(argument, encoding="utf-8") as file:
            entries: List[Dict[str, str]] = json.load(file)["entries"]
        for entry in entries:
            print(entry["sha256"], entry["file"])
    elif command == "fault":
        fault(settings(), argument)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
