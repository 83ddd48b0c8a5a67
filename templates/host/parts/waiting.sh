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

# Whether another process holds the lock of a run. Who tried to take it would have a run refused that begins in this moment.
is_run_going_on() {
  for file in /run/nettune.lock /var/run/nettune.lock; do
    [ -e "$file" ] || continue
    # shellcheck disable=SC2012
    inode=$(ls -i "$file" | sed 's/^ *\([0-9]*\) .*/\1/')
    cat /proc/self/mountinfo /proc/locks 2>/dev/null | file=$file inode=$inode awk '
      # Of a mount: its device and its folder. Numbers of files count within a device.
      $3 ~ /^[0-9]+:[0-9]+$/ && $5 ~ /^\// {
        if (index(ENVIRON["file"], $5 (length($5) > 1 ? "/" : "")) == 1) { split($3, number, ":"); device = sprintf("%02x:%02x", number[1], number[2]) }
        next
      }
      $2 == "FLOCK" {
        split($6, part, ":")
        if (part[3] == ENVIRON["inode"] && (device == "" || part[1] ":" part[2] == device)) found = 1
      }
      END { exit !found }
    ' && return
  done
  return 1
}
