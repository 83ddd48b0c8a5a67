
# Reads tables of nft and prints rules that packets of served ports meet after connections were looked up, and that would
# treat them otherwise for being untracked, where a probe does not see it: bans and limits by state, counts of packets,
# answers marked by their connection. `ports`: the served ones, such as 80,8000:8003.

BEGIN {
  ranges = split(ports, range, ",")
  split("raw -300 mangle -150 dstnat -100 filter 0 security 50 srcnat 100", pairs, " ")
  for (i = 1; i in pairs; i += 2) level[pairs[i]] = pairs[i + 1]
}

/^table / { table = $2 " " $3 }
{ text = $0; gsub(/"[^"]*"/, "\"\""); sub(/reject with .*/, "reject") }
/^\t}/ { chain = "" }
/^\t(chain|map) / { chain = table " " $2 }
/^\t\ttype (filter|route) hook (prerouting|input|output|postrouting) / && is_after_tracking() { base[chain] }
chain == "" || is_about_others($0) { next }
/jump|goto|@/ { note_ways($0) }
why($0) != "" { fault[chain, ++faults[chain]] = why($0) ": " trimmed(text) }

END {
  for (each in base) examine(each)
}

function examine(chain,   i) {
  if (chain in seen) return
  seen[chain]
  for (i = 1; i <= faults[chain]; i++) print "nft table " substr(chain, 1, match(chain, / [^ ]*$/) - 1) ": a rule " fault[chain, i]
  for (i = 1; i <= ways[chain]; i++) examine(way[chain, i])
}

function why(line) {
  if (is_state(line)) return why_state(line)
  if (line ~ /(^|[ \t])ct (count|[a-z]+)/ && (verdict(line) != "accept" || line ~ / set /)) return "needs the entries of the connection table"
  if (line ~ / (limit|quota|meter|update|add) / && verdict(line) != "") return "counts packets, of which it saw only those that open connections, or may have"
  return ""
}

function is_state(line) { return line ~ /(^|[ \t])ct state / }

function why_state(line,   states) {
  states = line
  sub(/.*ct state /, "", states)
  if (line ~ /ct state vmap /) return states ~ /new : (jump|goto|drop|queue)/ ? "decides by state new, and untracked packets are not new" : ""
  if (states ~ /^(!=|&)/)
    return verdict(line) ~ /accept|chain/ ? "takes whatever is in no such state, and untracked packets are not" : ""
  sub(/^\{/, "", states)
  sub(/[^a-z_, ].*/, "", states)
  if (states !~ /^ *([a-z]+, *)*new(,| |$)/ || states ~ /^ *([a-z]+, *)*untracked(,| |$)/) return ""
  return verdict(line) ~ /^(accept)?$/ ? "" : "refuses or counts by state new, and untracked packets are not new"
}

# What becomes of a packet: accept, refuse, chain, or nothing.
function verdict(line) {
  if (line ~ /(^|[ \t])(jump|goto|vmap|queue|return)([ \t]|$)/) return "chain"
  if (line ~ /(^|[ \t])(drop|reject|tarpit)([ \t]|$)/) return "refuse"
  return line ~ /(^|[ \t])accept([ \t]|$)/ ? "accept" : ""
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

# Only another protocol, and one single port, are known to be others'.
function is_about_others(line,   i, port) {
  if (line ~ /(^|[ \t])(udp|icmp|icmpv6|sctp|dccp|igmp) [a-z]/ || line ~ /(l4proto|protocol|nexthdr) (icmp|ipv6-icmp|udp|sctp|gre|esp)/) return 1
  if (line !~ /tcp dport [0-9]+( |$)/) return 0
  port = line
  sub(/.*tcp dport /, "", port)
  for (i = 1; i <= ranges; i++) if (is_within(port + 0, range[i])) return 0
  return 1
}

function is_within(port, served,   ends) {
  return port >= served + 0 && port <= (split(served, ends, ":") > 1 ? ends[2] : served) + 0
}

function trimmed(line) {
  gsub(/^[ \t]+|[ \t]+$/, "", line)
  return line
}
