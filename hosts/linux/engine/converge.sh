#!/bin/bash
# Makes this machine what its manifest says: converge.sh MANIFEST
# Run by fetch.sh as root, one at a time; may run any number of times, and changes only what differs. TSS_ROOT is for tests.
set -euo pipefail
umask 022
bundle=$(cd "$(dirname "$0")" && pwd)
readonly bundle manifest="$1"
# shellcheck source=SCRIPTDIR/../common/lib.sh
. "$bundle/lib.sh"
readonly logs="$root/var/log/tss"
# Units that are enabled where they belong; the services of timers come along with these.
readonly own_units="trading-engine.service data-collector.service heartbeat.timer nightly-backup.timer weekly-report.timer"
environment=

step_user() {
  getent passwd tss >/dev/null || useradd --system --user-group --home-dir /var/lib/tss --shell /sbin/nologin tss
  install -d -m 0750 "$etc" "$root/var/lib/tss"
  own root:tss "$etc"
  own tss:tss "$root/var/lib/tss"
  install -d -m 0755 "$logs" "$units" "$opt/state"
  # Readable for the CloudWatch agent, whatever the units' umask.
  local name
  for name in trading-engine data-collector heartbeat nightly-backup weekly-report; do
    if [ ! -e "$logs/$name.log" ]; then install -m 0644 /dev/null "$logs/$name.log"; fi
  done
}

# The engine's source at its revision, and the virtual environment that goes with it; both change over at once.
step_source() {
  local sha256 file wanted engine="$opt/engine"
  sha256=$(json entry "$bundle/software.json" engine-source sha256)
  file=$(json entry "$bundle/software.json" engine-source file)
  [ "$sha256" != null ] || fail "software 'engine-source' ($file) has no hash yet; run: npm run software -- lock $(setting environment)"
  wanted="$sha256 $(hash_of "$bundle/requirements.txt")"
  if [ "$(cat "$engine/.sha256" 2>/dev/null)" = "$wanted" ] && [ -x "$engine/.venv/bin/python" ]; then return; fi

  fetch "$sha256" "$file" "$work/source"
  rm -rf "$engine.new" "$engine.old"
  python3 -m zipfile -e "$work/source" "$engine.new"
  chmod -R u=rwX,go=rX "$engine.new"
  [ -f "$engine.new/requirements.txt" ] || fail "software 'engine-source' has no requirements.txt in its first folder"
  make_environment "$engine.new/requirements.txt"
  ln -s "$environment" "$engine.new/.venv"
  echo "$wanted" >"$engine.new/.sha256"
  if [ -e "$engine" ]; then mv "$engine" "$engine.old"; fi
  mv "$engine.new" "$engine"
  rm -rf "$engine.old"
  say "source $sha256 was installed"
}

# make_environment REQUIREMENTS_OF_THE_SOURCE: the virtual environment of the locked wheels, in a folder that is never renamed, because its
# programs name it; nothing of it comes from the Internet. Sets environment.
make_environment() {
  local sha256 file
  grep --quiet --fixed-strings "SHA-256 $(hash_of "$1")" "$bundle/requirements.txt" ||
    fail "the wheels are not locked for this requirements.txt of 'engine-source'; run: npm run software -- wheels engine"
  environment="$opt/environments/$(hash_of "$bundle/requirements.txt")"
  if [ -e "$environment/.complete" ]; then return; fi
  mkdir -p "$work/wheels"
  while read -r sha256 file; do
    if [ -n "$file" ]; then fetch "$sha256" "$file" "$work/wheels/$file"; fi
  done < <(json files "$bundle/wheels.json")
  rm -rf "$environment"
  python3.11 -m venv "$environment"
  "$environment/bin/python" -m pip install --no-index --find-links "$work/wheels" --require-hashes --no-cache-dir --no-input --disable-pip-version-check --quiet \
    --requirement "$bundle/requirements.txt" || fail "the wheels could not be installed"
  "$environment/bin/python" -c 'import boto3' || fail "requirements.txt of 'engine-source' has no boto3, which this machine's own commands need"
  touch "$environment/.complete"
}

# Virtual environments that no source uses any more, once what ran on them was told to restart.
step_old_environments() {
  local one
  for one in "$opt"/environments/*; do
    [ "$one" = "$(readlink "$opt/engine/.venv")" ] || rm -rf "$one"
  done
}

# The units that are enabled here. Without a worker the engine does all; with one, the worker takes collector and report.
# Every machine backs up its own state.
wanted_units() {
  local kind worker
  kind=$(setting host)
  worker=$(setting worker false)
  case "$kind/$worker" in
    engine/false) echo "trading-engine.service heartbeat.timer nightly-backup.timer data-collector.service weekly-report.timer" ;;
    engine/true) echo "trading-engine.service heartbeat.timer nightly-backup.timer" ;;
    worker/*) echo "nightly-backup.timer data-collector.service weekly-report.timer" ;;
    *) fail "settings.host is $kind; this bundle is for engine and worker" ;;
  esac
}

step_units() {
  local file unit wanted all
  wanted=$(wanted_units)
  for file in "$bundle"/units/*; do
    put "$file" "$units/$(basename "$file")" 0644 root:root || true
  done
  put "$bundle/logrotate.conf" "$root/etc/logrotate.d/tss" 0644 root:root || true
  all=$(hash_of "$bundle"/units/*)
  if ! done_for units "$all"; then
    systemctl daemon-reload
    save_done units "$all"
  fi
  for unit in $own_units; do
    if [[ " $wanted " = *" $unit "* ]]; then
      start "$unit"
    elif systemctl is-enabled --quiet "$unit" 2>/dev/null; then
      systemctl disable --now --quiet "$unit"
      say "$unit does not belong here any more"
    fi
  done
  systemctl is-enabled --quiet logrotate.timer || systemctl enable --now --quiet logrotate.timer
}

# Starts a unit, or restarts one that runs on what has changed since. Not waited for: the trading engine may refuse for long, because of
# the kill switch, and goes on trying.
start() {
  local unit="$1" wanted
  local -a runs_on=("$units/$unit")
  case "$unit" in
    trading-engine.service) runs_on+=("$opt/engine/.sha256") ;;
    data-collector.service) runs_on+=("$opt/engine/.sha256" "$etc/settings.json") ;;
  esac
  wanted=$(hash_of "${runs_on[@]}")
  systemctl is-enabled --quiet "$unit" 2>/dev/null || systemctl enable --quiet "$unit"
  if ! systemctl is-active --quiet "$unit"; then
    systemctl start --no-block "$unit"
  elif ! done_for "$unit" "$wanted"; then
    systemctl restart --no-block "$unit"
    say "$unit is restarted: what it runs on has changed"
  elif [ "$unit" = trading-engine.service ] && [ "$settings_changed" = yes ]; then
    # Positions may be open. Whoever changed the settings chooses the moment.
    say "$unit keeps running with its old settings until: systemctl restart $unit"
  fi
  save_done "$unit" "$wanted"
}

step_user
step_time_zone
install_packages python3.11 python3.11-pip git amazon-cloudwatch-agent logrotate
step_settings tss
# Metrics and logs first: they show what goes wrong after them.
step_cloudwatch
step_source
step_units
step_old_environments
say "done"
