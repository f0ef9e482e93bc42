#!/bin/bash
# Changes the web application over to another image of its API (OPS-054): deploy.sh TAG_OR_DIGEST
# Run by the environment's own document of Systems Manager, as root, under the lock that converge.sh runs under. TSS_ROOT is for tests.
set -euo pipefail
umask 022
export PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
bundle=$(cd "$(dirname "$0")" && pwd)
readonly bundle manifest="${TSS_ROOT:-}/opt/tss/manifest.json"
# shellcheck source=SCRIPTDIR/../common/lib.sh
. "$bundle/lib.sh"
# shellcheck source=SCRIPTDIR/application.sh
. "$bundle/application.sh"

case "${1:?usage: deploy.sh TAG_OR_DIGEST}" in
  sha256:*) image="$(setting repository)@$1" ;;
  *) image="$(setting repository):$1" ;;
esac

before=$(named)
rm -f "$trial"
if [ "$(current)" = "$image" ] && systemctl is-active --quiet "$unit" && is_healthy "$image"; then
  [ "$before" = "$image" ] || record "$image" || fail "image $image runs, and that could not be recorded in $(setting imageParameter)"
  say "image $image runs already, and answers $(setting health.path)"
else
  step_units
  pull "$(setting images.cache)"
  change_to "$image" record
fi
