#!/bin/bash
# What SageMaker runs as root at each start of the notebook (RES-003): fetches the bundle that goes with this configuration, has the notebook
# stopped once nobody uses it, and has the environment built. SageMaker gives it five minutes, and a start that fails leaves no notebook, so that
# what takes long goes on in the background and says by a metric how it went. TSS_ROOT and TSS_RETRY_SECONDS are for tests.
set -euo pipefail
umask 022
readonly root="${TSS_ROOT:-}"
readonly base="$root/opt/tss"
readonly region="@REGION@" object="s3://@BUCKET@/@KEY@" sha256="@SHA256@"

fail() {
  echo "notebook is not set up: $*" >&2
  exit 1
}

# Less than two minutes and a half, whatever S3 does.
fetch() {
  local attempt
  for attempt in 1 2 3 4; do
    if timeout 30 aws s3 cp --region "$region" --only-show-errors "$object" "$1"; then return 0; fi
    echo "attempt $attempt to fetch $object failed" >&2
    sleep "${TSS_RETRY_SECONDS:-5}"
  done
  return 1
}

mkdir -p "$base" "$root/var/log/tss" "$root/etc/cron.d"
work=$(mktemp -d "$base/.start.XXXXXX")
trap 'rm -rf "$work"' EXIT
cat >"$base/notebook.json" <<'SETTINGS'
@SETTINGS@
SETTINGS

fetch "$work/bundle.zip" || fail "$object could not be fetched"
found=$(sha256sum "$work/bundle.zip" | cut -d' ' -f1)
[ "$found" = "$sha256" ] || fail "$object is refused: expected SHA-256 $sha256, found $found"
python3 -m zipfile -e "$work/bundle.zip" "$work/bundle" || fail "$object could not be unpacked"
chmod -R u=rwX,go=rX "$work/bundle"
rm -rf "$base/bundle"
mv "$work/bundle" "$base/bundle"

# First of all: whatever becomes of the environment, nothing runs for nobody.
install -m 0644 "$base/bundle/idle-stop.cron" "$root/etc/cron.d/tss-idle-stop"

# As the notebook's user: root runs nothing from a folder that others may write to.
runuser -u ec2-user -- setsid bash "$base/bundle/build-environment.sh" >"$root/var/log/tss/environment.log" 2>&1 </dev/null &
echo "notebook is set up; its environment is being built"
