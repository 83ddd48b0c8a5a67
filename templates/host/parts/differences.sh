# Finds what is not in effect: a sentence for each.

# The end of a command. Fails when something is not as planned, or will not be after the next boot.
say_what_is_in_effect() {
  wrong=$(find_differences; find_overruled; [ "$subcommand" != verify ] || find_waiting_servers)
  [ "$subcommand" = verify ] || name_waiting_servers
  if [ -n "$wrong" ]; then
    print_lines "$wrong" | while IFS= read -r line; do print_message problem "$line"; done
    return 1
  fi
  tracked=$(find_tracked)
  say_each "$tracked"
  say "$(in_effect "$tracked$(list_waiting_servers)")"
}

find_differences() {
  [ -n "$settled" ] || find_undone
  planned needs | while read -r path; do
    [ -f "$root/$path" ] || echo "/$path is missing, and with it a line that this plan needs there"
  done
  find_haproxy_limits
  is_live || return 0
  find_other_mpm
  find_short_queues
  find_low_limits
}

# What a run would do.
find_undone() {
  planned file | while read -r mode sum path; do
    is_in_place "$mode" "$sum" "$root/$path" || echo "/$path $(describe_file "$sum" "$path")"
  done
  planned link | while read -r path to; do
    is_linked "$root/$path" "$to" || echo "/$path does not lead to $to"
  done
  list_missing_lines | sed 's,^\([^ ]*\) ,/\1 lacks the line: ,'
  is_live || return 0
  planned module | while read -r module; do
    is_loaded "$module" || echo "module $module is not loaded"
  done
  planned value | while read -r key value; do
    [ "$(show_value "$key")" = "$value" ] \
      || print_lines "$key is $(show_value "$key"), planned: $value; $(explain_value "$key")"
  done
  find_inactive_units
  find_missing_rules
}

# describe_file SUM PATH
describe_file() {
  if [ ! -e "$root/$2" ]; then
    echo 'is missing'
  elif has_sum "$1" "$root/$2"; then
    echo 'has another owner or other permissions than planned, or is a link'
  else
    echo 'is not the file of this plan'
  fi
}

find_inactive_units() {
  planned unit | pick_startable | while read -r unit; do
    is_active "$unit" || echo "$unit is not active"
  done
}

# in_effect LEFT: what to say when everything is as planned, but for LEFT, of which each was named.
in_effect() {
  if [ -n "$1" ]; then
    echo 'everything else is in effect'
  elif is_live; then
    echo 'everything is in effect'
  else
    echo "everything is written${root:+ below $root}, and takes effect at the next boot"
  fi
}
