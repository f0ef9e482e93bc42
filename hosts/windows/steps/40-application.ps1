<#
.SYNOPSIS
  The trading application's source, below the project root.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# An archive may hold all files in one folder of its own, as those of GitHub do.
function Get-SourceFolder {
  param(
    [string] $Folder
  )
  $children = @(Get-ChildItem -Path $Folder -Force)
  if ($children.Count -eq 1 -and $children[0].PSIsContainer) {
    return $children[0].FullName
  }
  return $Folder
}

# Paths below a folder, relative to it, without those of the virtual environment and the logs.
function Get-SourceFile {
  param(
    [string] $Folder
  )
  $prefix = (Get-Item -Path $Folder).FullName.TrimEnd('\').Length + 1
  $files = Get-ChildItem -Path $Folder -Recurse -File -Force
  return @($files | ForEach-Object { $_.FullName.Substring($prefix) } | Where-Object { $_ -notmatch '^(\.venv|logs)\\' })
}

function Copy-Source {
  param(
    [object] $Context,
    [string] $From
  )
  $files = @(Get-SourceFile -Folder $From)
  foreach ($file in $files) {
    $target = Join-Path $Context.Project $file
    New-Item -ItemType Directory -Path (Split-Path $target) -Force | Out-Null
    Copy-Item -LiteralPath (Join-Path $From $file) -Destination $target -Force
  }
  # Only what an earlier archive brought is taken away; the application's own files stay.
  $before = (Get-SavedState -Context $Context -Name 'application-files') -split "`n"
  foreach ($file in $before) {
    if ($file -and $files -notcontains $file) {
      Remove-Item -LiteralPath (Join-Path $Context.Project $file) -Force -ErrorAction SilentlyContinue
    }
  }
  Save-State -Context $Context -Name 'application-files' -Value ($files -join "`n")
}

function Invoke-ApplicationStep {
  param(
    [object] $Context
  )
  $entries = (Read-JsonFile -Path (Join-Path $Context.HostFolder 'software.json')).entries
  $entry = $entries | Where-Object { $_.name -eq 'application' } | Select-Object -First 1
  if (-not $entry) {
    throw "'application' is missing in software.json"
  }
  if ($entry.sha256 -and (Get-SavedState -Context $Context -Name 'application') -eq $entry.sha256) {
    return ConvertTo-StepResult -State 'unchanged'
  }
  # Python loads some modules late; a running program would mix two versions.
  $running = @(Get-RunningPythonTask)
  if ($running.Count -gt 0) {
    return ConvertTo-StepResult -State 'postponed' -Detail "stop $($running -join ', '), then converge again"
  }
  $cache = Join-Path $Context.Root 'cache'
  $file = Get-VerifiedFile -Entry $entry -Settings $Context.Settings -Folder $cache
  $unpacked = Join-Path $cache 'application'
  if (Test-Path $unpacked) {
    Remove-Item $unpacked -Recurse -Force
  }
  Expand-Archive -Path $file -DestinationPath $unpacked
  Copy-Source -Context $Context -From (Get-SourceFolder -Folder $unpacked)
  Remove-Item $unpacked -Recurse -Force
  Remove-Item $file -Force
  Save-State -Context $Context -Name 'application' -Value $entry.sha256
  return ConvertTo-StepResult -State 'changed' -Detail "$($entry.version)"
}
