
# Reads `nft list ruleset` and prints why native tables forbid to leave the served ports untracked: an accept of iptables
# cannot override their drops. `managed`: 1 when iptables itself keeps its rules in nft tables, which are not native.

BEGIN { ranges = split(ports, range, ",") }

/^table / {
  table = $2 " " $3
  native = !(managed && $2 ~ /^ip6?$/ && $3 ~ /^(filter|nat|mangle|raw|security)$/)
}
!native { next }
/ hook (input|output) / { filters[table] = 1 }
/ hook (input|output) .* policy drop/ { strict[table] = 1 }
/ct state/ { stateful[table] = 1 }
/(^|[ \t])(dnat|redirect|tproxy)([ \t]|$)/ && may_be_ours($0) {
  print "nft table " table " translates a served port, which needs the connection table: " trimmed($0)
}

END {
  for (table in filters)
    if (strict[table] || stateful[table])
      print "nft table " table " filters what comes in or goes out, and iptables cannot override it: no place is certain"
}

function trimmed(line) {
  gsub(/^[ \t]+|[ \t]+$/, "", line)
  return line
}

# Only a rule for one single port is known to be about another.
function may_be_ours(line,   i, port) {
  if (line ~ /udp dport/) return 0
  if (line !~ /tcp dport [0-9]+ /) return 1
  port = line
  sub(/.*tcp dport /, "", port)
  for (i = 1; i <= ranges; i++) if (is_within(port + 0, range[i])) return 1
  return 0
}

function is_within(port, served,   ends) {
  return port >= served + 0 && port <= (split(served, ends, ":") > 1 ? ends[2] : served) + 0
}
