#!/bin/bash
# The daily commands on a Linux host in one report, as OPS-037 to OPS-041 have them for Windows: units, processes, log, disks, Redis. Changes nothing.
# What cannot be shown says so, and the rest is shown all the same; then the exit code is 1. TSS_ROOT is for tests.
set -uo pipefail
readonly root="${TSS_ROOT:-}"
failed=0

part() {
  local title="$1" found
  shift
  echo "== $title"
  if found=$("$@" 2>&1); then
    echo "${found:-none}"
  else
    failed=1
    echo "FAILED: $found"
  fi
}

units() { systemctl list-units --all --no-legend --plain 'trading-engine*' 'data-collector*' 'heartbeat*' 'nightly-backup*' 'weekly-report*'; }
# Nothing that matches is an answer, and no failure.
processes() { ps -eo comm,pid,time,rss,args --no-headers | grep -E 'python|terminal64|streamlit' | grep -vF "grep -E" || true; }
log() { journalctl --no-pager --lines 10 --priority warning --output short-iso --unit trading-engine --unit data-collector; }
disks() { df --human-readable --local --exclude-type=tmpfs --exclude-type=devtmpfs --output=target,size,avail,pcent; }
redis() {
  local at host port
  at=$(python3 -c 'import json, sys; cache = json.load(open(sys.argv[1]))["cache"]; print(cache["host"], cache["port"])' "$root/etc/tss/settings.json") || return 1
  read -r host port <<<"$at"
  timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/$2"' redis "$host" "$port" && echo "$host:$port answers"
}

part "Units (OPS-037)" units
part "Processes (OPS-038)" processes
part "Warnings of the last runs (OPS-039)" log
part "Disks (OPS-040)" disks
part "Redis (OPS-041)" redis
exit "$failed"
