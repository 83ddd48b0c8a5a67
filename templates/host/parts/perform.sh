# Does what was decided. A change is noted before it is made, so that a run that is cut short can be put back.

# show_dry_run VERB: ends the run, unless nothing is to do. When only the record of what was there before is left, VERB says what
# happens to it.
show_dry_run() {
  ! is_settled || return 0
  print_lines "$changes" | while read -r verb what how; do
    sentence=$(describe "$verb" "$what" "$how")
    say_change "$verb" "$what" "${sentence:+would $sentence}"
  done
  [ -n "$changes" ] || say_change "$1" '' "would $1 what was there before"
  exit 1
}

change_host() {
  trap 'give_up interrupted' INT TERM HUP
  record_originals || give_up "what is there cannot be kept in $undo"
  arm_timer || give_up 'nothing would put this back without a confirmation'
  perform_changes || give_up failed
  cut_short=''
  left=$(list_changes)
  # From here on, what was done is to stay.
  [ -n "$left" ] || { shield; return 0; }
  print_lines "$left" | while read -r verb what how; do
    complain "this had no effect: $(describe "$verb" "$what" "$how")"
  done
  give_up failed
}

# Of parameters that are refused all are named, not the first alone. Everything else stops at once, and so does a run that
# nobody listens to any more.
perform_changes() {
  failed=''
  print_lines "$changes" | while read -r verb what how; do
    [ -z "$failed" ] || [ "$failed $verb" = 'set set' ] || exit 1
    sentence=$(describe "$verb" "$what" "$how")
    printf '%s %s\n' "$verb" "$what" >>"$undo/done" || exit 1
    if perform "$verb" "$what" "$how" </dev/null 9>&-; then
      say_change "$verb" "$what" "$sentence" || exit 1
    else
      complain "could not $sentence"
      failed=$verb
    fi
    [ -z "$failed" ]
  done
}

perform() {
  case $1 in
    module) modprobe "$2" && record_values ;;
    stop | start | reload) control "$1" "$2" ;;
    reread) systemctl daemon-reload ;;
    load | unload) run_rules "$1" "/$2" ;;
    drop) drop_path "$2" ;;
    file | comment) install_file "$3" "$(source_of "$2")" "$root/$2" ;;
    link) install_link "$root/$2" "$3" ;;
    add) add_line "$2" "$3" ;;
    take) take_line "$2" "$3" ;;
    set) write_value "$2" "$3" ;;
    defer) defer_restart "$2" ;;
    restart) test_service "$2" && restart_service "$2" && is_running "$2" ;;
  esac
}

describe() {
  case $1 in
    module) echo "load module $2" ;;
    stop | start | reload | restart) echo "$1 $2" ;;
    defer) echo "leave $2 running: it waits for a restart" ;;
    reread) echo 'have systemd read its units again' ;;
    load | unload) echo "$1 the packet rules of /$2" ;;
    drop) echo "remove /$2" ;;
    file) echo "write /$2" ;;
    comment) echo "rewrite the comments of /$2" ;;
    link) echo "link /$2 to $3" ;;
    add) printf '%s\n' "add to /$2 the line: $3" ;;
    take) printf '%s\n' "remove from /$2 the line: $3" ;;
    set) [ "$(show_value "$2")" = "$3" ] || describe_set "$2" "$3" ;;
  esac
}

describe_set() {
  setter=$(find_other_setter "$1")
  print_lines "set $1 from $(show_value "$1") to ${2:-nothing}${setter:+, which $(place_in "$setter") has set}"
}
