# The way of an order, in a queue and a table of the test's own (OPS-030: test_order_processing, test_data_access): sent, received, written once,
# read back; and the kill switch, which whoever trades must be able to read in a recovered table (DAT-014). No broker is asked anything.
sqs = boto3.client("sqs")


def timed(speed, name, call):
    begin = time.monotonic()
    answer = call()
    speed[name] = round((time.monotonic() - begin) * 1000)
    return answer


def handler(events, context):
    table, speed, failed = events["copy"], {}, []
    url = sqs.create_queue(QueueName=events["queue"], tags={"RecoveryTest": events["run"]})["QueueUrl"]
    order = {"pk": {"S": "RECOVERYTEST"}, "sk": {"S": events["run"]}}
    key = dict(order)
    timed(speed, "order sent", lambda: sqs.send_message(QueueUrl=url, MessageBody=json.dumps(order)))
    messages = timed(speed, "order received", lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)).get("Messages", [])
    if not messages or json.loads(messages[0]["Body"]) != order:
        failed.append("order processing: the order did not come out of the queue")
    once = {"TableName": table, "Item": order, "ConditionExpression": "attribute_not_exists(pk)"}
    timed(speed, "order written", lambda: dynamodb.put_item(**once))
    try:
        dynamodb.put_item(**once)
        failed.append("order processing: the same order was written twice")
    except dynamodb.exceptions.ConditionalCheckFailedException:
        pass
    read = timed(speed, "order read", lambda: dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)).get("Item")
    if read != order:
        failed.append("data access: the order that was written is not read")
    switch = {"pk": {"S": "GLOBALCONFIG"}, "sk": {"S": "SETTING#KILL_SWITCH"}}
    item = timed(speed, "kill switch read", lambda: dynamodb.get_item(TableName=table, Key=switch, ConsistentRead=True)).get("Item")
    # Without the item nobody has ever used the switch.
    if item is not None and "BOOL" not in item.get("active", {}):
        failed.append("data access: the kill switch cannot be read")
    save(events, "functions", {"failed": failed, "milliseconds": speed})
    return {"failed": failed}
