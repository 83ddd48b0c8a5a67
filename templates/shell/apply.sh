#!/bin/sh
#
# Puts the plan beside this file into effect on this host. Usage: apply.sh [--dry-run] [--root DIR]
#
#   --dry-run   says what would be done, and changes nothing.
#   --root DIR  writes files and links below DIR, an image of a host, and leaves the running system alone.
#
# Compares the host with the plan before its first change. What fails is put back. Twice is as good as once.
# Exit code: 0 in effect; 1 something differs or would be done, or failed and was put back; 2 wrong usage, or another
# host than the one that was planned for.

set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
for part in say plan host values files lines services changes release perform record originals restore put-back \
  differences queues image boot; do
  # shellcheck source=/dev/null
  . "$here/parts/$part.sh"
done

read_arguments "$@"
use_plans "$state/plan" "$here/plan"
refuse_other_host "$(find_host_mismatches; find_other_mpm; find_refused_rules)"

name_left
changes=$(list_changes)
show_dry_run
if is_settled; then
  say 'everything is in place: nothing was changed'
else
  change_host
  keep_originals || give_up 'what was there before cannot be kept'
fi

wrong=$(find_differences; find_overruled)
say_each "$wrong"
[ -z "$wrong" ] || exit 1
say "$(in_effect)"
