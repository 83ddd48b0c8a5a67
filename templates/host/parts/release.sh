# Decides what has to be undone of what the plan has no more; for a removal that is all of it.

list_stops() {
  is_live || return 0
  gone unit | pick_startable | while read -r unit; do ! is_active "$unit" || echo "stop $unit"; done
  gone rules | while read -r rules; do ! holds_our_rules "/$rules" || echo "unload $rules"; done
}

holds_our_rules() {
  is_ours "$1/raw.rules" || is_ours "$1/rules.nft"
}

list_drops() {
  {
    gone file 3 | while read -r _ _ path; do ! is_ours "$root/$path" || echo "drop $path"; done
    gone link | while read -r path to; do ! is_linked "$root/$path" "$to" || echo "drop $path"; done
  } | leave_program_to_others
}

# The program is that of all profiles: whoever is applied on this host needs it.
leave_program_to_others() {
  if list_applied_profiles | grep -qvxF -e "$name"; then grep -v '/nettune-host$'; else cat; fi
}

# Values from before, for parameters that still have ours. Their companions come last, since each of those parameters
# changes them: to what they were before, or to what somebody else has set since.
list_released_values() {
  released=$(gone value | while read -r key ours; do
    before=$(recorded "$originals/values" "$key") || continue
    [ "$ours" = "$before" ] || [ "$(show_value "$key")" != "$ours" ] || echo "set $key $before"
  done)
  print_lines "$released"
  print_lines "$released" | while read -r _ key _; do list_companions "$key"; done | while read -r companion; do
    echo "set $companion $(find_companion_value "$companion")"
  done
}

find_companion_value() {
  now=$(show_value "$1")
  [ "$now" = "$(recorded "$state/after" "$1")" ] && recorded "$originals/values" "$1" || printf '%s\n' "$now"
}

# Says what stays because it is somebody else's by now.
name_left() {
  gone file 3 | while read -r _ _ path; do
    [ ! -e "$root/$path" ] || is_ours "$root/$path" || is_original "$path" \
      || say "/$path stays: somebody else has written it since"
  done
  gone link | while read -r path to; do
    [ ! -h "$root/$path" ] || is_linked "$root/$path" "$to" || is_original "$path" \
      || say "/$path stays: it leads elsewhere by now"
  done
  gone line 0 | while read -r path line; do
    [ ! -h "$root/$path" ] || ! has_line "$path" "$line" || say "/$path stays: it is a link by now, and has our line: $line"
  done
  ! is_live || name_left_values
}

name_left_values() {
  gone value | while read -r key ours; do
    now=$(read_value "$key") || continue
    if before=$(recorded "$originals/values" "$key"); then
      [ "$now" = "$ours" ] || [ "$now" = "$before" ] \
        || say "$key stays $now, which somebody else has set since: ours was $ours, and it was $before before"
    elif [ "$now" = "$ours" ] && [ -n "$(list_drops)" ]; then
      say "$key stays $now until the next boot: what it was before is not known"
    fi
  done
}
