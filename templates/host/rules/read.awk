# Reads what iptables-save prints, and answers questions about its rules. `ports`: the served ones, such as 80,8000:8100;
# `local_ports`: where connections start that this host opens untracked, if any. `part` is theirs while that is read, and ours
# while a file of our rules is.

BEGIN { ranges = split(local_ports == "" ? ports : ports "," local_ports, range, ",") }

# A comment may go on in the next line, and look like a rule there.
part == "theirs" && (held != "" || /^-A /) {
  held = held == "" ? $0 : held " " $0
  if (is_unfinished(held)) next
  $0 = held
  held = ""
}
part == "theirs" && /^\*/ { table = substr($1, 2) }
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
function is_ours(chain) { return chain ~ /^NT-(PRE|OUT|EST|NEW|ANS|ERR)-/ }

# Whether packets that we leave untracked can match: side d is our port when they come in, s when they go out.
function concerns(spec, side,   i) {
  if (!is_tcp(spec) || is_ours(target(spec)) || (side == "s" && goes_elsewhere(spec))) return 0
  for (i = 1; i <= ranges; i++) if (touches(spec, side, range[i])) return 1
  return 0
}

# Answers go to clients: not to link-local addresses, such as a cloud's own services have, nor to ports of servers, as mail.
function goes_elsewhere(spec,   list, i, n) {
  if (local_ports != "" || spec ~ / ! (-d|--dports?) /) return 0
  if (word(spec, "-d") ~ /^169\.254\./) return 1
  n = split(ports_of(spec, "d"), list, ",")
  for (i = 1; i <= n; i++) if (high(list[i]) > 1023) return 0
  return n > 0
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

function low(ports) { return ports + 0 }
function high(ports) {
  if (ports !~ /:/) return ports + 0
  sub(/.*:/, "", ports)
  return ports == "" ? 65535 : ports + 0
}
