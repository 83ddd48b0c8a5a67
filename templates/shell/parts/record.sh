# Notes what is there before a run changes it, in /var/lib/nettune/NAME/undo. What is noted once stays as it was noted,
# so that a run after a crash does not take our own files for originals.

record_originals() {
  [ ! -d "$undo" ] || say 'an earlier run was cut short: what it found is what will be put back'
  (umask 077 && mkdir -p "$undo/files") || return 1
  list_paths | while read -r path; do record_path "$path" || exit 1; done && record_values
}

list_paths() {
  {
    of_both file | sed 's/^[^ ]* //'
    of_both link | sed 's/ .*//'
    of_both line | sed 's/ .*//' | while read -r path; do [ ! -f "$root/$path" ] || echo "$path"; done
  } | sort -u
}

record_path() {
  ! noted "$undo" "$1" >/dev/null || return 0
  note_missing_folders "$1"
  if [ -h "$root/$1" ]; then
    note "link $1 $(readlink "$root/$1")"
  elif [ -f "$root/$1" ]; then
    copy_as_it_is "$root/$1" "$undo/files/$1" && note "file $1"
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
    noted "$undo" "$missing" >/dev/null || note "folder $missing"
    [ "$missing" != "${missing%/*}" ] || break
    missing=${missing%/*}
  done
}

note() {
  printf '%s\n' "$1" >>"$undo/paths"
}

# noted FOLDER PATH: the line on it. Fails when there is none.
noted() {
  path=$2 awk '$2 == ENVIRON["path"] { print; found = 1 } END { exit !found }' "$1/paths" 2>/dev/null
}

# Companions come last, for the parameters before them change them.
record_values() {
  is_live || return 0
  { of_both value; of_both value | while read -r key _; do list_companions "$key"; done; } | while read -r key _; do
    recorded "$undo/values" "$key" >/dev/null && continue
    value=$(read_value "$key") || continue
    printf '%s %s\n' "$key" "$value" >>"$undo/values" || exit 1
  done
}
