<#
.SYNOPSIS
  The watchdog, task AXIA_Monitor: keeps the trading tasks running (WIN-038 to WIN-040) and publishes this host's heartbeat (OBS-020, OBS-021).
.DESCRIPTION
  Runs without end. Starts nothing while the kill switch is active or unknown, or the stop file C:\ProgramData\tss\stop exists (C-66).
#>
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. (Join-Path $PSScriptRoot 'lib.ps1')

function Monitor-AXIAServices {
  [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseApprovedVerbs', '', Justification = 'The documented name (WIN-038)')]
  [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseSingularNouns', '', Justification = 'The documented name (WIN-038)')]
  param(
    [object] $Context
  )
  $stopped = New-Object System.Collections.Generic.List[string]
  foreach ($name in @('AXIA_Streamlit', 'AXIA_Order_Manager', 'AXIA_MT5')) {
    $task = Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue
    if (-not $task) {
      continue
    }
    Write-Output "[$((Get-Date).ToString('yyyy-MM-dd HH:mm:ss'))] ${name}: $($task.State)"
    if ($task.State -ne 'Running') {
      $stopped.Add($name)
    }
  }
  if ($stopped.Count -eq 0) {
    return
  }
  $refusal = Get-StartRefusal -Context $Context
  foreach ($name in $stopped) {
    if ($refusal) {
      Write-Warning "Service $name is not running. Not started: $refusal"
      continue
    }
    Write-Warning "Service $name is not running. Attempting restart..."
    try {
      Start-ScheduledTask -TaskName $name
    } catch {
      # For example a disabled task, which an operator wants to stay so, or no session of Administrator.
      Write-Warning "Service $name could not be started: $($_.Exception.Message)"
    }
  }
}

# 1 when the terminal on the desktop holds a connection to a trade server; its connections to programs on this host do not count.
function Get-Mt5ConnectionStatus {
  $terminals = @(Get-DesktopProcess -Name 'terminal64' | ForEach-Object { $_.Id })
  if ($terminals.Count -eq 0) {
    return 0
  }
  $connections = @(Get-NetTCPConnection -State Established -ErrorAction SilentlyContinue)
  foreach ($connection in $connections) {
    if ($terminals -contains $connection.OwningProcess -and $connection.RemoteAddress -notmatch '^(127\.|::1$|::ffff:127\.)') {
      return 1
    }
  }
  return 0
}

# OBS-016: 1 while the data collector's last run went well, or while it runs; 0 when it failed; nothing before its first run.
# https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-error-and-success-constants
function Get-DataSourceHealth {
  $task = Get-ScheduledTaskInfo -TaskName 'AXIA_Data_Collector' -ErrorAction SilentlyContinue
  $isRunning = 0x41301
  $hasNotRun = 0x41303
  if (-not $task -or $task.LastTaskResult -eq $hasNotRun) {
    return
  }
  if (@(0, $isRunning) -contains $task.LastTaskResult) {
    return 1
  }
  return 0
}

function Publish-Heartbeat {
  param(
    [object] $Context
  )
  # What a program writes to its error output is no error by itself.
  $ErrorActionPreference = 'Continue'
  try {
    $values = @('Heartbeat=1', "MT5ConnectionStatus=$(Get-Mt5ConnectionStatus)")
    $health = Get-DataSourceHealth
    if ($null -ne $health) {
      $values += "DataSourceHealth=$health"
    }
    & $Context.Python -m tss_host metrics @values | Out-Host
    if ($LASTEXITCODE -ne 0) {
      Write-Warning "Metrics were not published (exit code $LASTEXITCODE)"
    }
  } catch {
    Write-Warning "Metrics were not published: $($_.Exception.Message)"
  }
}

# One iteration: does what is due, and says in $Plan when the next is.
function Invoke-WatchdogIteration {
  param(
    [object] $Context,
    [object] $Plan,
    [datetime] $Now
  )
  if ($Now -ge $Plan.NextBeat) {
    # Twice a minute: the alarm on the connection takes a minute without data for a lost one (OBS-028).
    $Plan.NextBeat = $Now.AddSeconds(30)
    Publish-Heartbeat -Context $Context
  }
  if ($Now -ge $Plan.NextCheck) {
    $Plan.NextCheck = $Now.AddSeconds($Context.Settings.watchdog.intervalSeconds)
    try {
      Monitor-AXIAServices -Context $Context
    } catch {
      Write-Warning "The services were not checked: $($_.Exception.Message)"
    }
  }
}

function Invoke-Watchdog {
  param(
    [object] $Context
  )
  $now = (Get-Date).ToUniversalTime()
  $plan = [pscustomobject]@{
    NextBeat = $now
    # Not at once: at a boot Streamlit is to wait for five minutes (WIN-037).
    NextCheck = $now.AddSeconds($Context.Settings.watchdog.intervalSeconds)
  }
  while ($true) {
    Invoke-WatchdogIteration -Context $Context -Plan $plan -Now (Get-Date).ToUniversalTime()
    Start-Sleep -Seconds 5
  }
}

# Dot-sourced, for example by a test, it defines functions only.
if ($MyInvocation.InvocationName -ne '.') {
  $root = Join-Path $env:ProgramData 'tss'
  $watchdog = [pscustomobject]@{
    Root = $root
    Python = 'C:\Users\Administrator\Projects\axia-tss\.venv\Scripts\python.exe'
    Settings = Read-JsonFile -Path (Join-Path $root 'settings.json')
  }
  # The task starts it in the bundle's folder, which a converge could not replace while it is some process's current folder.
  [System.Environment]::CurrentDirectory = $root
  # A file a day, which the converge deletes after 30. On a full disk it watches on without a log.
  Invoke-Watchdog -Context $watchdog 3>&1 | ForEach-Object {
    $line = "$_"
    if ($_ -is [System.Management.Automation.WarningRecord]) {
      $line = "WARNING: $line"
    }
    Add-Content -Path (Join-Path $root "logs\watchdog-$((Get-Date).ToString('yyyyMMdd')).log") -Value $line -Encoding UTF8 -ErrorAction SilentlyContinue
  }
}
