# With read.awk: prints rules of iptables that TCP packets of served ports may meet, and of which a copy of the host cannot show
# what they do to untracked ones: they count, or ask for what only the host has. `routes_by_mark`: policy rules ask for marks.

BEGIN {
  kinds("limit hashlimit", "limits a rate: a few connections do not show it")
  kinds("connlimit", "counts connections of the table, and untracked ones are not in it")
  kinds("connbytes connlabel connmark helper", "asks the connection table, in which untracked connections are not")
  kinds("recent quota statistic nth random", "counts or chooses packets, which a copy cannot repeat")
  kinds("time condition", "depends on the time or on a switch")
  kinds("owner cgroup", "asks which program sends, and a copy has others")
  kinds("geoip", "asks a file of countries")
  kinds("policy mac physdev ndpi", "asks what a copy does not have")
  kinds("length ttl hl u32 bpf dscp tos ecn osf pkttype devgroup realm cpu cluster", "asks for a detail of packets that a copy does not vary")
  split("NFQUEUE QUEUE SYNPROXY TPROXY", list, " ")
  for (i in list) is_elsewhere[list[i]] = 1
}

END {
  if (held != "") print "a rule has no end, so the rules cannot be read: " held
  marks = 0
  for (key in count) {
    split(key, at, SUBSEP)
    for (i = 1; i <= count[key]; i++) if (target(bare(at[1], at[2], i)) ~ /^(MARK|CONNMARK)$/) marks++
  }
  tables_count = split("raw mangle nat filter security", tables, " ")
  for (t = 1; t <= tables_count; t++) {
    walk(tables[t], "PREROUTING", "d")
    walk(tables[t], "INPUT", "d")
    walk(tables[t], "OUTPUT", "s")
    walk(tables[t], "POSTROUTING", "s")
    if (routes_by_mark && tables[t] in marks_out && tables[t] in asks_state)
      print asks_state[tables[t]] ": marks by the state of a connection, and here marks choose the way out (ip rule)"
  }
}

function kinds(names, what,   list, i, n) {
  n = split(names, list, " ")
  for (i = 1; i <= n; i++) why[list[i]] = what
}

# Each chain is looked at once for each side.
function walk(table, chain, side,   i, spec, reason) {
  if ((table, chain, side) in walked) return
  walked[table, chain, side]
  for (i = 1; i <= count[table, chain]; i++) {
    spec = bare(table, chain, i)
    if (!concerns(spec, side) || only_logs(table, target(spec))) continue
    if (side == "s") note_marks(table, spec, name_rule(table, chain, i))
    reason = objection(table, spec, side)
    if (reason != "") print name_rule(table, chain, i) ": " reason
    else if (is_chain(table, target(spec))) walk(table, target(spec), side)
  }
}

function name_rule(table, chain, i) { return (table == "filter" ? "" : "-t " table " ") "-A " chain " " rule[table, chain, i] }

function note_marks(table, spec, text) {
  if (target(spec) == "MARK") marks_out[table]
  if (spec ~ / -m (state|conntrack) / && !(table in asks_state)) asks_state[table] = text
}

function objection(table, spec, side,   name, rest) {
  rest = spec
  while (match(rest, / -m [a-z0-9]+/)) {
    name = substr(rest, RSTART + 4, RLENGTH - 4)
    if (name in why) return why[name]
    if (name == "tcpmss" && target(spec) != "TCPMSS") return "asks for a detail of packets that a copy does not vary"
    if (name == "mark" && !marks) return "asks for a mark that other programs set"
    rest = substr(rest, RSTART + RLENGTH)
  }
  if (spec ~ / --restore-mark | --ct(proto|orig|repl|status|expire|dir)/) return "asks the connection table, in which untracked connections are not"
  if (side == "d" && spec ~ / --sports? / && spec !~ / --sport 0 / && (spec ~ / --(ct)?state [A-Z,]*NEW/ || target(spec) != "ACCEPT")) return "asks for the clients' source port, which a copy does not vary"
  if (target(spec) in is_elsewhere) return "hands packets to another program, or needs their entry"
  if (table == "raw" && target(spec) == "CT" && spec !~ / --notrack /) return "wants the connection tracked in its own way"
  return ""
}

# Whether nothing becomes of a packet there.
function only_logs(table, name,   i) {
  if (name ~ /^(LOG|NFLOG|ULOG|TRACE)?$/) return 1
  if (!is_chain(table, name) || !count[table, name]) return 0
  for (i = 1; i <= count[table, name]; i++) if (target(bare(table, name, i)) !~ /^(LOG|NFLOG|ULOG|TRACE|RETURN)$/) return 0
  return 1
}
