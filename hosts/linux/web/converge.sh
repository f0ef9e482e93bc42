#!/bin/bash
# Makes this machine the web application's backend, as its manifest says: converge.sh MANIFEST
# Run by fetch.sh as root, one at a time; may run any number of times, and changes only what differs. TSS_ROOT is for tests.
set -euo pipefail
umask 022
bundle=$(cd "$(dirname "$0")" && pwd)
readonly bundle manifest="$1"
# shellcheck source=SCRIPTDIR/../common/lib.sh
. "$bundle/lib.sh"
# shellcheck source=SCRIPTDIR/application.sh
. "$bundle/application.sh"
# Its age is that of the last copy of the database, or of the wish for the first.
readonly copied="$opt/state/database-copied"
readonly plugin="$root/usr/local/lib/docker/cli-plugins/docker-compose" swap="$root/swapfile"

# 1 GB of memory is enough for API and cache, and not for an image that is being unpacked beside them.
step_swap() {
  local megabytes
  megabytes=$(setting swapMegabytes)
  if [ "$(stat --format=%s "$swap" 2>/dev/null)" != $((megabytes * 1048576)) ]; then
    if [ -e "$swap" ]; then swapoff "$swap" 2>/dev/null || true; fi
    rm -f "$swap"
    (umask 077 && dd if=/dev/zero of="$swap" bs=1M count="$megabytes" status=none)
    mkswap "$swap" >/dev/null
    say "$swap of $megabytes MB was made"
  fi
  swapon --show=NAME --noheadings | grep --quiet --line-regexp "$swap" || swapon "$swap"
  grep --quiet "^$swap " "$root/etc/fstab" 2>/dev/null || echo "$swap none swap defaults 0 0" >>"$root/etc/fstab"
}

# Amazon Linux has Docker and not its Compose, which is a file of the software bucket.
step_docker() {
  install_packages docker amazon-cloudwatch-agent
  local name sha256 file
  name="docker-compose-$(uname -m)"
  sha256=$(json entry "$bundle/software.json" "$name" sha256)
  file=$(json entry "$bundle/software.json" "$name" file)
  if [ "$(sha256sum "$plugin" 2>/dev/null | cut -d' ' -f1)" != "$sha256" ]; then
    fetch "$sha256" "$file" "$work/docker-compose"
    put "$work/docker-compose" "$plugin" 0755 root:root || true
  fi
  systemctl is-enabled --quiet docker.service || systemctl enable --quiet docker.service
  systemctl is-active --quiet docker.service || systemctl start docker.service
}

# Started again for other settings or another description; what it is told of the database it asks itself. Another image goes the way of a deploy.
step_application() {
  local image=$1
  step_units
  if [ "$image" != "$(current)" ] && [ "$image" != "$(cat "$refused" 2>/dev/null)" ]; then
    change_to "$image" true
    return
  fi
  # What is not well would put the application out of order for a while, every hour.
  if [ "$image" != "$(current)" ]; then
    refusal="image $image was tried in vain, so $(current) runs on; deploy another, or this one again: npm run deploy:web -- $(setting environment) --image api=…"
    image=$(current)
  fi
  pull "$image"
  if systemctl is-active --quiet "$unit" && is_running "$image" && done_for "$unit" "$(wanted_start)"; then return; fi
  # What runs is changed over, not stopped first: what cannot start leaves it as it is.
  systemctl reload-or-restart "$unit" || fail "$unit does not start; see: journalctl --unit $unit"
  save_done "$unit" "$(wanted_start)"
  say "$unit was started"
}

# What was deployed in place of an earlier literal counts no more once another one is followed, not even when the earlier one comes back.
step_record() {
  local instead
  instead=$(json value "$work/deployed.json" insteadOf -)
  if [ "$instead" = - ] || [ "$instead" = "$(literal)" ] || [ "$(current)" != "$(literal)" ]; then return; fi
  record "$(literal)" || refusal="$(literal) runs, which could not be recorded in $(setting imageParameter)"
}

# Copies of the database for long keeping, where the settings have them.
step_dump() {
  local one changed=no
  if [ "$(setting dump.image "")" = "" ]; then
    [ -e "$units/kabu-trade-dump.timer" ] || return 0
    systemctl disable --now --quiet kabu-trade-dump.timer
    rm -f "$units/kabu-trade-dump.timer" "$units/kabu-trade-dump.service" "$copied"
    systemctl daemon-reload
    say "the database is copied no longer"
    return
  fi
  [ -e "$copied" ] || touch "$copied"
  for one in kabu-trade-dump.service kabu-trade-dump.timer; do
    if put "$bundle/units/$one" "$units/$one" 0644 root:root; then changed=yes; fi
  done
  if [ "$changed" = yes ]; then systemctl daemon-reload; fi
  systemctl is-enabled --quiet kabu-trade-dump.timer || systemctl enable --quiet kabu-trade-dump.timer
  # Another time counts once the timer is started anew.
  if [ "$changed" = yes ] || ! systemctl is-active --quiet kabu-trade-dump.timer; then systemctl restart kabu-trade-dump.timer; fi
}

install -d -m 0755 "$opt/state" "$etc" "$units"
step_time_zone
step_settings root
step_swap
step_docker
# Metrics first: they show what goes wrong after them.
step_cloudwatch
# Of a deploy that was cut off.
rm -f "$trial"
refusal=""
image=$(named)
if [ "$image" = "" ]; then
  say "no image of the API has been named yet"
else
  pull "$(setting images.cache)"
  step_application "$image"
  step_record
  step_dump
  # What ran before: each release is hundreds of megabytes on a small disk. What runs keeps its image.
  docker image prune --all --force >/dev/null
fi
# Last, so that it keeps nothing else from being put right: the association fails, and says so. What failed systemd forgets when the machine rests, and a
# timer is content to have started it: so a copy that is a day late (-mtime +31 are 32 days and more) is started here, as often as the unit allows.
if [ -e "$units/kabu-trade-dump.service" ]; then
  if [ "$(find "$copied" -mtime "+$(setting dump.days)" 2>/dev/null)" != "" ]; then
    systemctl start --no-block kabu-trade-dump.service || true
    refusal="${refusal:+$refusal; }no copy of the database was made since $(date --utc --reference="$copied" +%F), and another one was asked for; see: journalctl --unit kabu-trade-dump"
  elif systemctl is-failed --quiet kabu-trade-dump.service; then
    refusal="${refusal:+$refusal; }the last copy of the database failed; see: journalctl --unit kabu-trade-dump, then: systemctl reset-failed kabu-trade-dump; systemctl start kabu-trade-dump"
  fi
fi
[ "$refusal" = "" ] || fail "$refusal"
say "done"
