#!/bin/bash
# Nightly backup (LNX-014): this machine's state and logs, which are nowhere else, as one archive in the bucket of processed market data.
# Logs belong in Glacier (DAT-004), from which Instant Retrieval still gives them at once. Old archives go by the bucket's lifecycle
# (linuxEngine.backupRetentionDays); this machine's role may put objects, not delete them.
set -euo pipefail
readonly settings="${TSS_SETTINGS:-/etc/tss/settings.json}"
readonly root="${TSS_ROOT:-}"

setting() { python3 "$(dirname "$0")/json_value.py" value "$settings" "$1"; }

bucket=$(setting buckets.processedMarketData)
region=$(setting region)
host=$(setting host)
stamp=$(date --utc +%Y-%m-%dT%H%M%SZ)
# /tmp is in memory.
archive=$(mktemp --tmpdir="${TMPDIR:-/var/tmp}" --suffix=.tar.gz)
trap 'rm -f "$archive"' EXIT

# A log grows while it is read, which tar reports with exit code 1; what it has read is whole lines up to then.
tar --create --gzip --file "$archive" --directory "$root/" --warning=no-file-changed var/lib/tss var/log/tss || [ $? = 1 ]
key="backups/engine/$host/$stamp.tar.gz"
aws s3 cp --region "$region" --only-show-errors --storage-class GLACIER_IR "$archive" "s3://$bucket/$key"
echo "backup of $(stat --format=%s "$archive") bytes is in s3://$bucket/$key"
