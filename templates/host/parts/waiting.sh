# Finds what a run has left: it waits for its confirmation, goes on now, or was cut short.

find_waiting() {
  [ -d "$undo" ] || [ -d "$state/.kept" ] || return 0
  if is_run_going_on; then
    echo running
  elif [ -e "$undo/finished" ] && is_of_this_boot "$undo/waiting"; then
    echo confirmation
  else
    echo cut-short
  fi
}

# describe_waiting: a sentence.
describe_waiting() {
  case $waits in
    running) echo 'a run is going on' ;;
    confirmation) echo 'a run waits for confirmation: nettune-host apply --confirm keeps what it did, --put-back does not' ;;
    cut-short) echo 'a run was cut short: nettune-host apply --put-back restores what was there before it; or apply the plan again' ;;
  esac
}

# No timer outlives a boot.
is_of_this_boot() {
  grep -qsxF -e "$(cat /proc/sys/kernel/random/boot_id)" "$1"
}

# What the run that waits has put into effect is in its own plan. One that was cut short has put nothing into effect: what was
# applied before counts, if anything was.
choose_plan_in_effect() {
  [ -z "$folder" ] || return 0
  if [ -s "$undo/plan" ] && { [ ! -e "$given" ] || [ -e "$undo/finished" ]; }; then given=$undo/plan; fi
}

# Whether a run has the file of the lock open (lock.sh). Trying to take the lock would refuse a run that begins at this moment;
# and in a container /proc/locks does not show what flock has taken, since flock has ended. Where there is no flock, there is no lock.
is_run_going_on() {
  command -v flock >/dev/null || { is_apply_running; return; }
  printf '%s\n' /proc/[0-9]*/fd/9 | tr '\n' '\0' | xargs -0 ls -l 2>/dev/null \
    | grep -q -e ' -> /run/nettune[.]lock$' -e ' -> /var/run/nettune[.]lock$'
}

is_apply_running() {
  printf '%s\n' /proc/[0-9]*/cmdline | tr '\n' '\0' | xargs -0 grep -aqs 'nettune-host.\(apply\|remove\)' /dev/null
}
