# Deletes what this run made and nothing else: each by a name or a tag that has the run's id in it. Told again, it finds nothing and is content.
ec2 = boto3.client("ec2")
sqs = boto3.client("sqs")


def gone(call, *codes):
    """Whether there is nothing (any more)."""
    try:
        call()
        return False
    except ClientError as error:
        if error.response["Error"]["Code"] in codes:
            return True
        raise


def machines(run):
    pages = ec2.get_paginator("describe_instances").paginate(Filters=[{"Name": "tag:RecoveryTest", "Values": [run]}])
    found = [one for page in pages for group in page["Reservations"] for one in group["Instances"]]
    return [one["InstanceId"] for one in found if one["State"]["Name"] not in ("shutting-down", "terminated")]


def delete_machines(events):
    ids = machines(events["run"])
    if ids:
        ec2.terminate_instances(InstanceIds=ids)
    return ids


def delete_table(events):
    table = events["copy"]
    end = time.monotonic() + 480
    while time.monotonic() < end:
        try:
            status = dynamodb.describe_table(TableName=table)["Table"]["TableStatus"]
            # One that is still being made cannot be deleted.
            if status == "ACTIVE":
                dynamodb.delete_table(TableName=table)
                return [table]
            if status == "DELETING":
                return [table]
        except dynamodb.exceptions.ResourceNotFoundException:
            return []
        time.sleep(5)
    raise Exception(f"the table {table} is still being made: delete it later")


def delete_copies(events):
    """Every version: what is only marked as deleted is a copy of production that nobody looks after."""
    deleted = []
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=events["bucket"], Prefix=f"copies/{events['run']}/"):
        for one in page.get("Versions", []):
            s3.delete_object(Bucket=events["bucket"], Key=one["Key"], VersionId=one["VersionId"])
            deleted.append(one["Key"])
    return deleted


def delete_queue(events):
    missing = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
    found = {}
    if gone(lambda: found.update(sqs.get_queue_url(QueueName=events["queue"])), *missing):
        return []
    sqs.delete_queue(QueueUrl=found["QueueUrl"])
    return [events["queue"]]


def handler(events, context):
    deleted, left = {}, []
    # One that cannot be deleted keeps none of the others.
    for name, delete in (("machines", delete_machines), ("copies", delete_copies), ("queues", delete_queue), ("tables", delete_table)):
        try:
            deleted[name] = delete(events)
        except Exception as error:
            left.append(f"{name}: {error}")
    save(events, "cleaned", {"deleted": deleted, "left": left})
    if left:
        raise Exception("not all could be deleted: " + "; ".join(left))
    return {"deleted": sum(len(names) for names in deleted.values())}
