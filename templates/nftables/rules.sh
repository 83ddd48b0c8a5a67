#!/bin/sh
#
# Loads, removes or examines the packet rules that lie beside this file. Usage: rules.sh load|unload|status|reasons
#
#   load    puts the table in place; twice is as good as once. Refuses where it would do harm, and then takes away what is
#           in place of ours: ports that are tracked again are served, ports that nobody accepts are not.
#   unload  removes the table.
#   status  says what is not in place, and what has come since that load would refuse.
#   reasons says why load would refuse, and changes nothing.
#
# Exit code: 0 done, or in place; 1 refused, failed, or not in place; 2 wrong usage.
#
# Rules of others are read, never changed. What a table drops, no other table can accept: so a probe (probe.sh) has to show
# first that the filter as it is accepts the ports untracked. What a probe cannot show is looked for in the rules: who is
# banned by connection state, or counted by packets, would no longer be.

set -eu
LC_ALL=C
export LC_ALL

name=@name@
table='inet nettune_@id@'
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
rules=$here/rules.nft

say() {
  # What somebody else wrote into a comment is not to command the terminal.
  printf '%s\n' "nettune $name: $*" | tr -c '\n -~' '?' >&2
}

# A message on every line of its argument.
say_each() {
  printf '%s\n' "$1" | while IFS= read -r line; do say "$2$line"; done
}

find_programs() {
  for program in "$@"; do
    command -v "$program" >/dev/null || { say "there is no $program"; exit 1; }
  done
}

# Such as 80,443,8000:8100, from the rules themselves; none where rules only assign helpers.
served_ports() {
  sed -n 's/.*tcp dport { \(.*\) } fib.*/\1/p' "$rules" | tr -d ' ' | tr - :
}

is_loaded() { nft list table "$table" >/dev/null 2>&1; }

# A folder of its own for what is found out. Rules that only assign helpers take nothing from a filter.
prepare() {
  find_programs sed nft
  ports=$(served_ports)
  if [ -n "$ports" ]; then allow_probe; fi
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  trap 'exit 1' INT TERM HUP
  [ -z "$ports" ] || copy_rules
}

# Where nothing can be tried, nothing is loaded, unless the profile says so; then no port is left to try.
allow_probe() {
  obstacle=$(find_obstacle)
  [ -n "$obstacle" ] || return 0
  if ! is_unproven; then
    say "$obstacle, so the rules cannot be tried, and are not loaded"
    exit 1
  fi
  say "$obstacle, so the rules are not tried first: conntrack.untracked.unproven allows that"
  ports=
}

# Below the header, in which a summary may say anything.
is_unproven() { sed '1,/^$/d' "$rules" | grep -q '^# unproven: '; }

# What a probe needs and this host lacks.
find_obstacle() {
  for program in awk ip nsenter timeout bash systemd-socket-activate unshare; do
    command -v "$program" >/dev/null || { echo "there is no $program"; return 0; }
  done
  can_make_namespace || echo 'no network namespace can be made here'
}

can_make_namespace() { unshare -n true 2>/dev/null; }

# The filter as it is: what nft lists, and what the programs of iptables save.
copy_rules() {
  for program in iptables ip6tables iptables-legacy ip6tables-legacy; do copy_saved "$program"; done
  if command -v ipset >/dev/null; then ipset save >"$copy/ipset" 2>/dev/null || rm -f "$copy/ipset"; fi
  nft list tables >"$copy/tables"
  while read -r _ family other; do
    ! is_copied "$family" "$other" || continue
    nft list table "$family" "$other"
  done <"$copy/tables" >"$copy/ruleset.nft"
}

copy_saved() {
  command -v "$1-save" >/dev/null || return 0
  # Naming tables of the old kind would load them; this file names those that are there.
  is_backend_nft "$1" || grep -q . "/proc/net/${1%%tables*}_tables_names" 2>/dev/null || return 0
  "$1-save" >"$copy/$1.rules" 2>/dev/null
}

is_backend_nft() {
  case $("$1" -V 2>/dev/null) in
    *nf_tables*) return 0 ;;
    *) return 1 ;;
  esac
}

# Whether a table is ours, or was saved by iptables, whose matches nft does not load again.
is_copied() {
  [ "$1 $2" != "$table" ] || return 0
  case $1 in
    ip) saving=iptables ;;
    ip6) saving=ip6tables ;;
    *) return 1 ;;
  esac
  [ -e "$copy/$saving.rules" ] && is_backend_nft "$saving" && grep -q -x -F "*$2" "$copy/$saving.rules"
}

why_not() {
  [ -n "$ports" ] || return 0
  reasons=$(why_not_by_rules) || return 1
  if [ -n "$reasons" ]; then
    printf '%s\n' "$reasons"
  else
    sh "$here/probe.sh" "$copy" "$rules" "$ports"
  fi
}

why_not_by_rules() {
  awk -v "ports=$ports" -v probed=1 -f "$here/refuse-nft.awk" "$copy/ruleset.nft" || return 1
  awk -v "ports=$ports" -f "$here/refuse-by-state.awk" "$copy/ruleset.nft" || return 1
  for saved in "$copy"/*.rules; do
    [ -e "$saved" ] || continue
    for reader in refuse-untracked.awk refuse-counted.awk; do
      awk -v "ports=$ports" -v filter=probed -f "$here/read.awk" -f "$here/states.awk" -f "$here/$reader" part=theirs "$saved" || return 1
    done
  done
}

# Our table for the families that the probe has shown.
planned_table() {
  [ -e "$copy/families" ] || { cat "$rules"; return; }
  families=$(tr '\n' ',' <"$copy/families" | sed 's/,$//; s/,/, /')
  sed "s/{ ipv4, ipv6 }/{ $families }/" "$rules"
}

load() {
  prepare
  reasons=$(why_not) || reasons='the probe failed, so nothing is known of the ports'
  [ -z "$reasons" ] || refuse "$reasons"
  [ ! -s "$copy/notes" ] || say_each "$(cat "$copy/notes")" ''
  planned_table | nft -f - || give_up
  absent=$(find_absent) || give_up
  [ -z "$absent" ] || { say_each "$absent" ''; give_up; }
}

refuse() {
  say 'not loaded:'
  say_each "$(printf '%s\n' "$1" | sort -u)" '  '
  if is_loaded; then
    say 'rules of ours were loaded earlier and are removed: the served ports are tracked again'
    unload || :
  else
    say 'nothing was changed'
  fi
  exit 1
}

give_up() {
  say 'loading failed: removing what is ours'
  unload || :
  exit 1
}

unload() {
  find_programs nft
  printf '%s\n' "table $table" "delete table $table" | nft -f -
}

# What nft lists is compared with what it would list, which only a kernel can say; without a namespace, that it is there has
# to do.
find_absent() {
  is_loaded || { echo "table $table is missing"; return 0; }
  can_make_namespace || return 0
  planned_table >"$copy/planned.nft"
  unshare -n sh -c "nft -f '$copy/planned.nft' && nft list table '$table'" >"$copy/wanted" || return 1
  nft list table "$table" >"$copy/found"
  cmp -s "$copy/wanted" "$copy/found" || echo "table $table does not hold its rules"
}

status() {
  prepare
  reasons=$(why_not) || exit 1
  [ -e "$copy/families" ] || printf 'ipv4\nipv6\n' >"$copy/families"
  absent=$(find_absent) || exit 1
  [ -n "$absent$reasons" ] || return 0
  [ -z "$absent" ] || say_each "$absent" ''
  [ -z "$reasons" ] || say_each "$(printf '%s\n' "$reasons" | sort -u)" 'would be refused now: '
  exit 1
}

reasons() {
  prepare
  reasons=$(why_not) || exit 1
  [ -n "$reasons" ] || return 0
  say_each "$(printf '%s\n' "$reasons" | sort -u)" ''
  exit 1
}

case "$# ${1-}" in
  '1 load' | '1 unload' | '1 status' | '1 reasons') ;;
  *)
    echo "usage: $0 load|unload|status|reasons" >&2
    exit 2
    ;;
esac
"$1"
