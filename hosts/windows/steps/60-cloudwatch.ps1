<#
.SYNOPSIS
  The CloudWatch agent: its configuration (OBS-001, OBS-002) and its service; the Task Scheduler's event channel.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Fills the placeholders of cloudwatch-agent.json. The agent has some of its own in braces, so that only known names are touched.
function Get-AgentConfiguration {
  param(
    [string] $Template,
    [object] $Settings
  )
  $values = @{
    applicationLogGroup = $Settings.logGroups.application
    systemLogGroup = $Settings.logGroups.system
    metricNamespace = $Settings.metricNamespace
    environment = $Settings.environment
    host = $Settings.host
  }
  $text = $Template
  foreach ($name in $values.Keys) {
    # ConvertTo-Json escapes what JSON wants escaped, and puts quotes around it.
    $escaped = ($values[$name] | ConvertTo-Json).Trim('"')
    $text = $text.Replace("{$name}", $escaped)
  }
  return $text
}

# Windows Server delivers the channel switched off.
function Enable-TaskSchedulerChannel {
  $log = Get-WinEvent -ListLog 'Microsoft-Windows-TaskScheduler/Operational'
  if ($log.IsEnabled) {
    return $false
  }
  $log.IsEnabled = $true
  $log.SaveChanges()
  return $true
}

function Invoke-AgentControl {
  param(
    [string] $Path
  )
  $control = 'C:\Program Files\Amazon\AmazonCloudWatchAgent\amazon-cloudwatch-agent-ctl.ps1'
  if (-not (Test-Path $control)) {
    throw 'the CloudWatch agent is not installed; see the software step'
  }
  # The agent's script is not written for strict mode.
  powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $control -a fetch-config -m ec2 -s -c "file:$Path" | Out-Host
  if ($LASTEXITCODE -ne 0) {
    throw "amazon-cloudwatch-agent-ctl.ps1 ended with exit code $LASTEXITCODE"
  }
}

function Invoke-CloudWatchStep {
  param(
    [object] $Context
  )
  $channel = Enable-TaskSchedulerChannel
  $template = [System.IO.File]::ReadAllText((Join-Path $Context.HostFolder 'cloudwatch-agent.json'))
  $text = Get-AgentConfiguration -Template $template -Settings $Context.Settings
  $service = Get-Service -Name 'AmazonCloudWatchAgent' -ErrorAction SilentlyContinue
  $running = $service -and $service.Status -eq 'Running'
  $wanted = Get-TextHash -Text $text
  if ($running -and (Get-SavedState -Context $Context -Name 'cloudwatch') -eq $wanted) {
    if ($channel) {
      return ConvertTo-StepResult -State 'changed' -Detail 'event channel'
    }
    return ConvertTo-StepResult -State 'unchanged'
  }
  $path = Join-Path $Context.Root 'cloudwatch-agent.json'
  Save-TextFile -Path $path -Text $text
  Invoke-AgentControl -Path $path
  Save-State -Context $Context -Name 'cloudwatch' -Value $wanted
  return ConvertTo-StepResult -State 'changed'
}
