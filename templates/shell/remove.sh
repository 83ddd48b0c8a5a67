#!/bin/sh
#
# Takes away what apply.sh has put on this host, and puts back what was there before.
# Usage: remove.sh [--dry-run] [--root DIR]
#
#   --dry-run   says what would be done, and changes nothing.
#   --root DIR  takes files and links away below DIR, an image of a host, and leaves the running system alone.
#
# What somebody else has changed since stays, and is named. What fails is put back.
# Exit code: 0 gone; 1 something would be done, or failed and was put back; 2 wrong usage.

set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
for part in say plan values files lines services changes release perform record originals restore put-back; do
  # shellcheck source=/dev/null
  . "$here/parts/$part.sh"
done

read_arguments "$@"
[ -z "$end_overdue" ] || wrong_usage
# Without a plan that was applied, the files are there by other means: they are known by their header.
applied=$state/plan
[ -e "$applied" ] || applied=$here/plan
use_plans "$applied" /dev/null

name_left
changes=$(list_changes)
show_dry_run
if [ -n "$changes" ]; then
  change_host
else
  say 'nothing of this profile is here: nothing was changed'
fi
forget_originals
[ -z "$changes" ] || say 'everything is gone'
