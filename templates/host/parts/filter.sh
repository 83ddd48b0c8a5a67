# Finds who loads the packet filter of the host at boot, where it is no unit after which the guard starts. The ports stay tracked
# until the filter has been quiet, so this is for the administrator: many a filter is gone after a reboot.

find_filter_at_boot() {
  is_live && is_guarded && has_filter || return 0
  for unit in netfilter-persistent iptables ip6tables nftables ufw firewalld; do
    ! systemctl is-enabled --quiet "$unit" 2>/dev/null || return 0
  done
  files=$(list_boot_scripts | grep -v '/nettune-[^/]*$' | tr '\n' '\0' | xargs -0 grep -lsE "$loads_filter" /dev/null | tr '\n' ' ')
  if [ -n "$files" ]; then
    print_lines "at boot the packet filter seems to come from: ${files% }"
  else
    echo 'no unit or script was found that loads the packet filter at boot: make sure that it is there after a reboot'
  fi
}

# Rules for what comes in that are not ours. The tables that nft shows of iptables are in iptables-save.
has_filter() {
  { iptables-save; ip6tables-save; } 2>/dev/null | grep -e '^:INPUT DROP' -e '^-A INPUT ' | grep -qv -e ' -j NT-' && return
  nft list chains 2>/dev/null | awk '
    $1 == "table" { is_iptables = $3 == "filter" && $2 ~ /^ip6?$/ }
    / hook input / && !is_iptables { found = 1 }
    END { exit !found }
  '
}

loads_filter='ip6?tables(-legacy|-nft)?-(restore|apply)|ip6?tables(-legacy|-nft)? .*-[AI] |nft (-f|--file)|bin/(csf|ferm|firehol|shorewall)'
