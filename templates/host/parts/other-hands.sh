# Finds who else sets a parameter while the host runs, where no file for sysctl says so.

# name_other_hand NAME: a clause of a sentence.
name_other_hand() {
  if is_of_kube_proxy "$1" && process=$(find_process kube-proxy k3s-server k3s-agent kubelite); then
    echo "no sysctl file sets this, but kube-proxy does when it starts, and $process runs here: set $(name_kube_option "$1") in its configuration"
  elif place=$(find_mention "$1"); then
    print_lines "no sysctl file sets this, but $place names it"
  elif is_of_network_manager "$1" && find_process NetworkManager >/dev/null; then
    echo 'no sysctl file sets this, but NetworkManager runs here, and sets it when a connection comes up'
  else
    echo 'no sysctl file sets this (set by hand, or never)'
  fi
}

# Source: kubernetes, pkg/proxy/conntrack.
is_of_kube_proxy() {
  [ -n "$(name_kube_option "$1")" ]
}

# What has kube-proxy leave the parameter alone.
name_kube_option() {
  case $1 in
    net.netfilter.nf_conntrack_max | net.netfilter.nf_conntrack_buckets) echo 'conntrack.maxPerCore: 0' ;;
    net.netfilter.nf_conntrack_tcp_timeout_established) echo 'conntrack.tcpEstablishedTimeout: 0s' ;;
    net.netfilter.nf_conntrack_tcp_timeout_close_wait) echo 'conntrack.tcpCloseWaitTimeout: 0s' ;;
    net.netfilter.nf_conntrack_udp_timeout) echo 'conntrack.udpTimeout: 0s' ;;
    net.netfilter.nf_conntrack_udp_timeout_stream) echo 'conntrack.udpStreamTimeout: 0s' ;;
  esac
}

# Values of an interface; and forwarding, for a connection that is shared.
is_of_network_manager() {
  case $1 in
    net.ipv[46].conf.default.*) return 1 ;;
    net.ipv4.ip_forward | net.ipv[46].conf.all.forwarding) ;;
    net.ipv[46].conf.all.*) return 1 ;;
    net.ipv[46].conf.*) ;;
    *) return 1 ;;
  esac
}

# find_process NAME...: the name of one that runs. Fails when there is none.
find_process() {
  list_processes "$(printf '%s\n' "$@")" | sed 's/^[0-9]* //; q' | grep .
}

# Where scripts that run at boot, and data of cloud-init, name the parameter. Fails where none does.
find_mention() {
  pattern=$(printf '%s\n' "$1" | sed 's,[./],[./],g; s,[*],[*],g')
  list_boot_scripts | tr '\n' '\0' | xargs -0 grep -ns "^[^#]*$pattern" /dev/null \
    | sed -n '$s/^\([^:]*\):\([0-9]*\):.*/\1 line \2/p' | grep .
}

# Units that are enabled have links in folders of those that want them.
list_boot_scripts() {
  list_files /etc/systemd/system/*.wants/* /etc/network/if-*.d/* /etc/network/interfaces /etc/network/interfaces.d/* \
    /etc/NetworkManager/dispatcher.d/* /etc/rc.local /etc/rc.d/rc.local /etc/crontab /etc/cron.d/* /var/spool/cron/* \
    /var/spool/cron/crontabs/* /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/* /var/lib/cloud/scripts/per-*/* \
    /var/lib/cloud/instance/scripts/* /var/lib/cloud/instance/user-data.txt /var/lib/cloud/seed/*/user-data
}
