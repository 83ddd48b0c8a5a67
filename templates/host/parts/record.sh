# Notes what is there before a run changes it, in /var/lib/nettune/NAME/undo: copies of files below `files`, parameters in
# `values`, and in `paths` a line for each path. `paths` comes last: without it, nothing has been changed. What is noted once
# stays as it was noted, so that a run after a crash does not take our own files for originals.

record_originals() {
  [ ! -d "$undo" ] || say 'an earlier run was cut short: what it found is what will be put back'
  (umask 077 && mkdir -p "$undo/files") && begin_list "$undo/paths" || return 1
  list_paths | while read -r path; do record_path "$path" || exit 1; done && end_list "$undo/paths" && record_values && record_routes \
    && { [ -e "$undo/plan" ] || cp "$new_plan" "$undo/plan"; } && record_list && flush && put_list "$undo/paths" && flush
}

list_paths() {
  {
    of_both file | sed 's/^[^ ]* [^ ]* //'
    of_both link | sed 's/ .*//'
    of_both line | sed 's/ .*//' | while read -r path; do [ ! -f "$root/$path" ] || echo "$path"; done
  } | sort -u
}

record_path() {
  ! noted "$undo/paths.new" "$1" >/dev/null || return 0
  note_missing_folders "$1"
  if [ -h "$root/$1" ]; then
    note "link $1 $(readlink "$root/$1")"
  elif [ -f "$root/$1" ]; then
    copy_as_it_is "$root/$1" "$undo/files/$1" && note "file $1 $(cksum <"$undo/files/$1")"
  elif [ -e "$root/$1" ]; then
    complain "/$1 is neither a file nor a link"
    return 1
  else
    note "none $1"
  fi
}

note_missing_folders() {
  missing=${1%/*}
  until [ -d "$root/$missing" ]; do
    noted "$undo/paths.new" "$missing" >/dev/null || note "folder $missing"
    [ "$missing" != "${missing%/*}" ] || break
    missing=${missing%/*}
  done
}

note() {
  printf '%s\n' "$1" >>"$undo/paths.new"
}

# noted LIST PATH: the line on it. Fails when there is none.
noted() {
  path=$2 awk '$2 == ENVIRON["path"] { print; found = 1 } END { exit !found }' "$1" 2>/dev/null
}

# Companions come last, for the parameters before them change them.
record_values() {
  is_live || return 0
  begin_list "$undo/values" && add_values && end_list "$undo/values" && flush && put_list "$undo/values"
}

add_values() {
  { of_both value; of_both value | while read -r key _; do list_companions "$key"; done; } | while read -r key _; do
    recorded "$undo/values.new" "$key" >/dev/null && continue
    value=$(read_value "$key") || continue
    printf '%s %s\n' "$key" "$value" >>"$undo/values.new" || exit 1
  done
}

# Nothing is put back from a record that is not as it was written, and nothing is called an original beside it.
refuse_damage() {
  damage=$(find_damage "$undo" "$undo/done"; find_damage "$state/before" "$state/plan")
  [ -n "$damage" ] || return 0
  outcome='refused: copies of what was there before are damaged'
  complain_each "$damage"
  complain "nothing was changed: copies of what was there before are damaged. Put them there again from a backup; or delete $state, after which nothing can be put back"
  exit 1
}

# find_damage RECORD LATER: LATER is a file that is not there before the record is whole.
find_damage() {
  [ -e "$1/paths" ] || [ -e "$undo/paths" ] || [ ! -e "$2" ] || echo "$1/paths is missing"
  for list in "$1/paths" "$1/values" "$1/routes"; do
    [ ! -e "$list" ] || is_whole "$list" || echo "$list is cut off"
  done
  [ ! -e "$1/paths" ] || sed -n 's/^file /copy /p; s/^sum /list /p' "$1/paths" | while read -r kind path sum; do
    if [ "$kind" = copy ]; then kept=$1/files/$path; else kept=$state/$path; fi
    { [ -f "$kept" ] && [ "$(cksum <"$kept")" = "$sum" ]; } || echo "$kept is not what was kept there"
  done
}
