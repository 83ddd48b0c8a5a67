# Messages: sentences with the profile's name in front. With --format json each is a line of a kind instead, of which
# result.awk makes one value.

# Of the profile, once it is known.
name=''
LC_ALL=C
# An administrator's `su` may leave out the folders in which these programs are.
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022

say() {
  print_message said "$*"
}

complain() {
  print_message problem "$*" >&2
}

# say_change VERB WHAT SENTENCE: a sentence is empty when nothing is left to change, since another change has done it.
say_change() {
  [ -z "$3" ] || print_message "change:$1:$2" "$3"
}

# A message for every line of a text.
say_each() {
  print_lines "$1" | while IFS= read -r line; do say "$line"; done
}

complain_each() {
  print_lines "$1" | while IFS= read -r line; do complain "$line"; done
}

# print_message KIND SENTENCE. What a file on the host holds is not to command the terminal. In a process of its own: it alone
# ends where nobody listens any more.
print_message() {
  case $2 in *[!\ -~]*) set -- "$1" "$(printf '%s\n' "$2" | tr -c '\n -~' '?')" ;; esac
  if [ -n "$as_json" ]; then
    (printf '%s\t%s\n' "$1" "$2")
  else
    (printf '%s\n' "nettune${name:+ $name}: $2")
  fi
}

# Texts of any number of lines, without those that are empty.
print_lines() {
  for text in "$@"; do
    [ -z "$text" ] || printf '%s\n' "$text"
  done
}
