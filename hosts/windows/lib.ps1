<#
.SYNOPSIS
  What converge.ps1, its steps and the watchdog share.
.DESCRIPTION
  Dot-sourced; defines functions only.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Runs an action against AWS again when it fails, for example while the network changes.
function Invoke-WithRetry {
  param(
    [scriptblock] $Action,
    [int] $Attempts = 5,
    [int] $DelaySeconds = 10
  )
  for ($attempt = 1; $true; $attempt++) {
    try {
      return & $Action
    } catch {
      if ($attempt -ge $Attempts) {
        throw
      }
      Write-Output "attempt $attempt failed: $($_.Exception.Message)" | Out-Host
      Start-Sleep -Seconds $DelaySeconds
    }
  }
}

function Read-JsonFile {
  param(
    [string] $Path
  )
  return Get-Content -Path $Path -Raw -Encoding UTF8 | ConvertFrom-Json
}

# A reader sees the old file or the new one, never half of it. UTF-8 without a byte order mark, which Python's json refuses.
function Save-TextFile {
  param(
    [string] $Path,
    [string] $Text
  )
  $temporary = "$Path.new"
  [System.IO.File]::WriteAllText($temporary, $Text)
  if (Test-Path $Path) {
    # Move-Item -Force would delete first and move then.
    [System.IO.File]::Replace($temporary, $Path, [NullString]::Value)
  } else {
    [System.IO.File]::Move($temporary, $Path)
  }
}

# What a step did last is remembered in C:\ProgramData\tss\state, one small file per thing.
function Get-SavedState {
  param(
    [object] $Context,
    [string] $Name
  )
  $path = Join-Path $Context.Root "state\$Name"
  if (Test-Path $path) {
    return [System.IO.File]::ReadAllText($path)
  }
  return ''
}

function Save-State {
  param(
    [object] $Context,
    [string] $Name,
    [string] $Value
  )
  $folder = Join-Path $Context.Root 'state'
  New-Item -ItemType Directory -Path $folder -Force | Out-Null
  Save-TextFile -Path (Join-Path $folder $Name) -Text $Value
}

function Get-TextHash {
  param(
    [string] $Text
  )
  $algorithm = [System.Security.Cryptography.SHA256]::Create()
  try {
    $bytes = $algorithm.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($Text))
    return [System.BitConverter]::ToString($bytes).Replace('-', '').ToLowerInvariant()
  } finally {
    $algorithm.Dispose()
  }
}

# State: unchanged, changed, postponed (waits for an operator, see Detail), failed.
function ConvertTo-StepResult {
  param(
    [ValidateSet('unchanged', 'changed', 'postponed', 'failed')]
    [string] $State,
    [string] $Detail = ''
  )
  return [pscustomobject]@{
    State = $State
    Detail = $Detail
  }
}

# Runs steps in their order. A failed one does not keep the others from being done, but no task is started for the first time after it,
# and without settings (the first step) no other step knows what to do.
function Invoke-StepList {
  param(
    [object[]] $StepList,
    [object] $Context
  )
  foreach ($step in $StepList) {
    try {
      $result = @(& $step.Run -Context $Context)[-1]
    } catch {
      $result = ConvertTo-StepResult -State 'failed' -Detail $_.Exception.Message
    }
    $line = "$($step.Name): $($result.State)"
    if ($result.Detail) {
      $line = "$line ($($result.Detail))"
    }
    $Context.Summary.Add($line)
    if ($result.State -eq 'failed') {
      $Context.Failed.Add($step.Name)
      if ($step.Name -eq 'settings') {
        break
      }
    }
  }
}

# Downloads an entry of software.json or wheels.json by its hash; what comes with another one is never run.
function Get-VerifiedFile {
  param(
    [object] $Entry,
    [object] $Settings,
    [string] $Folder
  )
  $remedy = "run: npm run software -- lock $($Settings.environment)"
  if (-not $Entry.sha256) {
    throw "'$($Entry.name)' has no SHA-256 yet; $remedy"
  }
  New-Item -ItemType Directory -Path $Folder -Force | Out-Null
  $file = Join-Path $Folder $Entry.file
  $request = @{
    BucketName = $Settings.softwareBucket
    Key = "software/$($Entry.sha256)/$($Entry.file)"
    File = $file
    Region = $Settings.region
  }
  try {
    Invoke-WithRetry { Read-S3Object @request } | Out-Null
  } catch {
    throw "'$($Entry.name)' could not be read from s3://$($request.BucketName)/$($request.Key): $($_.Exception.Message); $remedy"
  }
  $found = (Get-FileHash -Path $file -Algorithm SHA256).Hash.ToLowerInvariant()
  if ($found -ne $Entry.sha256) {
    Remove-Item $file -Force
    throw "'$($Entry.name)' is refused: expected SHA-256 $($Entry.sha256), found $found; $remedy"
  }
  return $file
}

# Tasks that use the virtual environment and the application's files. The watchdog may be restarted at any time, these never.
function Get-RunningPythonTask {
  $names = @('AXIA_Order_Manager', 'AXIA_Data_Collector', 'AXIA_Streamlit')
  $tasks = @(Get-ScheduledTask -TaskName 'AXIA_*' -ErrorAction SilentlyContinue)
  return @($tasks | Where-Object { $_.State -eq 'Running' -and $names -contains $_.TaskName } | ForEach-Object { $_.TaskName })
}

# inactive, active or unknown (DAT-014). Whatever is not a clear answer is unknown.
function Get-KillSwitchState {
  param(
    [string] $Python
  )
  if (-not (Test-Path $Python)) {
    return 'unknown'
  }
  # What a program writes to its error output is no error by itself; the exit code is the answer.
  $ErrorActionPreference = 'Continue'
  try {
    & $Python -m tss_host kill-switch | Out-Host
    $code = $LASTEXITCODE
  } catch {
    Write-Output "kill switch: $($_.Exception.Message)" | Out-Host
    return 'unknown'
  }
  if ($code -eq 0) {
    return 'inactive'
  }
  if ($code -eq 10) {
    return 'active'
  }
  return 'unknown'
}

# Processes with a desktop. Session 0 is that of the services and has none.
function Get-DesktopProcess {
  param(
    [string[]] $Name
  )
  return @(Get-Process -Name $Name -ErrorAction SilentlyContinue | Where-Object { $_.SessionId -gt 0 })
}

# Why no trading task may be started now, or nothing (C-66).
function Get-StartRefusal {
  param(
    [object] $Context
  )
  # Until then no terminal has a desktop, and the host is about to restart.
  if ((Get-SavedState -Context $Context -Name 'first-logon') -ne 'done') {
    return 'the first automatic logon is not done'
  }
  $stopFile = Join-Path $Context.Root 'stop'
  if (Test-Path $stopFile) {
    return "the stop file $stopFile exists"
  }
  $state = Get-KillSwitchState -Python $Context.Python
  if ($state -eq 'inactive') {
    return ''
  }
  if ($state -eq 'active') {
    return 'the kill switch is active'
  }
  return 'the state of the kill switch is unknown'
}
