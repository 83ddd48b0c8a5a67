# Prints the ports to try: those served, from a range its ends, what rules name in it and what lies beside that, which they leave
# out; and behind them, as `other`, ports that rules of translation name, which may lead to a served one. More of those than can
# be tried are `many NUMBER`. `ports`: such as 80,8000:8100.

BEGIN {
  most = 24
  most_others = 60
  ranges = split(ports, range, ",")
  for (r = 1; r <= ranges; r++) {
    low[r] = high[r] = range[r] + 0
    if (range[r] ~ /:/) { high[r] = range[r]; sub(/.*:/, "", high[r]); high[r] += 0 }
    serve(low[r])
    serve(high[r])
  }
}

/^\*/ { table = $1 }
/dport|ports? / {
  translates = FILENAME ~ /tables$/ ? / (dnat|redirect|tproxy) |(dnat|redirect)/ : table == "*nat" || /TPROXY/
  rest = $0
  while (match(rest, /(--dports?|--ports?|dport) +(!= +)?(\{[^}]*\}|[0-9:,-]+)/)) {
    name_ports(substr(rest, RSTART, RLENGTH))
    rest = substr(rest, RSTART + RLENGTH)
  }
  if (match($0, /map \{[^}]*\}/) && translates) name_ports(substr($0, RSTART, RLENGTH))
}

# Whatever the port is: one that nobody serves stands for all.
table == "*nat" && / -j (DNAT|REDIRECT) / && !/ --dports? | -p (udp|icmp|17|1) / { translates = 1; name_ports("8009") }

END {
  named = count
  for (i = 1; i <= named; i++) for (beside = found[i] - 1; beside <= found[i] + 1; beside += 2) if (is_served(beside)) serve(beside)
  for (i = 1; i <= count; i++) print found[i]
  for (i = 1; i <= others && i <= most_others; i++) print "other", other[i]
  if (others > most_others) print "many", others
}

function name_ports(text,   list, n, i) {
  n = split(text, list, /[^0-9]+/)
  for (i = 1; i <= n; i++) {
    if (list[i] == "" || list[i] + 0 > 65535) continue
    if (is_served(list[i] + 0)) serve(list[i] + 0)
    else if (translates && !((list[i] + 0) in is_other)) { other[++others] = list[i] + 0; is_other[list[i] + 0] = 1 }
  }
}

function is_served(port,   r) {
  for (r = 1; r <= ranges; r++) if (port >= low[r] && port <= high[r]) return 1
  return 0
}

function serve(port) {
  if (port in is_found || count >= most) return
  is_found[port] = 1
  found[++count] = port
}
