<#
.SYNOPSIS
  rotate-logon.ps1: it takes the version that is to be, proves it where it is asked to, and says no password.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

BeforeAll {
  function Get-SECSecretValue {
    param($SecretId, $VersionStage, $Region)
    throw "not mocked: $SecretId $VersionStage $Region"
  }
  . (Join-Path $PSScriptRoot '..\..\..\hosts\windows\rotate-logon.ps1') -Action test
}

Describe 'Invoke-Rotation' {
  BeforeEach {
    $script:context = [pscustomobject]@{
      Root = "$TestDrive"
      Settings = [pscustomobject]@{
        region = 'ap-northeast-1'
        secrets = [pscustomobject]@{ windowsLogon = 'TSS/windows/logon-dev' }
      }
    }
    Save-State -Context $script:context -Name 'first-logon' -Value 'done'
    Mock Start-Sleep { return }
    Mock Save-Logon { 'account' }
    Mock Get-LogonGap { return }
    Mock Get-SECSecretValue { [pscustomobject]@{ SecretString = '{"password":"not a real one"}' } } -ParameterFilter { $VersionStage -eq 'AWSPENDING' }
  }

  AfterEach {
    Get-ChildItem -Path $TestDrive | Remove-Item -Recurse -Force
  }

  It 'sets the version that is to be' {
    Invoke-Rotation -Context $script:context -Action 'set' | Should -Be 'the password that is to be is set'
    Should -Invoke Save-Logon -Times 1 -Exactly -ParameterFilter { $Credential.GetNetworkCredential().Password -eq 'not a real one' }
  }

  It 'proves it and changes nothing' {
    Invoke-Rotation -Context $script:context -Action 'test' | Should -Be 'the password that is to be logs on'
    Should -Invoke Get-LogonGap -Times 1 -Exactly -ParameterFilter { $Credential.GetNetworkCredential().Password -eq 'not a real one' }
    Should -Invoke Save-Logon -Times 0 -Exactly
  }

  It 'names what has another password, and not which' {
    Mock Get-LogonGap { 'account', 'LSA secret' }
    $message = ''
    try {
      Invoke-Rotation -Context $script:context -Action 'test'
    } catch {
      $message = $_.Exception.Message
    }
    $message | Should -Match 'account, LSA secret'
    $message | Should -Not -Match 'not a real one'
  }

  It 'leaves a host alone that never logged on by itself' {
    Save-State -Context $script:context -Name 'first-logon' -Value ''
    { Invoke-Rotation -Context $script:context -Action 'set' } | Should -Throw -ExpectedMessage '*first automatic logon*'
    Should -Invoke Save-Logon -Times 0 -Exactly
  }

  It 'sets nothing where there is no version that is to be' {
    Mock Get-SECSecretValue { throw 'no value for staging label AWSPENDING' }
    { Invoke-Rotation -Context $script:context -Action 'set' } | Should -Throw -ExpectedMessage '*AWSPENDING*'
    Should -Invoke Save-Logon -Times 0 -Exactly
  }
}
