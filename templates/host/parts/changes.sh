# Decides what has to be done, and does none of it. A change is a line: a verb, and what it is for.

list_changes() {
  changes=$(list_modules; list_stops; list_lines_to_take; list_drops; list_files_to_write; list_links_to_make
    list_lines_to_add)
  ! is_live || add_changes "$(list_values)"
  ! has_systemd || add_changes "$(list_rereading)"
  ! is_live || add_changes "$(list_units)"
  ! is_live || add_changes "$(list_restarts)"
  print_lines "$changes"
}

add_changes() {
  changes=$(print_lines "$changes" "$1")
}

# Whether a word is in any of the changes so far, or in those of a run that was cut short. From comments nothing follows
# but that systemd reads its units again.
is_changed() {
  [ -n "$cut_short$changes" ] || return 1
  print_lines "$cut_short" "$changes" | word=$1 awk '
    $1 != "comment" { for (i = 2; i <= NF; i++) if ($i == ENVIRON["word"]) found = 1 }
    END { exit !found }
  '
}

# The parameters below net.netfilter exist only while the module is loaded.
list_modules() {
  is_live || return 0
  planned module | while read -r module; do
    is_loaded "$module" || echo "module $module"
  done
}

list_files_to_write() {
  planned file | while read -r mode sum path; do
    if is_in_place "$mode" "$sum" "$root/$path"; then
      continue
    elif differs_in_comments "$mode" "$(source_of "$path")" "$root/$path"; then
      echo "comment $path $mode"
    else
      echo "file $path $mode"
    fi
  done
}

list_links_to_make() {
  planned link | while read -r path to; do
    is_linked "$root/$path" "$to" || echo "link $path $to"
  done
}

list_values() {
  planned value | while read -r key value; do
    [ "$(show_value "$key")" = "$value" ] || echo "set $key $value"
  done
  list_released_values
}

# systemd keeps what it has read of units until it is told.
list_rereading() {
  print_lines "$changes" | grep -q ' etc/systemd/system/' && echo 'reread units'
}

list_units() {
  missing=$(find_missing_rules)
  units=$(planned unit | pick_startable)
  print_lines "$units" | while read -r unit; do list_unit "$unit"; done
  [ -n "$units" ] || planned rules | while read -r rules; do
    ! is_any_loaded '' && [ -z "$missing" ] || echo "load $rules"
  done
}

list_unit() {
  if ! is_active "$1"; then
    echo "start $1"
  elif is_any_loaded "$1" || [ -n "$missing" ]; then
    echo "reload $1"
  fi
}

# Whether a file changes that a unit loads, or any of them.
is_any_loaded() {
  planned loads | while read -r unit file; do
    { [ -z "$1" ] || [ "$unit" = "$1" ]; } && is_changed "$file" && echo "$file"
  done | grep -q .
}

# A server that is stopped stays stopped.
list_restarts() {
  of_both service | while read -r service; do
    if is_waiting "$service"; then
      [ "$restarts" = defer ] || echo "restart $service"
    elif is_to_restart "$service" && is_running "$service"; then
      [ "$restarts" = defer ] && echo "defer $service" || echo "restart $service"
    fi
  done
}

is_to_restart() {
  of_both restarts | while read -r of cause; do
    [ "$of" != "$1" ] || ! is_changed "$cause" || echo "$cause"
  done | grep -q .
}
