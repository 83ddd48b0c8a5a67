# The same as unseen.awk for tables of nft. `ports`: the served ones, such as 80,8000:8003,
# and those of this host's own connections; `routes_by_mark`: policy rules ask for marks.

BEGIN {
  ranges = split(ports, range, ",")
  kinds[++n] = "(^|[ \t])(limit rate|quota|numgen|meter|(add|update) @)"; why[n] = "counts packets: a few connections do not show it"
  kinds[++n] = "(^|[ \t])ct count"; why[n] = "counts connections of the table, and untracked ones are not in it"
  kinds[++n] = "(^|[ \t])ct (mark|label|bytes|packets|avgpkt|status|direction|expiration|original|reply|helper|zone|timeout|expectation|id)"; why[n] = "asks the connection table, in which untracked connections are not"
  kinds[++n] = "(^|[ \t])meta (time|hour|day|cgroup|skuid|skgid|ipsec|cpu|rtclassid|[io]if(kind|type))|(^|[ \t])([io]ifgroup|socket|ipsec|rt ipsec|ether saddr)"; why[n] = "asks what a copy does not have"
  kinds[++n] = "(^|[ \t])(ip (ttl|dscp|ecn|length|id|frag-off|option|hdrlength)|ip6 (hoplimit|dscp|ecn|length|flowlabel)|meta (length|priority)|tcp (option|sequence|ackseq|window|doff|urgptr)|osf) |@(nh|th|ih),"; why[n] = "asks for a detail of packets that a copy does not vary"
  kinds[++n] = "(^|[ \t])(queue|synproxy|tproxy)"; why[n] = "hands packets to another program, or needs their entry"
}

/^table / { table = $2 " " $3 }
{ text = $0; gsub(/"[^"]*"/, "\"\""); gsub(/^[ \t]+|[ \t]+$/, "", text) }
/(meta|ct) mark set|mark set/ { marks++ }
/^\t}/ { chain = "" }
/^\t(chain|map) / { chain = table " " $2; is_map = $1 == "map" }
/^\t\ttype route hook output / { reroutes[chain] }
/^\t\ttype [a-z]+ hook (prerouting|input|output|postrouting) / { base[chain]; next }
chain == "" || is_about_others($0) { next }
{
  note_ways($0)
  if (/mark set/) marks_out[chain]
  if (/ct state/) asks_state[chain] = text
  if (is_only_logged($0)) next
  # Connections that rules translate are tried, and untracked ones are never among them.
  gsub(/ct status [ds]nat/, "")
  # Which route a mark would choose, a copy knows too (firewalld looks for the way back like this).
  gsub(/fib ([a-z]+ \. )*[a-z]+/, "")
  # What is written is not asked for.
  gsub(/(ip6? [a-z]+|meta priority|tcp option [a-z]+ [a-z]+) set /, "")
  if (asks_for_source_port($0)) { fault[chain, ++faults[chain]] = text ": asks for the clients' source port, which a copy does not vary"; next }
  for (i = 1; i <= n; i++) if ($0 ~ kinds[i]) { fault[chain, ++faults[chain]] = text ": " why[i]; next }
  if ($0 ~ /(^|[ \t])(meta )?mark / && $0 !~ /mark set/) { fault[chain, ++faults[chain]] = text; is_mark[chain, faults[chain]] = 1 }
}

END {
  for (each in base) walk(each)
  for (each in reroutes) if (routes_by_mark) {
    is_marked = state_rule = ""
    split("", followed)
    follow(each)
    if (is_marked && state_rule != "") print "nft table " table_of(each) ": " state_rule ": marks by the state of a connection, and here marks choose the way out (ip rule)"
  }
}

function table_of(chain) { return substr(chain, 1, match(chain, / [^ ]*$/) - 1) }

# What a chain that decides on the way out asks and does, and those that it leads to.
function follow(chain,   i) {
  if (chain in followed) return
  followed[chain]
  if (chain in marks_out) is_marked = 1
  if (chain in asks_state) state_rule = asks_state[chain]
  for (i = 1; i <= ways[chain]; i++) follow(way[chain, i])
}

function walk(chain,   i) {
  if (chain in seen) return
  seen[chain]
  for (i = 1; i <= faults[chain]; i++) {
    if (!is_mark[chain, i]) print "nft table " table_of(chain) ": " fault[chain, i]
    else if (!marks) print "nft table " table_of(chain) ": " fault[chain, i] ": asks for a mark that other programs set"
  }
  for (i = 1; i <= ways[chain]; i++) walk(way[chain, i])
}

function is_only_logged(line) { return line ~ /(^|[ \t])log([ \t]|$)/ && line !~ /(^|[ \t])(accept|drop|reject|jump|goto|queue|vmap|set)([ \t]|$)/ }

# Ports of ours alone are those of answers.
function asks_for_source_port(line,   list, count, i) {
  if (line !~ /ct state [^;]*new|drop|reject|jump|goto|vmap/) return 0
  if (line ~ /(tcp|th) sport (. [^{@]*)?(!=|<|>|vmap|map|@|\{ *@)/) return 1
  if (!match(line, /(tcp|th) sport (\{[^}]*\}|[0-9-]+)/)) return 0
  line = substr(line, RSTART, RLENGTH)
  sub(/.* sport /, "", line)
  gsub(/[{} ]/, "", line)
  count = split(line, list, ",")
  for (i = 1; i <= count; i++) if (list[i] ~ /-/ || !is_served(list[i])) return 1
  return 0
}

# Notes the chains that a line leads to, and maps of verdicts, which count as chains. Of a map by port, those of served ports.
function note_ways(line,   count, element, e, name) {
  count = line ~ /tcp dport vmap \{/ || is_map ? split(line, element, ",") : 0
  if (!count) { count = 1; element[1] = line }
  for (e = 1; e <= count; e++) {
    line = element[e]
    sub(/.*vmap \{/, "", line)
    if (count > 1 && line ~ /^[ \t]*[0-9-]+ : / && !is_served(line)) continue
    while (match(line, /(jump |goto |@)[^ ,;}]+/)) {
      name = substr(line, RSTART, RLENGTH)
      sub(/^(jump |goto |@)/, "", name)
      way[chain, ++ways[chain]] = table " " name
      line = substr(line, RSTART + RLENGTH)
    }
  }
}

# Only another protocol, and ports none of which is served, are known to be others'. With which error a packet is refused says
# nothing of the packet.
function is_about_others(line,   list, count, i) {
  sub(/reject with .*/, "reject", line)
  if (line ~ /(^|[ \t])(udp|icmp|icmpv6|sctp|dccp|igmp) [a-z]/ || line ~ /(l4proto|protocol|nexthdr) (icmp|ipv6-icmp|udp|sctp|gre|esp)/) return 1
  if (!match(line, /tcp dport (\{[^}]*\}|[0-9-]+)( |$)/)) return 0
  line = substr(line, RSTART + 10, RLENGTH - 10)
  gsub(/[{} ]/, "", line)
  count = split(line, list, ",")
  for (i = 1; i <= count; i++) if (is_served(list[i])) return 0
  return 1
}

function is_served(ports,   first, last, ends, i) {
  gsub(/[ \t]/, "", ports)
  sub(/:.*/, "", ports)
  first = last = ports + 0
  if (ports ~ /-/) { sub(/.*-/, "", ports); last = ports + 0 }
  for (i = 1; i <= ranges; i++) {
    split(range[i], ends, ":")
    if (first <= (ends[2] == "" ? ends[1] : ends[2]) + 0 && ends[1] + 0 <= last) return 1
  }
  return 0
}
