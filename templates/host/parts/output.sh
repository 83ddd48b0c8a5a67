# Gives the answer of a status: as a plugin does, or in a file.

# `said` is what the answer was, and everything that went wrong.
say_as_plugin() {
  said=$(print_lines "$said" | tr -c '\n -~' '?')
  lines=$(print_lines "$said" | sed -n '/^NETTUNE [A-Z]* - /,$p')
  [ -n "$lines" ] || lines="NETTUNE UNKNOWN - $(print_lines "$said" | tr '|<>&' '????')"
  print_lines "$lines"
  case $lines in
    'NETTUNE OK'*) exit 0 ;;
    'NETTUNE WARNING'*) exit 1 ;;
    'NETTUNE CRITICAL'*) exit 2 ;;
    *) exit 3 ;;
  esac
}

# keep_answer CODE: `said` takes the place of the file. What reads the folder takes no file of the name that is written first, and
# nothing that lies there already is written to. Without an answer, no old one stays.
keep_answer() {
  [ "$1" -le 1 ] || { rm -f "$output"; exit "$1"; }
  new=$output.nettune-$$
  rm -f "$new"
  (set -C && print_lines "$said" >"$new") && mv -f "$new" "$output" && exit "$1"
  rm -f "$new" "$output"
  complain "could not write $output"
  exit 2
}
