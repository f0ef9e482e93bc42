# What was recovered, against what was captured: every item, and every object of the sample. What was being changed meanwhile is not judged.
# As many keys as somebody can look at.
SHOWN = 20


def table(events, captured):
    copy = items(events["copy"])
    still = captured["items"]
    return {
        "compared": len(still),
        "missing": sorted(key for key in still if key not in copy),
        "different": sorted(key for key in still if key in copy and copy[key] != still[key]),
        "unknown": sorted(set(copy) - set(captured["known"])),
    }


def objects(events, captured):
    recovered = load(events, "recovered")
    found = {"compared": 0, "missing": [], "stale": [], "different": []}
    for one in (one for bucket in captured["buckets"] for one in bucket["sample"]):
        name = f"{one['bucket']}/{one['key']}"
        copy = recovered.get(copy_of(events, one))
        if copy and copy["version"] != one["version"] and copy["modified"] > one["modified"]:
            continue  # overwritten between both looks
        found["compared"] += 1
        if copy is None:
            found["missing"].append(name)
        elif copy["version"] != one["version"]:
            found["stale"].append(name)
        else:
            try:
                if content(Bucket=events["bucket"], Key=copy_of(events, one)) != one["sha256"]:
                    found["different"].append(name)
            except s3.exceptions.NoSuchKey:
                found["missing"].append(name)
    return found


def handler(events, context):
    captured = load(events, "captured")
    found = {"table": table(events, captured), "objects": objects(events, captured)}
    wrong = 0
    for part in found.values():
        for name, keys in part.items():
            if isinstance(keys, list):
                wrong += len(keys)
                part[name] = {"count": len(keys), "keys": keys[:SHOWN]}
    save(events, "verified", found)
    return {"wrong": wrong}
