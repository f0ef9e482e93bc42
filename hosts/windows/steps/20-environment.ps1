<#
.SYNOPSIS
  Folders and their access, Administrator's profile, time zone, machine environment, old logs.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The application and MetaTrader 5 keep their files in Administrator's profile, which Windows makes at the first logon.
# A folder of that name made before would move the profile to another one.
function Initialize-AdministratorProfile {
  $sid = (Get-LocalUser -Name 'Administrator').SID.Value
  if (Get-CimInstance -ClassName Win32_UserProfile -Filter "SID='$sid'") {
    return $false
  }
  if (-not ('Tss.Profile' -as [type])) {
    Add-Type -TypeDefinition @'
using System.Runtime.InteropServices;
using System.Text;
namespace Tss {
  public static class Profile {
    [DllImport("userenv.dll", CharSet = CharSet.Unicode)]
    static extern int CreateProfile(string sid, string user, StringBuilder path, uint length);
    public static void Create(string sid, string user) {
      Marshal.ThrowExceptionForHR(CreateProfile(sid, user, new StringBuilder(260), 260));
    }
  }
}
'@
  }
  [Tss.Profile]::Create($sid, 'Administrator')
  return $true
}

# Only SYSTEM and administrators; fetch.ps1 sets the same before anything lies here.
function Protect-Root {
  param(
    [string] $Root
  )
  if ((Get-Acl -Path $Root).AreAccessRulesProtected) {
    return $false
  }
  icacls.exe $Root /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
  if ($LASTEXITCODE -ne 0) {
    throw "icacls could not protect ${Root} (exit code $LASTEXITCODE)"
  }
  return $true
}

function Invoke-EnvironmentStep {
  param(
    [object] $Context
  )
  $changes = New-Object System.Collections.Generic.List[string]
  if (Protect-Root -Root $Context.Root) {
    $changes.Add('access')
  }
  if (Initialize-AdministratorProfile) {
    $changes.Add('profile of Administrator')
  }
  $logs = Join-Path $Context.Root 'logs'
  $folders = @($logs, (Join-Path $Context.Root 'state'), $Context.Project, (Join-Path $Context.Project 'logs'))
  foreach ($folder in $folders) {
    if (-not (Test-Path $folder)) {
      New-Item -ItemType Directory -Path $folder -Force | Out-Null
      $changes.Add($folder)
    }
  }
  # WIN-025.
  if ((Get-TimeZone).Id -ne 'UTC') {
    Set-TimeZone -Id 'UTC'
    $changes.Add('time zone')
  }
  $settingsPath = Join-Path $Context.Root 'settings.json'
  if ([System.Environment]::GetEnvironmentVariable('TSS_SETTINGS', 'Machine') -ne $settingsPath) {
    [System.Environment]::SetEnvironmentVariable('TSS_SETTINGS', $settingsPath, 'Machine')
    $changes.Add('TSS_SETTINGS')
  }
  $env:TSS_SETTINGS = $settingsPath
  # Logs of the converge and the watchdog; what is needed longer is in CloudWatch.
  Get-ChildItem -Path $logs -Filter '*.log' |
    Where-Object { $_.LastWriteTimeUtc -lt (Get-Date).ToUniversalTime().AddDays(-30) } |
    Remove-Item -Force
  if ($changes.Count -eq 0) {
    return ConvertTo-StepResult -State 'unchanged'
  }
  return ConvertTo-StepResult -State 'changed' -Detail ($changes -join ', ')
}
