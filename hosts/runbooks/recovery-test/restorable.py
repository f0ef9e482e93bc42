# Waits until DynamoDB can restore the moment of the loss: how long that takes is what a disaster at that moment would have cost in data.


def handler(events, context):
    moment = datetime.fromisoformat(load(events, "captured")["moment"].replace("Z", "+00:00"))
    end = time.monotonic() + 570
    while time.monotonic() < end:
        backups = dynamodb.describe_continuous_backups(TableName=events["table"])["ContinuousBackupsDescription"]
        latest = backups["PointInTimeRecoveryDescription"].get("LatestRestorableDateTime")
        if latest and latest >= moment:
            seconds = max(0, round((datetime.now(timezone.utc) - moment).total_seconds()))
            save(events, "restorable", {"seconds": seconds})
            return {"seconds": seconds}
        time.sleep(2)
    raise Exception(f"the table {events['table']} cannot be restored to {moment.isoformat()}: its recovery reaches {latest}")
