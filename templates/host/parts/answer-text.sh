# The answer of a status for people.

answer_text() {
  if is_in_effect; then
    say "in effect: $(count_planned)"
  else
    say_each "$(describe_waiting)"
    [ -z "$differences" ] || say "not as planned: $(print_lines "$differences" | grep -c .)"
    say_each "$(print_lines "$differences" | cut -f 2 | sed 's/^/  /')"
  fi
  [ -z "$followed" ] || say "plan of machine $followed"
  say_each "$(describe_fitting)"
  [ "$tracking" != untracked ] || say "untracked: port ${ports% }"
  [ -z "$entries" ] || say "connection table: $entries of $maximum entries$(show_counters '; since boot' \
    insert_failed "$insert_failed" drop "$dropped" early_drop "$early_drop")"
  [ -z "$planned_queues" ] || say_each "$(print_lines "$planned_queues" | awk '$3 > 0 { print "listen queue " $1 ": " $2 " of " $3 " wait" }')"
  [ -z "$overflows" ] || say "listen queues$(show_counters ' since boot' ListenOverflows "$overflows" ListenDrops "$drops")"
}

# Such as 10 values, 12 files and links.
count_planned() {
  awk '{ count[$1]++ } END { print count["value"] + 0 " values, " count["file"] + count["link"] " files and links" }' "$new_plan"
}

# show_counters WORDS NAME NUMBER...: WORDS and each counter that the kernel tells.
show_counters() {
  words="$1:"
  shift
  while [ $# -gt 1 ]; do
    [ -z "$2" ] || { printf '%s %s %s' "$words" "$1" "$2"; words=,; }
    shift 2
  done
}
