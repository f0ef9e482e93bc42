# What the scripts of the runbook recovery-test have in common; it stands before each of them. Run by Systems Manager, which gives each ten minutes.
# One bucket holds all that they say to each other: runs/<run>/ for what was found, copies/<run>/ for what was recovered.
import hashlib
import json
import time
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
dynamodb = boto3.client("dynamodb")


def save(events, name, found):
    s3.put_object(Bucket=events["bucket"], Key=f"runs/{events['run']}/{name}.json", Body=json.dumps(found))


def load(events, name):
    """None if the run did not come so far."""
    try:
        return json.loads(s3.get_object(Bucket=events["bucket"], Key=f"runs/{events['run']}/{name}.json")["Body"].read())
    except s3.exceptions.NoSuchKey:
        return None


def plain(value):
    """The same text for the same item: sets come in any order, binary values as bytes."""
    if isinstance(value, dict):
        return {name: sorted(map(plain, value[name])) if name in ("SS", "NS", "BS") else plain(value[name]) for name in value}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def items(table):
    """Every item by its key: what tells its content from any other, and not the content, which is nobody's to read here."""
    schema = [part["AttributeName"] for part in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
    found = {}
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for item in page["Items"]:
            key = " ".join(str(plain(list(item[name].values())[0])) for name in schema)
            found[key] = hashlib.sha256(json.dumps(plain(item), sort_keys=True).encode()).hexdigest()
    return found


def content(**where):
    """Of an object: its SHA-256, read through and not kept."""
    digest = hashlib.sha256()
    for chunk in s3.get_object(**where)["Body"].iter_chunks(1024 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def copy_of(events, one):
    return f"copies/{events['run']}/{one['bucket']}/{one['key']}"
