<#
.SYNOPSIS
  Folders and their access, Administrator's profile, time zone, machine environment, the UI's port, old logs.
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

# Windows keeps every port closed. Who may come to this one is the security group's to say.
function Open-UserInterfacePort {
  param(
    [int] $Port
  )
  $name = 'AXIA_Streamlit'
  $rule = Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue
  if ($rule) {
    $filter = Get-NetFirewallPortFilter -AssociatedNetFirewallRule $rule
    $open = "$($rule.Enabled) $($rule.Direction) $($rule.Action) $($filter.Protocol) $($filter.LocalPort)" -eq "True Inbound Allow TCP $Port"
    if ($open) {
      return $false
    }
    Remove-NetFirewallRule -Name $name
  }
  New-NetFirewallRule -Name $name -DisplayName 'AXIA Streamlit UI' -Direction Inbound -Action Allow -Protocol TCP -LocalPort $Port | Out-Null
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
  # At its first start Streamlit asks for an e-mail address and waits for the answer, unless it is told that nobody is there.
  $variables = [ordered]@{ TSS_SETTINGS = $settingsPath; STREAMLIT_SERVER_HEADLESS = 'true' }
  foreach ($name in $variables.Keys) {
    if ([System.Environment]::GetEnvironmentVariable($name, 'Machine') -cne $variables[$name]) {
      [System.Environment]::SetEnvironmentVariable($name, $variables[$name], 'Machine')
      $changes.Add($name)
    }
  }
  $env:TSS_SETTINGS = $settingsPath
  if (Open-UserInterfacePort -Port $Context.Settings.ui.port) {
    $changes.Add("port $($Context.Settings.ui.port)")
  }
  # Logs of the converge and the watchdog; what is needed longer is in CloudWatch.
  Get-ChildItem -Path $logs -Filter '*.log' |
    Where-Object { $_.LastWriteTimeUtc -lt (Get-Date).ToUniversalTime().AddDays(-30) } |
    Remove-Item -Force
  if ($changes.Count -eq 0) {
    return ConvertTo-StepResult -State 'unchanged'
  }
  return ConvertTo-StepResult -State 'changed' -Detail ($changes -join ', ')
}
