# Loads packet rules by nft.
#
# What a table drops, no other table can accept. So the filter as it is has to accept the ports untracked: a proof tries that
# in a copy of this host. Rules of others are never changed.

table="inet nettune_$id"
rules=$folder/rules.nft
families='ipv4, ipv6'

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
    [ ! -e "$folder/$file" ] || echo "this host's filter does not accept untracked packets of these ports: $folder/$file says which lines it needs"
  done
  [ -e "$folder/accept-new.nft" ] || return 0
  copied=/etc/nettune/$name
  echo "this host's filter does not accept untracked packets of these ports: include $(list_lines) in it, each where its first lines say"
  [ "$folder" = "$copied" ] || echo "before the first apply: mkdir -p $copied && cp $folder/accept-*.nft $copied/"
}

list_lines() {
  for file in "$folder"/accept-*.nft; do echo "$copied/${file##*/}"; done | sed -n 'H; ${ x; s/^\n//; s/\n/ and /g; p; }'
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

entries() { (part_adopt "$1" "$(served_ports)"); }

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

prepare() {
  find_programs awk sed nft
  check_root
}
