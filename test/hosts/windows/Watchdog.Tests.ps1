<#
.SYNOPSIS
  The watchdog's iteration: what it starts, what keeps it from starting anything, what it publishes.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

BeforeAll {
  . (Join-Path $PSScriptRoot '..\..\..\hosts\windows\monitor_services.ps1')

  # A python.exe that answers with an exit code and keeps what it was asked.
  function Save-Python {
    param(
      [int] $ExitCode
    )
    Set-Content -Path $script:context.Python -Value "@>>`"$script:asked`" echo %*", "@exit /b $ExitCode"
  }
}

Describe 'Monitor-AXIAServices' {
  BeforeEach {
    $script:asked = Join-Path $TestDrive 'asked.txt'
    $script:states = @{ AXIA_Streamlit = 'Running'; AXIA_Order_Manager = 'Ready'; AXIA_MT5 = 'Running' }
    $script:context = [pscustomobject]@{
      Root = "$TestDrive"
      Python = Join-Path $TestDrive 'python.cmd'
      Settings = [pscustomobject]@{ watchdog = [pscustomobject]@{ intervalSeconds = 300 } }
    }
    Save-Python -ExitCode 0
    New-Item -ItemType Directory -Path (Join-Path $TestDrive 'state') | Out-Null
    Set-Content -Path (Join-Path $TestDrive 'state\first-logon') -Value 'done' -NoNewline
    Mock Get-ScheduledTask {
      $name = "$TaskName"
      if ($script:states.ContainsKey($name)) {
        [pscustomobject]@{ TaskName = $name; State = $script:states[$name] }
      }
    }
    Mock Start-ScheduledTask { return }
  }

  AfterEach {
    Get-ChildItem -Path $TestDrive | Remove-Item -Recurse -Force
  }

  It 'prints a line per task and starts the one that stands' {
    $lines = Monitor-AXIAServices -Context $script:context 3>&1 | ForEach-Object { "$_" }
    $lines[0] | Should -Match '^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] AXIA_Streamlit: Running$'
    $lines | Should -Contain 'Service AXIA_Order_Manager is not running. Attempting restart...'
    Should -Invoke Start-ScheduledTask -Times 1 -Exactly -ParameterFilter { "$TaskName" -eq 'AXIA_Order_Manager' }
    Should -Invoke Start-ScheduledTask -Times 1 -Exactly
  }

  It 'passes over a task that does not exist' {
    $script:states = @{}
    Monitor-AXIAServices -Context $script:context 3>&1 | Should -BeNullOrEmpty
    Should -Invoke Start-ScheduledTask -Times 0 -Exactly
  }

  It 'asks for the kill switch only when there is something to start' {
    $script:states.AXIA_Order_Manager = 'Running'
    Monitor-AXIAServices -Context $script:context | Out-Null
    $script:asked | Should -Not -Exist
  }

  It 'starts nothing with exit code <code> of the kill switch' -ForEach @(
    @{ Code = 10; Reason = 'the kill switch is active' }
    @{ Code = 11; Reason = 'the state of the kill switch is unknown' }
    @{ Code = 1; Reason = 'the state of the kill switch is unknown' }
  ) {
    Save-Python -ExitCode $Code
    $lines = Monitor-AXIAServices -Context $script:context 3>&1 | ForEach-Object { "$_" }
    $lines | Should -Contain "Service AXIA_Order_Manager is not running. Not started: $Reason"
    Get-Content $script:asked | Should -Be '-m tss_host kill-switch'
    Should -Invoke Start-ScheduledTask -Times 0 -Exactly
  }

  It 'starts nothing without Python' {
    Remove-Item $script:context.Python
    Monitor-AXIAServices -Context $script:context 3>&1 | Out-Null
    Should -Invoke Start-ScheduledTask -Times 0 -Exactly
  }

  It 'starts nothing while the stop file exists' {
    Set-Content -Path (Join-Path $TestDrive 'stop') -Value ''
    $lines = Monitor-AXIAServices -Context $script:context 3>&1 | ForEach-Object { "$_" }
    ($lines -join ' ') | Should -Match 'Not started: the stop file .* exists'
    Should -Invoke Start-ScheduledTask -Times 0 -Exactly
  }

  It 'starts nothing before the first automatic logon' {
    Remove-Item (Join-Path $TestDrive 'state') -Recurse
    $lines = Monitor-AXIAServices -Context $script:context 3>&1 | ForEach-Object { "$_" }
    $lines | Should -Contain 'Service AXIA_Order_Manager is not running. Not started: the first automatic logon is not done'
    Should -Invoke Start-ScheduledTask -Times 0 -Exactly
  }

  It 'goes on with the next task when one cannot be started' {
    $script:states.AXIA_MT5 = 'Ready'
    Mock Start-ScheduledTask { throw 'disabled' } -ParameterFilter { "$TaskName" -eq 'AXIA_Order_Manager' }
    Monitor-AXIAServices -Context $script:context 3>&1 | Out-Null
    Should -Invoke Start-ScheduledTask -Times 1 -Exactly -ParameterFilter { "$TaskName" -eq 'AXIA_MT5' }
  }

  It 'says that a terminal of session <session> is connected when it has a connection to <address>: <expected>' -ForEach @(
    @{ Session = 1; Address = '203.0.113.7'; Owner = 7; Expected = 1 }
    @{ Session = 1; Address = '127.0.0.1'; Owner = 7; Expected = 0 }
    @{ Session = 1; Address = '::1'; Owner = 7; Expected = 0 }
    @{ Session = 1; Address = '203.0.113.7'; Owner = 8; Expected = 0 }
    @{ Session = 0; Address = '203.0.113.7'; Owner = 7; Expected = 0 }
  ) {
    Mock Get-Process { [pscustomobject]@{ Id = 7; SessionId = $Session } }
    Mock Get-NetTCPConnection { [pscustomobject]@{ OwningProcess = $Owner; RemoteAddress = $Address } }
    Get-Mt5ConnectionStatus | Should -Be $Expected
  }

  It 'says of a data collector whose last run ended with <result>: <expected> (OBS-016)' -ForEach @(
    @{ Result = 0; Expected = 1 }
    @{ Result = 0x41301; Expected = 1 }
    @{ Result = 0x41303; Expected = $null }
    @{ Result = 1; Expected = 0 }
    @{ Result = 0xC000013A; Expected = 0 }
  ) {
    Mock Get-ScheduledTaskInfo { [pscustomobject]@{ LastTaskResult = $Result } }
    Get-DataSourceHealth | Should -Be $Expected
  }

  It 'says nothing of a data collector that is not there' {
    Mock Get-ScheduledTaskInfo { return }
    Get-DataSourceHealth | Should -BeNullOrEmpty
  }

  It 'publishes what it knows of the data collector too' {
    Mock Get-Mt5ConnectionStatus { 1 }
    Mock Get-DataSourceHealth { 0 }
    Publish-Heartbeat -Context $script:context
    Get-Content $script:asked | Should -Match 'MT5ConnectionStatus=1"? "?DataSourceHealth=0"?$'
  }

  It 'publishes heartbeat and connection, and only warns when it cannot' {
    Mock Get-Mt5ConnectionStatus { 0 }
    Mock Get-DataSourceHealth { return }
    Save-Python -ExitCode 3
    Publish-Heartbeat -Context $script:context 3>&1 | Should -Match 'not published'
    Get-Content $script:asked | Should -Match '^-m tss_host metrics "?Heartbeat=1"? "?MT5ConnectionStatus=0"?$'
  }

  It 'beats every 30 s and checks every 300 s' {
    Mock Publish-Heartbeat { return }
    Mock Monitor-AXIAServices { return }
    $start = [datetime] '2026-01-05T00:00:00Z'
    $plan = [pscustomobject]@{ NextBeat = $start; NextCheck = $start.AddSeconds(300) }
    for ($second = 0; $second -lt 900; $second += 5) {
      Invoke-WatchdogIteration -Context $script:context -Plan $plan -Now $start.AddSeconds($second)
    }
    Should -Invoke Publish-Heartbeat -Times 30 -Exactly
    Should -Invoke Monitor-AXIAServices -Times 2 -Exactly
  }

  It 'lives on when the Task Scheduler does not answer' {
    Mock Publish-Heartbeat { return }
    Mock Monitor-AXIAServices { throw 'no answer' }
    $now = [datetime] '2026-01-05T00:00:00Z'
    $plan = [pscustomobject]@{ NextBeat = $now; NextCheck = $now }
    Invoke-WatchdogIteration -Context $script:context -Plan $plan -Now $now 3>&1 | Should -Match 'no answer'
  }
}
