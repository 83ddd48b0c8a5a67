#!/bin/sh -eu
# Makes a Debian 12 machine in FOLDER: its disk, and its memory as it is when the machine has booted from that disk. From
# both together a copy goes on within two seconds, where a boot takes 20.
# Usage: build.sh FOLDER MIRROR PORT, where PORT of this machine is free. Needs root.

folder=$1 mirror=$2 port=$3
here=$(dirname "$0") root=$folder/root

PACKAGES='systemd systemd-sysv udev kmod linux-image-amd64 procps iproute2 ifupdown openssh-server
  iptables iptables-persistent nftables conntrack apache2 squid curl python3 sudo'

# What would run at boot or later and has no part in any test: each costs the emulated processor half a second and more.
UNITS='apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer logrotate.timer
  e2scrub_reap.service getty-static.service getty@tty1.service serial-getty@ttyS0.service systemd-timesyncd.service
  systemd-pstore.service systemd-binfmt.service systemd-random-seed.service dev-hugepages.mount sys-kernel-debug.mount
  sys-kernel-tracing.mount'

# Modules of devices that the machine does not have are half of what there is to unpack. iptables-persistent is not to
# save rules when it is installed: those would be the rules of the machine that builds.
install_debian() {
  mmdebstrap --quiet --mode=root --variant=minbase --include="$(echo "$PACKAGES" | xargs | tr ' ' ,)" \
    --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/lib/modules/*/kernel/sound/*' \
    --dpkgopt='path-exclude=/lib/modules/*/kernel/drivers/*/*' \
    --dpkgopt='path-include=/lib/modules/*/kernel/drivers/*virtio*' \
    --dpkgopt='path-include=/lib/modules/*/kernel/drivers/net/*failover*' \
    --dpkgopt='path-include=/lib/modules/*/kernel/drivers/net/veth.ko' \
    --essential-hook='for each in 4 6; do
        echo "iptables-persistent iptables-persistent/autosave_v$each boolean false"
      done | chroot "$1" debconf-set-selections' \
    --essential-hook="cp -r --no-preserve=ownership '$here/files/.' \"\$1\"" \
    bookworm "$root" "deb $mirror bookworm main"
}

set_up() {
  echo debian >"$root/etc/hostname"
  echo '127.0.0.1 localhost debian' >"$root/etc/hosts"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
  install -D -m 600 "$folder/key.pub" "$root/root/.ssh/authorized_keys"
  systemctl --quiet --root="$root" enable neighbours.service internet.service
  # A list of words without quotes, and ours.
  # shellcheck disable=SC2086
  systemctl --quiet --root="$root" mask $UNITS
}

make_disk() {
  mv "$root"/boot/vmlinuz-* "$folder/kernel"
  mv "$root"/boot/initrd.img-* "$folder/initrd"
  mke2fs -q -t ext4 -d "$root" "$folder/disk" 2G >/dev/null
  rm -rf "$root"
}

describe_ssh() {
  cat >"$folder/ssh_config" <<EOF
Host machine
  HostName 127.0.0.1
  User root
  IdentityFile $folder/key
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
  ConnectTimeout 2
EOF
}

# The monitor takes its commands from standard input: the first one comes when everything has started.
keep_booted() {
  {
    wait_until_booted || echo quit
    echo 'migrate_set_parameter max-bandwidth 10G'
    echo "migrate \"exec:cat > '$folder/memory'\""
    echo quit
  } | sh "$here/start.sh" "$folder" "$port" '' -serial null -monitor stdio >/dev/null
  [ -s "$folder/memory" ]
}

wait_until_booted() {
  deadline=$(($(date +%s) + 240))
  until ssh -F "$folder/ssh_config" -p "$port" machine true 2>/dev/null; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 0.2
  done
  ssh -F "$folder/ssh_config" -p "$port" machine 'systemctl is-system-running --quiet --wait || { systemctl --failed; exit 1; }' >&2
}

rm -rf "$folder"
(umask 077 && mkdir -p "$folder")
trap 'rm -rf "$folder"' EXIT
install_debian
set_up
make_disk
describe_ssh
keep_booted
trap - EXIT
