# What there is, before anything is said to be lost (OPS-029: dynamodb_items, s3_objects). Reads only; the result is kept beside the report.
# Of each bucket every object is counted, and a sample read: the newest, and others that the hash of their key picks, the same ones every time.
NEWEST, OTHERS = 10, 40
# As much as is read in the time that a script has.
LARGEST = 50 * 1024 * 1024
COUNTED = 200_000
# An archived object cannot be read before hours have gone by.
ARCHIVED = ("GLACIER", "DEEP_ARCHIVE")


def objects(bucket):
    count, passed, found, complete = 0, 0, [], True
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in page.get("Versions", []):
            if not one["IsLatest"]:
                continue
            count += 1
            if one["Size"] > LARGEST or one.get("StorageClass") in ARCHIVED:
                passed += 1
            else:
                found.append(one)
        if count >= COUNTED:
            complete = False
            break
    newest = sorted(found, key=lambda one: one["LastModified"], reverse=True)
    sample = newest[:NEWEST] + sorted(newest[NEWEST:], key=lambda one: hashlib.sha256(one["Key"].encode()).hexdigest())[:OTHERS]
    read = [
        {
            "bucket": bucket,
            "key": one["Key"],
            "version": one["VersionId"],
            "modified": one["LastModified"].isoformat(),
            "sha256": content(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"]),
        }
        for one in sample
    ]
    return {"bucket": bucket, "objects": count, "complete": complete, "passedOver": passed, "sample": read}


def handler(events, context):
    buckets = [objects(bucket) for bucket in events["buckets"].split(",")]
    before = items(events["table"])
    # DynamoDB restores to a whole second: one between both looks, so that what is the same in both is in the table then.
    moment = int(time.time()) + 2
    time.sleep(moment + 0.5 - time.time())
    after = items(events["table"])
    still = {key: digest for key, digest in after.items() if before.get(key) == digest}
    text = datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = sorted(set(before) | set(after))
    save(events, "captured", {"moment": text, "items": still, "known": known, "buckets": buckets})
    return {"moment": text, "items": len(still), "moved": len(known) - len(still), "objects": sum(one["objects"] for one in buckets)}
