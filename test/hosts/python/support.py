"""For the tests of hosts/common/tss_host. From the repository's root: .venv/bin/python -m unittest discover -s test/hosts/python"""
import json
import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / "hosts" / "common"
sys.path.insert(0, str(PACKAGES))
sys.dont_write_bytecode = True
logging.getLogger("tss_host").setLevel(logging.CRITICAL)

SETTINGS = {
    "environment": "dev",
    "host": "windows",
    "region": "ap-northeast-1",
    "table": "orders",
    "orderQueueUrl": "https://sqs.ap-northeast-1.amazonaws.com/111122223333/orders",
    "buckets": {"rawMarketData": "raw", "processedMarketData": "processed"},
    "cache": {"host": "cache.example", "port": 6379, "tls": True, "clusterMode": False},
    "metricNamespace": "AXIA/TradingSystem",
    "leaderGuard": {"leaseSeconds": 60, "renewSeconds": 15},
}

# Nothing of whoever runs the tests may reach an account.
FAKE_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ.update(FAKE_CREDENTIALS)


def write_settings(folder, **changes):
    path = Path(folder) / "settings.json"
    path.write_text(json.dumps({**SETTINGS, **changes}), encoding="utf-8")
    return path


def create_table(dynamodb, name="orders"):
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
