<#
.SYNOPSIS
  The settings file that the hosts' Python, the watchdog and the application read.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Invoke-SettingsStep {
  param(
    [object] $Context
  )
  $path = Join-Path $Context.Root 'settings.json'
  $text = $Context.Settings | ConvertTo-Json -Depth 20
  if ((Test-Path $path) -and ([System.IO.File]::ReadAllText($path) -ceq $text)) {
    return ConvertTo-StepResult -State 'unchanged'
  }
  Save-TextFile -Path $path -Text $text
  return ConvertTo-StepResult -State 'changed'
}
