<#
.SYNOPSIS
  Stops all scheduled tasks of the trading software on this host, makes them ready again, or says what runs.
.DESCRIPTION
  Run by the environment's documents of Systems Manager, which `npm run kill-switch` sends; may run any number of times, and needs nothing of the bundle.
  Exit code 1: it is not as asked for; the last line says how it is.
#>
[CmdletBinding()]
param(
  [ValidateSet('stop', 'ready', 'status')]
  [string] $Action
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = Join-Path $env:ProgramData 'tss'
$stopFile = Join-Path $root 'stop'
# What the file of the switch holds; one with anything else is an operator's, who had a reason, and is left alone.
$mark = 'kill switch'
# The tasks that the switch disabled: only these are enabled again, and none that an operator had disabled before.
$listFile = Join-Path $root 'state\kill-switch'

# The watchdog first: it starts what it finds stopped (C-66). The terminal last: the others speak to it.
function Get-TaskInOrder {
  $tasks = @(Get-ScheduledTask -TaskName 'AXIA_*' -ErrorAction SilentlyContinue)
  $named = @('AXIA_Monitor', 'AXIA_Order_Manager', 'AXIA_MT5')
  $first = @(foreach ($name in $named[0, 1]) { $tasks | Where-Object { $_.TaskName -eq $name } })
  $others = @($tasks | Where-Object { $named -notcontains $_.TaskName })
  $last = @($tasks | Where-Object { $_.TaskName -eq $named[2] })
  return $first + $others + $last
}

function Get-RunningName {
  return @(Get-TaskInOrder | Where-Object { $_.State -eq 'Running' } | ForEach-Object { $_.TaskName })
}

function Get-ListedName {
  if (Test-Path $listFile) {
    return @([System.IO.File]::ReadAllLines($listFile) | Where-Object { $_ })
  }
  return @()
}

function Test-OwnStopFile {
  return (Test-Path $stopFile) -and ([System.IO.File]::ReadAllText($stopFile).Trim() -ceq $mark)
}

# OPS-004, after every task is disabled: one that stops while it may start would be started again.
function Invoke-Halt {
  New-Item -ItemType Directory -Path (Join-Path $root 'state') -Force | Out-Null
  if (-not (Test-Path $stopFile)) {
    [System.IO.File]::WriteAllText($stopFile, $mark)
  }
  $tasks = @(Get-TaskInOrder)
  $enabled = @($tasks | Where-Object { $_.State -ne 'Disabled' } | ForEach-Object { $_.TaskName })
  # A second time adds to the list of the first, whose tasks are disabled by now.
  $names = @(@(Get-ListedName) + $enabled | Select-Object -Unique)
  [System.IO.File]::WriteAllLines($listFile, [string[]] $names)
  foreach ($task in $tasks) {
    Disable-ScheduledTask -TaskName $task.TaskName | Out-Null
  }
  foreach ($task in $tasks) {
    Stop-ScheduledTask -TaskName $task.TaskName
  }
  for ($second = 0; $second -lt 30 -and @(Get-RunningName).Count -gt 0; $second++) {
    Start-Sleep -Seconds 1
  }
  $running = @(Get-RunningName)
  if ($running.Count -gt 0) {
    Write-Output "still runs: $($running -join ', ')"
    return 1
  }
  Write-Output 'stands still'
  return 0
}

# Starts the watchdog alone: it starts the others, once the kill switch lets it.
function Invoke-Readiness {
  if (Test-OwnStopFile) {
    Remove-Item -Path $stopFile -Force
  }
  foreach ($name in @(Get-ListedName)) {
    if (Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue) {
      Enable-ScheduledTask -TaskName $name | Out-Null
    }
  }
  $monitor = Get-ScheduledTask -TaskName 'AXIA_Monitor' -ErrorAction SilentlyContinue
  if ($monitor -and $monitor.State -eq 'Ready') {
    Start-ScheduledTask -TaskName 'AXIA_Monitor'
  }
  Remove-Item -Path $listFile -Force -ErrorAction SilentlyContinue
  $disabled = @(Get-TaskInOrder | Where-Object { $_.State -eq 'Disabled' } | ForEach-Object { $_.TaskName })
  if (Test-Path $stopFile) {
    Write-Output "ready, but nothing starts: $stopFile is an operator's, and stays"
  } elseif ($disabled.Count -gt 0) {
    Write-Output "ready; an operator had disabled $($disabled -join ', ')"
  } else {
    Write-Output 'ready'
  }
  return 0
}

function Get-HostStatus {
  $why = ''
  if (Test-OwnStopFile) {
    $why = ' (stopped by the kill switch)'
  } elseif (Test-Path $stopFile) {
    $why = " ($stopFile is an operator's)"
  }
  $running = @(Get-RunningName)
  if ($running.Count -gt 0) {
    Write-Output "runs: $($running -join ', ')$why"
  } else {
    Write-Output "stands still$why"
  }
  return 0
}

# Two people may turn it at once, and Systems Manager lets both: without turns the second would write over the first one's list.
function Invoke-InTurn {
  param([scriptblock] $Work)
  $turn = New-Object System.Threading.Mutex($false, 'Global\tss-kill-switch')
  try {
    [void] $turn.WaitOne()
  } catch [System.Threading.AbandonedMutexException] {
    Write-Verbose 'Whoever had the turn was ended in it: it is ours now.'
  }
  try {
    & $Work
  } finally {
    $turn.ReleaseMutex()
    $turn.Dispose()
  }
}

if ($MyInvocation.InvocationName -ne '.') {
  $result = @(switch ($Action) {
      'stop' { Invoke-InTurn { Invoke-Halt } }
      'ready' { Invoke-InTurn { Invoke-Readiness } }
      'status' { Get-HostStatus }
    })
  $result | Select-Object -SkipLast 1 | Write-Output
  exit $result[-1]
}
