# Puts back everything that a run has changed, when it fails or is interrupted.

# From here on nothing interrupts this. A TERM is noticed and not ignored: programs would inherit that, and what one of
# them then starts for a while could not be ended again.
shield() {
  trap '' INT HUP
  trap : TERM
}

# When nobody reads what is said any more, programs that say something would fail.
give_up() {
  shield
  outcome="$1, and put back"
  complain "$1: putting back what was there before" || exec >/dev/null 2>&1
  finish_put_back
  exit 1
}

finish_put_back() {
  done_with module | while read -r module; do complain "module $module stays loaded until the next boot"; done
  rm -f "$undo/waiting" "$undo/finished"
  if put_back 9>&- && flush; then
    discard "$undo"
    forget_proof
    rmdir "$state" "${state%/*}" 2>/dev/null || :
    outcome=${outcome:-everything is as it was}
    print_message restored 'everything is as it was' >&2
  else
    outcome="not everything could be put back: what was there before lies in $undo"
    complain "not everything could be put back; what was there before lies in $undo"
    return 1
  fi
}

refuse_files_alone() {
  [ -z "$files_only" ] || [ ! -e "$undo/values" ] \
    || refuse 'an earlier run was cut short, which has changed the running system: leave out --files-only'
}

# What a run of another plan has done that was cut short is in no plan that was applied. In an image it is files alone: the
# system that runs is another one.
put_back_first() {
  if [ -n "$dry_run" ]; then
    say_change put-back '' 'would put back what an earlier run has done that was cut short'
    return
  fi
  shield
  complain 'an earlier run was cut short: putting back what was there before it'
  finish_put_back || exit 1
  outcome=''
  choose_plans
}

# Goes on after a failure: what can be put back is. Fails when something could not.
put_back() {
  ! is_live || take_rules_away
  troubles=$(
    put_back_paths
    ! has_systemd || systemctl daemon-reload || echo 'systemd has not read its units again'
    ! is_live || { put_back_values; put_back_routes; bring_services_back; }
  )
  complain_each "$troubles"
  [ -z "$troubles" ]
}

# Before their files are.
take_rules_away() {
  done_with start | while read -r unit; do control stop "$unit" </dev/null; done
  done_with load | while read -r rules; do
    ! is_new "$rules/raw.rules" && ! is_new "$rules/rules.nft" || ! holds_rules "/$rules" || run_rules unload "/$rules" </dev/null
  done
}

# Whether a run has brought it.
is_new() {
  [ "$(noted "$undo/paths" "$1")" = "none $1" ]
}

put_back_paths() {
  list_noted_paths | while read -r path; do put_back_path "$undo" "$path" || echo "/$path is not as it was"; done
  remove_folders "$undo"
}

list_noted_paths() {
  [ ! -e "$undo/paths" ] || sed -n '/^folder /d; s/^[^ ]* \([^ ]*\).*/\1/p' "$undo/paths"
}

put_back_values() {
  listed "$undo/values" | while read -r key value; do
    # An interface may be gone, and its values with it.
    [ -e "$(path_of "$key")" ] || continue
    [ "$(show_value "$key")" = "$value" ] || write_value "$key" "$value" || echo "$key stays $(show_value "$key")"
  done
}

# With the files from before; a line for each that could not be brought back.
bring_services_back() {
  done_with stop | while read -r unit; do control start "$unit" </dev/null || echo "$unit is not started"; done
  done_with reload | while read -r unit; do
    done_with start | grep -qxF "$unit" || control reload "$unit" </dev/null || echo "$unit is not loaded again"
  done
  { done_with load; done_with unload; } | while read -r rules; do
    ! holds_rules "/$rules" || has_systemd || run_rules load "/$rules" </dev/null || echo "the packet rules of /$rules are not loaded"
  done
  done_with restart | while read -r service; do
    bring_server_back "$service" </dev/null || echo "$service does not run"
  done
}

# One that runs, for it was not stopped with files that do not pass its test, would be lost by a restart.
bring_server_back() {
  if ! is_running "$1" || (test_service "$1") >/dev/null 2>&1; then restart_service "$1" >/dev/null; fi
  is_running "$1"
}

# done_with VERB: what this run did, or tried to do.
done_with() {
  [ ! -e "$undo/done" ] || sed -n "s/^$1 //p" "$undo/done"
}
