<#
.SYNOPSIS
  On the host that a recovery test has made: does what users and programs need answer (OPS-030: test_data_access, test_ui_functionality)?
.DESCRIPTION
  Sent by the runbook recovery-test. Waits until the host has installed itself, starts the UI and asks it, then table, cache, queue and buckets.
  Refuses on a host without the stop file: there it would start something where people trade. Its last line is JSON.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$root = Join-Path $env:ProgramData 'tss'
if (-not (Test-Path (Join-Path $root 'stop'))) {
  Write-Output "no stop file in ${root}: this is no host of a recovery test"
  exit 1
}
$python = 'C:\Users\Administrator\Projects\axia-tss\.venv\Scripts\python.exe'
$env:TSS_SETTINGS = Join-Path $root 'settings.json'
$env:PYTHONPATH = Join-Path $root 'host\python'

# Registering the tasks is the last that an installation does before the logon, which this host has no right to.
$end = (Get-Date).AddMinutes(50)
while (-not (Get-ScheduledTask -TaskName 'AXIA_Streamlit' -ErrorAction SilentlyContinue)) {
  if ((Get-Date) -ge $end) {
    Write-Output 'the host has not installed itself: there is no task AXIA_Streamlit'
    exit 1
  }
  Start-Sleep -Seconds 20
}

Start-ScheduledTask -TaskName 'AXIA_Streamlit'
# No terminal runs without a desktop: what it says of mt5 is no answer here.
$program = @'
import http.client, json, time
from tss_host import health, settings


def ui_answers(port):
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection('localhost', port, timeout=10)
            connection.request('GET', '/_stcore/health')
            if connection.getresponse().status == 200:
                return True
        except OSError:
            pass
        time.sleep(5)
    return False


own = settings.load()
with open(settings.settings_path(), encoding='utf-8-sig') as file:
    port = json.load(file)['ui']['port']
answers = health.SystemHealthChecker(own).check_all_services()
answers.pop('mt5', None)
answers['ui'] = ui_answers(port)
keys = health.connect_redis(own.cache).dbsize() if answers['redis'] else None
print(json.dumps(dict(answers=answers, keys=keys)))
'@
& $python -c $program
exit $LASTEXITCODE
