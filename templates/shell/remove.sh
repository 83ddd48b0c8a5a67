#!/bin/sh
#
# Takes away what apply.sh has put on this host, and puts back what was there before.
# Usage: remove.sh [--dry-run] [--files-only | --root DIR]
#
#   --dry-run     says what would be done, and changes nothing.
#   --files-only  takes files and links away, and leaves the running system alone until its next boot.
#   --root DIR    the same below DIR, an image of a host.
#
# What somebody else has changed since stays, and is named. What fails is put back.
# Exit code: 0 gone; 1 something would be done, or failed and was put back; 2 wrong usage, or another run is in the way.

set -u
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd) || exit 2
for part in say arguments disk plan lock values files lines services changes release perform record originals restore put-back \
  confirm image ways-out boot saved tuned; do
  # shellcheck source=/dev/null
  . "$here/parts/$part.sh"
done

# Without a plan that was applied, the files are there by other means: they are known by their header.
choose_plans() {
  applied=$state/plan
  [ -e "$applied" ] || applied=$here/plan
  use_plans "$applied" /dev/null
}

read_arguments '--dry-run --files-only --root' "$@"
choose_plans
refuse_ways_out
refuse_second_run
refuse_files_alone
if [ -e "$undo/paths" ]; then
  put_back_first
  # Then everything is as it was before the first run.
  [ -n "$dry_run" ] || [ -e "$state/plan" ] || exit 0
fi

name_left
changes=$(list_changes)
find_boot_files
[ -z "$dry_run" ] || show_dry_run 'forget what was there before'
if is_settled; then
  say 'nothing of this profile is here: nothing was changed'
else
  [ -z "$changes" ] || change_host
  forget_originals
  say 'everything is gone'
fi
say_each "$(find_saved_rules)"
