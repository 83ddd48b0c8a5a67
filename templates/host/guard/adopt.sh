# The entries of open connections of a profile's rules: part_adopt adopt|forget PORTS [PEER>PORT,...]
#
#   forget  deletes them while the guard keeps the connections untracked. An entry misses the packets of that time, so the
#           tracker would call the next ones invalid when untracking ends.
#   adopt   makes one for each connection that has none, when untracking ends. It deletes none: in the moment without an entry,
#           many filters reset the connection.
#
# Does nothing where conntrack or ss is missing: then the tracker takes up what it can, as tcp_loose says.

command -v conntrack >/dev/null && command -v ss >/dev/null || exit 0

# Of the guard.
state=/run/nettune-$name.guard

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

# About one connection: its four words.
forget() { conntrack -D -p tcp -s "$1" -d "$2" --sport "$3" --dport "$4"; }

adopt() {
  conntrack -I -p tcp -s "$1" -d "$2" --sport "$3" --dport "$4" -r "$2" -q "$1" --reply-port-src "$4" --reply-port-dst "$3" \
    --state ESTABLISHED -u SEEN_REPLY,ASSURED -t "$timeout"
}

is_due() { [ "$each" = adopt ] || { read -r word _ <"$state" && [ "$word" = untracked ]; }; }

case $1 in adopt | forget) each=$1 ;; *) exit 2 ;; esac
shift
timeout=$(cat /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established)
# There may be no entry to take away, or one already.
list_open "$@" | head -n "$most" | while is_due 2>/dev/null && read -r source destination from to; do
  "$each" "$source" "$destination" "$from" "$to" >/dev/null 2>&1 || :
done
