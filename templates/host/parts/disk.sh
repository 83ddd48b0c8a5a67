# What is to be there after power has failed.

# Has everything that was written reach the disk: all disks, where sync cannot choose (coreutils before 8.24).
flush() {
  sync -f "$root/etc" "$root/var/lib" 2>/dev/null || sync
}

# A list is there whole or not at all. After begin_list, lines are added to LIST.new; its last line says that it is whole, and
# once it has reached the disk it takes its place.
begin_list() {
  if [ -e "$1" ]; then listed "$1"; fi >"$1.new"
}

end_list() {
  echo end >>"$1.new"
}

put_list() {
  [ ! -e "$1.new" ] || mv -f "$1.new" "$1"
}

listed() {
  [ ! -e "$1" ] || sed '$d' "$1"
}

is_whole() {
  [ "$(tail -n 1 "$1")" = end ]
}

# A folder goes at once: one that lost some of its files would be taken for damaged.
discard() {
  rm -rf "${1%/*}/.gone" && mv "$1" "${1%/*}/.gone" && rm -rf "${1%/*}/.gone"
}

# What runs have left that were cut short while they discarded a record, or before it was whole.
sweep() {
  rm -rf "$state/.gone" "${state%/*}/.gone" "$state"/*.new "$state/before"/*.new
  for record in "$undo" "$state/before"; do
    [ ! -d "$record" ] || [ -e "$record/paths" ] || discard "$record"
  done
  rmdir "$state" "${state%/*}" 2>/dev/null || :
}
