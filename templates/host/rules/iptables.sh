# Loads packet rules by iptables.
#
# Rules of others are read, never changed. Accept rules come before the rules that untrack, and go after them: a packet
# that is untracked and not accepted is a site that is down.

rules=$folder/raw.rules
accept_rules=$folder/accept.rules
commands=iptables
waits=0
checks=0
is_backend_nft=0
proposal_4=1
proposal_6=1

# Once: on a small host the programs take longer than the rules.
read_own_rules() {
  ports=$(served_ports) local_ports=$(local_ports) all_peers=$(peers)
}

find_commands() {
  find_programs awk iptables iptables-save iptables-restore
  ask_iptables
  read_own_rules
  missing=$(why_no_ipv6)
  [ -z "$missing" ] || { say "IPv4 only: $missing"; return 0; }
  commands='iptables ip6tables'
}

# What this iptables can do: wait for others that change rules (before 1.6.2 not all of its programs can), and look for a
# rule (-C, since 1.4.11). One that cannot wait takes the 5 for a file, which must not be there.
ask_iptables() {
  ! (cd "$folder" && iptables-restore -w 5 --noflush) </dev/null >/dev/null 2>&1 || waits=1
  ! iptables -h 2>/dev/null | grep -q -e '--check' || checks=1
  case $(iptables -V) in *nf_tables*) is_backend_nft=1 ;; esac
}

# tables PROGRAM [ARGUMENT...]
tables() {
  program=$1
  shift
  if [ "$waits" = 1 ]; then "$program" -w 5 "$@"; else "$program" "$@"; fi
}

# What iptables-save prints. An old one fails where the kernel has no tables yet.
save() {
  [ "$is_backend_nft" = 1 ] || [ -e "/proc/net/${1%tables}_tables_names" ] || return 0
  "$1-save"
}

# Not an error: a host without IPv6 has no IPv6 connections to track.
why_no_ipv6() {
  if ! grep -q -e '^-6' -e '^-A' "$rules"; then
    echo 'no rule is for IPv6'
  elif ! command -v ip6tables >/dev/null || ! command -v ip6tables-save >/dev/null \
    || ! command -v ip6tables-restore >/dev/null; then
    echo 'there is no ip6tables'
  elif [ ! -e /proc/net/if_inet6 ]; then
    echo 'the kernel has no IPv6'
  elif ! tables ip6tables -t raw -n -L PREROUTING >/dev/null 2>&1; then
    echo 'ip6tables has no raw table'
  fi
}

# Such as 80,443,8000:8100, from the rules themselves.
served_ports() {
  sed -n '/ -s /d; s/.* --dports \([0-9:,]*\) .*/\1/p' "$rules" | without_doubles
}

# What this host connects to untracked, from the rules for answers.
peers() {
  sed -n "s/^-[46] -A NT-PRE-.* -s \([^ ]*\) .* --sport \([0-9]*\) .*/\1>\2/p" "$rules" | without_doubles
}

# Ports of this host that those connections start from.
local_ports() {
  sed -n '/ -s /s/.* --dports \([0-9:,]*\) .*/\1/p' "$rules" | without_doubles
}

without_doubles() {
  awk '!($0 in seen) { seen[$0]; printf "%s%s", comma, $0; comma = "," }'
}

rules_of() {
  case $1 in
    raw) echo "$rules" ;;
    filter) echo "$accept_rules" ;;
  esac
}

# consult COMMAND SCRIPT FILE [VARIABLE=VALUE...]: runs an awk script on all rules there are, and on a file of ours.
# iptables-save looks at tables that exist; listing others with iptables would create them.
consult() {
  command=$1 script=$2 file=$3
  shift 3
  saved=$(save "$command" 2>/dev/null) || { say "$command-save: $(save "$command" 2>&1 >/dev/null)"; return 1; }
  family=$(family_of "$command")
  case $family in 4) proposal=${proposal_4-} ;; *) proposal=${proposal_6-} ;; esac
  for variable in "name=$name" "ports=$ports" "local_ports=$local_ports" "family=$family" "proposal=$proposal"; do
    set -- -v "$variable" "$@"
  done
  printf '%s\n' "$saved" | awk "$@" "$(text read.awk; text "$script")" part=theirs - part=ours "$file"
}

# change COMMAND TABLE load|unload: one transaction. Exit code 3: there are no places of the number proposed.
change() {
  file=$(rules_of "$2")
  [ -e "$file" ] || file=/dev/null
  transaction=$(consult "$1" place.awk "$file" -v "only=$2" -v "task=$3") || return
  [ -n "$transaction" ] || return 0
  printf '%s\n' "$transaction" | tables "$1-restore" --noflush || { say "$1-restore failed on table $2"; return 1; }
}

# Asks once: `reasons` why not; else the places are in `proposal_4` and `proposal_6`, and `commands` are the families shown.
examine() {
  if assigns_helpers; then
    # Helpers take nothing from a filter, nor from a translation.
    reasons=$(for each in $commands; do consult "$each" refuse-assigned.awk "$rules" || exit 1; done) || unreadable
    return 0
  fi
  prove "$ports" "$all_peers" "$local_ports"
  reasons=$(why_no_lease; why_not_owned; why_not_forwarding; told reason; why_not_nft; why_not_tried)
  [ -n "$reasons" ] || take_verdict
}

unreadable() { say 'the packet rules of this host cannot be read: nothing was changed'; exit 1; }

# Without a lease, untracking would outlive what it stands on.
why_no_lease() { ! is_leased || lease reasons; }

# Whoever writes its rules anew with each change would leave ours at other places, or take them away.
why_not_owned() {
  # The backticks are for readers.
  # shellcheck disable=SC2016
  case $(save iptables 2>/dev/null | sed -n 's/^:\(ufw\)-.*/\1/p; s/^:\(INPUT_ZONE\)S .*/\1/p' | head -n 1) in
    ufw) echo 'ufw owns the filter: set `firewall.filter: ufw` in the profile' ;;
    INPUT_ZONE) echo 'firewalld owns the filter: set `firewall.filter: firewalld` in the profile' ;;
  esac
}

# In such a filter nettune inserts nothing.
why_not_nft() {
  told reason | grep -q -e 'would no longer reach' -e 'only the beginning' && ! save iptables 2>/dev/null | grep -q '^-A' \
    && nft list ruleset 2>/dev/null | grep -q 'type filter hook input' || return 0
  # The backticks are for readers.
  # shellcheck disable=SC2016
  echo 'the filter of this host is one of nft: set `firewall.filter` to nftables in the profile, and render again'
}

# Places are proven for each family; one in which nothing is shown stays tracked.
take_verdict() {
  take_notes
  case $verdict in impossible*) return 0 ;; esac
  proven=
  for each in $commands; do
    number=$(told "family $(family_of "$each")")
    [ -n "$number" ] || continue
    eval "proposal_$(family_of "$each")=\$number"
    proven="$proven $each"
  done
  commands=${proven# }
}

family_of() { case $1 in ip6tables) echo 6 ;; *) echo 4 ;; esac; }

# Where rules cannot name our own IPv6 addresses, they would leave untracked what is for others as well.
why_not_forwarding() {
  grep -q '^-6 -A NT-PRE-.* --dports [^ ]* -j' "$rules" || return 0
  [ "$(cat /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null)" = 1 ] || return 0
  echo 'this host forwards IPv6, and its iptables cannot tell packets for this host from packets for others'
}

load_tables() {
  if [ ! -e "$accept_rules" ]; then
    load_table raw && unload_table filter
  else
    load_table filter && load_table raw
  fi
}

load_table() {
  for each in $commands; do change "$each" "$1" load || return 1; done
}

unload_family() { change "$1" raw unload && change "$1" filter unload; }

unload_table() {
  for each in $commands; do change "$each" "$1" unload || return 1; done
}

load() {
  keep_proof
  all=$commands
  examine
  [ -z "$reasons" ] || refuse
  for each in $all; do
    case " $commands " in *" $each "*) ;; *) unload_family "$each" || give_up ;; esac
  done
  say_each "${notes-}" ''
  say_each "$(told sample)" ''
  trap 'say "interrupted"; give_up' INT TERM HUP
  # Somebody else may insert a rule between our look and our change: look again.
  for attempt in 1 2 3; do
    load_tables || give_up
    absent=$(find_absent) || give_up
    [ -n "$absent" ] || return 0
  done
  say_each "$absent" ''
  say "not in place after $attempt attempts"
  give_up
}

is_loaded() {
  for each in $commands; do
    # Before 1.4.11 a line ends with a blank.
    ! save "$each" 2>/dev/null | grep -q -e "-j NT-[A-Z]*-$name *\$" || return 0
  done
  return 1
}

remove_rules() {
  result=0
  unload_table raw || result=1
  [ "$result" = 1 ] || unload_table filter || result=1
  [ "$result" = 0 ] || say 'some rules could not be removed; nettune-host rules status tells which'
  return "$result"
}

entries() { (part_adopt "$1" "$ports" "$all_peers"); }

# One line for each thing that is not as it should be.
find_absent() {
  for each in $commands; do
    find_absent_in "$each" raw || return 1
    [ ! -e "$accept_rules" ] || find_absent_in "$each" filter || return 1
  done
}

find_absent_in() {
  lines=$(consult "$1" place.awk "$(rules_of "$2")" -v "only=$2" -v task=status) || return 1
  if [ -n "$lines" ]; then
    printf '%s\n' "$lines" | sed "s/^/$1, table $2: /"
    return 0
  fi
  # Without -C the number of rules, which was right, has to do.
  [ "$checks" = 1 ] || return 0
  transaction=$(consult "$1" place.awk "$(rules_of "$2")" -v "only=$2" -v task=load) || return 1
  printf '%s\n' "$transaction" | sed -n 's/^-A //p' | while read -r rule; do
    # The rule is a list of words without quotes: it is ours.
    # shellcheck disable=SC2086
    tables "$1" -t "$2" -C $rule 2>/dev/null || echo "$1, table $2: a rule is missing: -A $rule"
  done
}

# For the proof: what load does, at places of its own choice. A family that has none of that number is told to it.
place() {
  proposal_4=$1 proposal_6=$1
  # With a lease that outlasts the proof, whose files are there.
  sed 's/ --rcheck --seconds 3 / --rcheck --seconds 3600 /' "$rules" >"/run/nettune/raw.$1"
  rules=/run/nettune/raw.$1
  [ -e "$accept_rules" ] || { load_table raw; return; }
  for each in $commands; do
    if change "$each" filter load; then
      change "$each" raw load || return 1
    else
      [ $? = 3 ] || return 1
      family_of "$each" >>"/run/nettune/absent-$1"
    fi
  done
}

prepare() {
  find_programs awk
  check_root
  find_commands
}
