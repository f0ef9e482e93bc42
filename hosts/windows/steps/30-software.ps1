<#
.SYNOPSIS
  The programs of WIN-011 and the CloudWatch agent, each from the software bucket by its hash.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Probe: exists when the program is installed. Arguments: of an .exe installer. Folder: where a .zip is unpacked. Busy: what must not run meanwhile.
function Get-InstallerTable {
  return [ordered]@{
    'python' = @{
      Probe = 'C:\Program Files\Python311\python.exe'
      Arguments = '/quiet InstallAllUsers=1 PrependPath=0 Include_test=0 Include_launcher=0 TargetDir="C:\Program Files\Python311"'
      Folder = ''
      Busy = 'python'
    }
    'git' = @{
      Probe = 'C:\Program Files\Git\cmd\git.exe'
      Arguments = '/VERYSILENT /NORESTART /NOCANCEL /SP- /SUPPRESSMSGBOXES'
      Folder = ''
      Busy = ''
    }
    'powershell' = @{
      Probe = 'C:\Program Files\PowerShell\7\pwsh.exe'
      Arguments = ''
      Folder = 'C:\Program Files\PowerShell\7'
      Busy = ''
    }
    'windows-terminal' = @{
      Probe = 'C:\Program Files\Windows*Terminal*'
      Arguments = ''
      Folder = 'C:\Program Files\WindowsTerminal'
      Busy = ''
    }
    'metatrader5' = @{
      Probe = 'C:\Program Files\MetaTrader 5\terminal64.exe'
      Arguments = '/auto'
      Folder = 'C:\Program Files\MetaTrader 5'
      Busy = 'terminal'
    }
    'cloudwatch-agent' = @{
      Probe = 'C:\Program Files\Amazon\AmazonCloudWatchAgent\amazon-cloudwatch-agent-ctl.ps1'
      Arguments = ''
      Folder = ''
      Busy = ''
    }
  }
}

function Test-Installed {
  param(
    [object] $Context,
    [object] $Entry,
    [object] $Installer
  )
  # The hash names the version; MetaTrader 5 updates itself, so that its files do not tell which installer made them.
  if ((Get-SavedState -Context $Context -Name "software-$($Entry.name)") -ne $Entry.sha256) {
    return $false
  }
  if (Test-Path $Installer.Probe) {
    return $true
  }
  # A provisioned package lies in a folder that only Windows may list.
  return ($Entry.file -like '*.msixbundle')
}

# An installer would break off what trades, or fail on its files.
function Test-Busy {
  param(
    [string] $Kind
  )
  if ($Kind -eq 'python') {
    return (@(Get-RunningPythonTask).Count -gt 0)
  }
  if ($Kind -eq 'terminal') {
    return [bool] (Get-Process -Name 'terminal64' -ErrorAction SilentlyContinue)
  }
  return $false
}

# Runs an installer and waits for it, but not for what it starts: MetaTrader 5's opens the terminal at its end.
function Invoke-Installer {
  param(
    [string] $File,
    [string] $Arguments
  )
  $process = Start-Process -FilePath $File -ArgumentList $Arguments -PassThru
  # Without the handle the exit code is lost when the process ends.
  $null = $process.Handle
  if (-not $process.WaitForExit(1200000)) {
    throw "$File did not end within 20 minutes"
  }
  # 3010 and 1641: done, takes full effect after a restart.
  if (@(0, 3010, 1641) -notcontains $process.ExitCode) {
    throw "$File ended with exit code $($process.ExitCode)"
  }
}

function Install-Entry {
  param(
    [object] $Context,
    [object] $Entry,
    [object] $Installer
  )
  $cache = Join-Path $Context.Root 'cache'
  $file = Get-VerifiedFile -Entry $Entry -Settings $Context.Settings -Folder $cache
  $extension = [System.IO.Path]::GetExtension($file)
  if ($extension -eq '.msi') {
    Invoke-Installer -File 'msiexec.exe' -Arguments "/i `"$file`" /qn /norestart"
  } elseif ($extension -eq '.zip') {
    Expand-Archive -Path $file -DestinationPath $Installer.Folder -Force
  } elseif ($extension -eq '.msixbundle') {
    Add-AppxProvisionedPackage -Online -PackagePath $file -SkipLicense | Out-Null
  } else {
    Invoke-Installer -File $file -Arguments $Installer.Arguments
  }
  # MetaTrader 5's installer hands over to another process and returns.
  for ($second = 0; $extension -eq '.exe' -and $second -lt 600 -and -not (Test-Path $Installer.Probe); $second += 10) {
    Start-Sleep -Seconds 10
  }
  if ($extension -ne '.msixbundle' -and -not (Test-Path $Installer.Probe)) {
    throw "'$($Entry.name)' was installed, but $($Installer.Probe) does not exist"
  }
  if ($Entry.name -eq 'metatrader5' -and $extension -eq '.exe') {
    # At its end it opens a terminal, which runs as SYSTEM, without a desktop and without an account.
    Start-Sleep -Seconds 60
    Get-Process -Name 'terminal64' -ErrorAction SilentlyContinue | Stop-Process -Force
  }
  Remove-Item $file -Force
  Save-State -Context $Context -Name "software-$($Entry.name)" -Value $Entry.sha256
}

function Invoke-SoftwareStep {
  param(
    [object] $Context
  )
  $entries = (Read-JsonFile -Path (Join-Path $Context.HostFolder 'software.json')).entries
  $installed = New-Object System.Collections.Generic.List[string]
  $postponed = New-Object System.Collections.Generic.List[string]
  $problems = New-Object System.Collections.Generic.List[string]
  $table = Get-InstallerTable
  foreach ($name in $table.Keys) {
    $installer = $table[$name]
    $entry = $entries | Where-Object { $_.name -eq $name } | Select-Object -First 1
    if (-not $entry) {
      $problems.Add("'$name' is missing in software.json")
      continue
    }
    if (Test-Installed -Context $Context -Entry $entry -Installer $installer) {
      continue
    }
    if (Test-Busy -Kind $installer.Busy) {
      $postponed.Add($name)
      continue
    }
    try {
      Install-Entry -Context $Context -Entry $entry -Installer $installer
      $installed.Add($name)
    } catch {
      $problems.Add($_.Exception.Message)
    }
  }
  if ($problems.Count -gt 0) {
    throw ($problems -join ' | ')
  }
  if ($postponed.Count -gt 0) {
    return ConvertTo-StepResult -State 'postponed' -Detail "$($postponed -join ', '): stop the tasks that use it, then converge again"
  }
  if ($installed.Count -gt 0) {
    return ConvertTo-StepResult -State 'changed' -Detail ($installed -join ', ')
  }
  return ConvertTo-StepResult -State 'unchanged'
}
