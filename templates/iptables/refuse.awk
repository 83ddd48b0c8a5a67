
# Prints why it would do harm to leave the served ports untracked with these rules around; nothing when it would not.
# `filter`: what the profile says of the filter, none or iptables.

END {
  if (held != "") print "a rule has no end, so the rules cannot be read: " held
  else if (foreign_tables != "") print "table" foreign_tables " holds rules that only nft can read, so no place is certain"
  else if (owner() != "") print owner() " owns the filter: between its rules no place for accept rules is certain"
  else if (filter == "none") refuse_filter()
  else refuse_uncertain()
}

function owner(   key, part, found) {
  for (key in policy) {
    split(key, part, SUBSEP)
    if (part[1] == "filter" && part[2] ~ /^ufw6?-/) found = "ufw"
    if (part[1] == "filter" && part[2] == "INPUT_ZONES") found = "firewalld"
  }
  return found
}

function refuse_filter() {
  refuse_hook("INPUT", "d")
  refuse_hook("OUTPUT", "s")
}

function refuse_hook(hook, side,   chain) {
  chain = stateful_chain("filter", hook, side)
  if (chain != "") cut("chain " chain " matches connection state")
  else if (policy["filter", hook] == "DROP") cut("the policy of " hook " is DROP")
}

function cut(what) {
  print "the profile says that nothing filters packets here, but " what ", which would cut off the served ports: " \
    "set `firewall.filter: iptables` in the profile"
}

function refuse_uncertain(   i) {
  refuse_hidden("INPUT", "d")
  refuse_hidden("OUTPUT", "s")
  for (i = 1; i < first_refusal("INPUT"); i++) refuse_blind("INPUT", i, 0)
  refuse_late()
  refuse_closed("INPUT", "d")
  refuse_closed("OUTPUT", "s")
  for (i = 1; i <= peer_count; i++) refuse_leaving(i)
  if (!needs_opening()) return
  for (i = 1; i <= ranges; i++)
    if (!accepts_plainly("INPUT", range[i]))
      print "port " range[i] " is accepted from some only, or not at all, and other served ports by a rule on state NEW; " \
        "nettune would accept it from everybody: write the rules that accept served ports without a state"
}

# Above the first rule of the hook's own that matches state, no chain may do so: ours would come too late.
function refuse_hidden(hook, side,   i, name, last) {
  last = first_stateful(hook, side)
  for (i = 1; i <= count["filter", hook] && (!last || i < last); i++) {
    if (!concerns(bare("filter", hook, i), side)) continue
    name = target(bare("filter", hook, i))
    if (!is_chain("filter", name) || stateful_chain("filter", name, side) == "") continue
    print "connection state is matched in chain " stateful_chain("filter", name, side) ", not in " hook " itself, " \
      "so no place for accept rules is certain"
    return
  }
}

# Refuses somebody whom a rule above it has accepted by state NEW. Below it our place would keep them out; above it, we
# would let in whom it is meant for.
function refuse_late(   i, spec, name, accepted) {
  for (i = 1; i < first_refusal("INPUT"); i++) {
    spec = bare("filter", "INPUT", i)
    name = target(spec)
    if (!concerns_served(spec, "d")) continue
    if (accepted && can_refuse(spec)) untrustworthy("INPUT", i, "refuses what rules above it accept by state NEW")
    if (is_blind(spec) && (name == "ACCEPT" || is_chain("filter", name))) accepted = 1
  }
}

# Flags other than SYN are not those of packets that open a connection.
function can_refuse(spec,   name, i) {
  if (!concerns_served(spec, "d") || is_stateful(spec)) return 0
  if (spec ~ / --tcp-flags / && spec !~ /[^!] --tcp-flags FIN,SYN,RST,ACK SYN /) return 0
  name = target(spec)
  if (is_refusal(name)) return 1
  for (i = 1; is_chain("filter", name) && i <= count["filter", name]; i++)
    if (can_refuse(bare("filter", name, i))) return 1
  return 0
}

# Our rules let every open connection of a served port through, from the first rule on states on: so must theirs.
function refuse_closed(hook, side,   i) {
  if (!first_stateful(hook, side)) return
  for (i = 1; i <= ranges; i++)
    if (!lets_open(hook, side, range[i], first_stateful(hook, side)))
      print "chain " hook " does not let open connections of port " range[i] " through, and other rules in it match " \
        "connection state; nettune would let them through: accept the state ESTABLISHED"
  for (i = 1; i <= peer_count; i++)
    if (!lets_peer(hook, side, i))
      print "chain " hook " does not let open connections with " peer_address[i] " port " peer_port[i] " through, and other " \
        "rules in it match connection state; nettune would let them through: accept the state ESTABLISHED"
}

# The same for what this host has opened: a rule for other ports or addresses at the other end says nothing about it.
function lets_peer(hook, side, number,   i) {
  peer_now = number
  for (i = 1; i <= locals; i++) if (!lets_open(hook, side, local_range[i], first_stateful(hook, side))) break
  peer_now = 0
  return i > locals
}

# What opens a connection of this host is NEW where it is tracked: rules on that state let it out, or keep it in, no longer.
# A rule that accepts it without looking at states ends the search.
function refuse_leaving(number) { find_leaving("OUTPUT", number) }

function find_leaving(chain, number,   i, spec, name) {
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    name = target(spec)
    if (!concerns_peer(spec, "s", number) || name ~ /^(LOG|NFLOG|ULOG)?$/) continue
    if (is_blind(spec) || (is_negated(spec) && names_state(spec, "NEW") && !names_state(spec, "UNTRACKED")))
      print "rule " i " of " chain " decides by state on new connections to " peer_address[number] " port " \
        peer_port[number] ", which are untracked: accept them above it, without a state: -A " chain " " \
        rule["filter", chain, i]
    else if (is_chain("filter", name)) { if (find_leaving(name, number)) return 1 }
    if (ends_search(spec)) return 1
  }
  return 0
}

function ends_search(spec,   name) {
  name = target(spec)
  if (is_stateful(spec) || (name != "ACCEPT" && !is_refusal(name))) return 0
  return covers_locals(spec, "s") && conditions(without_addressee(spec)) == ""
}

function covers_locals(spec, side,   i) {
  for (i = 1; i <= locals; i++) if (!covers(spec, side, local_range[i])) return 0
  return 1
}

# Whether a chain, from a rule on, accepts open connections of a served range, and refuses them to nobody before.
function lets_open(chain, side, served, from,   i, spec) {
  for (i = from; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (peer_now ? !concerns_peer(spec, side, peer_now) : !concerns_served(spec, side)) continue
    if (!touches(spec, side, served) || !matches_state(spec, "ESTABLISHED")) continue
    if (is_refusal(target(spec)) && conditions(without_addressee(spec)) == "") return 0
    if (!covers(spec, side, served) || conditions(without_peer(without_ports(without_opening(spec)), side)) != "") continue
    if (target(spec) == "ACCEPT" || (is_chain("filter", target(spec)) && lets_open(target(spec), side, served, 1))) return 1
  }
  return policy["filter", chain] == "ACCEPT"
}

function without_opening(spec) {
  gsub(/ ! --tcp-flags FIN,SYN,RST,ACK SYN/, "", spec)
  return spec
}

# What concerns a peer by its very address is no narrower than it.
function without_peer(spec, side) {
  if (peer_now && word(spec, "-" other(side)) ~ /^[^\/]*(\/32|\/128)?$/ && spec !~ (" ! -" other(side) " "))
    gsub(" -" other(side) " [^ ]+", "", spec)
  return spec
}

# Whether every new connection to a served range is accepted, whoever opens it.
function accepts_plainly(chain, served,   i, spec) {
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (!concerns_served(spec, "d") || !covers(spec, "d", served)) continue
    if (conditions(without_ports(spec)) != "") continue
    if (target(spec) == "ACCEPT" && (!is_stateful(spec) || is_blind(spec))) return 1
    if (is_chain("filter", target(spec)) && accepts_plainly(target(spec), served)) return 1
  }
  return 0
}

function without_ports(spec) {
  gsub(/ -m multiport| --([ds]ports?|ports) [^ ]+| --tcp-flags FIN,SYN,RST,ACK SYN| -m addrtype| --dst-type LOCAL/, "", spec)
  return spec
}

function without_addressee(spec) {
  gsub(/ !? ?-[id] [^ ]+/, "", spec)
  return without_ports(spec)
}
