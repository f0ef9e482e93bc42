#!/bin/bash
# The kernel "Research" of the notebook: locked wheels of the software bucket, nothing from the Internet (RES-003). Run by on-start.sh as
# ec2-user. What was built stays on the notebook's volume and is built anew when the lock file has changed. TSS_ROOT is for tests.
set -euo pipefail
umask 022
readonly root="${TSS_ROOT:-}"
readonly base="$root/opt/tss" home="$root/home/ec2-user"
readonly bundle="$base/bundle" environments="$home/SageMaker/.tss/environments"
# That of the platform notebook-al2-v3; the wheels are locked for its version.
readonly python="$home/anaconda3/envs/python3/bin/python" version=3.10

fail() {
  echo "the environment is not built: $*" >&2
  python3 "$bundle/notebook.py" fault "the environment is not built: $*"
  exit 1
}
setting() { python3 "$bundle/notebook.py" setting "$1"; }

region=$(setting region)
bucket=$(setting softwareBucket)
wanted=$(sha256sum "$bundle/requirements.txt" | cut -d' ' -f1)
readonly region bucket wanted environment="$environments/$wanted"

copy() { timeout 300 aws s3 cp --region "$region" --only-show-errors "s3://$bucket/$1" "$2" || fail "s3://$bucket/$1 could not be fetched"; }

# fetch SHA256 FILE: brings a locked wheel, or stops.
fetch() {
  local found
  copy "software/$1/$2" "$work/wheels/$2"
  found=$(sha256sum "$work/wheels/$2" | cut -d' ' -f1)
  [ "$found" = "$1" ] || fail "wheel '$2' is refused: expected SHA-256 $1, found $found"
}

build() {
  local sha256 file
  [ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$version" ] || fail "$python is not Python $version, for which the wheels are locked"
  mkdir -p "$work/wheels"
  while read -r sha256 file; do
    fetch "$sha256" "$file"
  done < <(python3 "$bundle/notebook.py" wheels "$bundle/wheels.json")
  "$python" -m venv "$environment" || fail "no virtual environment could be made"
  "$environment/bin/python" -m pip install --no-index --find-links "$work/wheels" --require-hashes --no-cache-dir --no-input --disable-pip-version-check --quiet \
    --requirement "$bundle/requirements.txt" || fail "the wheels could not be installed"
  touch "$environment/.complete"
}

mkdir -p "$environments"
work=$(mktemp -d "$environments/../build.XXXXXX")
trap 'rm -rf "$work"' EXIT
# Where names and addresses of the trading system's parts are found, without a right to look for them.
copy research/settings.json "$home/SageMaker/tss-settings.json"
if [ ! -e "$environment/.complete" ]; then
  # Of other lock files, and what was broken off; the volume has no room for two.
  rm -rf "${environments:?}"/*
  build
fi
# The folder of kernels is not on the volume.
HOME="$home" "$environment/bin/python" -m ipykernel install --user --name research --display-name Research || fail "the kernel could not be registered"
echo "environment $wanted is in place"
