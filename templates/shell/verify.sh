#!/bin/sh
#
# Reads back everything in the plan beside this file. Usage: verify.sh [--root DIR]
#
#   --root DIR  looks at files and links below DIR, an image of a host, and not at the running system.
#
# Names what is not in effect, who set it instead, and which file wins at boot. Changes nothing.
# Exit code: 0 in effect; 1 something differs; 2 wrong usage, or another host than the one that was planned for.

set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
for part in say plan host values files lines services differences queues image boot; do
  # shellcheck source=/dev/null
  . "$here/parts/$part.sh"
done

read_arguments "$@"
[ -z "$dry_run" ] || wrong_usage
use_plans /dev/null "$here/plan"
refuse_other_host "$(find_host_mismatches)"

wrong=$(find_differences; find_overruled)
say_each "$wrong"
[ -z "$wrong" ] || exit 1
say "$(in_effect)"
