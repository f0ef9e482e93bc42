<#
.SYNOPSIS
  How many keys the cache has, as this Windows host sees it (OPS-029: redis_keys).
.DESCRIPTION
  Sent by the runbook recovery-test. Names of keys and what they hold stay where they are. Changes nothing.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = Join-Path $env:ProgramData 'tss'
$env:TSS_SETTINGS = Join-Path $root 'settings.json'
$env:PYTHONPATH = Join-Path $root 'host\python'
$program = 'import json; from tss_host import health, settings; print(json.dumps(dict(keys=health.connect_redis(settings.load().cache).dbsize())))'
& 'C:\Users\Administrator\Projects\axia-tss\.venv\Scripts\python.exe' -c $program
exit $LASTEXITCODE
