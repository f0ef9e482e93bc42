<#
.SYNOPSIS
  After a recovery of the Windows host: tasks, log files, Streamlit UI and connection to the broker (OPS-013).
.DESCRIPTION
  Sent by the runbook host-recovery. Asks again for twelve minutes: Streamlit starts five minutes after a boot (WIN-037). Changes nothing.
  Exit code 1 if something is not well.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = Join-Path $env:ProgramData 'tss'
. (Join-Path $root 'host\monitor_services.ps1')
$context = [pscustomobject]@{
  Root = $root
  Python = 'C:\Users\Administrator\Projects\axia-tss\.venv\Scripts\python.exe'
  Settings = Read-JsonFile -Path (Join-Path $root 'settings.json')
}

# What is not well, a line each.
function Get-Complaint {
  param(
    [object] $Context
  )
  foreach ($name in @('AXIA_Monitor', 'AXIA_Streamlit', 'AXIA_Order_Manager', 'AXIA_MT5')) {
    $task = Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue
    if (-not $task) {
      "task ${name}: is not there"
    } elseif ($task.State -ne 'Running') {
      "task ${name}: $($task.State)"
    }
  }
  $newest = Get-ChildItem -Path (Join-Path $Context.Root 'logs') -Filter 'watchdog-*.log' -ErrorAction SilentlyContinue | Sort-Object LastWriteTime | Select-Object -Last 1
  if (-not $newest -or $newest.LastWriteTime -lt (Get-Date).AddSeconds(-2 * $Context.Settings.watchdog.intervalSeconds)) {
    'log files: the watchdog writes none'
  }
  if (-not (Test-NetConnection -ComputerName 'localhost' -Port $Context.Settings.ui.port -InformationLevel Quiet -WarningAction SilentlyContinue)) {
    "Streamlit UI: nobody listens on port $($Context.Settings.ui.port)"
  }
  if ((Get-Mt5ConnectionStatus) -ne 1) {
    'MT5: no terminal on the desktop has a connection to a trade server'
  }
}

$end = (Get-Date).AddMinutes(12)
do {
  # Then nothing trades on purpose, and nothing of it can be held against the host (C-66).
  $refusal = Get-StartRefusal -Context $context
  if ($refusal) {
    Write-Output "The host is up. Nothing trades, and that is meant: $refusal"
    exit 0
  }
  $complaints = @(Get-Complaint -Context $context)
  if ($complaints.Count -eq 0) {
    Write-Output 'Tasks, log files, Streamlit UI and the connection to the broker are well'
    exit 0
  }
  Start-Sleep -Seconds 20
} while ((Get-Date) -lt $end)
$complaints | Write-Output
exit 1
