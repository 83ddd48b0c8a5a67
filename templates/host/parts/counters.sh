# Numbers of the kernel: how full the connection table is, and what was dropped since boot. Empty is what this kernel does not tell.

read_counters() {
  entries='' maximum='' overflows='' drops='' insert_failed='' dropped='' early_drop=''
  IFS=, read -r entries maximum overflows drops insert_failed dropped early_drop <<END
$(sum_counters)
END
}

# By a program: a shell reads a byte at a time, and of a parameter the kernel gives no second one.
sum_counters() {
  set -- /dev/null
  for file in /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max \
    /proc/sys/net/ipv4/netfilter/ip_conntrack_count /proc/sys/net/ipv4/netfilter/ip_conntrack_max \
    /proc/net/netstat /proc/net/stat/nf_conntrack /proc/net/stat/ip_conntrack; do
    [ ! -r "$file" ] || set -- "$@" "$file"
  done
  awk "$(text counters.awk)" "$@"
}
