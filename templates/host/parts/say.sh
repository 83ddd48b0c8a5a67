# Messages.

# Of the profile, once it is known.
name=''
LC_ALL=C
# An administrator's `su` may leave out the folders in which these programs are.
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022

# What a file on the host holds is not to command the terminal. In a process of its own: it alone ends where nobody listens
# any more.
say() {
  case $* in
    *[!\ -~]*) printf '%s\n' "nettune${name:+ $name}: $*" | tr -c '\n -~' '?' ;;
    *) (printf '%s\n' "nettune${name:+ $name}: $*") ;;
  esac
}

# A message for every line of a text.
say_each() {
  print_lines "$1" | while IFS= read -r line; do say "$line"; done
}

complain() {
  say "$@" >&2
}

# Texts of any number of lines, without those that are empty.
print_lines() {
  for text in "$@"; do
    [ -z "$text" ] || printf '%s\n' "$text"
  done
}
