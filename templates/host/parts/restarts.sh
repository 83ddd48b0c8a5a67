# Servers that wait for a restart, because a run with --restarts defer left them alone. /var/lib/nettune/NAME/restarts has a line
# for each: its name, and when systemd started it. With another start time it waits no longer: somebody has restarted it.

# The time is in microseconds since boot: after a reboot it is another one.
find_run_of() {
  has_systemd && systemctl show -p ExecMainStartTimestampMonotonic "$1" | sed -n 's/^[^=]*=\([1-9]\)/\1/p' | grep .
}

is_waiting() {
  [ -e "$state/restarts" ] && noted_run=$(recorded "$state/restarts" "$1") && [ "$noted_run" = "$(find_run_of "$1")" ]
}

# Noted with the run that is under way: when that is put back, nothing waits.
defer_restart() {
  run=$(find_run_of "$1") || { complain "--restarts defer needs systemd, which knows when $1 was started"; return 1; }
  printf '%s %s\n' "$1" "$run" >>"$undo/restarts"
}

# Of those that waited before, the ones that still do; and those of this run.
keep_waiting_servers() {
  [ -e "$state/restarts" ] || [ -e "$undo/restarts" ] || return 0
  {
    list_waiting_servers | while read -r service; do printf '%s %s\n' "$service" "$(find_run_of "$service")"; done
    [ ! -e "$undo/restarts" ] || cat "$undo/restarts"
  } >"$state/restarts.new"
}

# Of lines that begin with the name of a server, those of others.
leave_waiting_servers() {
  while read -r service words; do is_waiting "$service" || echo "$service $words"; done
}

list_waiting_servers() {
  is_live && [ -e "$state/restarts" ] || return 0
  while read -r service _; do ! is_waiting "$service" || echo "$service"; done <"$state/restarts"
}

name_waiting_servers() {
  list_waiting_servers | while read -r service; do print_message "deferred:$service" "$(tell_what_waits "$service")"; done
}

find_waiting_servers() {
  list_waiting_servers | while read -r service; do tell_what_waits "$service"; done
}

tell_what_waits() {
  echo "$1 waits for a restart: nettune-host apply --restart does it"
}
