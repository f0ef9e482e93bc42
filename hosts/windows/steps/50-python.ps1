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
  if ((Test-Path $path) -and ([System.IO.File]::ReadAllText($path) -ceq $text)) {
    return $false
  }
  Save-TextFile -Path $path -Text $text
  return $true
}

function Invoke-Pip {
  param(
    [object] $Context,
    [string] $Folder,
    [string] $WheelFolder,
    [string] $Requirements
  )
  & $Context.BasePython -m venv --clear $Folder | Out-Host
  if ($LASTEXITCODE -ne 0) {
    throw "the virtual environment could not be made (exit code $LASTEXITCODE)"
  }
  & (Join-Path $Folder 'Scripts\python.exe') -m pip install --no-index --find-links $WheelFolder --require-hashes --no-cache-dir --disable-pip-version-check -r $Requirements | Out-Host
  if ($LASTEXITCODE -ne 0) {
    throw "pip ended with exit code $LASTEXITCODE; its output is in the log of the converge"
  }
}

# Makes the documented path (WIN-022) a junction to the folder.
function Switch-VirtualEnvironment {
  param(
    [string] $Path,
    [string] $Folder
  )
  $item = Get-Item -LiteralPath $Path -Force -ErrorAction SilentlyContinue
  if ($item -and $item.LinkType) {
    # The junction alone; Remove-Item would follow it.
    [System.IO.Directory]::Delete($Path)
  } elseif ($item) {
    Remove-Item -LiteralPath $Path -Recurse -Force
  }
  New-Item -ItemType Junction -Path $Path -Target $Folder | Out-Null
}

# What the watchdog still has open goes with a later converge.
function Clear-FormerEnvironment {
  param(
    [string] $Folder
  )
  $parent = Split-Path $Folder
  if (Test-Path $parent) {
    Get-ChildItem -Path $parent -Directory | Where-Object { $_.Name -ne (Split-Path $Folder -Leaf) } | Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
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
  # Each set of wheels has a folder of its own: the watchdog reports through the old one while pip works, or the alarms on this host would go off,
  # and where pip breaks off the old one is still there.
  $environment = Join-Path $Context.Root "environments\$($wanted.Substring(0, 12))"
  if ((Test-Path $Context.Python) -and (Get-SavedState -Context $Context -Name 'python') -eq $wanted) {
    Clear-FormerEnvironment -Folder $environment
    if (Save-PathFile -Context $Context -VirtualEnvironment $virtualEnvironment) {
      return ConvertTo-StepResult -State 'changed' -Detail 'tss_host.pth'
    }
    return ConvertTo-StepResult -State 'unchanged'
  }
  if (-not (Test-Path $Context.BasePython)) {
    throw "$($Context.BasePython) does not exist; see the software step"
  }
  # Not beside what trades: a small machine has no processor to spare.
  $running = @(Get-RunningPythonTask)
  if ($running.Count -gt 0) {
    return ConvertTo-StepResult -State 'postponed' -Detail "stop $($running -join ', '), then converge again"
  }
  $folder = Join-Path $Context.Root 'cache\wheels'
  if (-not (Test-Path (Join-Path $environment 'complete'))) {
    foreach ($entry in (Read-JsonFile -Path $wheels).entries) {
      Get-VerifiedFile -Entry $entry -Settings $Context.Settings -Folder $folder | Out-Null
    }
    Invoke-Pip -Context $Context -Folder $environment -WheelFolder $folder -Requirements $requirements
    Save-PathFile -Context $Context -VirtualEnvironment $environment | Out-Null
    Save-TextFile -Path (Join-Path $environment 'complete') -Text $wanted
  }
  # Pip took minutes, in which the watchdog may have started one of them; Python loads some modules late, and would mix two versions.
  $running = @(Get-RunningPythonTask)
  if ($running.Count -gt 0) {
    return ConvertTo-StepResult -State 'postponed' -Detail "stop $($running -join ', '), then converge again"
  }
  Switch-VirtualEnvironment -Path $virtualEnvironment -Folder $environment
  if (Test-Path $folder) {
    Remove-Item $folder -Recurse -Force
  }
  Save-State -Context $Context -Name 'python' -Value $wanted
  return ConvertTo-StepResult -State 'changed'
}
