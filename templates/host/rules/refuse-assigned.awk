# Prints which rules of others in the raw table would lose their effect on what our helpers are assigned to: a packet keeps
# the first CT or NOTRACK that it meets (xt_ct_target), its zone, its timeout or that it is untracked.

part == "ours" && / -j RETURN$/ { is_outside[word($0, "-i")] = 1 }
part == "ours" && / -j CT --helper / { helper_protocol[++helpers] = word($0, "-p"); helper_port[helpers] = word($0, "--dport") }

END {
  for (key in count) {
    split(key, at, SUBSEP)
    if (at[1] == "raw" && at[2] != "OUTPUT" && !is_ours(at[2])) examine(at[2])
  }
}

function examine(chain,   i, spec) {
  for (i = 1; i <= count["raw", chain]; i++) {
    spec = bare("raw", chain, i)
    if ((target(spec) == "CT" || target(spec) == "NOTRACK") && is_met(spec))
      print "rule " i " of chain " chain " in the raw table would no longer count for what a helper reads, or the helper " \
        "would not: let it leave out the port: -A " chain " " rule["raw", chain, i]
  }
}

# Whether a packet to which we assign a helper can come to the rule.
function is_met(spec,   i) {
  if (word(spec, "-i") in is_outside && spec !~ / ! -i /) return 0
  if (spec ~ / -i lo / && spec !~ / ! -i /) return 0
  if (spec ~ / -[sd] (127\.|::1)/ && spec !~ / ! -[sd] /) return 0
  for (i = 1; i <= helpers; i++) if (is_of(spec, helper_protocol[i]) && touches(spec, "d", helper_port[i])) return 1
  return 0
}

function is_of(spec, wanted,   found) {
  found = word(spec, "-p")
  return found == "" || found == wanted || found == "all" || found == (wanted == "tcp" ? "6" : "17") || spec ~ / ! -p /
}
