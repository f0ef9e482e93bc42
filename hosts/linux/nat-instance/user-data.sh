#!/bin/bash
# First boot of the NAT instance, Amazon Linux 2023 (NET-019): pass on what private hosts send to the Internet.
# A change of this file replaces the instance; its address and the routes to it belong to the network interface and stay.
# Which ports may pass is decided by the security group (SEC-020, SEC-021), not here.
set -euo pipefail

# The image has no nft command. The repositories are in S3, which the first seconds of a boot may not reach yet.
installed=no
for attempt in 1 2 3 4 5 6; do
  if dnf install --assumeyes --quiet nftables; then installed=yes; break; fi
  echo "attempt $attempt to install nftables failed" >&2
  sleep 10
done
test "$installed" = yes

cat > /etc/sysctl.d/90-nat.conf <<'SETTINGS'
net.ipv4.ip_forward = 1
# A NAT tells nobody of shorter ways.
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
# Connections that it keeps in mind at once.
net.netfilter.nf_conntrack_max = 131072
SETTINGS

cat > /etc/sysconfig/nftables.conf <<'RULES'
flush ruleset
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname != "lo" masquerade
  }
}
RULES

# The setting of conntrack exists only once the module is loaded, now and at every boot.
echo nf_conntrack > /etc/modules-load.d/nat.conf
modprobe nf_conntrack
sysctl --system
systemctl enable --now nftables.service
nft list table ip nat
