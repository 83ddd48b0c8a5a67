# Keeps for good what was there before the first run, in /var/lib/nettune/NAME/before: files, links and values, each
# noted once. `after` holds what the kernel made of the companions of our parameters; `plan`, the plan that was applied.

# Whether there is nothing to do, and nothing left to keep: neither of a run that was cut short nor of a new plan.
is_settled() {
  [ -z "$changes" ] && [ ! -d "$undo" ] && { [ ! -e "$state/plan" ] || cmp -s "$new_plan" "$state/plan"; }
}

# After a run that succeeded.
keep_originals() {
  (umask 077 && mkdir -p "$state/before") || return 1
  while read -r kind path to; do
    noted "$state/before" "$path" >/dev/null && continue
    [ "$kind" != file ] || copy_as_it_is "$undo/files/$path" "$state/before/files/$path" || return 1
    printf '%s\n' "$kind $path $to" >>"$state/before/paths" || return 1
  done <"$undo/paths"
  keep_values "$undo/values" "$state/before/values" && list_companion_values >"$undo/after" \
    && keep_values "$undo/after" "$state/after" || return 1
  copy_as_it_is "$new_plan" "$state/plan" && rm -rf "$undo"
}

# keep_values FROM TO: adds lines on what TO does not have.
keep_values() {
  [ -e "$1" ] || return 0
  while read -r key value; do
    recorded "$2" "$key" >/dev/null || printf '%s %s\n' "$key" "$value" >>"$2" || return 1
  done <"$1"
}

# What the kernel made of the companions of our parameters; what is different one day is somebody else's.
list_companion_values() {
  is_live || return 0
  planned value | while read -r key _; do list_companions "$key"; done | while read -r companion; do
    printf '%s %s\n' "$companion" "$(show_value "$companion")"
  done
}

is_original() {
  cmp -s "$root/$1" "$originals/files/$1" || [ "$(noted "$originals" "$1")" = "link $1 $(readlink "$root/$1")" ]
}

# After everything was taken away.
forget_originals() {
  forget_proof
  [ -d "$state" ] || return 0
  remove_folders "$originals"
  rm -rf "$state"
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
