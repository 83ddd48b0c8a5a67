# Keeps for good what was there before the first run, in /var/lib/nettune/NAME/before: files, links and values, each
# noted once. `after` holds what the kernel made of the companions of our parameters; `plan`, the plan that was applied.

# Whether there is nothing to do, and nothing left to keep: neither of a run that was cut short nor of a new plan.
is_settled() {
  [ -z "$changes" ] && [ ! -d "$undo" ] && { [ ! -e "$state/plan" ] || cmp -s "$new_plan" "$state/plan"; } && is_list_kept
}

# After a run that succeeded.
keep_originals() {
  kept=$state/before
  (umask 077 && mkdir -p "$kept/files") && listed "$kept/paths" | sed '/^sum /d' >"$kept/paths.new" || return 1
  listed "$undo/paths" | while read -r kind path to; do
    noted "$kept/paths.new" "$path" >/dev/null && continue
    [ "$kind" != file ] || copy_as_it_is "$undo/files/$path" "$kept/files/$path" || exit 1
    printf '%s\n' "$kind $path $to" >>"$kept/paths.new" || exit 1
  done || return 1
  [ ! -e "$undo/values" ] || listed "$undo/values" | keep_values "$kept/values" || return 1
  ! is_live || list_companion_values | keep_values "$state/after" || return 1
  [ ! -e "$undo/machines" ] || cp "$undo/machines" "$state/machines.new" || return 1
  keep_waiting_servers && cp "$new_plan" "$state/plan.new" && sum_lists >>"$kept/paths.new" && end_list "$kept/paths" && flush || return 1
  # From here on there is nothing to put back: a run that is cut short is gone on with.
  mv "$undo" "$state/.kept" && flush && finish_keeping
}

sum_lists() {
  for list in before/values after plan machines; do
    if [ -e "$state/$list.new" ]; then
      echo "sum $list $(cksum <"$state/$list.new")"
    elif [ -e "$state/$list" ]; then
      echo "sum $list $(cksum <"$state/$list")"
    fi
  done
}

# Whatever was put in its place already is no longer there under its new name.
finish_keeping() {
  [ -d "$state/.kept" ] || return 0
  for list in before/values after plan machines restarts before/paths; do put_list "$state/$list" || return 1; done
  flush && rm -rf "$state/.kept"
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
  sed -n 's/^folder \([^ ]*\).*/\1/p' "$1/paths" | sort -r | while read -r made; do
    rmdir "$root/$made" 2>/dev/null || :
  done
}
