# Leaves a line in the system's log for each run that may change this host, whatever comes of it.

# From here on, however it ends. `outcome` is what to say, where the exit code does not tell enough.
keep_journal() {
  outcome=''
  trap 'write_journal $?' EXIT
}

# A dry run changes nothing, and an image is another host.
write_journal() {
  [ -z "$dry_run$root" ] && command -v logger >/dev/null || return 0
  logger -t nettune -p daemon.notice \
    "$(printf '%s\n' "${name:+$name: }$subcommand${task:+ $task}: ${outcome:-$(name_outcome "$1")}" | tr -c '\n -~' '?')" 2>/dev/null || :
}

# name_outcome CODE
name_outcome() {
  case $1:$subcommand$task in
    0:*--put-back) echo 'there was nothing to put back' ;;
    0:*--confirm) echo 'confirmed, everything is in effect' ;;
    0:apply*) echo "everything is in effect, $(count_changes)" ;;
    0:remove) echo "everything is gone, $(count_changes)" ;;
    2:*) echo refused ;;
    3:*) echo "in effect, $(count_changes); waits $confirm_within seconds for confirmation" ;;
    *) echo 'failed' ;;
  esac
}

count_changes() {
  count=$(print_lines "$changes" | grep -c .)
  [ "$count" = 1 ] && echo '1 change' || echo "$count changes"
}
