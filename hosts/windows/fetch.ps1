<#
.SYNOPSIS
  Fetches the bundle that an SSM parameter names and converges this host with it.
.DESCRIPTION
  EC2's user data at the first boot, State Manager's command afterwards; wrapped as & { this file } -ParameterName ... -Region ...
  Everything that may change lies in the bundle, so that a changed script never replaces the instance.
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory)]
  [string] $ParameterName,

  [Parameter(Mandatory)]
  [string] $Region
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# The network and the role's credentials come up during the first minutes of a boot.
function Invoke-WithRetry {
  param(
    [scriptblock] $Action
  )
  for ($attempt = 1; $true; $attempt++) {
    try {
      return & $Action
    } catch {
      if ($attempt -ge 10) {
        throw
      }
      Write-Output "attempt $attempt failed: $($_.Exception.Message)" | Out-Host
      Start-Sleep -Seconds 15
    }
  }
}

# Below ProgramData every user may create files, and SYSTEM runs what lies here.
function Initialize-Folder {
  param(
    [string] $Path
  )
  New-Item -ItemType Directory -Path $Path -Force | Out-Null
  icacls.exe $Path /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
  if ($LASTEXITCODE -ne 0) {
    throw "icacls could not protect ${Path} (exit code $LASTEXITCODE)"
  }
}

function Install-Bundle {
  param(
    [string] $Root,
    [object] $Bundle
  )
  $current = Join-Path $Root 'host'
  $marker = Join-Path $current '.sha256'
  if ((Test-Path $marker) -and ((Get-Content $marker -Raw).Trim() -eq $Bundle.sha256)) {
    Write-Output "bundle $($Bundle.sha256) is in place"
    return
  }
  $archive = Join-Path $Root 'bundle.zip'
  Invoke-WithRetry { Read-S3Object -BucketName $Bundle.bucket -Key $Bundle.key -File $archive -Region $Region } | Out-Null
  $found = (Get-FileHash -Path $archive -Algorithm SHA256).Hash
  if ($found -ne $Bundle.sha256) {
    Remove-Item $archive -Force
    throw "bundle s3://$($Bundle.bucket)/$($Bundle.key) is refused: expected SHA-256 $($Bundle.sha256), found $($found.ToLowerInvariant())"
  }
  $next = "$current.new"
  $old = "$current.old"
  foreach ($folder in @($next, $old)) {
    if (Test-Path $folder) {
      Remove-Item $folder -Recurse -Force
    }
  }
  Expand-Archive -Path $archive -DestinationPath $next
  Set-Content -Path (Join-Path $next '.sha256') -Value $Bundle.sha256 -Encoding ASCII
  Remove-Item $archive -Force
  if (Test-Path $current) {
    Invoke-WithRetry { Move-Item -Path $current -Destination $old }
  }
  try {
    Move-Item -Path $next -Destination $current
  } catch {
    # A host without any bundle would lose its watchdog at the next boot.
    if (Test-Path $old) {
      Move-Item -Path $old -Destination $current
    }
    throw
  }
  if (Test-Path $old) {
    Remove-Item $old -Recurse -Force -ErrorAction SilentlyContinue
  }
  Write-Output "bundle $($Bundle.sha256) was unpacked"
}

$root = Join-Path $env:ProgramData 'tss'
$code = 0
$held = $false
$logging = $false
$created = $false
$mutex = $null
try {
  # User data and the association may run as different users; both are administrators.
  $rights = New-Object System.Security.AccessControl.MutexSecurity
  $administrators = New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'
  $rights.AddAccessRule((New-Object System.Security.AccessControl.MutexAccessRule $administrators, 'FullControl', 'Allow'))
  $mutex = [System.Threading.Mutex]::new($false, 'Global\tss-converge', [ref] $created, $rights)
  try {
    $held = $mutex.WaitOne([TimeSpan]::FromMinutes(30))
  } catch [System.Threading.AbandonedMutexException] {
    # The holder was killed; what it left is converged again.
    $held = $true
  }
  if (-not $held) {
    throw 'another converge has been running for 30 minutes'
  }
  # Before anything writes: on a full disk even the log fails, each time with another message.
  $free = [math]::Round((Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='C:'").FreeSpace / 1048576)
  if ($free -lt 2048) {
    throw "drive C: has only $free MB free, 2048 MB are needed"
  }
  Initialize-Folder -Path $root
  $logs = Join-Path $root 'logs'
  New-Item -ItemType Directory -Path $logs -Force | Out-Null
  Start-Transcript -Path (Join-Path $logs "converge-$((Get-Date).ToUniversalTime().ToString('yyyyMMdd-HHmmss')).log") | Out-Null
  $logging = $true
  $text = (Invoke-WithRetry { Get-SSMParameter -Name $ParameterName -Region $Region }).Value
  $manifestPath = Join-Path $root 'manifest.json'
  [System.IO.File]::WriteAllText($manifestPath, $text)
  Install-Bundle -Root $root -Bundle ($text | ConvertFrom-Json).bundle
  # A process of its own, so that nothing of an earlier bundle is left in this one.
  powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File (Join-Path $root 'host\converge.ps1') -ManifestPath $manifestPath | Out-Host
  if ($LASTEXITCODE -ne 0) {
    throw "converge.ps1 ended with exit code $LASTEXITCODE; its summary is above"
  }
} catch {
  Write-Output "host is not converged: $($_.Exception.Message)"
  $code = 1
} finally {
  if ($logging) {
    Stop-Transcript | Out-Null
  }
  if ($held) {
    $mutex.ReleaseMutex()
  }
  if ($mutex) {
    $mutex.Dispose()
  }
}
exit $code
