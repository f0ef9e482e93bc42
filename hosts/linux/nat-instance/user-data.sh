#!/bin/bash
# First boot of the NAT instance, Amazon Linux 2023 (NET-019): writes what every boot runs, and runs it.
# A change of this file replaces the instance; its address and the routes to it belong to the network interface and stay.
# Which ports may pass is decided by the security group (SEC-020, SEC-021), not here. TSS_ROOT is for tests.
set -euo pipefail
readonly root="${TSS_ROOT:-}"
readonly programs="$root/usr/local/sbin" units="$root/etc/systemd/system"
mkdir -p "$programs" "$units"

cat > "$programs/nat-set-up" <<'SCRIPT'
#!/bin/bash
# Makes this machine pass on what private hosts send to the Internet; may run any number of times.
set -euo pipefail
readonly root="${TSS_ROOT:-}"

# dnf needs more memory than the smallest machines have, and is killed without it.
if [ ! -e "$root/swap" ]; then
  dd if=/dev/zero of="$root/swap.new" bs=1M count="${TSS_SWAP_MEGABYTES:-1024}" status=none
  chmod 0600 "$root/swap.new"
  mkswap "$root/swap.new" > /dev/null
  mv "$root/swap.new" "$root/swap"
fi
swapon --show=NAME --noheadings | grep --quiet --line-regexp "$root/swap" || swapon "$root/swap"

# The image has no nft command. The repositories are in S3, which the first seconds of a boot may not reach yet: the unit tries again.
command -v nft > /dev/null || dnf install --assumeyes --quiet nftables

cat > "$root/etc/sysctl.d/90-nat.conf" <<'SETTINGS'
net.ipv4.ip_forward = 1
# A NAT tells nobody of shorter ways.
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
# Connections that it keeps in mind at once.
net.netfilter.nf_conntrack_max = 131072
SETTINGS
# The setting of conntrack exists only once the module is loaded.
modprobe nf_conntrack
sysctl --quiet --load="$root/etc/sysctl.d/90-nat.conf"

# All of it in one transaction: connections that pass meanwhile keep theirs.
nft --file - <<'RULES'
table ip nat
delete table ip nat
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname != "lo" masquerade
  }
}
RULES
SCRIPT

cat > "$programs/nat-heartbeat" <<'SCRIPT'
#!/bin/bash
# Says that packets are passed on, to the Internet itself: no answer from there, no sign of life, and the alarm goes off (OBS-029).
set -euo pipefail
[ "$(sysctl --values net.ipv4.ip_forward)" = 1 ]
nft list table ip nat | grep --quiet masquerade
exec aws cloudwatch put-metric-data --region "@REGION@" --namespace "@METRIC_NAMESPACE@" \
  --metric-name Heartbeat --unit Count --value 1 --dimensions "Environment=@ENVIRONMENT@,Host=@HOST@"
SCRIPT
chmod 0755 "$programs/nat-set-up" "$programs/nat-heartbeat"

cat > "$units/nat-set-up.service" <<'UNIT'
[Unit]
Description=Pass on what private hosts send to the Internet (NET-019)
Wants=network-online.target
After=network-online.target
# Tried again for ever: without it nothing private reaches the Internet.
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/nat-set-up
TimeoutStartSec=10min
Restart=on-failure
RestartSec=15

[Install]
WantedBy=multi-user.target
UNIT

cat > "$units/nat-heartbeat.service" <<'UNIT'
[Unit]
Description=Heartbeat of the NAT instance (OBS-029)

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/nat-heartbeat
TimeoutStartSec=50
UNIT

cat > "$units/nat-heartbeat.timer" <<'UNIT'
[Unit]
Description=Heartbeat of the NAT instance, every minute (OBS-029)

[Timer]
OnCalendar=*-*-* *:*:00 UTC
AccuracySec=1s

[Install]
WantedBy=timers.target
UNIT

systemctl daemon-reload
systemctl enable --quiet nat-set-up.service nat-heartbeat.timer
# Not waited for: what fails now is tried again.
systemctl start --no-block nat-set-up.service nat-heartbeat.timer
