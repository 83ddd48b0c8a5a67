# Numbers of the kernel: how full the connection table is, and what was dropped since boot. Empty is what this kernel does not tell.

read_counters() {
  entries=$(read_first net/netfilter/nf_conntrack_count net/ipv4/netfilter/ip_conntrack_count)
  maximum=$(read_first net/netfilter/nf_conntrack_max net/ipv4/netfilter/ip_conntrack_max net/ipv4/ip_conntrack_max)
  overflows='' drops='' insert_failed='' dropped='' early_drop=''
  IFS=, read -r overflows drops insert_failed dropped early_drop <<END
$(sum_counters)
END
}

# read_first PATH...: of the parameters, the first that is there.
read_first() {
  for path in "$@"; do
    [ ! -r "/proc/sys/$path" ] || { cat "/proc/sys/$path"; return; }
  done 2>/dev/null
}

sum_counters() {
  list_files /proc/net/netstat /proc/net/stat/nf_conntrack /proc/net/stat/ip_conntrack | tr '\n' '\0' \
    | xargs -0 awk "$(text counters.awk)" /dev/null
}
