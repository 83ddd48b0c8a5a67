# Says in under a second whether the plan that was applied on this host is in effect.
#
# Usage: nettune-host status [--format text|json|nagios|prometheus] [--output FILE] [--machine NAME] [FOLDER]
#
#   --format FORMAT
#                 text is for people, and the default; json for scripts; nagios is the line of a plugin for Nagios, Icinga or
#                 Zabbix; prometheus is for the textfile collector of the node exporter.
#   --machine NAME
#                 of a FOLDER for several kinds of machines, the plan of this one. Default: the plan that fits this host best.
#   --output FILE writes the answer to FILE. It is there whole or not at all; when there is no answer, FILE is removed.
#
# Names what differs and who set it, what waits, whether the served ports are untracked, how full the connection table and
# the listen queues are, and what was dropped since boot. Changes nothing, and waits for nothing. Only verify compares the host with
# the one that was planned for, asks httpd for its MPM, and tries the packet rules.
#
# Exit code: 0 in effect; 1 something differs or waits; 2 wrong usage, or no plan. With nagios: 0 OK; 1 WARNING; 2 CRITICAL, a run
# was cut short; 3 UNKNOWN.

set -u
use say kinds arguments plan machines host values files lines services differences limits queues restarts image boot overruled directives differing-values other-hands \
  tuned waiting tracking counters json answer-text answer-json answer-nagios answer-prometheus output

look_at_everything() {
  choose_profile plan
  choose_plan_in_effect
  use_plans /dev/null "$given"
  find_followed
  waits=$(find_waiting)
  find_tracking
  find_boot_files
  planned_queues=$(list_planned_queues)
  differences=$(list_undone; of_kind rules find_rules_not_in_effect; list_elsewhere; of_kind restart find_waiting_servers)
  read_counters
}

answer() {
  look_at_everything
  case $shape in
    json) answer_json ;;
    nagios) answer_nagios ;;
    prometheus) answer_prometheus ;;
    *) answer_text ;;
  esac
  is_in_effect
}

is_in_effect() {
  [ -z "$waits$differences" ]
}

# With nagios, what there is to say instead of an answer is an answer too.
case " $* " in
  *' --format nagios '*)
    said=$({ read_arguments status --format "$@" && answer; } 2>&1)
    say_as_plugin
    ;;
esac
read_arguments status '--machine --format --output' "$@"
[ -n "$output" ] || { answer; exit; }
said=$(answer)
keep_answer $?
