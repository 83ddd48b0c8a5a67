# Lines in files of others, each of which is added once, at the end, and taken away exactly. A file that is not there is
# that of a program which is not installed: nothing is added to it.

# has_line PATH LINE
has_line() {
  grep -qsxF -e "$2" "$root/$1"
}

# The lines of the plan that are not there.
list_missing_lines() {
  planned line | while read -r path line; do
    [ ! -f "$root/$path" ] || has_line "$path" "$line" || printf '%s\n' "$path $line"
  done
}

list_lines_to_add() {
  list_missing_lines | sed 's/^/add /'
}

# A line that stood there before the first run is no line of ours.
list_lines_to_take() {
  gone line 0 | while read -r path line; do
    [ ! -h "$root/$path" ] || continue
    ! has_line "$path" "$line" || grep -qsxF -e "$line" "$originals/files/$path" || printf '%s\n' "take $path $line"
  done
}

# The file keeps its owner and mode. In place of a link, one that is written anew would be another file.
add_line() {
  [ ! -h "$root/$1" ] || { complain "/$1 is a link: the line has to be added to the file behind it"; return 1; }
  make_room "$root/$1" && cp -p "$root/$1" "$root/$1.nettune-new" && end_last_line "$root/$1.nettune-new" \
    && printf '%s\n' "$2" >>"$root/$1.nettune-new" && replace "$root/$1"
}

end_last_line() {
  [ -z "$(tail -c 1 "$1")" ] || echo >>"$1"
}

# When nothing else has changed since, the file is the original again, to the last byte.
take_line() {
  make_room "$root/$1" && cp -p "$root/$1" "$root/$1.nettune-new" || return 1
  line=$2 awk '$0 != ENVIRON["line"]' "$root/$1" >"$root/$1.nettune-new" && replace "$root/$1" || return 1
  [ ! -f "$originals/files/$1" ] || ! awk 1 "$originals/files/$1" | cmp -s - "$root/$1" \
    || copy_as_it_is "$originals/files/$1" "$root/$1"
}
