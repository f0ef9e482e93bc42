"""AWS clients that answer or fail within seconds, so that nothing that trades waits for a network."""
from typing import Any


def client(service: str, region: str, timeout_seconds: float = 3.0, attempts: int = 3) -> Any:
    # Imported here: the guard's logic and the settings do not need boto3.
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        region_name=region,
        config=Config(
            connect_timeout=timeout_seconds,
            read_timeout=timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": attempts},
        ),
    )
