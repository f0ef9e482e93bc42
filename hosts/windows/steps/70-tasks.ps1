<#
.SYNOPSIS
  The scheduled tasks of tasks\AXIA_*.xml; after the first convergence also their first start.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Registers one task when its definition is another than the last registered one; what runs goes on running. Returns what to tell, or nothing.
function Register-AxiaTask {
  param(
    [object] $Context,
    [System.IO.FileInfo] $File
  )
  $name = $File.BaseName
  # The service takes a UTF-16 string and refuses one that says of itself to be UTF-8.
  $xml = (Get-Content -Path $File.FullName -Raw -Encoding UTF8) -replace '^\s*<\?xml[^>]*\?>\s*', ''
  $wanted = Get-TextHash -Text $xml
  $task = Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue
  if ($task -and (Get-SavedState -Context $Context -Name "task-$name") -eq $wanted) {
    return ''
  }
  Register-ScheduledTask -TaskName $name -Xml $xml -Force | Out-Null
  $told = $name
  if ($task -and $task.State -eq 'Disabled') {
    # An operator's doing, for example after the kill switch (C-66).
    Disable-ScheduledTask -TaskName $name | Out-Null
    $told = "$name stays disabled"
  } elseif ($task -and $task.State -eq 'Running' -and $name -ne 'AXIA_Monitor') {
    $told = "$name takes effect at its next start"
  }
  Save-State -Context $Context -Name "task-$name" -Value $wanted
  return $told
}

# A task that the bundle no longer has must not start again; one that runs is left to an operator.
function Disable-FormerTask {
  param(
    [string[]] $Name
  )
  foreach ($task in @(Get-ScheduledTask -TaskName 'AXIA_*' -ErrorAction SilentlyContinue)) {
    if ($Name -notcontains $task.TaskName -and $task.State -ne 'Disabled') {
      Disable-ScheduledTask -TaskName $task.TaskName | Out-Null
      Write-Output "$($task.TaskName) is no longer part of this host and was disabled"
    }
  }
}

# The watchdog reads its script and the settings once, at its start.
function Invoke-WatchdogRestart {
  param(
    [object] $Context
  )
  $texts = @('monitor_services.ps1', 'lib.ps1', 'tasks\AXIA_Monitor.xml') | ForEach-Object { [System.IO.File]::ReadAllText((Join-Path $Context.HostFolder $_)) }
  $wanted = Get-TextHash -Text ((@($texts) + [System.IO.File]::ReadAllText((Join-Path $Context.Root 'settings.json'))) -join "`n")
  $task = Get-ScheduledTask -TaskName 'AXIA_Monitor'
  $last = Get-SavedState -Context $Context -Name 'watchdog'
  # On a host that was never whole it would start programs that are not there; on any other its absence is worse.
  if ($task.State -eq 'Disabled' -or ($Context.Failed.Count -gt 0 -and -not $last)) {
    return ''
  }
  if ($last -eq $wanted -and $task.State -eq 'Running') {
    return ''
  }
  Stop-ScheduledTask -TaskName 'AXIA_Monitor'
  # IgnoreNew: a start while the old one is ending would be lost.
  for ($second = 0; $second -lt 30 -and (Get-ScheduledTask -TaskName 'AXIA_Monitor').State -eq 'Running'; $second++) {
    Start-Sleep -Seconds 1
  }
  Start-ScheduledTask -TaskName 'AXIA_Monitor'
  Save-State -Context $Context -Name 'watchdog' -Value $wanted
  return 'AXIA_Monitor was started'
}

# Tasks that start at boot were not there at the boot before. WIN-037: the order manager first.
function Invoke-FirstStart {
  param(
    [object] $Context,
    [System.IO.FileInfo[]] $File
  )
  $names = @($File | Where-Object { (Get-Content -Path $_.FullName -Raw -Encoding UTF8) -match '<BootTrigger' } | ForEach-Object { $_.BaseName })
  $ordered = @('AXIA_Order_Manager', 'AXIA_Streamlit') | Where-Object { $names -contains $_ }
  $waiting = New-Object System.Collections.Generic.List[string]
  foreach ($name in $ordered) {
    $state = (Get-ScheduledTask -TaskName $name).State
    # 267011, SCHED_S_TASK_HAS_NOT_RUN.
    if ($state -eq 'Ready' -and (Get-ScheduledTaskInfo -TaskName $name).LastTaskResult -eq 267011) {
      $waiting.Add($name)
    }
  }
  if ($waiting.Count -eq 0) {
    return ''
  }
  $refusal = Get-StartRefusal -Context $Context
  if ($refusal) {
    return "$($waiting -join ', ') not started: $refusal"
  }
  foreach ($name in $waiting) {
    Start-ScheduledTask -TaskName $name
  }
  return "$($waiting -join ', ') started for the first time"
}

function Invoke-TaskStep {
  param(
    [object] $Context
  )
  $files = @(Get-ChildItem -Path (Join-Path $Context.HostFolder 'tasks') -Filter 'AXIA_*.xml' | Sort-Object -Property Name)
  if ($files.Count -eq 0) {
    throw 'the bundle has no tasks\AXIA_*.xml'
  }
  $told = New-Object System.Collections.Generic.List[string]
  foreach ($file in $files) {
    $told.Add((Register-AxiaTask -Context $Context -File $file))
  }
  $told.Add((@(Disable-FormerTask -Name @($files | ForEach-Object { $_.BaseName })) -join ', '))
  if ($Context.Failed.Count -eq 0) {
    $told.Add((Invoke-FirstStart -Context $Context -File $files))
  }
  $told.Add((Invoke-WatchdogRestart -Context $Context))
  $lines = @($told | Where-Object { $_ })
  if ($lines.Count -eq 0) {
    return ConvertTo-StepResult -State 'unchanged'
  }
  return ConvertTo-StepResult -State 'changed' -Detail ($lines -join '; ')
}
