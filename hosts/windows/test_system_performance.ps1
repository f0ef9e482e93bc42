<#
.SYNOPSIS
  Measures this host (WIN-042): processor, memory, disk, and whether Redis can be reached.
#>
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. (Join-Path $PSScriptRoot 'lib.ps1')

function Get-CounterValue {
  param(
    [string] $Path
  )
  return (Get-Counter -Counter $Path).CounterSamples[0].CookedValue
}

function Test-SystemPerformance {
  param(
    [object] $Settings
  )
  $cpu = Get-CounterValue -Path '\Processor(_Total)\% Processor Time'
  $memory = Get-CimInstance -ClassName Win32_OperatingSystem
  $used = $memory.TotalVisibleMemorySize - $memory.FreePhysicalMemory
  $memoryUsage = [math]::Round($used / $memory.TotalVisibleMemorySize * 100, 2)
  $disk = Get-CounterValue -Path '\LogicalDisk(C:)\% Disk Time'
  Write-Output "CPU Usage: $cpu%"
  Write-Output "Memory Usage: $memoryUsage%"
  Write-Output "Disk Usage: $disk%"
  $redis = Test-NetConnection -ComputerName $Settings.cache.host -Port $Settings.cache.port
  Write-Output "Redis Connection: $($redis.TcpTestSucceeded)"
}

if ($MyInvocation.InvocationName -ne '.') {
  Test-SystemPerformance -Settings (Read-JsonFile -Path (Join-Path $env:ProgramData 'tss\settings.json'))
}
