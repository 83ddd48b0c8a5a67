# Reads back everything in the plan that was applied on this host, or in that of a folder.
#
# Usage: nettune-host verify [--files-only | --root DIR] [--machine NAME] [--format json] [FOLDER]
#
#   --files-only  looks at files and links, and not at the running system.
#   --root DIR    the same below DIR, an image of a host.
#   --machine NAME
#                 of a FOLDER for several kinds of machines, the plan of this one. Default: the plan that fits this host best.
#   --format json prints one JSON value: whether something differs, and what.
#
# Names what is not in effect, who set it instead, and which file wins at boot. Changes nothing.
# Exit code: 0 in effect; 1 something differs; 2 wrong usage, no plan, or another host than the one that was planned for.

set -u
use say kinds arguments plan machines host values files lines services differences limits queues restarts image boot overruled directives differing-values other-hands saved \
  tuned

read_arguments verify '--files-only --root --machine --format' "$@"
choose_profile plan
use_plans /dev/null "$given"
refuse_host "$(find_host_mismatches)"

find_boot_files
say_each "$(find_saved_rules)"
say_what_is_in_effect
