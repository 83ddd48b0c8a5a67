# Finds what is not in effect: a sentence for each.

# The end of a command. Fails when something is not as planned, or will not be after the next boot.
say_what_is_in_effect() {
  found=$(list_differences)
  tracked=$(print_lines "$found" | pick_kind tracked)
  accepted=''
  [ -z "$accepts_overruled" ] || accepted=$(print_lines "$found" | pick_kind boot)
  wrong=$(print_lines "$found" | sed "/^tracked$tab/d${accepted:+; /^boot$tab/d}" | cut -f 2
    [ "$subcommand" != verify ] || find_waiting_servers)
  [ "$subcommand" = verify ] || name_waiting_servers
  if [ -n "$wrong" ]; then
    outcome="$(print_lines "$wrong" | grep -c .) not as planned: $(print_lines "$wrong" | head -n 1)"
    print_lines "$wrong" | while IFS= read -r line; do print_message problem "$line"; done
    return 1
  fi
  say_each "$accepted"
  say_each "$tracked"
  say "$(in_effect "$accepted$tracked$(list_waiting_servers)")"
}

# A line for each: its kind, a sentence, and for values the fields of values.awk, with tabs between.
list_differences() {
  [ -n "$settled" ] || list_undone
  ! is_live || list_rule_differences
  of_kind server find_other_mpm
  list_elsewhere
}

# What a run would do, but for packet rules: whether they are in place takes a proof.
list_undone() {
  of_kind file find_misplaced
  of_kind line find_missing_lines
  is_live || return 0
  of_kind module find_missing_modules
  of_kind unit find_inactive_units
}

# What a run does not change: others decide it, or a server that was not restarted.
list_elsewhere() {
  list_differing_values
  of_kind line find_missing_needs
  of_kind server find_haproxy_limits
  of_kind boot find_overruled_limits
  of_kind boot find_overruled_directives
  is_live || return 0
  of_kind queue find_short_queues
  of_kind limit find_low_limits
}

find_misplaced() {
  list_misplaced | while read -r kind one two three; do
    case $kind in
      file) echo "/$three $(describe_file "$two" "$three")" ;;
      link) echo "/$one does not lead to $two" ;;
    esac
  done
}

# The lines of the plan for files and links that are not in place. One look at all of them: a process for each would take longer
# than everything else.
list_misplaced() {
  paths=$(awk '$1 == "file" { print $4 } $1 == "link" { print $2 }' "$new_plan")
  program=usr/local/lib/nettune/nettune-host
  # No path of a plan has a blank.
  if cmp -s "$nettune_host" "$root/$program"; then program=program; else program=''; fi
  # shellcheck disable=SC2086
  (
    cd "${root:-/}" && set -f || exit
    set -- /dev/null
    for path in $paths; do [ ! -f "$path" ] || set -- "$@" "$path"; done
    cksum "$@"
    echo 'and ls'
    ls -lnd $paths
  ) 2>/dev/null | program=$program awk "$(text placed.awk)" - "$new_plan"
}

find_missing_lines() {
  list_missing_lines | sed 's,^\([^ ]*\) ,/\1 lacks the line: ,'
}

find_missing_needs() {
  planned needs | while read -r path; do
    [ -f "$root/$path" ] || echo "/$path is missing, and with it a line that this plan needs there"
  done
}

find_missing_modules() {
  planned module | while read -r module; do
    is_loaded "$module" || echo "module $module is not loaded"
  done
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
