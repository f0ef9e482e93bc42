#!/bin/bash
# After a recovery of a Linux host: units, log files, and the services that trading needs (OPS-013). Sent by the runbook host-recovery; changes nothing.
# Asks again for five minutes. Exit code 1 if something is not well. TSS_ROOT and TSS_PATIENCE (seconds) are for tests.
set -uo pipefail
readonly root="${TSS_ROOT:-}" patience="${TSS_PATIENCE:-300}"
readonly python="$root/opt/tss/engine/.venv/bin/python"

switch() { TSS_SETTINGS="$root/etc/tss/settings.json" PYTHONPATH="$root/opt/tss/host/python" "$python" -m tss_host "$@"; }

complaints() {
  local unit
  for unit in trading-engine.service heartbeat.timer; do
    systemctl is-active --quiet "$unit" || echo "unit $unit: $(systemctl is-active "$unit")"
  done
  [ -n "$(find "$root/var/log/tss" -name '*.log' -newermt '-10 minutes' 2>/dev/null)" ] || echo "log files: nothing was written for ten minutes"
  local health
  health=$(switch health) || echo "services: $health"
}

readonly end=$((SECONDS + patience))
while true; do
  # Then nothing trades on purpose, and nothing of it can be held against the host (C-66).
  if [ -e "$root/etc/tss/stop" ]; then
    echo "The host is up. Nothing trades, and that is meant: the stop file $root/etc/tss/stop exists"
    exit 0
  fi
  state=$(switch kill-switch)
  if [ $? = 10 ]; then
    echo "The host is up. Nothing trades, and that is meant: $state"
    exit 0
  fi
  found=$(complaints)
  if [ -z "$found" ]; then
    echo "Units, log files and the services that trading needs are well"
    exit 0
  fi
  if [ "$SECONDS" -ge "$end" ]; then
    echo "$found"
    exit 1
  fi
  sleep 5
done
