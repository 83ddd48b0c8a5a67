# Messages and arguments. This file and those beside it are read by the scripts one level up.

name=@name@
LC_ALL=C
# An administrator's `su` may leave out the folders in which these programs are.
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022

# What a file on the host holds is not to command the terminal.
say() {
  printf '%s\n' "nettune $name: $*" | tr -c '\n -~' '?'
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

wrong_usage() {
  echo "usage: $(sed -n 's/^#.* Usage: //p' "$0")" >&2
  exit 2
}

read_arguments() {
  dry_run='' root=''
  while [ $# -gt 0 ]; do
    case $1 in
      --dry-run) dry_run=yes ;;
      --root)
        [ $# -gt 1 ] || wrong_usage
        use_root "$2"
        shift
        ;;
      *) wrong_usage ;;
    esac
    shift
  done
  state=$root/var/lib/nettune/$name undo=$root/var/lib/nettune/$name/undo
  [ "$(id -u)" = 0 ] || { complain 'this needs root'; exit 2; }
}

# For / the running system would be meant, which --root promises to leave alone.
use_root() {
  root=$(CDPATH='' cd -- "$1" 2>/dev/null && pwd -P) || { complain "there is no folder $1"; exit 2; }
  case $root in
    / | //) wrong_usage ;;
  esac
}

is_live() {
  [ -z "$root" ]
}
