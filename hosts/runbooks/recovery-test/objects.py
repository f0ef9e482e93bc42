# The sample of objects, as each was at the moment of the loss: the version that was current then, copied to a place of the test's own.


def current(bucket, key, moment):
    """The version that was current; None if there was none."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        # Of one key the newest comes first.
        for one in page.get("Versions", []):
            if one["Key"] == key and one["LastModified"] <= moment:
                return one
    return None


def handler(events, context):
    captured = load(events, "captured")
    moment = datetime.fromisoformat(captured["moment"].replace("Z", "+00:00"))
    recovered = {}
    for one in (one for bucket in captured["buckets"] for one in bucket["sample"]):
        version = current(one["bucket"], one["key"], moment)
        if version is None:
            continue
        s3.copy_object(
            Bucket=events["bucket"],
            Key=copy_of(events, one),
            CopySource={"Bucket": one["bucket"], "Key": one["key"], "VersionId": version["VersionId"]},
            # Tags are no part of what is compared, and reading them would be a further right.
            TaggingDirective="REPLACE",
        )
        recovered[copy_of(events, one)] = {"version": version["VersionId"], "modified": version["LastModified"].isoformat()}
    save(events, "recovered", recovered)
    return {"recovered": len(recovered)}
