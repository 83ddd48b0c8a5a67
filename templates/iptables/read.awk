
# Reads what iptables-save prints, and answers questions about its rules. `ports`: the served ones, such as 80,8000:8100.
# `peers`: what this host connects to untracked, such as 192.0.2.1>3128,192.0.2.1>8080; `local_ports`: where those start.
# `part` is theirs while that is read, and ours while a file of our rules is.

BEGIN {
  ranges = split(ports, range, ",")
  locals = split(local_ports, local_range, ",")
  peer_count = split(peers, list, ",")
  for (p = 1; p <= peer_count; p++) {
    split(list[p], ends, ">")
    peer_address[p] = ends[1]
    peer_port[p] = ends[2]
  }
}

# A comment may go on in the next line, and look like a rule there.
part == "theirs" && (held != "" || /^-A /) {
  held = held == "" ? $0 : held " " $0
  if (is_unfinished(held)) next
  $0 = held
  held = ""
}
part == "theirs" && /^\*/ { table = substr($1, 2) }
part == "theirs" && /^# Table .* is incompatible/ { foreign_tables = foreign_tables " " $3 }
part == "theirs" && /^:/ { policy[table, substr($1, 2)] = $2 }
part == "theirs" && /^-A / {
  number = ++count[table, $2]
  rule[table, $2, number] = substr($0, length($2) + 5)
}

function is_unfinished(text) {
  gsub(/\\./, "", text)
  return gsub(/"/, "", text) % 2
}

# The rule without what a person wrote into a comment, and with a blank at each end.
function bare(table, chain, number,   spec) {
  spec = " " rule[table, chain, number] " "
  gsub(/"([^"\\]|\\.)*"/, "\"\"", spec)
  gsub(/ -m comment| --comment [^ ]+/, "", spec)
  gsub(/ +/, " ", spec)
  return negated_first(spec)
}

# Old versions print a `!` behind its option: `--state ! NEW` for `! --state NEW`.
function negated_first(spec,   option) {
  while (match(spec, / --?[a-z][a-z0-9-]* ! [^-]/)) {
    option = substr(spec, RSTART + 1, RLENGTH - 5)
    spec = substr(spec, 1, RSTART) "! " option substr(spec, RSTART + RLENGTH - 2)
  }
  return spec
}

# The word after an option; empty without that option.
function word(spec, option,   at) {
  at = index(spec, " " option " ")
  if (!at) return ""
  spec = substr(spec, at + length(option) + 2)
  sub(/ .*/, "", spec)
  return spec
}

function target(spec) { return word(spec, "-j") word(spec, "-g") }
function is_chain(table, name) { return (table, name) in policy && !is_ours(name) }
function is_ours(chain) { return chain ~ /^NT-(PRE|OUT|EST|NEW|ANS)-/ }
function is_refusal(name) { return name == "DROP" || name == "REJECT" || name == "TARPIT" }

# Whether packets that we leave untracked can match: side d is our port when they come in, s when they go out.
function concerns(spec, side) { return concerns_served(spec, side) || concerns_peers(spec, side) }

function concerns_served(spec, side,   i) {
  if (!is_tcp(spec) || is_ours(target(spec))) return 0
  for (i = 1; i <= ranges; i++) if (touches(spec, side, range[i])) return 1
  return 0
}

function concerns_peers(spec, side,   i) {
  for (i = 1; i <= peer_count; i++) if (concerns_peer(spec, side, i)) return 1
  return 0
}

function concerns_peer(spec, side, number,   i) {
  if (!is_tcp(spec) || is_ours(target(spec)) || !reaches_peer(spec, other(side), number)) return 0
  for (i = 1; i <= locals; i++) if (touches(spec, side, local_range[i])) return 1
  return 0
}

# Whether a rule lets one end of a packet be this peer. A network is taken to have it in.
function reaches_peer(spec, side, number,   address) {
  if (!touches(spec, side, peer_port[number])) return 0
  address = word(spec, "-" side)
  if (address == "" || spec ~ (" ! -" side " ") || address !~ /^[^\/]*(\/32|\/128)?$/) return 1
  sub(/\/.*/, "", address)
  return address == peer_address[number]
}

function other(side) { return side == "d" ? "s" : "d" }

function is_tcp(spec,   protocol) {
  protocol = word(spec, "-p")
  return protocol == "" || protocol == "tcp" || protocol == "6" || protocol == "all" || spec ~ / ! -p /
}

function ports_of(spec, side) {
  return word(spec, "--" side "port") word(spec, "--" side "ports") word(spec, "--ports")
}

# Whether a rule's ports and a served range have one in common. Without a port, or with `!`, they are taken to.
function touches(spec, side, served,   list, i, n) {
  if (ports_of(spec, side) == "" || spec ~ ("! --(" side "ports?|ports) ")) return 1
  n = split(ports_of(spec, side), list, ",")
  for (i = 1; i <= n; i++) if (low(list[i]) <= high(served) && low(served) <= high(list[i])) return 1
  return 0
}

# Whether a rule's ports include a whole served range.
function covers(spec, side, served,   list, i, n) {
  if (spec ~ ("! --(" side "ports?|ports) ")) return 0
  if (ports_of(spec, side) == "") return 1
  n = split(ports_of(spec, side), list, ",")
  for (i = 1; i <= n; i++) if (low(list[i]) <= low(served) && high(served) <= high(list[i])) return 1
  return 0
}

function low(ports) { return ports + 0 }
function high(ports) {
  if (ports !~ /:/) return ports + 0
  sub(/.*:/, "", ports)
  return ports == "" ? 65535 : ports + 0
}
