#!/bin/bash
# A copy of the web application's database for long keeping (OPS-025): run by kabu-trade-dump.service as root, of which the role may put
# objects below one prefix, and neither read, list nor delete them. Old copies go by the bucket's lifecycle. TSS_ROOT is for tests.
set -euo pipefail
umask 077
bundle=$(cd "$(dirname "$0")" && pwd)
readonly bundle settings="${TSS_ROOT:-}/etc/tss/settings.json" runtime="${RUNTIME_DIRECTORY:?}"
setting() { python3 "$bundle/json_value.py" value "$settings" "$@"; }

region=$(setting region)
image=$(setting dump.image)
target=$(setting dump.target)
# /tmp is in memory.
archive=$(mktemp --tmpdir="${TMPDIR:-/var/tmp}" --suffix=.dump)
trap 'rm -f "$archive" "$runtime/secret" "$runtime/environment"' EXIT

aws secretsmanager get-secret-value --region "$region" --secret-id "$(setting databaseSecret)" --query SecretString --output text >"$runtime/secret"
python3 "$bundle/json_value.py" value "$runtime/secret" url | python3 "$bundle/database_environment.py" >"$runtime/environment"
rm -f "$runtime/secret"

# It may talk to the database, and to nobody else for it: the machine's metadata is one hop too far. Docker would keep what it says, the whole copy.
postgres() { docker run --rm --interactive --log-driver none --user postgres --read-only --cap-drop ALL --security-opt no-new-privileges "$@"; }

postgres --env-file "$runtime/environment" "$image" pg_dump --format=custom --no-password >"$archive" </dev/null
rm -f "$runtime/environment"
# A copy that cannot be read is none, and takes no better one's place.
postgres --network none "$image" pg_restore --list <"$archive" >/dev/null
# Nobody guesses its name: whoever has this machine can write over nothing.
aws s3 cp --region "$region" --only-show-errors "$archive" "$target$(date --utc +%Y-%m-%dT%H%M%SZ)-$(od --address-radix=n --format=x8 --read-bytes=8 /dev/urandom | tr -d ' ').dump"
# By its age converge.sh knows when one is overdue.
touch "${TSS_ROOT:-}/opt/tss/state/database-copied"
echo "a copy of $(stat --format=%s "$archive") bytes is in $target"
