#!/bin/bash
# Fetches the bundle that an SSM parameter names, and makes this machine what the bundle says: fetch.sh PARAMETER_NAME REGION
# Runs as root: from user data at the first boot, from State Manager afterwards. TSS_ROOT and TSS_RETRY_SECONDS are for tests.
set -euo pipefail
umask 022
export PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
readonly base="${TSS_ROOT:-}/opt/tss"
# The bundle, the engine's source with its virtual environment, and one of each to change over to.
readonly needed_mb="${TSS_NEEDED_MB:-1024}"

fail() {
  echo "host is not converged: $*" >&2
  exit 1
}

# The network and the role's credentials come up during the first minutes of a boot.
retry() {
  local attempt
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    if "$@" 2>"$work/error"; then return 0; fi
    # It will not appear by waiting.
    if grep -q ParameterNotFound "$work/error"; then return 1; fi
    echo "attempt $attempt failed: $(tr '\n' ' ' <"$work/error")" >&2
    sleep "${TSS_RETRY_SECONDS:-15}"
  done
  return 1
}

# Prints a value of the manifest's part "bundle".
bundle_value() {
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["bundle"][sys.argv[2]])' "$work/manifest.json" "$1" 2>/dev/null ||
    fail "SSM parameter $parameter says nothing of bundle.$1"
}

get_parameter() {
  aws ssm get-parameter --region "$region" --name "$parameter" --query Parameter.Value --output text >"$work/manifest.json"
}

install_bundle() {
  local bucket key sha256 found
  bucket=$(bundle_value bucket)
  key=$(bundle_value key)
  sha256=$(bundle_value sha256)
  if [ "$(cat "$base/host/.sha256" 2>/dev/null)" = "$sha256" ]; then
    echo "bundle $sha256 is in place"
    return
  fi
  retry aws s3 cp --region "$region" --only-show-errors "s3://$bucket/$key" "$work/bundle.zip" || fail "s3://$bucket/$key could not be fetched"
  found=$(sha256sum "$work/bundle.zip" | cut -d' ' -f1)
  [ "$found" = "$sha256" ] || fail "bundle s3://$bucket/$key is refused: expected SHA-256 $sha256, found $found"
  rm -rf "$base/host.new" "$base/host.old"
  mkdir "$base/host.new"
  python3 -m zipfile -e "$work/bundle.zip" "$base/host.new" || fail "bundle s3://$bucket/$key could not be unpacked"
  # A zip does not carry them as this machine wants them.
  find "$base/host.new" -type d -exec chmod 0755 {} +
  find "$base/host.new" -type f -exec chmod 0644 {} +
  find "$base/host.new" -name '*.sh' -exec chmod 0755 {} +
  echo "$sha256" >"$base/host.new/.sha256"
  if [ -e "$base/host" ]; then mv "$base/host" "$base/host.old"; fi
  mv "$base/host.new" "$base/host"
  rm -rf "$base/host.old"
  echo "bundle $sha256 was unpacked"
}

main() {
  [ $# = 2 ] || fail "usage: fetch.sh PARAMETER_NAME REGION"
  parameter=$1 region=$2
  mkdir -p "$base" || fail "$base cannot be made"
  local free
  free=$(df --output=avail -m "$base" | tail -1 | tr -d ' ')
  # Before anything writes: a full disk fails each time with another message.
  [ "$free" -ge "$needed_mb" ] || fail "the disk of $base has only $free MB free, $needed_mb MB are needed"
  exec 9>"$base/.lock"
  flock --wait 1800 9 || fail "another converge has been running for 30 minutes"
  rm -rf "$base"/.fetch.*
  work=$(mktemp -d "$base/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  retry get_parameter || fail "SSM parameter $parameter in $region could not be read: $(tr '\n' ' ' <"$work/error")"
  install_bundle
  install -m 0644 "$work/manifest.json" "$base/manifest.json"
  # Until its end: what an interrupted change left must not be met by another.
  "$base/host/converge.sh" "$base/manifest.json" || fail "converge.sh ended with exit code $?; what stopped it is above"
}

# All of it is read before anything runs: State Manager hands this file to bash on its standard input.
main "$@" </dev/null
