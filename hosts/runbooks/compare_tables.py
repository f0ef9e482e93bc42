# Two tables of DynamoDB, item by item: what the runbook table-restore shows. Run by Systems Manager, which gives it ten minutes.
import boto3

dynamodb = boto3.client("dynamodb")
# As many keys as somebody can look at.
SHOWN = 20


def items(table):
    """Every item by its key."""
    schema = [part["AttributeName"] for part in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
    found = {}
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for item in page["Items"]:
            found[" ".join(str(list(item[name].values())[0]) for name in schema)] = item
    return found


def handler(events, context):
    live, restored = items(events["live"]), items(events["restored"])
    different = [key for key in live if key in restored and live[key] != restored[key]]
    return {
        "live": len(live),
        "restored": len(restored),
        "onlyLive": sorted(set(live) - set(restored))[:SHOWN],
        "onlyRestored": sorted(set(restored) - set(live))[:SHOWN],
        "different": sorted(different)[:SHOWN],
    }
