<#
.SYNOPSIS
  The virtual environment of WIN-012 to WIN-020, from wheels of the software bucket; nothing comes from the Internet.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Lets the programs of the virtual environment import tss_host from the bundle.
function Save-PathFile {
  param(
    [object] $Context,
    [string] $VirtualEnvironment
  )
  $path = Join-Path $VirtualEnvironment 'Lib\site-packages\tss_host.pth'
  $text = Join-Path $Context.HostFolder 'python'
  if ((Test-Path $path) -and ([System.IO.File]::ReadAllText($path) -eq $text)) {
    return $false
  }
  Save-TextFile -Path $path -Text $text
  return $true
}

function Invoke-Pip {
  param(
    [object] $Context,
    [string] $VirtualEnvironment,
    [string] $WheelFolder,
    [string] $Requirements
  )
  # Its python.exe may be in use by the watchdog, which the tasks step starts again.
  Stop-ScheduledTask -TaskName 'AXIA_Monitor' -ErrorAction SilentlyContinue
  & $Context.BasePython -m venv --clear $VirtualEnvironment | Out-Host
  if ($LASTEXITCODE -ne 0) {
    throw "the virtual environment could not be made (exit code $LASTEXITCODE)"
  }
  & $Context.Python -m pip install --no-index --find-links $WheelFolder --require-hashes --no-cache-dir --disable-pip-version-check -r $Requirements | Out-Host
  if ($LASTEXITCODE -ne 0) {
    throw "pip ended with exit code $LASTEXITCODE; its output is in the log of the converge"
  }
}

function Invoke-PythonStep {
  param(
    [object] $Context
  )
  $virtualEnvironment = Join-Path $Context.Project '.venv'
  $requirements = Join-Path $Context.HostFolder 'requirements.txt'
  $wheels = Join-Path $Context.HostFolder 'wheels.json'
  $interpreter = Get-SavedState -Context $Context -Name 'software-python'
  $wanted = Get-TextHash -Text "$interpreter`n$([System.IO.File]::ReadAllText($requirements))`n$([System.IO.File]::ReadAllText($wheels))"
  if ((Test-Path $Context.Python) -and (Get-SavedState -Context $Context -Name 'python') -eq $wanted) {
    if (Save-PathFile -Context $Context -VirtualEnvironment $virtualEnvironment) {
      return ConvertTo-StepResult -State 'changed' -Detail 'tss_host.pth'
    }
    return ConvertTo-StepResult -State 'unchanged'
  }
  if (-not (Test-Path $Context.BasePython)) {
    throw "$($Context.BasePython) does not exist; see the software step"
  }
  # Windows does not replace libraries that a running program has loaded.
  $running = @(Get-RunningPythonTask)
  if ($running.Count -gt 0) {
    return ConvertTo-StepResult -State 'postponed' -Detail "stop $($running -join ', '), then converge again"
  }
  $folder = Join-Path $Context.Root 'cache\wheels'
  foreach ($entry in (Read-JsonFile -Path $wheels).entries) {
    Get-VerifiedFile -Entry $entry -Settings $Context.Settings -Folder $folder | Out-Null
  }
  # Forgotten first: an installation that breaks off halfway is done again.
  Save-State -Context $Context -Name 'python' -Value ''
  Invoke-Pip -Context $Context -VirtualEnvironment $virtualEnvironment -WheelFolder $folder -Requirements $requirements
  Save-PathFile -Context $Context -VirtualEnvironment $virtualEnvironment | Out-Null
  if (Test-Path $folder) {
    Remove-Item $folder -Recurse -Force
  }
  Save-State -Context $Context -Name 'python' -Value $wanted
  return ConvertTo-StepResult -State 'changed'
}
