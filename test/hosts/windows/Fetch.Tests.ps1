<#
.SYNOPSIS
  fetch.ps1: it runs only what has the manifest's hash, says in one line what is wrong, and does nothing twice.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

BeforeAll {
  # The runner has no AWS Tools.
  function Get-SSMParameter {
    param($Name, $Region)
    throw "not mocked: $Name $Region"
  }
  function Read-S3Object {
    param($BucketName, $Key, $File, $Region)
    throw "not mocked: $BucketName $Key $File $Region"
  }
  function Invoke-Fetch {
    $fetch = Join-Path $PSScriptRoot '..\..\..\hosts\windows\fetch.ps1'
    & $fetch -ParameterName '/tss/dev/windows' -Region 'ap-northeast-1' | ForEach-Object { "$_" }
  }
}

Describe 'fetch.ps1' {
  BeforeEach {
    $script:programData = $env:ProgramData
    $env:ProgramData = "$TestDrive"
    $script:root = Join-Path $TestDrive 'tss'
    $source = Join-Path $TestDrive 'source'
    New-Item -ItemType Directory -Path $source | Out-Null
    Set-Content -Path (Join-Path $source 'converge.ps1') -Value 'exit 0'
    $script:archive = Join-Path $TestDrive 'served.zip'
    Compress-Archive -Path (Join-Path $source '*') -DestinationPath $script:archive
    $script:hash = (Get-FileHash -Path $script:archive -Algorithm SHA256).Hash.ToLowerInvariant()
    $script:free = 21474836480
    $script:convergeCode = 0
    Mock Get-CimInstance { [pscustomobject]@{ FreeSpace = $script:free } }
    Mock Start-Transcript { return }
    Mock Stop-Transcript { return }
    Mock Start-Sleep { return }
    Mock icacls.exe { $global:LASTEXITCODE = 0 }
    Mock powershell.exe { $global:LASTEXITCODE = $script:convergeCode }
    Mock Read-S3Object { Copy-Item -Path $script:archive -Destination $File }
    Mock Get-SSMParameter {
      $bundle = @{ bucket = 'b'; key = 'bundles/k.zip'; sha256 = $script:hash }
      [pscustomobject]@{ Value = (@{ bundle = $bundle; settings = @{} } | ConvertTo-Json) }
    }
  }

  AfterEach {
    $env:ProgramData = $script:programData
    Get-ChildItem -Path $TestDrive | Remove-Item -Recurse -Force
  }

  It 'unpacks the bundle and hands it the manifest' {
    Invoke-Fetch | Out-Null
    $LASTEXITCODE | Should -Be 0
    Join-Path $script:root 'host\converge.ps1' | Should -Exist
    Join-Path $script:root 'manifest.json' | Should -Exist
    Should -Invoke powershell.exe -Times 1 -Exactly
  }

  It 'does not download the same bundle twice, and converges again' {
    Invoke-Fetch | Out-Null
    Invoke-Fetch | Out-Null
    $LASTEXITCODE | Should -Be 0
    Should -Invoke Read-S3Object -Times 1 -Exactly
    Should -Invoke powershell.exe -Times 2 -Exactly
  }

  It 'refuses another hash, names both, and leaves the old bundle' {
    Invoke-Fetch | Out-Null
    $found = $script:hash
    $script:hash = '0' * 64
    $line = @(Invoke-Fetch)[-1]
    $LASTEXITCODE | Should -Be 1
    $line | Should -Match "expected SHA-256 0{64}, found $found"
    Join-Path $script:root 'host\converge.ps1' | Should -Exist
    Should -Invoke powershell.exe -Times 1 -Exactly
  }

  It 'takes nothing of the old bundle over into the new one' {
    Invoke-Fetch | Out-Null
    Set-Content -Path (Join-Path $script:root 'host\former.ps1') -Value ''
    Set-Content -Path (Join-Path $TestDrive 'source\converge.ps1') -Value 'exit 0 # another'
    Compress-Archive -Path (Join-Path $TestDrive 'source\*') -DestinationPath $script:archive -Force
    $script:hash = (Get-FileHash -Path $script:archive -Algorithm SHA256).Hash.ToLowerInvariant()
    Invoke-Fetch | Out-Null
    $LASTEXITCODE | Should -Be 0
    Join-Path $script:root 'host\former.ps1' | Should -Not -Exist
  }

  It 'says that the disk is full before it writes anything' {
    $script:free = 1048576000
    $lines = @(Invoke-Fetch)
    $LASTEXITCODE | Should -Be 1
    $lines | Should -Be 'host is not converged: drive C: has only 1000 MB free, 2048 MB are needed'
    $script:root | Should -Not -Exist
  }

  It 'asks again while the network comes up' {
    $script:failures = 3
    Mock Read-S3Object {
      if ($script:failures -gt 0) {
        $script:failures--
        throw 'no route'
      }
      Copy-Item -Path $script:archive -Destination $File
    }
    Invoke-Fetch | Out-Null
    $LASTEXITCODE | Should -Be 0
    Should -Invoke Start-Sleep -Times 3 -Exactly
  }

  It 'fails when the converge fails' {
    $script:convergeCode = 1
    @(Invoke-Fetch)[-1] | Should -Match 'converge.ps1 ended with exit code 1'
    $LASTEXITCODE | Should -Be 1
  }
}
