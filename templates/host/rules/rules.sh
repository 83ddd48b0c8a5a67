# Loads, removes or examines the packet rules of a profile.
#
# Usage: nettune-host rules load|unload|status|reasons [FOLDER]
#
#   load    proves the rules and puts them in place; twice is as good as once. Where the ports are left untracked, connections
#           stay tracked until the guard renews their lease. Refuses where it would do harm, and then takes away what is in
#           place of ours.
#   unload  removes everything that is ours.
#   status  waits for the guard, up to ten minutes. Says what is not in place, or tracked, or would be refused by now.
#   reasons says why load would refuse, and changes nothing.
#
# FOLDER is that of the rules, such as /etc/nettune/shop, or that of a profile; without it, the only one in /etc/nettune.
# Exit code: 0 done, or in place; 1 refused, failed, or not in place; 2 wrong usage.

set -eu
LC_ALL=C
export LC_ALL
use leased-rules loader

# placed, track, forget and place are for the guard and for the proof.
case ${1-} in
  load | unload | status | reasons | placed | track | forget | place) task=$1 ;;
  *) wrong_usage rules ;;
esac
find_rules "${2-}"
use "$tool"
prepare
"$task" "${3-}"
