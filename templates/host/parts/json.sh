# Values of JSON.

# json_string TEXT. Most texts are harmless, and need no program.
json_string() {
  case $1 in
    *[!\ -~]* | *[\"\\]*) text=$1 awk "$(text json.awk) BEGIN { print json(ENVIRON[\"text\"]) }" ;;
    *) printf '"%s"\n' "$1" ;;
  esac
}

# json_number DIGITS: null where there are none.
json_number() {
  case $1 in
    '' | *[!0-9]*) echo null ;;
    *) printf '%s\n' "$1" ;;
  esac
}

# json_word WORD: a string, or null where it is empty.
json_word() {
  if [ -n "$1" ]; then json_string "$1"; else echo null; fi
}
