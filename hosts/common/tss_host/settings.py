"""The settings file that the converge writes: names of what the stacks made."""
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Optional

WINDOWS_PATH = r"C:\ProgramData\tss\settings.json"
LINUX_PATH = "/etc/tss/settings.json"


class SettingsError(Exception):
    """The file is missing, no JSON, or lacks a key; the message names file and key."""


@dataclass(frozen=True)
class Cache:
    host: str
    port: int
    tls: bool
    cluster_mode: bool


@dataclass(frozen=True)
class LeaderGuard:
    """Seconds: how long a lease lasts, and how often its holder renews it (C-62)."""

    lease_seconds: float
    renew_seconds: float


@dataclass(frozen=True)
class Settings:
    environment: str
    host: str
    region: str
    table: str
    order_queue_url: str
    buckets: Mapping[str, str]
    cache: Cache
    metric_namespace: str
    # Absent where the environment has one host at most.
    leader_guard: Optional[LeaderGuard]


def settings_path() -> Path:
    return Path(os.environ.get("TSS_SETTINGS") or (WINDOWS_PATH if os.name == "nt" else LINUX_PATH))


def load(path: Optional[Path] = None) -> Settings:
    path = path or settings_path()
    try:
        # PowerShell 5.1 may put a byte order mark in front.
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"settings {path}: {error.strerror or error}") from error
    except ValueError as error:
        raise SettingsError(f"settings {path}: no JSON: {error}") from error
    return _Reader(path, content).settings()


class _Reader:
    def __init__(self, path: Path, content: Any) -> None:
        self._path = path
        self._content = content

    def settings(self) -> Settings:
        guard = isinstance(self._content, dict) and self._content.get("leaderGuard") is not None
        return Settings(
            environment=self._value("environment", str),
            host=self._value("host", str),
            region=self._value("region", str),
            table=self._value("table", str),
            order_queue_url=self._value("orderQueueUrl", str),
            buckets=self._value("buckets", dict),
            cache=Cache(
                host=self._value("cache.host", str),
                port=self._value("cache.port", int),
                tls=self._value("cache.tls", bool),
                cluster_mode=self._value("cache.clusterMode", bool),
            ),
            metric_namespace=self._value("metricNamespace", str),
            leader_guard=LeaderGuard(
                lease_seconds=self._value("leaderGuard.leaseSeconds", (int, float)),
                renew_seconds=self._value("leaderGuard.renewSeconds", (int, float)),
            ) if guard else None,
        )

    def _value(self, key: str, kind: Any) -> Any:
        value = self._content
        for part in key.split("."):
            if not isinstance(value, dict) or part not in value:
                raise SettingsError(f"settings {self._path}: {key} is missing")
            value = value[part]
        # In Python, True is an int.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise SettingsError(f"settings {self._path}: {key} has the wrong type: {json.dumps(value)}")
        return value
