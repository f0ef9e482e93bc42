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

Describe 'Invoke-WithoutConverge' {
  It 'does what it is told, and lets go of the lock, whatever becomes of it' {
    Invoke-WithoutConverge -Body { 'done' } | Should -Be 'done'
    { Invoke-WithoutConverge -Body { throw 'went wrong' } } | Should -Throw -ExpectedMessage 'went wrong'
    # Another process, because a thread takes twice what it has.
    $job = Start-Job { [System.Threading.Mutex]::new($false, 'Global\tss-converge').WaitOne(0) }
    $job | Wait-Job | Receive-Job | Should -BeTrue
    Remove-Job -Job $job
  }

  It 'does nothing while a converge runs' {
    $job = Start-Job {
      $mutex = [System.Threading.Mutex]::new($false, 'Global\tss-converge')
      $mutex.WaitOne() | Out-Null
      'held'
      Start-Sleep -Seconds 120
    }
    try {
      while (@(Receive-Job -Job $job) -notcontains 'held') {
        Start-Sleep -Milliseconds 200
      }
      $script:ran = $false
      { Invoke-WithoutConverge -Body { $script:ran = $true } -Seconds 1 } | Should -Throw -ExpectedMessage '*a converge has been running for 1 s*'
      $script:ran | Should -BeFalse
    } finally {
      Remove-Job -Job $job -Force
    }
  }
}
