#!/bin/sh
#
# Gives the connection table an entry for each open connection of the rules beside this file, as if it had been tracked from
# its beginning, and takes away those that were made before untracking began: of what has come since they know nothing, and
# would have it refused. For the moment at which untracking ends. Usage: adopt.sh PORTS [PEER>PORT,...]
#
# Does nothing where conntrack or ss is missing: then the tracker takes up what it can, as tcp_loose says.

set -eu
LC_ALL=C
export LC_ALL
command -v conntrack >/dev/null && command -v ss >/dev/null || exit 0

# More would take longer than who waits for the end of untracking has patience.
most=2000

# SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT of each, from whoever opened it. An IPv4 address of a socket of both
# families has a prefix, and a link-local one names its device.
list_open() {
  ss -tn state established | awk -v "ports=$1" -v "peers=${2-}" '
    BEGIN { ranges = split(ports, range, ","); n = split(peers, list, ","); for (i = 1; i <= n; i++) is_peer[list[i]] }
    NR > 1 {
      here = address($3); port = port_of($3); there = address($4); far = port_of($4)
      if (is_served(port)) print there, here, far, port
      else if ((there ">" far) in is_peer) print here, there, port, far
    }
    function port_of(end) { sub(/.*:/, "", end); return end }
    function address(end) { sub(/:[0-9]+$/, "", end); gsub(/[][]/, "", end); sub(/^::ffff:/, "", end); sub(/%.*/, "", end); return end }
    function is_served(port,   i, ends) {
      for (i = 1; i <= ranges; i++) {
        split(range[i], ends, ":")
        if (ends[1] + 0 <= port && port <= (ends[2] == "" ? ends[1] : ends[2]) + 0) return 1
      }
      return 0
    }'
}

timeout=$(cat /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established)
list_open "$@" | head -n "$most" | while read -r source destination from to; do
  end="-p tcp -s $source -d $destination --sport $from --dport $to"
  # Words without blanks. There may be no entry to take away.
  # shellcheck disable=SC2086
  conntrack -D $end >/dev/null 2>&1 || :
  # shellcheck disable=SC2086
  conntrack -I $end -r "$destination" -q "$source" --reply-port-src "$to" --reply-port-dst "$from" \
    --state ESTABLISHED -u SEEN_REPLY,ASSURED -t "$timeout" >/dev/null 2>&1 || :
done
