# The lease of the packet rules in a folder, for the guard and for whoever looks into it.
#
# Usage: nettune-host lease renew|end|begun|held|reasons [FOLDER]
#
# Without a guard, what is renewed counts for some seconds.

use leased-rules
case ${1-} in renew | end | begun | held | reasons) task=$1 ;; *) wrong_usage lease ;; esac
find_rules "${2-}"
lease "$task"
