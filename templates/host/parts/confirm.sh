# Packet rules may cut off whoever loads them. A run that changes some can have everything put back by a timer on the host,
# unless it is confirmed in time, over a connection that was made since. The timer runs a copy of this program, below
# `undo`: where that is gone, the timer has nothing to do. `waiting` holds the boot that a run waits in, since no timer
# outlives it: after that, the run is one that was cut short. `finished` is there when it has done everything.

boot_id=/proc/sys/kernel/random/boot_id

# Whether the changes concern packet rules, or routing: which packets, addresses and routes the host takes.
may_cut_off() {
  print_lines "$changes" | grep -Eq \
    -e '^(start|stop|reload|load|unload) ' \
    -e '^set net[.](ipv4[.]ip_forward|bridge[.][^ ]*) ' \
    -e '^set net[.]ipv[46][.]conf[.][^ ]*[./]([a-z_]*forwarding|accept_ra[a-z_]*|accept_local|arp_[a-z]*|autoconf|disable_ipv6|disable_policy|rp_filter|src_valid_mark) '
}

# Better before the first change than half-way; and foretold by a dry run.
refuse_unconfirmable() {
  [ "$confirm_within" = never ] || return 0
  confirm_within=0
  may_cut_off || return 0
  reason='packet rules or routing would change, and nobody would confirm it over a new connection. To apply them without confirmation: --confirm-within 0'
  [ -n "$dry_run" ] || refuse "$reason"
  complain "this would be refused: $reason"
}

arm_timer() {
  rm -rf "$undo/waiting" "$undo/finished" "$undo"/copy.*
  [ "$confirm_within" -gt 0 ] && may_cut_off || return 0
  start_timer || return 1
  cat "$boot_id" >"$undo/waiting"
}

# One that was started before finds its copy gone, and does nothing.
start_timer() {
  copy=$(mktemp -d "$undo/copy.XXXXXX") || return 1
  if ! { cp "$nettune_host" "$copy/nettune-host" && cp "$new_plan" "$copy/plan"; } || ! { start_systemd_timer || start_process; }; then
    rm -rf "$copy"
    return 1
  fi
  for earlier in "$undo"/copy.*; do [ "$earlier" = "$copy" ] || rm -rf "$earlier"; done
}

# To the second: without being asked, systemd would take a minute for exact enough. Nothing is left for the shell to expand:
# when this run has systemd read its units again, version 252 takes "\$0" from its own note of a command with "$0".
start_systemd_timer() {
  has_systemd && systemd-run --on-active="$confirm_within" --timer-property=AccuracySec=1s \
    sh -c "[ ! -d $copy ] || exec sh $copy/nettune-host apply --put-back $copy" >/dev/null 2>&1 9>&-
}

# In a session of its own, so that no end of ours reaches it.
start_process() {
  command -v setsid >/dev/null || { complain 'there is neither systemd nor setsid for a timer'; return 1; }
  # shellcheck disable=SC2016
  setsid sh -c '
    seconds=$1
    while [ -d "$0" ] && [ "$seconds" -gt 0 ]; do sleep 1; seconds=$((seconds - 1)); done
    [ ! -d "$0" ] || exec sh "$0/nettune-host" apply --put-back "$0"
  ' "$copy" "$confirm_within" </dev/null >/dev/null 2>&1 9>&- &
}

is_awaited() {
  [ -e "$undo/waiting" ] && [ "$(cat "$boot_id")" = "$(cat "$undo/waiting")" ]
}

# Ends a run that has a timer. The time to confirm begins anew: on a slow host the run itself may have taken longer.
await_confirmation() {
  is_awaited || return 0
  start_timer || complain 'the time to confirm has begun before the first change: no timer can be started now'
  : >"$undo/finished"
  flush
  print_message unconfirmed "in effect, and put back in $confirm_within seconds unless confirmed. To keep it, open a new connection to this host and run: nettune-host apply --confirm"
  exit 3
}

# A host that was restarted while a run waited has come up with all that it did, and can still be confirmed.
confirm_run() {
  lock_host
  finish_keeping
  refuse_damage
  shield
  [ -e "$undo/finished" ] \
    || { complain 'nothing waits for confirmation: everything was put back, a run was cut short, or no packet rule was changed'; exit 1; }
  cmp -s "$new_plan" "$undo"/copy.*/plan || refuse 'what waits for confirmation is another plan'
  keep_run
}

# What a run has done that was cut short, or was not confirmed in time.
put_back_run() {
  # A run that goes on ends with a timer of its own. One that hangs must not keep a host cut off: it has no `undo` to go on
  # with afterwards.
  lock_host -w 600 || complain 'another run does not end'
  shield
  # Of a timer's copy, when the run was confirmed while it waited for the lock.
  [ -e "$new_plan" ] || exit 0
  finish_keeping
  refuse_damage
  sweep
  [ -d "$undo" ] || { say 'there is nothing to put back'; exit 0; }
  complain 'putting back what was there before' || exec >/dev/null 2>&1
  finish_put_back
  exit
}
