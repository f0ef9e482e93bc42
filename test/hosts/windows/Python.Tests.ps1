<#
.SYNOPSIS
  The virtual environment: made beside the one in use, and put in its place whole or not at all.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

BeforeAll {
  $hosts = Join-Path $PSScriptRoot '..\..\..\hosts\windows'
  . (Join-Path $hosts 'lib.ps1')
  . (Join-Path $hosts 'steps\50-python.ps1')
}

Describe 'Invoke-PythonStep' {
  BeforeEach {
    $script:context = [pscustomobject]@{
      Root = Join-Path $TestDrive 'tss'
      HostFolder = Join-Path $TestDrive 'tss\host'
      Project = Join-Path $TestDrive 'project'
      Python = Join-Path $TestDrive 'project\.venv\Scripts\python.cmd'
      BasePython = Join-Path $TestDrive 'python.cmd'
      Settings = [pscustomobject]@{ environment = 'dev' }
    }
    New-Item -ItemType Directory -Path $script:context.HostFolder, $script:context.Project -Force | Out-Null
    Set-Content -Path $script:context.BasePython -Value ''
    Set-Content -Path (Join-Path $script:context.HostFolder 'requirements.txt') -Value 'a==1'
    Set-Content -Path (Join-Path $script:context.HostFolder 'wheels.json') -Value '{"entries":[{"name":"a","file":"a.whl","sha256":"aa"}]}'
    $script:venv = Join-Path $script:context.Project '.venv'
    Mock Get-ScheduledTask { return }
    Mock Stop-ScheduledTask { return }
    Mock Get-VerifiedFile { return }
    Mock Invoke-Pip {
      New-Item -ItemType Directory -Path (Join-Path $Folder 'Scripts'), (Join-Path $Folder 'Lib\site-packages') -Force | Out-Null
      Set-Content -Path (Join-Path $Folder 'Scripts\python.cmd') -Value (Get-Content $Requirements -Raw)
    }
  }

  AfterEach {
    # The junction alone: what it points to is below the test's folder too.
    if (Test-Path $script:venv) {
      [System.IO.Directory]::Delete($script:venv)
    }
    Get-ChildItem -Path $TestDrive | Remove-Item -Recurse -Force
  }

  It 'is at its documented path, once, and leaves the watchdog alone' {
    (Invoke-PythonStep -Context $script:context).State | Should -Be 'changed'
    $script:context.Python | Should -FileContentMatch 'a==1'
    Join-Path $script:venv 'Lib\site-packages\tss_host.pth' | Should -Exist
    (Invoke-PythonStep -Context $script:context).State | Should -Be 'unchanged'
    Should -Invoke Invoke-Pip -Times 1 -Exactly
    Should -Invoke Stop-ScheduledTask -Times 0 -Exactly
  }

  It 'is replaced whole, and the former one removed' {
    Invoke-PythonStep -Context $script:context | Out-Null
    Set-Content -Path (Join-Path $script:context.HostFolder 'requirements.txt') -Value 'a==2'
    (Invoke-PythonStep -Context $script:context).State | Should -Be 'changed'
    $script:context.Python | Should -FileContentMatch 'a==2'
    (Invoke-PythonStep -Context $script:context).State | Should -Be 'unchanged'
    @(Get-ChildItem -Path (Join-Path $script:context.Root 'environments')).Count | Should -Be 1
  }

  It 'stays as it was when pip fails' {
    Invoke-PythonStep -Context $script:context | Out-Null
    Set-Content -Path (Join-Path $script:context.HostFolder 'requirements.txt') -Value 'a==2'
    Mock Invoke-Pip { throw 'pip ended with exit code 1' }
    { Invoke-PythonStep -Context $script:context } | Should -Throw
    $script:context.Python | Should -FileContentMatch 'a==1'
  }

  It 'waits for a program that was started meanwhile, and is not made twice' {
    Invoke-PythonStep -Context $script:context | Out-Null
    Set-Content -Path (Join-Path $script:context.HostFolder 'requirements.txt') -Value 'a==2'
    $script:asked = 0
    Mock Get-RunningPythonTask {
      $script:asked++
      if ($script:asked -eq 2) {
        'AXIA_Streamlit'
      }
    }
    (Invoke-PythonStep -Context $script:context).State | Should -Be 'postponed'
    $script:context.Python | Should -FileContentMatch 'a==1'
    (Invoke-PythonStep -Context $script:context).State | Should -Be 'changed'
    Should -Invoke Invoke-Pip -Times 2 -Exactly
  }
}
