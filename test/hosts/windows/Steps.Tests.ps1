<#
.SYNOPSIS
  The steps of the converge: what they refuse, what they leave alone, and that a second run does nothing.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

BeforeAll {
  $hosts = Join-Path $PSScriptRoot '..\..\..\hosts\windows'
  . (Join-Path $hosts 'lib.ps1')
  foreach ($step in Get-ChildItem -Path (Join-Path $hosts 'steps') -Filter '*.ps1') {
    . $step.FullName
  }
  function Read-S3Object {
    param($BucketName, $Key, $File, $Region)
    throw "not mocked: $BucketName $Key $File $Region"
  }
  # Windows' own takes no rule but one that Windows made.
  function Get-NetFirewallPortFilter {
    param($AssociatedNetFirewallRule)
    throw "not mocked: $AssociatedNetFirewallRule"
  }
  function Save-Json {
    param($Name, $Value)
    Set-Content -Path (Join-Path $script:context.HostFolder $Name) -Value ($Value | ConvertTo-Json -Depth 5)
  }
}

Describe 'steps' {
  BeforeEach {
    $script:context = [pscustomobject]@{
      Root = Join-Path $TestDrive 'tss'
      HostFolder = Join-Path $TestDrive 'tss\host'
      Project = Join-Path $TestDrive 'project'
      Python = Join-Path $TestDrive 'project\.venv\Scripts\python.cmd'
      BasePython = Join-Path $TestDrive 'python.cmd'
      Settings = [pscustomobject]@{
        environment = 'dev'
        host = 'windows'
        region = 'ap-northeast-1'
        softwareBucket = 'software'
        metricNamespace = 'AXIA/TradingSystem'
        logGroups = [pscustomobject]@{ application = '/aws/a'; system = '/aws/s' }
      }
      Summary = New-Object System.Collections.Generic.List[string]
      Failed = New-Object System.Collections.Generic.List[string]
    }
    foreach ($folder in @($script:context.HostFolder, $script:context.Project)) {
      New-Item -ItemType Directory -Path $folder -Force | Out-Null
    }
    Mock Start-Sleep { return }
    Mock Get-ScheduledTask { return }
    Mock Start-ScheduledTask { return }
    Mock Stop-ScheduledTask { return }
  }

  AfterEach {
    Get-ChildItem -Path $TestDrive | Remove-Item -Recurse -Force
  }

  It 'settings: writes them once, without a byte order mark' {
    (Invoke-SettingsStep -Context $script:context).State | Should -Be 'changed'
    $bytes = [System.IO.File]::ReadAllBytes((Join-Path $script:context.Root 'settings.json'))
    $bytes[0] | Should -Be 123
    (Invoke-SettingsStep -Context $script:context).State | Should -Be 'unchanged'
    $script:context.Settings.environment = 'DEV'
    (Invoke-SettingsStep -Context $script:context).State | Should -Be 'changed'
  }

  Context 'the UI' {
    BeforeEach {
      $script:rule = [pscustomobject]@{ Enabled = 'True'; Direction = 'Inbound'; Action = 'Allow'; Protocol = 'TCP'; LocalPort = '8501' }
      Mock Get-NetFirewallRule { $script:rule }
      Mock Get-NetFirewallPortFilter { $script:rule }
      Mock Remove-NetFirewallRule { return }
      Mock New-NetFirewallRule { return }
    }

    It 'has its port opened once' {
      Open-UserInterfacePort -Port 8501 | Should -Be $false
      Should -Invoke New-NetFirewallRule -Times 0 -Exactly
      $script:rule = $null
      Open-UserInterfacePort -Port 8501 | Should -Be $true
      Should -Invoke New-NetFirewallRule -Times 1 -Exactly -ParameterFilter { "$Name" -eq 'AXIA_Streamlit' -and "$LocalPort" -eq '8501' }
      Should -Invoke Remove-NetFirewallRule -Times 0 -Exactly
    }

    It 'has its rule put back when its <what> is another' -ForEach @(
      @{ What = 'Enabled'; Value = 'False' }
      @{ What = 'Action'; Value = 'Block' }
      @{ What = 'LocalPort'; Value = '8502' }
    ) {
      $script:rule.$What = $Value
      Open-UserInterfacePort -Port 8501 | Should -Be $true
      Should -Invoke Remove-NetFirewallRule -Times 1 -Exactly
      Should -Invoke New-NetFirewallRule -Times 1 -Exactly
    }
  }

  It 'list: goes on after a failed step, but not without settings' {
    function Invoke-BadStep {
      param($Context)
      throw "no $($Context.Settings.environment)"
    }
    function Invoke-GoodStep {
      param($Context)
      ConvertTo-StepResult -State 'unchanged' -Detail $Context.Settings.host
    }
    $steps = @(@{ Name = 'bad'; Run = 'Invoke-BadStep' }, @{ Name = 'good'; Run = 'Invoke-GoodStep' })
    Invoke-StepList -StepList $steps -Context $script:context
    $script:context.Summary | Should -Be @('bad: failed (no dev)', 'good: unchanged (windows)')
    $script:context.Failed | Should -Be @('bad')
    $script:context.Summary.Clear()
    Invoke-StepList -StepList @(@{ Name = 'settings'; Run = 'Invoke-BadStep' }, $steps[1]) -Context $script:context
    $script:context.Summary | Should -Be @('settings: failed (no dev)')
  }

  Context 'a file of the software bucket' {
    BeforeEach {
      $script:folder = Join-Path $TestDrive 'cache'
      Mock Read-S3Object { Set-Content -Path $File -Value 'content' }
    }

    It 'is refused without a hash, and not even downloaded' {
      $entry = [pscustomobject]@{ name = 'git'; file = 'git.exe'; sha256 = $null }
      { Get-VerifiedFile -Entry $entry -Settings $script:context.Settings -Folder $script:folder } |
        Should -Throw -ExpectedMessage "'git' has no SHA-256 yet; run: npm run software -- lock dev"
      Should -Invoke Read-S3Object -Times 0 -Exactly
    }

    It 'is refused and deleted with another hash' {
      $entry = [pscustomobject]@{ name = 'git'; file = 'git.exe'; sha256 = '0' * 64 }
      { Get-VerifiedFile -Entry $entry -Settings $script:context.Settings -Folder $script:folder } |
        Should -Throw -ExpectedMessage "'git' is refused: expected SHA-256 0*, found *; run: npm run software -- lock dev"
      Join-Path $script:folder 'git.exe' | Should -Not -Exist
    }

    It 'is asked for by its hash' {
      $wanted = Join-Path $TestDrive 'wanted'
      Set-Content -Path $wanted -Value 'content'
      $hash = (Get-FileHash -Path $wanted -Algorithm SHA256).Hash.ToLowerInvariant()
      $entry = [pscustomobject]@{ name = 'git'; file = 'git.exe'; sha256 = $hash }
      Get-VerifiedFile -Entry $entry -Settings $script:context.Settings -Folder $script:folder | Should -Exist
      Should -Invoke Read-S3Object -Times 1 -Exactly -ParameterFilter { $Key -eq "software/$hash/git.exe" -and $BucketName -eq 'software' }
    }
  }

  Context 'software' {
    BeforeEach {
      Mock Get-InstallerTable { [ordered]@{ 'git' = @{ Probe = "$TestDrive"; Arguments = '/S'; Folder = ''; Busy = 'terminal' } } }
      Mock Get-VerifiedFile { Set-Content -Path (Join-Path $TestDrive $Entry.file) -Value ''; Join-Path $TestDrive $Entry.file }
      Mock Invoke-Installer { return }
      Mock Get-Process { return }
      Save-Json 'software.json' @{ entries = @(@{ name = 'git'; version = '1'; file = 'git.exe'; sha256 = 'aa' }) }
    }

    It 'is installed once' {
      (Invoke-SoftwareStep -Context $script:context).State | Should -Be 'changed'
      (Invoke-SoftwareStep -Context $script:context).State | Should -Be 'unchanged'
      Should -Invoke Invoke-Installer -Times 1 -Exactly
    }

    It 'is not installed while the terminal runs' {
      Mock Get-Process { [pscustomobject]@{ Id = 7 } }
      (Invoke-SoftwareStep -Context $script:context).State | Should -Be 'postponed'
      Should -Invoke Invoke-Installer -Times 0 -Exactly
    }

    It 'names every entry that is missing' {
      Save-Json 'software.json' @{ entries = @() }
      { Invoke-SoftwareStep -Context $script:context } | Should -Throw -ExpectedMessage "'git' is missing in software.json"
    }
  }

  Context 'application' {
    BeforeEach {
      $script:source = Join-Path $TestDrive 'archive\app-1'
      New-Item -ItemType Directory -Path (Join-Path $script:source 'src') | Out-Null
      New-Item -ItemType Directory -Path (Join-Path $script:source 'logs') | Out-Null
      Set-Content -Path (Join-Path $script:source 'src\a.py') -Value '1'
      Set-Content -Path (Join-Path $script:source 'logs\x.log') -Value 'of the archive'
      Mock Get-VerifiedFile {
        $file = Join-Path $TestDrive 'app.zip'
        Compress-Archive -Path $script:source -DestinationPath $file -Force
        $file
      }
      Save-Json 'software.json' @{ entries = @(@{ name = 'application'; version = '1'; file = 'app.zip'; sha256 = 'aa' }) }
    }

    It 'replaces the files that archives brought, and only those' {
      (Invoke-ApplicationStep -Context $script:context).State | Should -Be 'changed'
      Set-Content -Path (Join-Path $script:context.Project 'state.db') -Value 'own'
      Remove-Item (Join-Path $script:source 'src\a.py')
      Set-Content -Path (Join-Path $script:source 'src\b.py') -Value '2'
      Save-Json 'software.json' @{ entries = @(@{ name = 'application'; version = '2'; file = 'app.zip'; sha256 = 'bb' }) }
      (Invoke-ApplicationStep -Context $script:context).State | Should -Be 'changed'
      (Invoke-ApplicationStep -Context $script:context).State | Should -Be 'unchanged'
      Join-Path $script:context.Project 'src\a.py' | Should -Not -Exist
      Join-Path $script:context.Project 'src\b.py' | Should -Exist
      Join-Path $script:context.Project 'state.db' | Should -Exist
      Join-Path $script:context.Project 'logs\x.log' | Should -Not -Exist
    }

    It 'waits while a program runs' {
      Mock Get-ScheduledTask { [pscustomobject]@{ TaskName = 'AXIA_Order_Manager'; State = 'Running' } }
      (Invoke-ApplicationStep -Context $script:context).State | Should -Be 'postponed'
      Should -Invoke Get-VerifiedFile -Times 0 -Exactly
    }
  }

  It 'cloudwatch: fills its own placeholders and leaves those of the agent' {
    $template = '{"a":"{applicationLogGroup}","b":"{systemLogGroup}","c":"{metricNamespace}","d":"{environment}-{host}","e":"{instance_id}"}'
    Get-AgentConfiguration -Template $template -Settings $script:context.Settings |
      Should -Be '{"a":"/aws/a","b":"/aws/s","c":"AXIA/TradingSystem","d":"dev-windows","e":"{instance_id}"}'
  }

  Context 'tasks' {
    BeforeEach {
      $script:tasks = @{}
      New-Item -ItemType Directory -Path (Join-Path $script:context.HostFolder 'tasks') | Out-Null
      foreach ($name in @('AXIA_Monitor', 'AXIA_Order_Manager')) {
        Set-Content -Path (Join-Path $script:context.HostFolder "tasks\$name.xml") -Value "<?xml version=`"1.0`" encoding=`"UTF-8`"?>`n<Task><BootTrigger/></Task>"
      }
      foreach ($name in @('monitor_services.ps1', 'lib.ps1')) {
        Set-Content -Path (Join-Path $script:context.HostFolder $name) -Value ''
      }
      Set-Content -Path (Join-Path $script:context.Root 'settings.json') -Value '{}'
      Mock Register-ScheduledTask { $script:tasks["$TaskName"] = 'Ready' }
      Mock Start-ScheduledTask { $script:tasks["$TaskName"] = 'Running' }
      Mock Stop-ScheduledTask { $script:tasks["$TaskName"] = 'Ready' }
      Mock Disable-ScheduledTask { $script:tasks["$TaskName"] = 'Disabled' }
      Mock Get-ScheduledTaskInfo { [pscustomobject]@{ LastTaskResult = 267011 } }
      Mock Get-ScheduledTask {
        foreach ($name in @($script:tasks.Keys)) {
          if ($name -like "$TaskName") {
            [pscustomobject]@{ TaskName = $name; State = $script:tasks[$name] }
          }
        }
      }
      Mock Get-StartRefusal { '' }
    }

    It 'are registered and started once, without the declaration that the service refuses' {
      (Invoke-TaskStep -Context $script:context).State | Should -Be 'changed'
      $script:tasks.AXIA_Order_Manager | Should -Be 'Running'
      $script:tasks.AXIA_Monitor | Should -Be 'Running'
      (Invoke-TaskStep -Context $script:context).State | Should -Be 'unchanged'
      Should -Invoke Register-ScheduledTask -Times 2 -Exactly -ParameterFilter { $Xml -notmatch '<\?xml' }
      Should -Invoke Start-ScheduledTask -Times 2 -Exactly
    }

    It 'go on running when their definition changes' {
      Invoke-TaskStep -Context $script:context | Out-Null
      Mock Register-ScheduledTask { return }
      Add-Content -Path (Join-Path $script:context.HostFolder 'tasks\AXIA_Order_Manager.xml') -Value '<!-- -->'
      (Invoke-TaskStep -Context $script:context).Detail | Should -Be 'AXIA_Order_Manager takes effect at its next start'
      Should -Invoke Stop-ScheduledTask -Times 0 -Exactly -ParameterFilter { "$TaskName" -eq 'AXIA_Order_Manager' }
    }

    It 'stay disabled' {
      Invoke-TaskStep -Context $script:context | Out-Null
      $script:tasks.AXIA_Order_Manager = 'Disabled'
      Add-Content -Path (Join-Path $script:context.HostFolder 'tasks\AXIA_Order_Manager.xml') -Value '<!-- -->'
      Invoke-TaskStep -Context $script:context | Out-Null
      $script:tasks.AXIA_Order_Manager | Should -Be 'Disabled'
    }

    It 'are not started against the kill switch' {
      Mock Get-StartRefusal { 'the kill switch is active' }
      (Invoke-TaskStep -Context $script:context).Detail | Should -Match 'AXIA_Order_Manager not started: the kill switch is active'
      $script:tasks.AXIA_Order_Manager | Should -Be 'Ready'
    }

    It 'are not started on a host that was never whole' {
      $script:context.Failed.Add('python')
      Invoke-TaskStep -Context $script:context | Out-Null
      Should -Invoke Start-ScheduledTask -Times 0 -Exactly
    }
  }
}
