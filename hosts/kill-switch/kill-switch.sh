#!/bin/bash
# Stops what runs the trading software on this machine, makes it ready again, or says what runs: kill-switch.sh stop|ready|status
# Run as root by the environment's documents of Systems Manager, which `npm run kill-switch` sends; may run any number of times, and needs
# nothing of the bundle. Exit code 1: it is not as asked for; the last line says how it is. TSS_ROOT is for tests.
set -euo pipefail
umask 022
readonly action="$1"
readonly stop_file="${TSS_ROOT:-}/etc/tss/stop"
# What the file of the switch holds; one with anything else is an operator's, who had a reason, and is left alone.
readonly mark="kill switch"
# What trades, and what may send an order to the queue. Backups and reports send none and go on.
readonly units="trading-engine.service data-collector.service"

# The units that run, start or end, with their states.
running() {
  local unit state
  for unit in $units; do
    state=$(systemctl is-active "$unit" || true)
    case "$state" in active | activating | deactivating | reloading) echo "$unit $state" ;; esac
  done
}
say_running() { running | paste -sd, - | sed 's/,/, /g'; }
is_ours() { [ "$(cat "$stop_file" 2>/dev/null)" = "$mark" ]; }

# The file first: a unit that has stopped is not started again past it, by nobody.
stop() {
  [ -d "$(dirname "$stop_file")" ] || install -d -m 0750 "$(dirname "$stop_file")"
  [ -e "$stop_file" ] || echo "$mark" >"$stop_file"
  # shellcheck disable=SC2086
  systemctl stop $units || true # a unit that is not installed here is no failure; what runs is looked at next
  if [ -n "$(running)" ]; then
    echo "still runs: $(say_running)"
    return 1
  fi
  echo "stands still"
}

# The engine looks at the switch at every start, and waits while it is active.
ready() {
  local unit
  if is_ours; then rm -f "$stop_file"; fi
  for unit in $units; do
    if systemctl is-enabled --quiet "$unit" 2>/dev/null; then systemctl start --no-block "$unit"; fi
  done
  if [ -e "$stop_file" ]; then echo "ready, but nothing starts: $stop_file is an operator's, and stays"; else echo "ready"; fi
}

status() {
  local now why=""
  now=$(say_running)
  if is_ours; then why=" (stopped by the kill switch)"; elif [ -e "$stop_file" ]; then why=" ($stop_file is an operator's)"; fi
  if [ -n "$now" ]; then echo "runs: $now$why"; else echo "stands still$why"; fi
}

case "$action" in
  stop | ready | status) "$action" ;;
  *)
    echo "kill-switch.sh: $action is none of stop, ready, status" >&2
    exit 2
    ;;
esac
