<#
.SYNOPSIS
  Sets the password of the automatic logon that is to be, or proves that this host has it (SEC-056).
.DESCRIPTION
  Run by the environment's documents of Systems Manager, which the function that rotates the secret sends. The password is read here, in memory
  only, and printed nowhere. The converge sets what is current again where a rotation goes no further.
  Exit code 1: it is not so; the last line says why.
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory)]
  [ValidateSet('set', 'test')]
  [string] $Action
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

. (Join-Path $PSScriptRoot 'lib.ps1')
. (Join-Path $PSScriptRoot 'steps\80-logon.ps1')

# A host that never logged on by itself has nothing to be rotated yet: its first converge takes what is current.
function Invoke-Rotation {
  param(
    [object] $Context,
    [string] $Action
  )
  if ((Get-SavedState -Context $Context -Name 'first-logon') -ne 'done') {
    throw 'the first automatic logon is not done'
  }
  $credential = Get-LogonCredential -Settings $Context.Settings -Stage 'AWSPENDING'
  if ($Action -eq 'set') {
    Save-Logon -Credential $credential | Out-Null
    return 'the password that is to be is set'
  }
  $missing = @(Get-LogonGap -Credential $credential)
  if ($missing.Count -gt 0) {
    throw "the password that is to be is not that of: $($missing -join ', ')"
  }
  return 'the password that is to be logs on'
}

# A converge sets what is current: neither runs in the middle of the other. The lock is that of fetch.ps1, whoever makes it first.
function Invoke-WithoutConverge {
  param(
    [scriptblock] $Body,
    [int] $Seconds = 30
  )
  $rights = New-Object System.Security.AccessControl.MutexSecurity
  $administrators = New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'
  $rights.AddAccessRule((New-Object System.Security.AccessControl.MutexAccessRule $administrators, 'FullControl', 'Allow'))
  $created = $false
  $held = $false
  $mutex = [System.Threading.Mutex]::new($false, 'Global\tss-converge', [ref] $created, $rights)
  try {
    try {
      $held = $mutex.WaitOne([TimeSpan]::FromSeconds($Seconds))
    } catch [System.Threading.AbandonedMutexException] {
      # The holder was killed.
      $held = $true
    }
    if (-not $held) {
      throw "a converge has been running for $Seconds s"
    }
    & $Body
  } finally {
    if ($held) {
      $mutex.ReleaseMutex()
    }
    $mutex.Dispose()
  }
}

if ($MyInvocation.InvocationName -eq '.') {
  return
}
try {
  $root = Join-Path $env:ProgramData 'tss'
  $context = [pscustomobject]@{
    Root = $root
    Settings = (Read-JsonFile -Path (Join-Path $root 'manifest.json')).settings
  }
  Write-Output (Invoke-WithoutConverge -Body { Invoke-Rotation -Context $context -Action $Action })
} catch {
  Write-Output "not done: $($_.Exception.Message)"
  exit 1
}
exit 0
