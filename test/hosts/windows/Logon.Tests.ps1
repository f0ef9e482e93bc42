<#
.SYNOPSIS
  The logon step: what it says of a secret that is missing, and that it restarts the host once at most.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

BeforeAll {
  $hosts = Join-Path $PSScriptRoot '..\..\..\hosts\windows'
  . (Join-Path $hosts 'lib.ps1')
  . (Join-Path $hosts 'steps\80-logon.ps1')
  function Get-SECSecretValue {
    param($SecretId, $VersionStage, $Region)
    throw "not mocked: $SecretId $VersionStage $Region"
  }
}

Describe 'Invoke-LogonStep' {
  BeforeEach {
    $script:context = [pscustomobject]@{
      Root = "$TestDrive"
      Settings = [pscustomobject]@{
        region = 'ap-northeast-1'
        secrets = [pscustomobject]@{ windowsLogon = 'TSS/windows/logon-dev' }
      }
      Failed = New-Object System.Collections.Generic.List[string]
    }
    $script:changes = @('account')
    Mock Start-Sleep { return }
    Mock Save-Logon { $script:changes }
    Mock Test-Session { $false }
    Mock shutdown.exe { return }
    Mock Get-SECSecretValue { [pscustomobject]@{ SecretString = '{"password":"not a real one"}' } }
  }

  AfterEach {
    Get-ChildItem -Path $TestDrive | Remove-Item -Recurse -Force
  }

  It 'names the secret and the command when the secret is <case>' -ForEach @(
    @{ Case = 'empty'; Text = '' }
    @{ Case = 'without its key'; Text = '{"user":"x"}' }
    @{ Case = 'an empty password'; Text = '{"password":""}' }
  ) {
    Mock Get-SECSecretValue { [pscustomobject]@{ SecretString = $Text } }
    { Invoke-LogonStep -Context $script:context } |
      Should -Throw -ExpectedMessage '*TSS/windows/logon-dev*aws secretsmanager put-secret-value*'
    Should -Invoke Save-Logon -Times 0 -Exactly
  }

  It 'names them when the secret has no value at all' {
    Mock Get-SECSecretValue { throw 'no value for staging label AWSCURRENT' }
    { Invoke-LogonStep -Context $script:context } |
      Should -Throw -ExpectedMessage '*TSS/windows/logon-dev*AWSCURRENT*aws secretsmanager put-secret-value*'
  }

  It 'does not repeat a secret that is no JSON' {
    Mock Get-SECSecretValue { [pscustomobject]@{ SecretString = 'hunter2' } }
    $message = ''
    try {
      Invoke-LogonStep -Context $script:context
    } catch {
      $message = $_.Exception.Message
    }
    $message | Should -Match 'is not JSON'
    $message | Should -Not -Match 'hunter2'
  }

  It 'restarts the host once for the first session' {
    (Invoke-LogonStep -Context $script:context).State | Should -Be 'changed'
    $script:changes = @()
    (Invoke-LogonStep -Context $script:context).State | Should -Be 'unchanged'
    Should -Invoke shutdown.exe -Times 1 -Exactly
  }

  It 'waits with the first restart until nobody is logged on' {
    Mock Test-Session { $true }
    (Invoke-LogonStep -Context $script:context).State | Should -Be 'postponed'
    Should -Invoke shutdown.exe -Times 0 -Exactly
    Mock Test-Session { $false }
    (Invoke-LogonStep -Context $script:context).State | Should -Be 'changed'
    Should -Invoke shutdown.exe -Times 1 -Exactly
  }

  It 'does not restart a host that is not whole' {
    $script:context.Failed.Add('python')
    Invoke-LogonStep -Context $script:context | Out-Null
    Should -Invoke shutdown.exe -Times 0 -Exactly
  }
}

Describe 'Test-Session' {
  It 'takes a process of session <session> for a desktop: <expected>' -ForEach @(
    @{ Session = 0; Expected = $false }
    @{ Session = 1; Expected = $true }
  ) {
    Mock Get-Process { [pscustomobject]@{ Id = 7; SessionId = $Session } }
    Test-Session | Should -Be $Expected
  }

  It 'finds none where none runs' {
    Mock Get-Process { return }
    Test-Session | Should -Be $false
  }
}
