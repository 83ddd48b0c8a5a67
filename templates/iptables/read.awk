
# Reads what iptables-save prints, and answers questions about its rules. `ports`: the served ones, such as 80,8000:8100.
# `part` is theirs while that is read, and ours while a file of our rules is.

BEGIN { ranges = split(ports, range, ",") }

part == "theirs" && /^\*/ { table = substr($1, 2) }
part == "theirs" && /^# Table .* is incompatible/ { foreign_tables = foreign_tables " " $3 }
part == "theirs" && /^:/ { policy[table, substr($1, 2)] = $2 }
part == "theirs" && /^-A / {
  number = ++count[table, $2]
  rule[table, $2, number] = substr($0, length($2) + 5)
}

# The rule without what a person wrote into a comment, and with a blank at each end.
function bare(table, chain, number,   spec) {
  spec = " " rule[table, chain, number] " "
  gsub(/"([^"\\]|\\.)*"/, "\"\"", spec)
  gsub(/ -m comment| --comment [^ ]+/, "", spec)
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

# Whether TCP packets of a served port can match: side d is the port they are sent to, s the one they come from.
function concerns(spec, side,   i) {
  if (!is_tcp(spec) || is_ours(target(spec))) return 0
  for (i = 1; i <= ranges; i++) if (touches(spec, side, range[i])) return 1
  return 0
}

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
function covers(spec, served,   list, i, n) {
  if (spec ~ /! --(dports?|ports) /) return 0
  if (ports_of(spec, "d") == "") return 1
  n = split(ports_of(spec, "d"), list, ",")
  for (i = 1; i <= n; i++) if (low(list[i]) <= low(served) && high(served) <= high(list[i])) return 1
  return 0
}

function low(ports) { return ports + 0 }
function high(ports) {
  if (ports !~ /:/) return ports + 0
  sub(/.*:/, "", ports)
  return ports == "" ? 65535 : ports + 0
}

function states(spec) { return word(spec, "--ctstate") word(spec, "--state") }
function is_stateful(spec) { return spec ~ / -m (state|conntrack) / }
function is_negated(spec) { return spec ~ / ! --(ct)?state / }
function names_state(spec, state) { return index("," states(spec) ",", "," state ",") > 0 }

# Whether packets that open a connection match while they are tracked, and no longer when they are not.
function is_blind(spec) {
  if (!is_stateful(spec) || is_negated(spec) || spec ~ / ! --tcp-flags FIN,SYN,RST,ACK SYN /) return 0
  return names_state(spec, "NEW") && !names_state(spec, "UNTRACKED")
}

# The chain, from this one on, in which packets of ours meet a rule on connection state; empty if there is none.
function stateful_chain(table, chain, side,   i, spec, found) {
  for (i = 1; i <= count[table, chain]; i++) {
    spec = bare(table, chain, i)
    if (!concerns(spec, side)) continue
    if (is_stateful(spec)) return chain
    found = is_chain(table, target(spec)) ? stateful_chain(table, target(spec), side) : ""
    if (found != "") return found
  }
  return ""
}

# The first rule of a chain that matches connection state; 0 if there is none.
function first_stateful(chain, side,   i, spec) {
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (concerns(spec, side) && is_stateful(spec)) return i
  }
  return 0
}

# What a rule asks for beyond being TCP and in a state.
function conditions(spec) {
  gsub(/ -p (tcp|6)| -m (tcp|state|conntrack)| !? ?--(ct)?state [^ ]+| -[jg] [^ ]+| --reject-with [^ ]+/, "", spec)
  gsub(/ /, "", spec)
  return spec
}

# Whether everything that comes this far is refused, here or in a chain that does nothing else in the end.
function refuses_all(spec,   name, i) {
  if (conditions(spec) != "") return 0
  if (is_stateful(spec) && !is_negated(spec) && !names_state(spec, "NEW") && !names_state(spec, "UNTRACKED")) return 0
  name = target(spec)
  if (is_refusal(name)) return 1
  if (!is_chain("filter", name) || is_stateful(spec)) return 0
  for (i = 1; i <= count["filter", name]; i++) if (refuses_all(bare("filter", name, i))) return 1
  return 0
}

# The place of the first rule that refuses all, or of the logging right before it; else the one after the last rule.
function first_refusal(chain,   i, spec, first) {
  first = 1
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (refuses_all(spec)) return first
    if (target(spec) !~ /^(LOG|NFLOG|ULOG)$/) first = i + 1
  }
  return first
}

# Whether new connections to a served range are accepted only because of their state.
function accepts_by_state(chain, served, by_state,   i, spec, name) {
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    name = target(spec)
    if (!concerns(spec, "d") || !touches(spec, "d", served) || word(spec, "-i") == "lo") continue
    if (name == "ACCEPT" && (by_state || is_blind(spec))) return 1
    if (is_chain("filter", name) && accepts_by_state(name, served, by_state || is_blind(spec))) return 1
  }
  return 0
}

function needs_opening(   i) {
  for (i = 1; i <= ranges; i++) if (accepts_by_state("INPUT", range[i], 0)) return 1
  return 0
}
