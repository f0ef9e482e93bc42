<#
.SYNOPSIS
  Automatic logon of Administrator, which gives MetaTrader 5 the desktop session it needs.
.DESCRIPTION
  The password comes from Secrets Manager and goes to the account and to LSA's secret store, in memory only:
  never to a file, to Winlogon's plain registry value or to a log.
  https://learn.microsoft.com/windows/win32/secauthn/protecting-the-automatic-logon-password
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Initialize-LsaType {
  if ('Tss.Lsa' -as [type]) {
    return
  }
  Add-Type -TypeDefinition @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
namespace Tss {
  public static class Lsa {
    [StructLayout(LayoutKind.Sequential)]
    public struct Text { public ushort Length; public ushort MaximumLength; public IntPtr Buffer; }
    [StructLayout(LayoutKind.Sequential)]
    public struct Attributes { public int Length; public IntPtr Root; public IntPtr Name; public uint Flags; public IntPtr Descriptor; public IntPtr Quality; }
    [DllImport("advapi32.dll")]
    static extern uint LsaOpenPolicy(IntPtr system, ref Attributes attributes, uint access, out IntPtr policy);
    [DllImport("advapi32.dll")]
    static extern uint LsaStorePrivateData(IntPtr policy, ref Text key, ref Text data);
    [DllImport("advapi32.dll")]
    static extern uint LsaRetrievePrivateData(IntPtr policy, ref Text key, out IntPtr data);
    [DllImport("advapi32.dll")]
    static extern uint LsaFreeMemory(IntPtr memory);
    [DllImport("advapi32.dll")]
    static extern uint LsaClose(IntPtr policy);
    [DllImport("advapi32.dll")]
    static extern int LsaNtStatusToWinError(uint status);
    [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    static extern bool LogonUser(string user, string domain, string word, int type, int provider, out IntPtr token);
    [DllImport("kernel32.dll")]
    static extern bool CloseHandle(IntPtr handle);

    static void Check(uint status) {
      if (status != 0) throw new Win32Exception(LsaNtStatusToWinError(status));
    }
    // LSA's strings are not terminated; their lengths are in bytes.
    static Text Make(string value) {
      return new Text { Length = (ushort)(value.Length * 2), MaximumLength = (ushort)(value.Length * 2), Buffer = Marshal.StringToHGlobalUni(value) };
    }
    static IntPtr Open(uint access) {
      Attributes attributes = new Attributes();
      attributes.Length = Marshal.SizeOf(typeof(Attributes));
      IntPtr policy;
      Check(LsaOpenPolicy(IntPtr.Zero, ref attributes, access, out policy));
      return policy;
    }
    public static void Store(string name, string value) {
      IntPtr policy = Open(0x20); // POLICY_CREATE_SECRET
      Text key = Make(name);
      Text data = Make(value);
      try {
        Check(LsaStorePrivateData(policy, ref key, ref data));
      } finally {
        Marshal.ZeroFreeGlobalAllocUnicode(data.Buffer);
        Marshal.FreeHGlobal(key.Buffer);
        LsaClose(policy);
      }
    }
    public static bool Holds(string name, string value) {
      IntPtr policy = Open(0x4); // POLICY_GET_PRIVATE_INFORMATION
      Text key = Make(name);
      IntPtr data = IntPtr.Zero;
      try {
        uint status = LsaRetrievePrivateData(policy, ref key, out data);
        if (status == 0xC0000034) return false; // there is none
        Check(status);
        if (data == IntPtr.Zero) return false;
        Text found = (Text)Marshal.PtrToStructure(data, typeof(Text));
        return Marshal.PtrToStringUni(found.Buffer, found.Length / 2) == value;
      } finally {
        if (data != IntPtr.Zero) LsaFreeMemory(data);
        Marshal.FreeHGlobal(key.Buffer);
        LsaClose(policy);
      }
    }
    public static bool Opens(string user, string word) {
      IntPtr token;
      if (!LogonUser(user, ".", word, 3, 0, out token)) return false; // LOGON32_LOGON_NETWORK
      CloseHandle(token);
      return true;
    }
  }
}
'@
}

# The version of the secret with a label: what is current, or what a rotation makes of it (rotate-logon.ps1).
function Get-LogonCredential {
  param(
    [object] $Settings,
    [string] $Stage = 'AWSCURRENT'
  )
  $name = $Settings.secrets.windowsLogon
  $remedy = "fill it in: aws secretsmanager put-secret-value --region $($Settings.region) --secret-id $name --secret-string file://logon.json" +
    ' (the file: {"password": "..."})'
  try {
    $text = (Invoke-WithRetry { Get-SECSecretValue -SecretId $name -VersionStage $Stage -Region $Settings.region }).SecretString
  } catch {
    throw "the secret $name could not be read: $($_.Exception.Message); if it is empty, $remedy"
  }
  $value = ''
  if ($text) {
    try {
      $value = [string] ($text | ConvertFrom-Json).password
    } catch {
      # The parser's own message quotes the text.
      throw "the secret $name is not JSON with a key password; $remedy"
    }
  }
  if (-not $value) {
    throw "the secret $name is empty; $remedy"
  }
  $secure = (New-Object System.Net.NetworkCredential('', $value)).SecurePassword
  return New-Object System.Management.Automation.PSCredential('Administrator', $secure)
}

# Where the password is not this one: Windows itself is asked, by a logon.
function Get-LogonGap {
  param(
    [pscredential] $Credential
  )
  Initialize-LsaType
  if (-not [Tss.Lsa]::Opens($Credential.UserName, $Credential.GetNetworkCredential().Password)) {
    Write-Output 'account'
  }
  if (-not [Tss.Lsa]::Holds('DefaultPassword', $Credential.GetNetworkCredential().Password)) {
    Write-Output 'LSA secret'
  }
}

# Sets account, LSA secret and Winlogon where they differ; returns what was changed.
function Save-Logon {
  param(
    [pscredential] $Credential
  )
  $user = $Credential.UserName
  $winlogon = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
  $gap = @(Get-LogonGap -Credential $Credential)
  if ($gap -contains 'account') {
    Set-LocalUser -Name $user -Password $Credential.Password
  }
  if ($gap -contains 'LSA secret') {
    [Tss.Lsa]::Store('DefaultPassword', $Credential.GetNetworkCredential().Password)
  }
  Write-Output $gap
  # An expired password ends the automatic logon.
  if ((Get-LocalUser -Name $user).PasswordExpires) {
    Set-LocalUser -Name $user -PasswordNeverExpires $true
    Write-Output 'expiry'
  }
  $item = Get-ItemProperty -Path $winlogon
  # ForceAutoLogon: after a log-off too, which would otherwise end the trading until the next restart.
  $values = @{ AutoAdminLogon = '1'; ForceAutoLogon = '1'; DefaultUserName = $user; DefaultDomainName = '.' }
  foreach ($name in $values.Keys) {
    if ($item.PSObject.Properties.Name -notcontains $name -or $item.$name -ne $values[$name]) {
      Set-ItemProperty -Path $winlogon -Name $name -Value $values[$name] -Type String
      Write-Output $name
    }
  }
  foreach ($name in @('DefaultPassword', 'AutoLogonCount')) {
    if ($item.PSObject.Properties.Name -contains $name) {
      Remove-ItemProperty -Path $winlogon -Name $name
      Write-Output "$name removed"
    }
  }
}

# explorer.exe is the desktop; it runs in a session or there is none.
function Test-Session {
  return (@(Get-DesktopProcess -Name 'explorer', 'terminal64').Count -gt 0)
}

function Invoke-LogonStep {
  param(
    [object] $Context
  )
  $changes = @(Save-Logon -Credential (Get-LogonCredential -Settings $Context.Settings))
  # Nothing is traded before the first logon (Get-StartRefusal), so that there is nothing that this restart could break off.
  $first = (Get-SavedState -Context $Context -Name 'first-logon') -ne 'done'
  if ($first -and $Context.Failed.Count -eq 0) {
    if (Test-Session) {
      return ConvertTo-StepResult -State 'postponed' -Detail 'somebody is logged on: log off, then the host restarts for the first automatic logon at the next converge'
    }
    Save-State -Context $Context -Name 'first-logon' -Value 'done'
    shutdown.exe /r /t 60 /c 'AXIA: first automatic logon'
    return ConvertTo-StepResult -State 'changed' -Detail (@($changes + 'restarts in 60 s for the first automatic logon') -join ', ')
  }
  if ($changes.Count -eq 0) {
    return ConvertTo-StepResult -State 'unchanged'
  }
  return ConvertTo-StepResult -State 'changed' -Detail "$($changes -join ', '); takes effect at the next restart"
}
