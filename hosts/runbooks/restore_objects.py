# Objects of a bucket as they were at some time: shows what would come back, or copies it back. It deletes nothing. Run by Systems Manager.
import datetime
import time

import boto3
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

s3 = boto3.client("s3")
# As many keys as somebody can look at.
SHOWN = 20


def versions(bucket, prefix):
    """By key: its versions and delete markers, the newest first."""
    found = dict()
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for kind in ("Versions", "DeleteMarkers"):
            for one in page.get(kind, []):
                found.setdefault(one["Key"], []).append(dict(one, deleted=kind == "DeleteMarkers"))
    for key in found:
        found[key].sort(key=lambda one: (one["LastModified"], one["IsLatest"]), reverse=True)
    return found


def changed(bucket, prefix, at):
    """What was there at that time and is otherwise now, each with the version that was; and the keys that came since.

    Under a key of ours S3 gives the same bytes another ETag each time, so what was copied back counts as changed again.
    """
    back, since = [], []
    for key, own in sorted(versions(bucket, prefix).items()):
        was = next((one for one in own if one["LastModified"] <= at), None)
        if was is None or was["deleted"]:
            since += [] if own[0]["deleted"] else [key]
        elif not own[0]["deleted"] and own[0].get("ETag") == was.get("ETag") and own[0].get("Size") == was.get("Size"):
            continue
        else:
            back.append((key, was["VersionId"], "deleted" if own[0]["deleted"] else "overwritten"))
    return back, since


def handler(events, context):
    at = datetime.datetime.strptime(events["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    back, since = changed(events["bucket"], events["prefix"], at)
    back = [one for one in back if events["after"] == "none" or one[0] > events["after"]]
    if events["do"] == "look":
        shown = [f"{key}: {what}, {version}" for key, version, what in back[:SHOWN]]
        return dict(count=len(back), objects=shown, since=len(since))
    end = time.monotonic() + int(events["seconds"])
    failed, left, last = [], [], events["after"]
    for key, version, _ in back:
        if time.monotonic() > end:
            left.append(key)
            continue
        last = key
        try:
            # In parts, where it is larger than one call copies.
            s3.copy(dict(Bucket=events["bucket"], Key=key, VersionId=version), events["bucket"], key)
        except (Boto3Error, BotoCoreError, ClientError) as error:
            failed.append(f"{key}: {error}")
    amiss = [*(f"failed: {one}" for one in failed[:SHOWN]), *(f"{len(left)} not reached in time: start it again with After={last}" for _ in left[:1])]
    return dict(count=len(back) - len(failed) - len(left), amiss="; ".join(amiss) or "none")
