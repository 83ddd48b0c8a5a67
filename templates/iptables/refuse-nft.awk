
# Reads `nft list ruleset` and prints why native tables forbid to leave served ports or connections of this host untracked:
# an accept of iptables cannot override their drops. `peers`: as in read.awk. `managed`: 1 when iptables itself keeps its
# rules in nft tables, which are not native. `probed`: 1 where a probe shows what their filters accept, and translation
# alone is looked for.

BEGIN {
  ranges = split(ports, range, ",")
  peer_count = split(peers, peer, ",")
  split("raw -300 mangle -150 dstnat -100 filter 0 security 50 srcnat 100", pairs, " ")
  for (i = 1; i in pairs; i += 2) level[pairs[i]] = pairs[i + 1]
}

/^table / {
  table = $2 " " $3
  native = !(managed && $2 ~ /^ip6?$/ && $3 ~ /^(filter|nat|mangle|raw|security)$/)
}
!native { next }
# What was translated is no translation: `ct status dnat accept`.
{ gsub(/"[^"]*"/, "\"\""); sub(/ct status (!= )?[a-z]+(,[a-z]+)*/, "ct status") }
/^\t}/ { chain = "" }
/^\t(chain|map) / { chain = table " " $2 }
/^\t\ttype (filter|route) hook (prerouting|input|output|postrouting) / && is_after_tracking() {
  base[chain] = table
  if (/ policy drop/) uncertain[chain] = 1
}
/(^|[ \t{(])ct [a-z]/ { uncertain[chain] = 1 }
/jump|goto|@/ { note_ways($0) }
/(^|[ \t])(dnat|redirect|tproxy)([ \t]|$)/ && may_be_ours($0) {
  print "nft table " table " translates a served port, which needs the connection table: " trimmed($0)
}
/(^|[ \t])(dnat|redirect|tproxy|snat|masquerade)([ \t]|$)/ && may_be_peers($0) {
  print "nft table " table " may translate connections that this host opens, which needs the connection table: " trimmed($0)
}

END {
  if (probed) exit
  for (each in base) if (is_uncertain(each)) filters[base[each]] = 1
  for (table in filters)
    print "nft table " table " filters what comes in or goes out, and iptables cannot override it: no place is certain"
}

# Connections are looked up at priority -200 of prerouting, and of output.
function is_after_tracking(   words) {
  words = $0
  sub(/.* priority /, "", words)
  sub(/;.*/, "", words)
  split(words, part, " ")
  return (part[1] in level ? level[part[1]] : part[1]) + (part[2] part[3]) > -200
}

# Notes the chains that the line leads to, and maps of verdicts, which count as chains.
function note_ways(line,   name) {
  while (match(line, /(jump |goto |@)[^ ,;}]+/)) {
    name = substr(line, RSTART, RLENGTH)
    sub(/^(jump |goto |@)/, "", name)
    way[chain, ++ways[chain]] = table " " name
    line = substr(line, RSTART + RLENGTH)
  }
}

function is_uncertain(chain,   i) {
  if (chain in uncertain) return 1
  if (chain in seen) return 0
  seen[chain] = 1
  for (i = 1; i <= ways[chain]; i++) if (is_uncertain(way[chain, i])) return 1
  return 0
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

function may_be_peers(line,   i, port, ends) {
  if (line ~ /udp dport/) return 0
  port = line
  if (!sub(/.*tcp dport /, "", port) || port !~ /^[0-9]+ /) return peer_count > 0
  for (i = 1; i <= peer_count; i++) {
    split(peer[i], ends, ">")
    if (ends[2] + 0 == port + 0) return 1
  }
  return 0
}

function is_within(port, served,   ends) {
  return port >= served + 0 && port <= (split(served, ends, ":") > 1 ? ends[2] : served) + 0
}
