"""S3: settings of a bucket that moto does not have, or keeps only in part."""
from __future__ import annotations

from emulator_server.engine import Kind, Shadow

#: settings of which a bucket may have several, each under an id
NUMBERED = ("IntelligentTiering", "Metrics", "Analytics", "Inventory")

KINDS = (
    *(
        Kind(
            "s3",
            f"Bucket{name}Configuration",
            identity=("Bucket", "Id"),
            tag_key="@none",
            not_found=("NoSuchConfiguration", "The specified configuration does not exist."),
        )
        for name in NUMBERED
    ),
    Kind(
        "s3",
        "BucketRequestPayment",
        identity=("Bucket",),
        tag_key="@none",
        derived={"Payer": lambda r: r["RequestPaymentConfiguration"]["Payer"]},
        absent={"Payer": "BucketOwner"},
    ),
)

#: moto takes a sub-resource that it does not know for the bucket itself: it would create the bucket, or delete it
MISROUTED = frozenset(
    ("s3", operation)
    for operation in (
        "CreateBucketMetadataConfiguration",
        "CreateBucketMetadataTableConfiguration",
        "CreateSession",
        "DeleteBucketMetadataConfiguration",
        "DeleteBucketMetadataTableConfiguration",
        "DeleteObjectAnnotation",
        "GetBucketAbac",
        "GetBucketMetadataConfiguration",
        "GetBucketMetadataTableConfiguration",
        "GetObjectAnnotation",
        "GetObjectTorrent",
        "ListObjectAnnotations",
        "PutBucketAbac",
        "PutObjectAnnotation",
        "RenameObject",
        "UpdateBucketMetadataAnnotationTableConfiguration",
        "UpdateBucketMetadataInventoryTableConfiguration",
        "UpdateBucketMetadataJournalTableConfiguration",
    )
)


def _bucket_setting(write: str, read: str, **members: str) -> Shadow:
    return Shadow("s3", writes=(write,), key={"Bucket": ("Bucket",)}, members=members, reads=(read,))


SHADOWS = (
    _bucket_setting(
        "PutBucketNotificationConfiguration",
        "GetBucketNotificationConfiguration",
        EventBridgeConfiguration="NotificationConfiguration.EventBridgeConfiguration",
    ),
    # An answer says nothing of it unless a request did: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
    _bucket_setting("PutBucketVersioning", "GetBucketVersioning", MFADelete="VersioningConfiguration.MFADelete"),
    _bucket_setting("PutBucketReplication", "GetBucketReplication", ReplicationConfiguration="ReplicationConfiguration"),
    _bucket_setting("PutBucketLogging", "GetBucketLogging", LoggingEnabled="BucketLoggingStatus.LoggingEnabled"),
    _bucket_setting(
        "PutBucketLifecycleConfiguration",
        "GetBucketLifecycleConfiguration",
        Rules="LifecycleConfiguration.Rules",
        TransitionDefaultMinimumObjectSize="TransitionDefaultMinimumObjectSize",
    ),
)
