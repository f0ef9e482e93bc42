<#
.SYNOPSIS
  Makes this host what the manifest says.
.DESCRIPTION
  Runs the steps in their order, each of which first looks whether all is so already. May be run at any time and any number of times.
  Prints one line per step; exit code 1 when a step failed.
.PARAMETER ManifestPath
  File with the value of the SSM parameter /tss/<environment>/windows.
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory)]
  [string] $ManifestPath
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

. (Join-Path $PSScriptRoot 'lib.ps1')

$root = Join-Path $env:ProgramData 'tss'
# WIN-021.
$project = 'C:\Users\Administrator\Projects\axia-tss'
$manifest = Read-JsonFile -Path $ManifestPath
$context = [pscustomobject]@{
  Root = $root
  HostFolder = $PSScriptRoot
  Project = $project
  Python = Join-Path $project '.venv\Scripts\python.exe'
  BasePython = 'C:\Program Files\Python311\python.exe'
  Settings = $manifest.settings
  Summary = New-Object System.Collections.Generic.List[string]
  Failed = New-Object System.Collections.Generic.List[string]
}

# The logon comes last: it needs a secret that a person must fill in, and nothing else shall wait for that.
$steps = @(
  @{ Name = 'settings'; File = '10-settings.ps1'; Run = 'Invoke-SettingsStep' }
  @{ Name = 'environment'; File = '20-environment.ps1'; Run = 'Invoke-EnvironmentStep' }
  @{ Name = 'software'; File = '30-software.ps1'; Run = 'Invoke-SoftwareStep' }
  @{ Name = 'application'; File = '40-application.ps1'; Run = 'Invoke-ApplicationStep' }
  @{ Name = 'python'; File = '50-python.ps1'; Run = 'Invoke-PythonStep' }
  @{ Name = 'cloudwatch'; File = '60-cloudwatch.ps1'; Run = 'Invoke-CloudWatchStep' }
  @{ Name = 'tasks'; File = '70-tasks.ps1'; Run = 'Invoke-TaskStep' }
  @{ Name = 'logon'; File = '80-logon.ps1'; Run = 'Invoke-LogonStep' }
)
foreach ($step in $steps) {
  . (Join-Path $PSScriptRoot "steps\$($step.File)")
}

Invoke-StepList -StepList $steps -Context $context
$context.Summary | ForEach-Object { Write-Output $_ }
if ($context.Failed.Count -gt 0) {
  exit 1
}
exit 0
