# Finds who else sets a parameter while the host runs, where no file for sysctl says so.

# find_other_hands NAME...: looks for all of them at once. A process for each name would take long where nothing is as planned.
find_other_hands() {
  mentions=$(list_mentions "$@")
  running=$(list_processes 'kube-proxy
k3s-server
k3s-agent
kubelite
NetworkManager' | awk '$4 == 0 { print $2 }')
}

# name_other_hand NAME: a clause of a sentence, after find_other_hands.
name_other_hand() {
  if is_of_kube_proxy "$1" && process=$(print_lines "$running" | grep -v NetworkManager | grep -m 1 .); then
    echo "no sysctl file sets this, but kube-proxy does when it starts, and $process runs here: set $(name_kube_option "$1") in its configuration"
  elif [ -n "$mentions" ] && place=$(find_mention "$1"); then
    print_lines "no sysctl file sets this, but $place names it"
  elif is_of_network_manager "$1" && print_lines "$running" | grep -q NetworkManager; then
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

# Lines of scripts that run at boot, and of cloud-init's data, that name one of the parameters: FILE:NUMBER:LINE.
list_mentions() {
  patterns=$(for key in "$@"; do pattern_of "$key"; done)
  list_boot_scripts | tr '\n' '\0' | xargs -0 grep -ns -e "$patterns" /dev/null
}

# Names are written with dots or slashes.
pattern_of() {
  # shellcheck disable=SC2086
  (IFS=./ && set -f && set -- $1 && IFS=/ && printf '%s\n' "$*" | sed 's,/,[./],g; s,^,^[^#]*,')
}

# The last place that names the parameter. Fails where none does.
find_mention() {
  print_lines "$mentions" | sed 's/^\([^:]*\):\([0-9]*\):/\1 line \2:/' | pattern=$(pattern_of "$1") awk '
    { line = $0; sub(/^[^:]*:/, "", line) }
    line ~ ENVIRON["pattern"] { place = $0; sub(/:.*/, "", place) }
    END { if (place != "") print place; exit place == "" }'
}

# Units that are enabled have links in folders of those that want them.
list_boot_scripts() {
  list_files /etc/systemd/system/*.wants/* /etc/network/if-*.d/* /etc/network/interfaces /etc/network/interfaces.d/* \
    /etc/NetworkManager/dispatcher.d/* /etc/rc.local /etc/rc.d/rc.local /etc/crontab /etc/cron.d/* /var/spool/cron/* \
    /var/spool/cron/crontabs/* /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/* /var/lib/cloud/scripts/per-*/* \
    /var/lib/cloud/instance/scripts/* /var/lib/cloud/instance/user-data.txt /var/lib/cloud/seed/*/user-data
}
