"""Whether the services that trading needs answer (WIN-041)."""
import subprocess
import sys
from typing import Any, Callable, Dict, Optional

from . import aws, kill_switch
from .settings import Cache, Settings

Probe = Callable[[], bool]
TIMEOUT_SECONDS = 3.0


class SystemHealthChecker:
    """Asks each service for something that the host's role may do anyway. An exception means false."""

    def __init__(
        self,
        settings: Settings,
        clients: Optional[Callable[[str], Any]] = None,
        redis_client: Optional[Callable[[Cache], Any]] = None,
        mt5: Optional[Probe] = None,
    ) -> None:
        self._settings = settings
        self._clients = clients or (lambda service: aws.client(service, settings.region, TIMEOUT_SECONDS, attempts=2))
        self._redis_client = redis_client or connect_redis
        self._mt5 = mt5 or terminal_runs

    def check_all_services(self) -> Dict[str, bool]:
        """Booleans for dynamodb, redis, sqs, s3, and on the Windows host mt5: the terminal runs nowhere else."""
        probes: Dict[str, Probe] = {"dynamodb": self._dynamodb, "redis": self._redis}
        if self._settings.host == "windows":
            probes["mt5"] = self._mt5
        probes.update(sqs=self._sqs, s3=self._s3)
        return {name: _holds(name, probe) for name, probe in probes.items()}

    def _dynamodb(self) -> bool:
        self._clients("dynamodb").get_item(TableName=self._settings.table, Key=kill_switch.KEY)
        return True

    def _redis(self) -> bool:
        return bool(self._redis_client(self._settings.cache).ping())

    def _sqs(self) -> bool:
        self._clients("sqs").get_queue_attributes(QueueUrl=self._settings.order_queue_url, AttributeNames=["QueueArn"])
        return True

    def _s3(self) -> bool:
        s3 = self._clients("s3")
        for bucket in self._settings.buckets.values():
            s3.head_bucket(Bucket=bucket)
        return True


def connect_redis(cache: Cache) -> Any:
    # Part of the application's requirements, not of this package's.
    import redis

    kind = redis.RedisCluster if cache.cluster_mode else redis.Redis
    return kind(host=cache.host, port=cache.port, ssl=cache.tls, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)


def terminal_runs() -> bool:
    """A terminal runs on a desktop; whether it is logged in at the broker only its own API knows. One in session 0, that of the services, has no desktop."""
    command = ["tasklist.exe", "/FI", "IMAGENAME eq terminal64.exe", "/FI", "SESSION gt 0", "/FO", "CSV", "/NH"]
    output = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    return "terminal64.exe" in output.lower()


def _holds(name: str, probe: Probe) -> bool:
    try:
        return probe() is True
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return False
