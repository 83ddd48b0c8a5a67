
# Prints why it would do harm to leave the served ports untracked with these rules around; nothing when it would not.
# `filter`: what the profile says of the filter, none or iptables.

END {
  if (foreign_tables != "") print "table" foreign_tables " holds rules that only nft can read, so no place is certain"
  else if (owner() != "") print owner() " owns the filter: between its rules no place for accept rules is certain"
  else {
    if (filter == "none") refuse_filter()
    else refuse_uncertain()
    for (i = 1; i <= count["filter", "INPUT"]; i++) refuse_counting("INPUT", i)
  }
  find_translation("nat", "PREROUTING")
  find_translation("nat", "OUTPUT")
  find_translation("mangle", "PREROUTING")
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

# A rule that refuses by state NEW does not see untracked packets, and one that accepts all but NEW takes every untracked
# packet for an old acquaintance: both would let in whom they keep out today.
function refuse_blind(chain, number, by_state,   spec, name, i) {
  spec = bare("filter", chain, number)
  if (!concerns(spec, "d")) return
  name = target(spec)
  by_state = by_state || is_blind(spec)
  if (by_state && is_refusal(name)) untrustworthy(chain, number, "refuses by state NEW, and untracked packets are not NEW")
  if (name == "ACCEPT" && is_negated(spec) && names_state(spec, "NEW") && !names_state(spec, "UNTRACKED"))
    untrustworthy(chain, number, "accepts whatever is not NEW, and untracked packets are not")
  for (i = 1; is_chain("filter", name) && i <= count["filter", name]; i++) refuse_blind(name, i, by_state)
}

# Refuses, without asking who it is, what a rule above it has accepted by state NEW. Below it our place would be useless;
# above it, we would let in whom it is meant for.
function refuse_late(   i, spec, name, accepted) {
  for (i = 1; i < first_refusal("INPUT"); i++) {
    spec = bare("filter", "INPUT", i)
    name = target(spec)
    if (!concerns(spec, "d")) continue
    if (is_blind(spec) && (name == "ACCEPT" || is_chain("filter", name))) accepted = 1
    if (accepted && is_refusal(name) && !is_stateful(spec) && conditions(without_addressee(spec)) == "")
      untrustworthy("INPUT", i, "refuses what rules above it accept by state NEW")
  }
}

# Rules that ask the connection table for more than a state find nothing there.
function refuse_counting(chain, number,   spec, name, i) {
  spec = bare("filter", chain, number)
  if (!concerns(spec, "d")) return
  name = target(spec)
  if (name == "SYNPROXY" || (is_refusal(name) && spec ~ / -m (connlimit|connbytes|connmark|connlabel|helper) /))
    untrustworthy(chain, number, "needs the entries of the connection table")
  for (i = 1; is_chain("filter", name) && i <= count["filter", name]; i++) refuse_counting(name, i)
}

function untrustworthy(chain, number, why) {
  print "rule " number " of " chain " " why ": -A " chain " " rule["filter", chain, number]
}

# Whether every new connection to a served range is accepted, whoever opens it.
function accepts_plainly(chain, served,   i, spec) {
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (!concerns(spec, "d") || !covers(spec, served)) continue
    if (conditions(without_ports(spec)) != "") continue
    if (target(spec) == "ACCEPT" && (!is_stateful(spec) || is_blind(spec))) return 1
    if (is_chain("filter", target(spec)) && accepts_plainly(target(spec), served)) return 1
  }
  return 0
}

function without_ports(spec) {
  gsub(/ -m multiport| --(dports?|ports) [^ ]+| --tcp-flags FIN,SYN,RST,ACK SYN| -m addrtype| --dst-type LOCAL/, "", spec)
  return spec
}

function without_addressee(spec) {
  gsub(/ !? ?-[id] [^ ]+/, "", spec)
  return without_ports(spec)
}

# Translation needs the connection table. Without a port, a rule for another address or from a bridge is not about us.
function find_translation(table, chain,   i, spec, name) {
  for (i = 1; i <= count[table, chain]; i++) {
    spec = bare(table, chain, i)
    name = target(spec)
    if (!concerns(spec, "d") || (ports_of(spec, "d") == "" && is_elsewhere(spec))) continue
    if (name ~ /^(DNAT|REDIRECT|NETMAP|TPROXY)$/) {
      print "a rule translates a served port, which needs the connection table: -t " table " -A " chain " " \
        rule[table, chain, i]
    }
    if (is_chain(table, name)) find_translation(table, name)
  }
}

function is_elsewhere(spec) {
  return (word(spec, "-d") != "" && spec !~ / ! -d /) || (word(spec, "-i") ~ /^(br|docker|virbr|lxc|cni)/ && spec !~ / ! -i /)
}
