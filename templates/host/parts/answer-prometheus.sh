# The answer of a status for the textfile collector of the node exporter. How full tables and queues are, it exports itself: only we know what
# is not as planned.

answer_prometheus() {
  if is_in_effect; then value=1; else value=0; fi
  show_metric nettune_in_effect 'Whether everything is in effect that is planned.' "{profile=\"$name\"} $value"
  show_metric nettune_differences 'What is not as planned, by kind.' "$(count_by_kind)"
  show_metric nettune_run_waiting 'Whether a run waits for confirmation, goes on now, or was cut short.' "$(show_waiting)"
  [ -z "$tracking" ] || show_metric nettune_untracked 'Whether connections to the served ports are untracked.' \
    "{profile=\"$name\"} $([ "$tracking" = tracked ]; echo $?)"
  show_metric nettune_plan_info 'The plan that was applied, by its sum, and the version of this program.' \
    "{profile=\"$name\",sum=\"$(sed -n '$s/^end //p' "$new_plan" | tr -cd '0-9:')\",version=\"$own_version\"} 1"
}

# show_metric NAME HELP SAMPLES: a line for each sample, without the name.
show_metric() {
  printf '# HELP %s %s\n# TYPE %s gauge\n' "$1" "$2" "$1"
  print_lines "$3" | sed "s/^/$1/"
}

count_by_kind() {
  print_lines "$differences" | profile=$name awk -F '\t' '
    { count[$1]++ }
    END {
      kinds = split("value boot file line module unit rules server queue limit restart", kind, " ")
      for (i = 1; i <= kinds; i++) printf "{profile=\"%s\",kind=\"%s\"} %d\n", ENVIRON["profile"], kind[i], count[kind[i]]
    }
  '
}

show_waiting() {
  for each in confirmation running cut-short; do
    if [ "$waits" = "$each" ]; then value=1; else value=0; fi
    echo "{profile=\"$name\",reason=\"$each\"} $value"
  done
}
