# Functions that take a copy of what decides about packets on this host, and that make such a host of an empty network
# namespace. `$copy` is a folder, `$name` our profile: its own rules are left out of the copy.

# Prints PROGRAM KIND for each iptables there is: one of either kind and family.
list_engines() {
  for family in iptables ip6tables; do
    for kind in nft legacy; do
      for program in "$family" "$family-$kind"; do
        is_kind "$program" "$kind" || continue
        echo "$program $kind"
        break
      done
    done
  done
}

is_kind() {
  command -v "$1-save" >/dev/null && command -v "$1-restore" >/dev/null || return 1
  case $2:$("$1" -V 2>/dev/null) in
    nft:*nf_tables*) return 0 ;;
    legacy:*nf_tables* | *:) return 1 ;;
    legacy:*) return 0 ;;
  esac
  return 1
}

# Listing old tables would load the modules of those that are not there; a file in /proc names those that are.
save_engine() {
  family=${1%%tables*}
  if [ "$2" = legacy ] && ! grep -q . "/proc/net/${family}_tables_names" 2>/dev/null; then return 0; fi
  "$1-save" 2>/dev/null || { echo "$1-save failed" >&2; return 1; }
}

# A comment may go on in the next line, which iptables-restore does not read, and which may look like a rule, or like the end
# of a chain.
join_lines() {
  awk '
    {
      line = held == "" ? $0 : held " " $0
      text = line
      if (line ~ /^-A/) gsub(/\\./, "", text)
      held = line ~ /^(-A|\t)/ && gsub(/"/, "", text) % 2 ? line : ""
      if (held == "") print line
    }
    END { if (held != "") print held }'
}

# Without comments, counters, and what is ours; without tables that do nothing, which come into being when looked at; and in
# one order, for the programs of old list them as they were loaded.
clean_saved() {
  join_lines | sed -e '/^#/d' -e 's/ \[[0-9]*:[0-9]*\]$/ [0:0]/' \
    -e "/^:NT-[A-Z]*-$name /d" -e "/^-A NT-[A-Z]*-$name /d" -e "/ -j NT-[A-Z]*-$name *\$/d" |
    awk '
      /^\*/ { table = $1; text = ""; does = 0 }
      { text = text $0 "\n" }
      /^-A|^:[^ ]+ [^A]/ { does = 1 }
      /^COMMIT/ && does { saved[table] = text }
      END { n = split("*raw *mangle *nat *filter *security", order, " "); for (i = 1; i <= n; i++) printf "%s", saved[order[i]] }'
}

# How long an element stays is no matter of rules, nor is who owns a table, and a copy would go with its owner. ICMP errors of
# our own lines, in the filter of somebody (accept-*.nft), are listed by number, and by name once that was loaded again.
clean_listed() {
  sed -e 's/ expires [0-9a-z]*//g' -e '/^table /s/ # progname .*//' \
    -e '/^[[:blank:]]flags /s/,\{0,1\}\(owner\|persist\)//g' -e '/^[[:blank:]]flags $/d' -e '/^$/d' \
    -e 's/icmp type { 0x3, 0xb, 0xc }/icmp type { destination-unreachable, time-exceeded, parameter-problem }/' \
    -e 's/icmpv6 type { 0x1, 0x2, 0x3, 0x4 }/icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem }/'
}

# save_rules FOLDER [ENGINES]: everything that judges packets in this network namespace.
save_rules() {
  mkdir -p "$1"
  # On a host without iptables as well, there is a file of its tables.
  : >"$1/managed"
  : >"$1/iptables.none"
  if [ $# = 2 ]; then cp "$2" "$1/engines"; else list_engines >"$1/engines"; fi
  while read -r program kind; do
    save_engine "$program" "$kind" >"$1/saved" || return 1
    clean_saved <"$1/saved" >"$1/${program%%-*}.$kind"
    if [ "$kind" = nft ]; then join_lines <"$1/saved" | name_tables "$program" >>"$1/managed"; fi
  done <"$1/engines"
  : >"$1/sets"
  if command -v ipset >/dev/null; then ipset save >"$1/sets" 2>/dev/null || : >"$1/sets"; fi
  save_tables "$1" || return 1
  rm -f "$1/saved" "$1/managed"
}

# As nft names those that iptables has saved, whose matches it would not load again. Tables by nft may have the same names:
# of those iptables says that they are incompatible, and shows chains without rules.
name_tables() {
  case $1 in ip6*) family=ip6 ;; *) family=ip ;; esac
  awk -v "family=$family" '
    /^# Table .* incompatible/ { table = $3; gsub(/[^a-z]/, "", table); is_foreign[table] }
    /^\*/ && !(substr($1, 2) in is_foreign) { print "table", family, substr($1, 2) }'
}

save_tables() {
  : >"$1/tables"
  command -v nft >/dev/null || return 0
  # It fails where the kernel has no tables of nft.
  nft list tables >"$1/names" 2>/dev/null || return 0
  while read -r _ family table; do
    [ "$family $table" != "inet nettune_$(echo "$name" | tr - _)" ] || continue
    ! grep -q -x -F "table $family $table" "$1/managed" || continue
    nft -s list table "$family" "$table" || return 1
  done <"$1/names" >"$1/listed"
  join_lines <"$1/listed" | clean_listed >"$1/tables"
  rm -f "$1/names" "$1/listed"
}

# restore_rules FOLDER
restore_rules() {
  [ ! -s "$1/sets" ] || ipset restore <"$1/sets" || return 1
  while read -r program kind; do
    saved=$1/${program%%-*}.$kind
    [ ! -s "$saved" ] || "$program-restore" <"$saved" || return 1
  done <"$1/engines"
  [ ! -s "$1/tables" ] || nft -f "$1/tables"
}

# What differs between two copies; a set may lose members meanwhile, by their own timeouts.
compare_rules() {
  for saved in "$1"/*; do
    case ${saved##*/} in
      engines) continue ;;
      sets) [ "$(grep -c '^create' "$saved")" = "$(grep -c '^create' "$2/sets")" ] || echo 'the sets of ipset' ;;
      *)
        cmp -s "$saved" "$2/${saved##*/}" \
          || echo "${saved##*/}: $(diff "$saved" "$2/${saved##*/}" 2>/dev/null | sed -n 's/^[<>] *//p' | head -n 1)"
        ;;
    esac
  done
}

# The network: devices with addresses and those that rules name, routes, policy rules, and the sysctls that decide.

save_network() {
  mkdir -p "$1"
  ip -o address show >"$1/shown"
  awk '$3 ~ /^inet6?$/ && $4 !~ /^(127\.|::1\/|fe80:)/ {
    sub(/\\/, "", $0); device = $2; sub(/:$/, "", device); sub(/@.*/, "", device)
    peer = $5 == "peer" ? " peer " $6 : ""
    print device, ($3 == "inet" ? 4 : 6), $4 peer
  }' "$1/shown" >"$1/addresses"
  for family in 4 6; do
    ip "-$family" -o route show table all 2>/dev/null | clean_routes >"$1/routes-$family" || :
    ip "-$family" rule show 2>/dev/null | awk -F ':[ \t]*' '$1 != 0 && $1 < 32766 { print "rule add pref " $1 " " $2 }' \
      | sed 's/ \[detached\]//' >"$1/policies-$family" || :
  done
  list_devices "$1" >"$1/devices"
  awk 'FNR == NR { is_ours[$1]; next } $2 in is_ours && $4 ~ /^fe80:/ { sub(/\/.*/, "", $4); print $2, $4 }' "$1/devices" "$1/shown" >"$1/link-local"
  rm -f "$1/shown"
  # Words, one for each device.
  # shellcheck disable=SC2046
  save_sysctls $(cat "$1/devices") >"$1/sysctls"
}

# Words that are shown and not taken, and routes that the kernel makes of addresses.
clean_routes() {
  # A backslash, and no quote behind one.
  # shellcheck disable=SC1003
  tr -d '\\' | sed -e '/^\(broadcast\|anycast\|multicast\|ff00\|fe80\)/d' \
    -e 's/ \(linkdown\|dead\|offload\|rt_trap\)//g' -e 's/ nhid [0-9]*//' -e 's/ expires [0-9]*sec//' -e 's/ error -\{0,1\}[0-9]*//' \
    -e 's/ \(pref\|proto\) [a-z0-9]*//g' -e 's/^/route replace /'
}

# The first is the one to the world.
list_devices() {
  {
    sed -n 's/^route replace default .*dev \([^ ]*\).*/\1/p' "$1/routes-4" "$1/routes-6"
    sed 's/ .*//' "$1/addresses"
    sed -n 's/.* dev \([^ ]*\).*/\1/p' "$1/routes-4" "$1/routes-6"
    sed -n 's/ -[mpjg] .*//; s/^-A .* -[io] \([^ ]*\).*/\1/p' "$copy"/rules/*tables.*
    sed -n 's/.*[io]if\(name\)\{0,1\} \(!= \)\{0,1\}"\([^" ]*\)".*/\3/p' "$copy/rules/tables"
    # In sets and maps, what has quotes may be a name; of something else, it does no harm.
    sed 's/\(comment\|prefix\| name\| set\) "[^"]*"//g' "$copy/rules/tables" | grep -o '"[a-zA-Z0-9_.,=~+-]*\*\{0,1\}"' | tr -d '"'
    sed -n 's/.*devices = {\([^}]*\)}.*/\1/p' "$copy/rules/tables" | tr -d ' "' | tr ',' '\n'
  } | sed -e 's/[+*]$/9/' | awk -v "strange=$1/strange" '
    $0 == "" || length($0) > 15 || $0 == "lo" || ($0 in seen) { next }
    { seen[$0] }
    !/^[a-zA-Z0-9_.,=~+-]+$/ { print "a copy of this host cannot have a device of this name: " $0 >strange; next }
    ++n <= 100
    END { if (n > 100) print "your addresses, routes and rules name " n " devices, and a proof has room for 100" >strange }'
  # Nobody has named one yet.
  [ -s "$1/addresses" ] || echo eth0
}

DECISIVE='net/ipv4/ip_forward net/ipv6/conf/all/forwarding net/ipv4/tcp_syncookies net/ipv4/tcp_timestamps
net/ipv4/ip_local_port_range net/ipv4/ip_local_reserved_ports net/netfilter/nf_conntrack_tcp_loose
net/netfilter/nf_conntrack_tcp_be_liberal net/netfilter/nf_conntrack_checksum net/netfilter/nf_conntrack_tcp_ignore_invalid_rst'

# save_sysctls DEVICE... : those that decide. Forwarding comes first: it sets others.
save_sysctls() {
  devices=$*
  {
    for key in $DECISIVE; do echo "$key"; done
    for device in all default $devices; do
      for key in rp_filter route_localnet accept_local src_valid_mark; do echo "net/ipv4/conf/$device/$key"; done
    done
  } | while read -r key; do
    [ -r "/proc/sys/$key" ] || continue
    value=
    IFS= read -r value <"/proc/sys/$key" || :
    echo "$key $value"
  done
}

write_sysctls() {
  while read -r key value; do
    [ ! -w "/proc/sys/$key" ] || echo "$value" 2>/dev/null >"/proc/sys/$key" || :
  done <"$1"
}
