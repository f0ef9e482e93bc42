# shellcheck shell=bash
# What every converge.sh of a Linux host has in common; it is read by them, with bundle and manifest set, and not run.
# shellcheck disable=SC2154
readonly root="${TSS_ROOT:-}"
readonly opt="$root/opt/tss" etc="$root/etc/tss"
# shellcheck disable=SC2034
readonly units="$root/etc/systemd/system"
readonly agent="$root/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
# shellcheck disable=SC2034
settings_changed=no

say() { echo "converge: $*"; }
fail() {
  echo "converge: $*" >&2
  exit 1
}
json() { python3 "$bundle/json_value.py" "$@"; }
setting() { json value "$manifest" "settings.$1" "${@:2}"; }

# put FILE TARGET MODE OWNER: copies what differs, whole or not at all. Its exit code says whether anything changed.
put() {
  if cmp --silent "$1" "$2"; then return 1; fi
  # Asked for its exit code, bash does not stop here by itself.
  { install -D -m "$3" "$1" "$2.new" && own "$4" "$2.new" && mv "$2.new" "$2"; } || fail "$2 could not be written"
  say "$2 was written"
}

# A test's root belongs to whoever runs the test.
own() { [ -n "$root" ] || chown "$1" "${@:2}"; }

# What was last done for a unit, kept outside the bundle: a run that was interrupted is made up for by the next.
done_for() { [ "$(cat "$opt/state/$1" 2>/dev/null)" = "$2" ]; }
save_done() { echo "$2" >"$opt/state/$1"; }
hash_of() { cat "$@" | sha256sum | cut -d' ' -f1; }

# Not in /tmp, which is in memory; what an earlier run left when it was killed goes.
mkdir -p "$opt"
rm -rf "$opt"/.converge.*
work=$(mktemp -d "$opt/.converge.XXXXXX")
export TMPDIR="$work"
trap 'rm -rf "$work"' EXIT

step_time_zone() {
  [ "$(timedatectl show --property=Timezone --value)" = UTC ] || timedatectl set-timezone UTC
}

# install_packages NAME…: those of Amazon Linux's own repositories that are not there yet.
install_packages() {
  if rpm --query --quiet "$@"; then return; fi
  # The repositories are in S3, which the first seconds of a boot may not reach yet.
  local attempt
  for attempt in 1 2 3 4 5 6; do
    if dnf install --assumeyes --quiet "$@"; then return; fi
    say "attempt $attempt to install $* failed"
    sleep "${TSS_RETRY_SECONDS:-15}"
  done
  fail "packages $* could not be installed"
}

# step_settings GROUP: who may read them.
step_settings() {
  json value "$manifest" settings >"$work/settings.json"
  if put "$work/settings.json" "$etc/settings.json" 0640 "root:$1"; then settings_changed=yes; fi
}

# fetch SHA256 FILE TARGET: brings a file of the software bucket, or stops.
fetch() {
  local object found
  object="s3://$(setting softwareBucket)/software/$1/$2"
  aws s3 cp --region "$(setting region)" --only-show-errors "$object" "$3" || fail "software '$2' could not be fetched from $object; run: npm run software -- upload $(setting environment)"
  found=$(sha256sum "$3" | cut -d' ' -f1)
  [ "$found" = "$1" ] || fail "software '$2' is refused: expected SHA-256 $1, found $found; run: npm run software -- lock $(setting environment)"
}

step_cloudwatch() {
  json fill "$bundle/cloudwatch-agent.json" "$manifest" >"$work/cloudwatch-agent.json"
  if cmp --silent "$work/cloudwatch-agent.json" "$etc/cloudwatch-agent.json" && systemctl is-active --quiet amazon-cloudwatch-agent.service; then return; fi
  # Copied only when the agent has taken it, so that a failed attempt is repeated by the next run.
  "$agent" -a fetch-config -m ec2 -s -c "file:$work/cloudwatch-agent.json" >/dev/null || fail "the CloudWatch agent refused its configuration"
  put "$work/cloudwatch-agent.json" "$etc/cloudwatch-agent.json" 0644 root:root || true
}
