#!/bin/sh
#
# Loads, removes or examines the packet rules that lie beside this file. Usage: rules.sh load|unload|status|reasons
#
#   load    proves the table and puts it in place; twice is as good as once. Beside a guard (guard.sh), connections stay
#           tracked until it renews the lease. Refuses where it would do harm, and then takes away what is in place of ours.
#   unload  removes the table.
#   status  waits for the guard, up to two minutes. Says what is not in place, or tracked, or would be refused by now.
#   reasons says why load would refuse, and changes nothing.
#   placed, track, forget, place
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
. "$here/loader.sh"

# Such as 80,443,8000:8100, from the rules themselves; none where rules only assign helpers.
served_ports() {
  sed -n 's/.*tcp dport { \(.*\) } fib.*/\1/p' "$rules" | tr -d ' ' | tr - :
}

is_loaded() { nft list table "$table" >/dev/null 2>&1; }

# Asks the proof, once: `reasons` why not, or the `families` that it has shown.
examine() {
  reasons=
  ports=$(served_ports)
  # Helpers take nothing from a filter.
  [ -n "$ports" ] || return 0
  prove "$ports"
  reasons=$(told reason; why_not_tried; name_needed_lines)
  take_notes
  shown=$(printf '%s\n' "$verdict" | sed -n 's/^family \([46]\) .*/ipv\1/p')
  [ -z "$shown" ] || families=$(printf '%s\n' "$shown" | sed -n 'H; ${ x; s/^\n//; s/\n/, /g; p; }')
}

# Another table cannot accept what the filter drops: the administrator has to.
name_needed_lines() {
  told reason | grep -v 'which your rules translate' | grep -q -e 'would no longer reach' -e 'nobody reaches' -e 'only the beginning' \
    || return 0
  for file in ufw-before.rules firewalld.txt; do
    [ ! -e "$here/$file" ] || echo "this host's filter does not accept untracked packets of these ports: $here/$file says which lines it needs"
  done
  [ -e "$here/accept-new.nft" ] || return 0
  copied=/etc/nettune/$name
  echo "this host's filter does not accept untracked packets of these ports: include $(list_lines) in it, each where its first lines say"
  [ "$here" = "$copied" ] || echo "before the first apply: mkdir -p $copied && cp $here/accept-*.nft $copied/"
}

list_lines() {
  for file in "$here"/accept-*.nft; do echo "$copied/${file##*/}"; done | sed -n 'H; ${ x; s/^\n//; s/\n/ and /g; p; }'
}

planned_table() { sed "s/{ ipv4, ipv6 }/{ $families }/" "$rules"; }

load() {
  keep_proof
  examine
  [ -z "$reasons" ] || refuse
  say_each "${notes-}" ''
  say_each "$(told sample)" ''
  planned_table | nft -f - || give_up
  absent=$(find_absent) || give_up
  [ -z "$absent" ] || { say_each "$absent" ''; give_up; }
}

remove_rules() {
  printf '%s\n' "table $table" "delete table $table" | nft -f -
}

entries() { sh "$here/adopt.sh" "$1" "$(served_ports)"; }

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

check_usage "$@"
find_programs awk sed nft
check_root
"$@"
