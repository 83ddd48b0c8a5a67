# Keeps for good what was there before the first run, in /var/lib/nettune/NAME/before: files, links and values, each
# noted once. `after` holds what the kernel made of the companions of our parameters; `plan`, the plan that was applied.

# Whether there is nothing to do, and nothing left to keep: neither of a run that was cut short nor of a new plan.
is_settled() {
  [ -z "$changes" ] && [ ! -d "$undo" ] && { [ ! -e "$state/plan" ] || cmp -s "$new_plan" "$state/plan"; }
}

# After a run that succeeded.
keep_originals() {
  kept=$state/before
  (umask 077 && mkdir -p "$kept/files") && begin_list "$kept/paths" || return 1
  listed "$undo/paths" | while read -r kind path to; do
    noted "$kept/paths.new" "$path" >/dev/null && continue
    [ "$kind" != file ] || copy_as_it_is "$undo/files/$path" "$kept/files/$path" || exit 1
    printf '%s\n' "$kind $path $to" >>"$kept/paths.new" || exit 1
  done && end_list "$kept/paths" || return 1
  if is_live; then
    listed "$undo/values" | keep_values "$kept/values" && list_companion_values | keep_values "$state/after" || return 1
  fi
  cp "$new_plan" "$state/plan.new" && flush || return 1
  # What hides the record of this run comes last, and that goes when all is on the disk.
  put_list "$kept/values" && put_list "$state/after" && put_list "$state/plan" && put_list "$kept/paths" && flush \
    && discard "$undo"
}

# keep_values TO: adds lines on what TO does not have.
keep_values() {
  begin_list "$1" && while read -r key value; do
    recorded "$1.new" "$key" >/dev/null || printf '%s %s\n' "$key" "$value" >>"$1.new" || return 1
  done && end_list "$1"
}

# What the kernel made of the companions of our parameters; what is different one day is somebody else's.
list_companion_values() {
  planned value | while read -r key _; do list_companions "$key"; done | while read -r companion; do
    printf '%s %s\n' "$companion" "$(show_value "$companion")"
  done
}

is_original() {
  is_same_text "$root/$1" "$originals/files/$1" || [ "$(noted "$originals/paths" "$1")" = "link $1 $(readlink "$root/$1")" ]
}

# After everything was taken away.
forget_originals() {
  forget_proof
  [ -d "$state" ] || return 0
  remove_folders "$originals"
  flush
  discard "$state"
  rmdir "${state%/*}" 2>/dev/null || :
}

# What a proof has shown is kept beside what was there before.
forget_proof() {
  rm -rf "$root/var/cache/nettune/$name"
  rmdir "$root/var/cache/nettune" 2>/dev/null || :
}

# Folders that were made for our files, if nobody else has put something into them.
remove_folders() {
  [ -e "$1/paths" ] || return 0
  sed -n 's/^folder \([^ ]*\).*/\1/p' "$1/paths" | sort -r | while read -r folder; do
    rmdir "$root/$folder" 2>/dev/null || :
  done
}
