#!/bin/bash
# Starts API and cache, or changes over to what the settings say: run by kabu-trade.service as root. TSS_ROOT is for tests.
set -euo pipefail
bundle=$(cd "$(dirname "$0")" && pwd)
readonly bundle settings="${TSS_ROOT:-}/etc/tss/settings.json"
setting() { python3 "$bundle/json_value.py" value "$settings" "$@"; }

API_IMAGE=$(setting images.api)
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
docker compose --file "$bundle/compose.yaml" up --detach --no-build --pull never --remove-orphans
