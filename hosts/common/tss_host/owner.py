"""Who holds a lease: this machine, and this start of this process."""
import os
import socket
import urllib.request
import uuid

METADATA = "http://169.254.169.254/latest"
TIMEOUT_SECONDS = 1.0


def owner(metadata: str = METADATA) -> str:
    """`i-0123456789abcdef0/4242-1f2e3d4c`. A process that is started again is another owner: its predecessor's lease is not its own."""
    return f"{_instance_id(metadata) or socket.gethostname()}/{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _instance_id(metadata: str) -> str:
    # A proxy in the environment is not for the machine's own address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        request = urllib.request.Request(f"{metadata}/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"})
        token = opener.open(request, timeout=TIMEOUT_SECONDS).read().decode()
        request = urllib.request.Request(f"{metadata}/meta-data/instance-id", headers={"X-aws-ec2-metadata-token": token})
        return opener.open(request, timeout=TIMEOUT_SECONDS).read().decode().strip()
    except (OSError, ValueError):
        return ""
