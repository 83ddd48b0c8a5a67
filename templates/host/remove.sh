# Takes away what was applied on this host, and puts back what was there before.
#
# Usage: nettune-host remove [--dry-run] [--files-only | --root DIR] [--machine NAME] [--format json] [FOLDER]
#
#   --dry-run     says what would be done, and changes nothing.
#   --files-only  takes files and links away, and leaves the running system alone until its next boot.
#   --root DIR    the same below DIR, an image of a host.
#   --machine NAME
#                 of a FOLDER for several kinds of machines, the plan of this one. Default: the plan that fits this host best.
#   --format json prints one JSON value at the end: what changed, whether it failed, and why.
#
# FOLDER is needed only where the files came by other means than apply. What somebody else has changed since stays, and is
# named. What fails is put back. This program goes as well.
#
# Exit code: 0 gone; 1 something would be done, or failed and was put back; 2 wrong usage, or another run is in the way.

set -u
use say kinds journal arguments disk plan machines lock host values files lines services changes release perform record routes originals restore put-back \
  confirm restarts image ways-out boot saved tuned

# Without a plan that was applied, the files are there by other means: they are known by their header.
choose_plans() {
  applied=$state/plan
  [ -e "$applied" ] || applied=$given
  use_plans "$applied" /dev/null
}

read_arguments remove '--dry-run --files-only --root --machine --format' "$@"
keep_journal
choose_profile plan
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
[ -z "$dry_run" ] || show_dry_run forget
if is_settled; then
  say 'nothing of this profile is here: nothing was changed'
else
  if [ -n "$changes" ]; then change_host; else say_change forget '' 'forget what was there before'; fi
  forget_originals
  say 'everything is gone'
fi
say_each "$(find_saved_rules)"
