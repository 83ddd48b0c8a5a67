# What a script was called with.

# read_arguments OPTIONS ARGUMENT...: OPTIONS are those that the script takes.
read_arguments() {
  taken=" $1 " dry_run='' root='' files_only='' confirm_within=0 end_overdue='' task=''
  changes='' overdue='' boot_files='' settled=''
  shift
  while [ $# -gt 0 ]; do
    read_argument "$@"
    case $1 in --root | --confirm-within | --end-overdue) shift ;; esac
    shift
  done
  [ -z "$task" ] || [ -z "$dry_run$files_only$root" ] || wrong_usage
  state=$root/var/lib/nettune/$name undo=$root/var/lib/nettune/$name/undo
  [ "$(id -u)" = 0 ] || { complain 'this needs root'; exit 2; }
}

read_argument() {
  case $taken in *" $1 "*) ;; *) show_help_or_refuse "$1" ;; esac
  case $1 in
    --dry-run) dry_run=yes ;;
    --files-only) files_only=yes ;;
    --root) use_root "${2-}" ;;
    --confirm-within) use_seconds "${2-}" ;;
    --end-overdue) use_choice "${2-}" ;;
    --confirm | --put-back) task=$1 ;;
    *) wrong_usage ;;
  esac
}

# For / the running system would be meant, which --root promises to leave alone.
use_root() {
  [ -n "$1" ] || wrong_usage
  root=$(CDPATH='' cd -- "$1" 2>/dev/null && pwd -P) || { complain "there is no folder $1"; exit 2; }
  case $root in
    / | //) wrong_usage ;;
  esac
}

# Up to a day or so; a shell would take 010 for 8.
use_seconds() {
  case $1 in
    '' | *[!0-9]* | 0?* | ??????*) wrong_usage ;;
  esac
  confirm_within=$1
}

use_choice() {
  case $1 in
    yes | no) end_overdue=$1 ;;
    *) wrong_usage ;;
  esac
}

show_help_or_refuse() {
  case $1 in -h | --help) ;; *) wrong_usage ;; esac
  # What each script says of itself, from below its header to the first empty line.
  sed -n '/^$/q; s/^#$//p; s/^# //p' "$0" | sed '1,/^$/d'
  exit 0
}

wrong_usage() {
  echo "usage: $(sed -n 's/^#.* Usage: //p' "$0")" >&2
  exit 2
}

# Whether the running system is meant, and not files alone.
is_live() {
  [ -z "$root$files_only" ]
}
