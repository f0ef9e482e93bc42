#!/bin/bash
# Starts API and cache, or changes over to what the settings say: run by kabu-trade.service as root. With "migrate", by kabu-trade-migrate.service: brings
# the database to what the image wants, in a container of its own. TSS_ROOT is for tests.
set -euo pipefail
bundle=$(cd "$(dirname "$0")" && pwd)
readonly bundle root="${TSS_ROOT:-}"
readonly settings="$root/etc/tss/settings.json" trial="$root/run/kabu-trade-trial"
setting() { python3 "$bundle/json_value.py" value "$settings" "$@"; }
compose() { docker compose --file "$bundle/compose.yaml" "$@"; }

# An image on trial counts until the machine starts again: what nobody has found healthy must not come up by itself.
API_IMAGE=$(cat "$trial" 2>/dev/null || cat "$root/etc/tss/api-image")
CACHE_IMAGE=$(setting images.cache)
API_PORT=$(setting port)
LOG_GROUP=$(setting logGroups.application)
REGION=$(setting region)
export API_IMAGE CACHE_IMAGE API_PORT LOG_GROUP REGION
# Asked for at each start, handed to the container alone, and in no file of this project's.
secret=$(setting databaseSecret "")
if [ -n "$secret" ]; then
  umask 077
  answer=$(mktemp --tmpdir="${RUNTIME_DIRECTORY:-}")
  trap 'rm -f "$answer"' EXIT
  aws secretsmanager get-secret-value --region "$REGION" --secret-id "$secret" --query SecretString --output text >"$answer"
  DATABASE_URL=$(python3 "$bundle/json_value.py" value "$answer" url)
  rm -f "$answer"
  export DATABASE_URL
fi
if [ "${1:-}" = migrate ]; then
  mapfile -t command < <(python3 "$bundle/json_value.py" lines "$settings" migrate)
  # Without a command the container would serve.
  [ "${#command[@]}" -gt 0 ] || exit 0
  compose run --rm --no-deps --no-TTY --name kabu-trade-migration api "${command[@]}"
else
  compose up --detach --no-build --pull never --remove-orphans
fi
