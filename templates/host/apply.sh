# Puts the plan of a folder into effect on this host.
#
# Usage: nettune-host apply [--dry-run] [--files-only | --root DIR] [--confirm-within SECONDS] [--end-overdue yes|no]
#                          [--restarts now|defer] [--overruled refuse|accept] [--machine NAME] [--format json] FOLDER
#        nettune-host apply --confirm | --put-back | --restart
#
#   --dry-run     says what would be done, and changes nothing.
#   --files-only  writes files and links, and leaves the running system alone until its next boot.
#   --root DIR    the same below DIR, an image of a host.
#   --confirm-within SECONDS
#                 when packet rules or routing change, a timer on the host puts everything back after this time: also when
#                 the run is killed, and else counted from its end. `nettune-host apply --confirm` stops it: call that over a new connection,
#                 which shows that one can be made. Default: 60 when standard input is a terminal, else 0. 0: no timer.
#                 never: refuses such changes, because nobody will confirm them.
#   --end-overdue yes|no
#                 whether connection table entries end at once when they were idle for longer than a timeout that the plan
#                 lowers. Default: yes, and no on a host that forwards.
#   --restarts now|defer
#                 whether servers that need a restart get it in this run. defer: they wait, and are named, until
#                 `nettune-host apply --restart`, a run with now, or a restart by somebody else. Default: now.
#   --overruled refuse|accept
#                 what to do when the next boot would undo a part of the plan, because a file of somebody else wins then. Each
#                 such file and line is named. Default: refuse.
#   --machine NAME
#                 of a profile for several kinds of machines, the plan of this one. Default: the plan that fits this host best;
#                 an image needs it where several fit.
#   --format json prints one JSON value at the end: what changed, whether it failed, and why.
#   --confirm     keeps what waits for it. A host that is restarted while it waits comes up with all that was done.
#   --put-back    puts back at once what waits for confirmation, or what a run has done that was cut short.
#   --restart     restarts the servers that wait for it.
#
# Compares the host with the plan before its first change. What fails is put back. Twice is as good as once. This program is
# kept on the host as well, so that nettune-host can be called there later.
#
# Exit code: 0 in effect; 1 something differs or would be done, or failed and was put back; 2 wrong usage, another host
# than the one that was planned for, or another run is in the way; 3 in effect, and waits for confirmation.

set -u
use say kinds journal arguments disk plan machines lock host sshd values files lines services changes release perform record routes originals restore \
  put-back confirm entries differences limits queues restarts image ways-out boot overruled directives differing-values other-hands saved filter tuned

choose_plans() {
  use_plans "$state/plan" "$given"
}

put_into_effect() {
  refuse_half_a_copy
  refuse_ways_out
  refuse_second_run
  refuse_files_alone
  [ ! -e "$undo/paths" ] || is_same_text "$undo/plan" "$new_plan" || put_back_first
  refuse_host "$(find_host_mismatches; find_other_profiles; find_other_mpm; find_untracked_sshd; find_refused_rules; find_lost_routes)"
  name_left
  changes=$(list_changes)
  foretell_overdue
  find_boot_files
  refuse_overruled
  refuse_unconfirmable
  [ -z "$dry_run" ] || { is_settled || foretell_directives; show_dry_run record; }
  if is_settled; then
    say 'everything is in place: nothing was changed'
    settled=yes
    return
  fi
  [ -n "$changes" ] || say_change record '' 'record what was there before'
  change_host
  await_confirmation
  keep_run
}

# Before the first change. A gateway that no longer forwards after its next boot is worse than one that was left as it is.
refuse_overruled() {
  overruled=$(find_overruled)
  [ -n "$overruled" ] && ! is_settled || return 0
  [ -z "$accepts_overruled" ] || return 0
  reason='the next boot would undo a part of this. Change those lines, or apply it nevertheless with --overruled accept'
  [ -n "$dry_run" ] || { complain_each "$overruled"; refuse "$reason"; }
  complain "this would be refused: $reason"
  complain_each "$overruled"
}

# What is overdue can be told while it is known what the timeouts were before.
keep_run() {
  overdue=$(find_overdue)
  keep_originals || give_up 'what was there before cannot be kept'
  new_plan=$state/plan
  end_overdue_entries
}

restart_waiting_servers() {
  refuse_second_run
  waiting=$(list_waiting_servers)
  [ -n "$waiting" ] || say 'no server waits for a restart'
  outcome="restarted: ${waiting:-no server waited}"
  for service in $waiting; do
    perform restart "$service" </dev/null 9>&- || { outcome="could not restart $service"; complain "$outcome"; exit 1; }
    say_change restart "$service" "restart $service"
  done
}

read_arguments apply '--dry-run --files-only --root --confirm-within --end-overdue --restarts --overruled --machine --format --confirm --put-back --restart' "$@"
keep_journal
[ -n "$folder$task" ] || wrong_usage apply
if [ "$task" = --restart ]; then choose_profile plan; else choose_profile undo/plan; fi
choose_plans
case $task in
  --confirm) confirm_run ;;
  --put-back) put_back_run ;;
  --restart) restart_waiting_servers ;;
  *) put_into_effect ;;
esac

find_boot_files
say_each "$(find_saved_rules; find_filter_at_boot)"
say_what_is_in_effect
