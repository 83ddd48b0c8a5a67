
# Prints, for every table that served packets pass after raw, which rules would harm them for being untracked: they have no
# entry in the connection table, and no state but UNTRACKED. Accept rules of ours are in the filter alone.

END {
  split("mangle filter security", tables, " ")
  for (i = 1; i <= 3; i++) {
    examine(tables[i], "PREROUTING", "d")
    examine(tables[i], "INPUT", "d")
    examine(tables[i], "OUTPUT", "s")
    examine(tables[i], "POSTROUTING", "s")
  }
  find_translation("nat", "PREROUTING")
  find_translation("nat", "OUTPUT")
  find_translation("mangle", "PREROUTING")
  for (i = 1; i <= peer_count; i++) {
    find_peer_translation("OUTPUT", i)
    find_peer_translation("POSTROUTING", i)
  }
}

function examine(table, chain, side,   i, spec, why) {
  for (i = 1; i <= count[table, chain]; i++) {
    spec = bare(table, chain, i)
    if (!concerns(spec, side) || is_without_effect(spec)) continue
    why = objection(table, spec)
    if (why != "") print "rule " i " of " named(table, chain) " " why ": -A " chain " " rule[table, chain, i]
    if (is_chain(table, target(spec))) examine(table, target(spec), side)
  }
}

function named(table, chain) { return table == "filter" ? chain : chain " in table " table }

function is_without_effect(spec) { return target(spec) ~ /^(LOG|NFLOG|ULOG)?$/ }

function objection(table, spec) {
  if (needs_entry(spec)) return "needs the entries of the connection table"
  if (table == "filter" && filter == "none") return ""
  if (states(spec) == "" || states(spec) == "INVALID" && !is_negated(spec)) return ""
  if (matches_state(spec, "UNTRACKED") && target(spec) != "ACCEPT") return "refuses what is untracked, or may"
  if (target(spec) == "RETURN") return "returns by state, and untracked packets do not"
  if (table != "filter" && !only_misses(spec)) return "depends on connection state, where no place for accept rules is"
  return ""
}

# Whether a rule asks the connection table for more than a state: it finds nothing there.
function needs_entry(spec) {
  if (target(spec) == "SYNPROXY" || spec ~ / --restore(-mark)? /) return 1
  return spec ~ / -m (connlimit|connbytes|connmark|connlabel|helper|cluster) / || spec ~ / --ct(proto|orig|repl|status|expire|dir)/
}

# Whether a refusal lets through untracked what it keeps out today, and that is no way to open a connection.
function only_misses(spec) {
  return is_refusal(target(spec)) && !is_negated(spec) && !names_state(spec, "UNTRACKED") && !is_blind(spec)
}

# Translation needs the connection table. Without a port, a rule for another address or from a bridge is not about us.
function find_translation(table, chain,   i, spec, name) {
  for (i = 1; i <= count[table, chain]; i++) {
    spec = bare(table, chain, i)
    name = target(spec)
    if (!concerns_served(spec, "d") || (ports_of(spec, "d") == "" && is_elsewhere(spec))) continue
    if (name ~ /^(DNAT|REDIRECT|NETMAP|TPROXY)$/) {
      print "a rule translates a served port, which needs the connection table: -t " table " -A " chain " " \
        rule[table, chain, i]
    }
    if (is_chain(table, name)) find_translation(table, name)
  }
}

# Answers to whom this host translates for come from the same address and port as answers to itself.
function find_peer_translation(chain, number,   i, spec, name) {
  for (i = 1; i <= count["nat", chain]; i++) {
    spec = bare("nat", chain, i)
    name = target(spec)
    if (!is_tcp(spec) || !reaches_peer(spec, "d", number)) continue
    if (name ~ /^(DNAT|REDIRECT|NETMAP|SNAT|MASQUERADE)$/)
      print "a rule may translate connections to " peer_address[number] " port " peer_port[number] \
        ", which needs the connection table: -t nat -A " chain " " rule["nat", chain, i]
    if (is_chain("nat", name)) find_peer_translation(name, number)
  }
}

function is_elsewhere(spec) {
  return (word(spec, "-d") != "" && spec !~ / ! -d /) || (word(spec, "-i") ~ /^(br|docker|virbr|lxc|cni)/ && spec !~ / ! -i /)
}
