# Prints a hash of everything that decides what becomes of a packet, so that two looks can be compared.
#
# Usage: nettune-host fingerprint all|untold
#
#   all     rules, addresses, routes and sysctls of this host. Our rules and their places are part of it.
#   untold  what changes without a word to those who listen to `nft monitor`: the rules of iptables-legacy, and those of
#           iptables-nft where there is no nft. Cheap.
#
# Not part of it: counters, members of sets, routes of daemons, lifetimes, and how many addresses are refused by rules of one
# kind in a row (`-s ADDRESS -j DROP`): whoever bans one address more changes nothing for the others.
# Needs awk and sha256sum, and ip unless for untold. What else it reads is read where it is there: the programs of iptables of
# both kinds, nft, ipset. Exit code 1: something could not be read, and nothing is printed.

set -eu
LC_ALL=C
export LC_ALL
use copy

# Rules and policies, a line each. A table that is empty is there for whoever has looked at it, and decides nothing.
read_saved() {
  awk -v "what=$1" '
    /^\*/ { table = what " " $1 }
    /^:/ && $2 != "ACCEPT" && $2 != "-" { print table, $1, $2 }
    /^-A/ {
      if ($3 == "-s" && $5 == "-j" && $6 ~ /^(DROP|REJECT)$/) $4 = "*"
      line = table " " $0
      if (line != last || $4 != "*") print line
      last = line
    }'
}

save_xtables() {
  command -v "$1-save" >/dev/null || return 0
  saved=$("$1-save" 2>/dev/null) || return 1
  printf '%s\n' "$saved" | join_lines | read_saved "$1"
}

# Naming tables of the old kind would load them; a file of the kernel names those that are there.
list_legacy() {
  for program in iptables ip6tables; do
    table=''
    read -r table 2>/dev/null <"/proc/net/${program%tables}_tables_names" || :
    [ -n "$table" ] || continue
    if command -v "$program-legacy-save" >/dev/null; then
      save_xtables "$program-legacy" || return 1
    elif ! is_kind "$program" nft; then
      save_xtables "$program" || return 1
    fi
  done
}

list_iptables_nft() {
  for program in iptables ip6tables; do
    ! is_kind "$program" nft || save_xtables "$program" || return 1
  done
}

list_nft() {
  # Without nft, or in a kernel that has no tables of nft, there is nothing to read.
  nft list tables >/dev/null 2>&1 || return 0
  # The terse list leaves out members of sets, and those of maps, which say what happens to a packet.
  ruleset=$(nft -s -t list ruleset 2>/dev/null || nft -s list ruleset 2>/dev/null) || return 1
  printf '%s\n' "$ruleset" | join_lines | read_nft
  nft -s list maps 2>/dev/null || :
}

# Chains and tables without a rule decide nothing, unless by their policy.
read_nft() {
  awk '
    /^#/ { next }
    /^table / { head = $0; next }
    /^\tchain / { chain = $2; base = rules = last = ""; next }
    chain == "" && !/[a-z]/ { next }
    chain == "" { print head $0; next }
    /^\t\ttype / { base = $0; next }
    /^\t}/ {
      if (rules != "" || base ~ /policy drop/) print head " " chain base rules
      chain = ""
      next
    }
    {
      if ($0 ~ /^\t\tip6? saddr [^ {@]+ (counter )?(drop$|reject|xt target "REJECT")/) $3 = "*"
      if ($0 != last || $3 != "*") rules = rules "\n" $0
      last = $0
    }
    END { if (chain != "") print head " " chain base rules }'
}

list_sets() {
  ! command -v ipset >/dev/null || ipset list -t 2>/dev/null | grep -E '^(Name|Type|Header):' || :
}

# Routes of daemons come and go with other networks, and those that routers announce carry their age.
list_network() {
  addresses=$(ip -o address show) && policies=$(ip -4 rule show) && routes=$(ip -4 route show table all 2>/dev/null) || return 1
  printf '%s\n' "$addresses" | awk '!/ scope link/ { print $2, $3, $4 }'
  {
    printf '%s\n' "$policies" "$routes"
    # A host need not have IPv6.
    ip -6 rule show
    ip -6 route show table all
  } 2>/dev/null | awk '
    / proto (bird|zebra|bgp|ospf|isis|rip|eigrp|babel|gated)/ || / table local/ || /^(fe80|multicast|ff00)/ { next }
    { gsub(/ expires [0-9]*sec| error [-0-9]*| linkdown/, ""); print }'
}

# Those that a proof rests on; of devices without an address, which come and go with containers, there is nothing to know.
list_sysctls() {
  # shellcheck disable=SC2046
  save_sysctls $(printf '%s\n' "$addresses" | awk '!/ scope link/ { print $2 }' | sort -u)
}

list_untold() {
  list_legacy || return 1
  command -v nft >/dev/null || list_iptables_nft
}

list_all() {
  list_legacy && list_iptables_nft && list_nft && list_sets && list_network && list_sysctls
}

case "$# ${1-}" in
  '1 untold') list=$(list_untold) || exit 1 ;;
  '1 all') list=$(list_all) || exit 1 ;;
  *) wrong_usage fingerprint ;;
esac
hash=$(printf '%s\n' "$list" | sha256sum) || exit 1
echo "${hash%% *}"
