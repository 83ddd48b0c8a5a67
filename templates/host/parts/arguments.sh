# What a command was called with.

# read_arguments COMMAND OPTIONS ARGUMENT...: OPTIONS are those that the command takes.
read_arguments() {
  subcommand=$1 taken=" $2 " dry_run='' root='' files_only='' confirm_within='' end_overdue='' restarts=now accepts_overruled=''
  task='' folder=''
  machine='' machine_list='' wanted_machine='' told_machine=''
  changes='' overdue='' boot_files='' settled='' shape='' output=''
  shift 2
  while [ $# -gt 0 ]; do
    read_argument "$@"
    case $1 in --root | --confirm-within | --end-overdue | --restarts | --overruled | --machine | --format | --output) shift ;; esac
    shift
  done
  [ -n "$confirm_within" ] || confirm_within=$(choose_confirmation)
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
    --end-overdue) use_choice 'yes no' "${2-}" && end_overdue=$2 ;;
    --restarts) use_choice 'now defer' "${2-}" && restarts=$2 ;;
    --overruled) use_choice 'refuse accept' "${2-}"; [ "$2" != accept ] || accepts_overruled=yes ;;
    --machine) use_machine "${2-}" ;;
    --format) use_shape "${2-}" ;;
    --output) use_output "${2-}" ;;
    --confirm | --put-back | --restart) task=$1 ;;
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
    never) ;;
    '' | *[!0-9]* | 0?* | ??????*) wrong_usage "$subcommand" ;;
  esac
  confirm_within=$1
}

# Who sits at a terminal can confirm. `sudo` and tmux hide whether it is one of SSH.
choose_confirmation() {
  if [ "$subcommand" = apply ] && [ -t 0 ]; then echo 60; else echo 0; fi
}

# use_choice CHOICES WORD
use_choice() {
  case $2 in '' | *' '*) wrong_usage "$subcommand" ;; esac
  case " $1 " in *" $2 "*) ;; *) wrong_usage "$subcommand" ;; esac
}

# As the list of a profile's plans spells it.
use_machine() {
  case $1 in '' | *[!A-Za-z0-9.-]*) wrong_usage "$subcommand" ;; esac
  wanted_machine=$1
}

# Only status has more than one.
use_shape() {
  if [ "$subcommand" = status ]; then use_choice 'text json nagios prometheus' "$1"; else use_choice json "$1"; fi
  shape=$1
}

# The file is replaced: neither a device nor a link, such as /dev/stdout, may be.
use_output() {
  case $1 in
    '' | -*) wrong_usage "$subcommand" ;;
    /*) output=$1 ;;
    *) output=$PWD/$1 ;;
  esac
  [ -d "${output%/*}/" ] || { complain "there is no folder ${output%/*}"; exit 2; }
  if [ -h "$output" ] || { [ -e "$output" ] && [ ! -f "$output" ]; }; then complain "$output is no regular file"; exit 2; fi
}

# Whether the running system is meant, and not files alone.
is_live() {
  [ -z "$root$files_only" ]
}
