<#
.SYNOPSIS
  The daily commands on the Windows host in one report: tasks, processes, events, disks, Redis (OPS-037 to OPS-041).
.DESCRIPTION
  Changes nothing. What cannot be shown says so, and the rest is shown all the same; then the exit code is 1.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-TaskReport {
  foreach ($task in @(Get-ScheduledTask -TaskName 'AXIA_*')) {
    $last = ($task | Get-ScheduledTaskInfo).LastRunTime
    [pscustomobject]@{ TaskName = $task.TaskName; State = $task.State; LastRunTime = $last }
  }
}

function Get-ProcessReport {
  Get-Process | Where-Object { $_.ProcessName -match 'python|terminal64|streamlit' } | Select-Object -Property @('ProcessName', 'Id', 'CPU', 'WorkingSet')
}

function Get-EventReport {
  # None is an error to it, and an answer here.
  Get-EventLog -LogName Application -Source 'Task Scheduler' -Newest 10 -ErrorAction SilentlyContinue | Select-Object -Property @('TimeGenerated', 'EntryType', 'Message')
}

function Get-DiskReport {
  $gigabyte = 1073741824
  foreach ($disk in @(Get-CimInstance -ClassName Win32_LogicalDisk)) {
    [pscustomobject]@{ DeviceID = $disk.DeviceID; SizeGB = [math]::Round($disk.Size / $gigabyte, 2); FreeGB = [math]::Round($disk.FreeSpace / $gigabyte, 2) }
  }
}

function Get-RedisReport {
  $path = Join-Path $env:ProgramData 'tss\settings.json'
  $cache = (Get-Content -Path $path -Raw -Encoding UTF8 | ConvertFrom-Json).cache
  $answers = Test-NetConnection -ComputerName $cache.host -Port $cache.port -InformationLevel Quiet -WarningAction SilentlyContinue
  if (-not $answers) {
    throw "nobody answers at $($cache.host):$($cache.port)"
  }
  [pscustomobject]@{ Redis = "$($cache.host):$($cache.port)"; Answers = $answers }
}

$parts = @(
  @{ Title = 'Scheduled tasks (OPS-037)'; Show = 'Get-TaskReport' },
  @{ Title = 'Processes (OPS-038)'; Show = 'Get-ProcessReport' },
  @{ Title = 'Events of the task scheduler (OPS-039)'; Show = 'Get-EventReport' },
  @{ Title = 'Disks (OPS-040)'; Show = 'Get-DiskReport' },
  @{ Title = 'Redis (OPS-041)'; Show = 'Get-RedisReport' }
)
$failed = 0
foreach ($part in $parts) {
  Write-Output "== $($part.Title)"
  try {
    $found = @(& $part.Show)
    if ($found.Count -eq 0) {
      Write-Output 'none'
    } else {
      Write-Output ($found | Format-Table -AutoSize | Out-String -Width 160).Trim()
    }
  } catch {
    $failed = 1
    Write-Output "FAILED: $($_.Exception.Message)"
  }
}
exit $failed
