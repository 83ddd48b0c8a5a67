# What a command was called with.

# read_arguments COMMAND OPTIONS ARGUMENT...: OPTIONS are those that the command takes.
read_arguments() {
  subcommand=$1 taken=" $2 " dry_run='' root='' files_only='' confirm_within=0 end_overdue='' task='' folder=''
  changes='' overdue='' boot_files='' settled='' shape='' output=''
  shift 2
  while [ $# -gt 0 ]; do
    read_argument "$@"
    case $1 in --root | --confirm-within | --end-overdue | --format | --output) shift ;; esac
    shift
  done
  [ -z "$task" ] || [ -z "$dry_run$files_only$root" ] || wrong_usage "$subcommand"
  [ "$(id -u)" = 0 ] || { complain 'this needs root'; exit 2; }
}

read_argument() {
  case $1 in -*) case $taken in *" $1 "*) ;; *) wrong_usage "$subcommand" ;; esac ;; esac
  case $1 in
    --dry-run) dry_run=yes ;;
    --files-only) files_only=yes ;;
    --root) use_root "${2-}" ;;
    --confirm-within) use_seconds "${2-}" ;;
    --end-overdue) use_choice "${2-}" ;;
    --confirm | --put-back) task=$1 ;;
    --format) use_shape "${2-}" ;;
    --output) use_output "${2-}" ;;
    *) use_folder "$1" ;;
  esac
}

# For / the running system would be meant, which --root promises to leave alone.
use_root() {
  [ -n "$1" ] || wrong_usage "$subcommand"
  root=$(CDPATH='' cd -- "$1" 2>/dev/null && pwd -P) || { complain "there is no folder $1"; exit 2; }
  case $root in
    / | //) wrong_usage "$subcommand" ;;
  esac
}

use_folder() {
  [ -z "$folder" ] || wrong_usage "$subcommand"
  folder=$(CDPATH='' cd -- "$1" 2>/dev/null && pwd -P) || { complain "there is no folder $1"; exit 2; }
  [ -f "$folder/plan" ] || [ -f "$folder/undo/plan" ] || { complain "there is no $1/plan: add the folder of a profile to the command, such as out/shop"; exit 2; }
}

# Up to a day or so; a shell would take 010 for 8.
use_seconds() {
  case $1 in
    '' | *[!0-9]* | 0?* | ??????*) wrong_usage "$subcommand" ;;
  esac
  confirm_within=$1
}

use_choice() {
  case $1 in
    yes | no) end_overdue=$1 ;;
    *) wrong_usage "$subcommand" ;;
  esac
}

use_shape() {
  case $1 in
    text | json | nagios | prometheus) shape=$1 ;;
    *) wrong_usage "$subcommand" ;;
  esac
}

use_output() {
  output=$1
  case $1 in
    '') wrong_usage "$subcommand" ;;
    */*) [ -d "${1%/*}/" ] || { complain "there is no folder ${1%/*}"; exit 2; } ;;
  esac
  [ ! -d "$1" ] || { complain "$1 is a folder"; exit 2; }
}

# Whether the running system is meant, and not files alone.
is_live() {
  [ -z "$root$files_only" ]
}
