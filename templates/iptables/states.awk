
# Answers questions about connection state in the rules that read.awk has read.

function states(spec) { return word(spec, "--ctstate") word(spec, "--state") }
function is_stateful(spec) { return spec ~ / -m (state|conntrack) / }
function is_negated(spec) { return spec ~ / ! --(ct)?state / }
function names_state(spec, state) { return index("," states(spec) ",", "," state ",") > 0 }

# Whether packets in a state match, as far as that is all that is asked of them.
function matches_state(spec, state) { return states(spec) == "" || is_negated(spec) != names_state(spec, state) }

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
    if (!concerns_served(spec, "d") || !touches(spec, "d", served) || word(spec, "-i") == "lo") continue
    if (name == "ACCEPT" && (by_state || is_blind(spec))) return 1
    if (is_chain("filter", name) && accepts_by_state(name, served, by_state || is_blind(spec))) return 1
    if (refuses_all(spec)) return 0
  }
  return 0
}

function needs_opening(   i) {
  for (i = 1; i <= ranges; i++) if (accepts_by_state("INPUT", range[i], 0)) return 1
  return 0
}

# A rule that refuses by state NEW does not see untracked packets, and one that accepts all but NEW takes every untracked
# packet for an old acquaintance: both would let in whom they keep out today.
function refuse_blind(chain, number, by_state,   spec, name, i) {
  spec = bare("filter", chain, number)
  if (!concerns_served(spec, "d")) return
  name = target(spec)
  by_state = by_state || is_blind(spec)
  if (by_state && is_refusal(name)) untrustworthy(chain, number, "refuses by state NEW, and untracked packets are not NEW")
  if (name == "ACCEPT" && is_negated(spec) && names_state(spec, "NEW") && !names_state(spec, "UNTRACKED"))
    untrustworthy(chain, number, "accepts whatever is not NEW, and untracked packets are not")
  for (i = 1; is_chain("filter", name) && i <= count["filter", name]; i++) refuse_blind(name, i, by_state)
}

function untrustworthy(chain, number, why) {
  print "rule " number " of " chain " " why ": -A " chain " " rule["filter", chain, number]
}
