# The answer of a status for Nagios and those that take its plugins: a line, numbers behind a bar, then a line for each difference.

answer_nagios() {
  if [ "$waits" = cut-short ]; then level=CRITICAL; elif is_in_effect; then level=OK; else level=WARNING; fi
  sentences=$(print_lines "$differences" | cut -f 2 | as_plain_text)
  printf 'NETTUNE %s - %s |%s\n' "$level" "$name: $(summarize)" "$(list_numbers)"
  print_lines "$sentences"
}

summarize() {
  if [ -n "$waits" ]; then
    describe_waiting
  elif [ -n "$differences" ]; then
    # An echo would take a backslash with the letter behind it for a line's end.
    print_lines "$(count_differences) not as planned: $(print_lines "$sentences" | head -n 1)"
  else
    echo "in effect${tracking:+, $tracking}"
  fi
}

count_differences() {
  print_lines "$differences" | grep -c .
}

# A bar would begin the numbers, and web pages show the rest as it is.
as_plain_text() {
  tr -c '\n -~' '?' | tr '|<>&' '????'
}

list_numbers() {
  printf ' differences=%s' "$(count_differences)"
  [ -z "$entries" ] || printf ' entries=%s;;;0;%s' "$entries" "$maximum"
  for counter in "overflows=$overflows" "drops=$drops" "insert_failed=$insert_failed" "drop=$dropped" "early_drop=$early_drop"; do
    case $counter in *=) ;; *) printf ' %sc' "$counter" ;; esac
  done
}
