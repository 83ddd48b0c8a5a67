#!/bin/sh
#
# Loads, removes or examines the packet rules that lie beside this file. Usage: rules.sh load|unload|status|reasons
#
#   load    proves the table and puts it in place; twice is as good as once. Beside a guard (guard.sh), connections stay
#           tracked until it renews the lease. Refuses where it would do harm, and then takes away what is in place of ours.
#   unload  removes the table.
#   status  waits for the guard, up to two minutes. Says what is not in place, or tracked, or would be refused by now.
#   reasons says why load would refuse, and changes nothing.
#   placed, adopt, place
#           are for the guard and for the proof.
#
# Exit code: 0 done, or in place; 1 refused, failed, or not in place; 2 wrong usage.
#
# What a table drops, no other table can accept. So the filter as it is has to accept the ports untracked: a proof tries that
# in a copy of this host (proof/prove.sh). Rules of others are never changed.

set -eu
LC_ALL=C
export LC_ALL

name=@name@
table='inet nettune_@id@'
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
rules=$here/rules.nft
families='ipv4, ipv6'

say() {
  # What somebody else wrote into a comment is not to command the terminal.
  printf '%s\n' "nettune $name: $*" | tr -c '\n -~' '?' >&2
}

# A message on every line of its argument.
say_each() {
  [ -n "$1" ] || return 0
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

# Asks the proof, once: `reasons` why not, or the `families` that it has shown.
examine() {
  find_programs awk sed nft
  reasons=
  ports=$(served_ports)
  # Helpers take nothing from a filter.
  [ -n "$ports" ] || return 0
  verdict=$(prove "$name" "$here/rules.sh" "$ports") || \
    verdict='reason the proof itself failed on this host, so nothing is known of the ports: run rules.sh reasons again'
  reasons=$(printf '%s\n' "$verdict" | sed -n 's/^reason //p'; why_not_tried; name_needed_lines)
  shown=$(printf '%s\n' "$verdict" | sed -n 's/^family \([46]\) .*/ipv\1/p')
  case $verdict in
    impossible*) notes="loaded without a proof, as the profile wants it: $(why_unproven)" ;;
    *) notes=$(printf '%s\n' "$verdict" | sed -n 's/^note //p') ;;
  esac
  [ -z "$shown" ] || families=$(printf '%s\n' "$shown" | sed -n 'H; ${ x; s/^\n//; s/\n/, /g; p; }')
}

# Another table cannot accept what the filter drops: the administrator has to.
name_needed_lines() {
  printf '%s\n' "$verdict" | sed -n 's/^reason //p' | grep -q -e 'would no longer reach' -e 'nobody reaches' -e 'only the beginning' \
    || return 0
  for file in accept-new.nft ufw-before.rules firewalld.txt; do
    [ ! -e "$here/$file" ] || echo "this host's filter does not accept untracked packets of these ports: $here/$file says which lines it needs"
  done
}

# By bash, where there is one: a busybox that is the shell would take its own programs for those that the proof needs.
prove() { "$(command -v bash || echo sh)" "$here/proof/prove.sh" "$@"; }

# Without a proof nothing is left untracked, unless the profile says so (`conntrack.untracked.unproven`).
why_not_tried() {
  [ -n "$(why_unproven)" ] || printf '%s\n' "$verdict" | sed -n 's/^impossible //p'
}

# Below the header, in which a summary may say anything.
why_unproven() { sed '1,/^$/d' "$rules" | sed -n 's/^# unproven: //p'; }

planned_table() { sed "s/{ ipv4, ipv6 }/{ $families }/" "$rules"; }

load() {
  NETTUNE_KEEP=1
  export NETTUNE_KEEP
  examine
  [ -z "$reasons" ] || refuse
  say_each "${notes-}" ''
  planned_table | nft -f - || give_up
  absent=$(find_absent) || give_up
  [ -z "$absent" ] || { say_each "$absent" ''; give_up; }
}

refuse() {
  say 'not loaded:'
  say_each "$reasons" '  '
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
  [ ! -e "$here/guard.sh" ] || end_lease
  printf '%s\n' "table $table" "delete table $table" | nft -f -
}

# The table stays for a moment, in which the tracker takes up what was open and has no entry.
end_lease() {
  ! systemctl is-active --quiet "nettune-$name.service" 2>/dev/null \
    || say "nettune-$name.service runs, and will load the rules again: systemctl stop nettune-$name"
  # From now on it renews nothing.
  rm -f "/run/nettune-$name.guard"
  sh "$here/lease.sh" begun || return 0
  adopt || :
  ! sh "$here/lease.sh" end || sleep 2
}

# For the guard as well.
adopt() { sh "$here/adopt.sh" "$(served_ports)"; }

# For the proof: what load does. There is one place only.
place() { [ "$1" != 1 ] || nft -f "$rules"; }

# What nft lists is compared with what it would list, which only a kernel can say; without a namespace, that it is there has
# to do.
find_absent() {
  is_loaded || { echo "table $table is missing"; return 0; }
  unshare -n true 2>/dev/null || return 0
  wanted=$(planned_table | unshare -n sh -c "nft -f - && nft list table '$table'") || return 1
  [ "$(nft list table "$table" | leave_out_elements)" = "$wanted" ] || echo "table $table does not hold its rules"
}

# The lease comes and goes.
leave_out_elements() {
  awk '/^\t\telements = / { inside = 1 } !inside { print } /}/ { inside = 0 }'
}

# Rules in place untrack nothing until the guard lets them; it is waited for, and may be about to place them.
status() {
  untold=
  [ ! -e "$here/guard.sh" ] || untold=$(sh "$here/guard.sh" status) || :
  placed
  [ -z "$untold" ] || { say "$untold"; exit 1; }
  say_each "${notes-}" ''
}

# Whether everything is as load would leave it; for the guard, who has yet to renew the lease.
placed() {
  examine
  absent=$(find_absent) || exit 1
  [ -n "$absent$reasons" ] || return 0
  say_each "$absent" ''
  say_each "$reasons" 'would be refused now: '
  exit 1
}

reasons() {
  examine
  [ -n "$reasons" ] || return 0
  say_each "$reasons" ''
  exit 1
}

case "$# ${1-}" in
  '1 load' | '1 unload' | '1 status' | '1 reasons' | '1 placed' | '1 adopt' | '2 place') ;;
  *)
    echo "usage: $0 load|unload|status|reasons" >&2
    exit 2
    ;;
esac
"$@"
