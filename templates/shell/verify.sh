#!/bin/sh
#
# Reads back everything in the plan beside this file. Usage: verify.sh [--files-only | --root DIR]
#
#   --files-only  looks at files and links, and not at the running system.
#   --root DIR    the same below DIR, an image of a host.
#
# Names what is not in effect, who set it instead, and which file wins at boot. Changes nothing.
# Exit code: 0 in effect; 1 something differs; 2 wrong usage, or another host than the one that was planned for.

set -u
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd) || exit 2
for part in say arguments plan host values files lines services differences limits queues image boot saved tuned; do
  # shellcheck source=/dev/null
  . "$here/parts/$part.sh"
done

read_arguments '--files-only --root' "$@"
use_plans /dev/null "$here/plan"
refuse_host "$(find_host_mismatches)"

find_boot_files
say_each "$(find_saved_rules)"
wrong=$(find_differences; find_overruled)
say_each "$wrong"
[ -z "$wrong" ] || exit 1
say_each "$(in_effect "$(find_tracked)")"
