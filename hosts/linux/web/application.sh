# shellcheck shell=bash
# How the application changes over from one image of the API to another (OPS-054). Read by converge.sh and deploy.sh, which have read lib.sh; not run.
# shellcheck disable=SC2154
readonly unit=kabu-trade.service migration=kabu-trade-migrate.service
# What runs; what is being tried, which a restart of the machine forgets; and what was tried in vain, which only a person tries again.
readonly runs="$etc/api-image" trial="$root/run/kabu-trade-trial" refused="$opt/state/api-image-refused"

current() { cat "$runs" 2>/dev/null || true; }
literal() { setting images.api ""; }

# The later of two decisions: what was last deployed, or what the literal says since it names another than the one that the deploy stood in for.
named() {
  local found
  aws ssm get-parameter --region "$(setting region)" --name "$(setting imageParameter)" --query Parameter.Value --output text >"$work/deployed.json" ||
    fail "SSM parameter $(setting imageParameter), which says what was deployed, could not be read"
  found=$(json value "$work/deployed.json" image "")
  if [ "$(json value "$work/deployed.json" insteadOf -)" = "$(literal)" ] && [[ "$found" == "$(setting repository)"[:@]* ]]; then
    echo "$found"
  else
    literal
  fi
}

# record IMAGE: what a converge goes by, of this machine or of one that takes its place.
record() {
  aws ssm put-parameter --region "$(setting region)" --name "$(setting imageParameter)" --type String --overwrite \
    --value "{\"image\":\"$1\",\"insteadOf\":\"$(literal)\"}" >/dev/null
}

# pull IMAGE: while the old one runs. The registry's password is good for hours, and is kept as long as this run.
pull() {
  local registry
  if docker image inspect "$1" >/dev/null 2>&1; then return; fi
  export DOCKER_CONFIG="$work/docker"
  registry=${1%%/*}
  if [[ "$registry" = *.dkr.ecr.*.amazonaws.com ]]; then
    aws ecr get-login-password --region "$(setting region)" | docker login --username AWS --password-stdin "$registry" >/dev/null
  fi
  docker pull --quiet "$1" >/dev/null || fail "image $1 could not be pulled; what runs stays as it is"
  say "image $1 was pulled"
}

# is_running IMAGE: both containers, the API's of this image. The unit stays active when somebody has taken one away.
is_running() {
  local found
  found=$(docker ps --quiet --filter status=running --filter label=com.docker.compose.project=kabu-trade --filter label=com.docker.compose.oneoff=False |
    xargs --no-run-if-empty docker inspect --format '{{.Config.Image}}' | sort)
  [ "$found" = "$(printf '%s\n' "$1" "$(setting images.cache)" | sort)" ]
}

# is_healthy IMAGE: it answers, and not by a container that is on its way out.
is_healthy() {
  local deadline
  deadline=$((SECONDS + $(setting health.seconds)))
  until curl --fail --silent --output /dev/null --max-time 5 "http://127.0.0.1$(setting health.path)" && is_running "$1"; do
    if [ "$SECONDS" -ge "$deadline" ]; then return 1; fi
    sleep "${TSS_HEALTH_SECONDS:-3}"
  done
}

# All that makes the unit another one, but for the image.
wanted_start() { hash_of "$units/$unit" "$etc/settings.json" "$bundle/compose.yaml" "$bundle/start.sh"; }

step_units() {
  local one changed=no
  for one in "$unit" "$migration"; do
    if put "$bundle/units/$one" "$units/$one" 0644 root:root; then changed=yes; fi
  done
  if [ "$changed" = yes ]; then systemctl daemon-reload; fi
  systemctl is-enabled --quiet "$unit" || systemctl enable --quiet "$unit"
}

# without_passwords: of text on its way to Systems Manager's output and GitHub's log. Programs write whole addresses of databases into their errors.
without_passwords() { sed --regexp-extended 's#([A-Za-z][A-Za-z0-9+.-]*://[^[:space:]:/@]*:)[^[:space:]]*@#\1***@#g'; }

# The database first, while the old image still runs, which therefore must get along with it; a migration is never undone.
migrate() {
  if [ "$(json lines "$manifest" settings.migrate)" = "" ]; then return; fi
  say "the database is migrated"
  systemctl start "$migration" && return
  journalctl --unit "$migration" --lines 40 --no-pager --output cat | without_passwords >&2 || true
  fail "image $1: the migration failed; what runs stays as it is"
}

# change_to IMAGE AFTERWARDS: AFTERWARDS is a command that is told the image, and counts as part of it. Where it fails, the old image runs again; where it
# is cut off, so it does from the next converge or start of the machine on.
change_to() {
  local image=$1 afterwards=$2 old reason
  old=$(current)
  pull "$image"
  install -d -m 0755 "$(dirname "$trial")"
  trap 'rm -f "$trial"; rm -rf "$work"' EXIT
  echo "$image" >"$trial"
  migrate "$image"
  if ! systemctl reload-or-restart "$unit"; then
    reason="does not start"
  elif ! is_healthy "$image"; then
    reason="does not answer $(setting health.path) within $(setting health.seconds) s"
  elif ! "$afterwards" "$image"; then
    reason="could not be recorded in $(setting imageParameter)"
  else
    install -m 0644 "$trial" "$runs.new"
    mv "$runs.new" "$runs"
    rm -f "$trial" "$refused"
    save_done "$unit" "$(wanted_start)"
    say "image $image runs, and answers $(setting health.path)"
    return
  fi
  docker compose --project-name kabu-trade logs --no-color --tail 40 api 2>/dev/null | without_passwords >&2 || true
  [ "$old" != "" ] || fail "image $image $reason; there is none to go back to"
  rm -f "$trial"
  echo "$image" >"$refused"
  systemctl reload-or-restart "$unit" || fail "image $image $reason, and $old did not start again; see: journalctl --unit $unit"
  save_done "$unit" "$(wanted_start)"
  fail "image $image $reason; $old runs again"
}
