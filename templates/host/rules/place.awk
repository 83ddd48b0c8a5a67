# Prints what iptables-restore has to do to one table. `task`: load, unload, or status, which prints what is not in place.
# `only`: the table; `family`: 4 or 6; `proposal`: which places, from 1 on; there being none of that number is exit code 3. Our
# rules may be absent when unloading.

part == "ours" && /^:/ { own[++owns] = substr($1, 2) }
part == "ours" && /^(-[46] )?-A / && !($1 ~ /^-[46]$/ && $1 != "-" family) {
  # iptables-restore knows them since 1.4.11; they have done their work here.
  sub(/^-[46] /, "")
  lines = lines $0 "\n"
  wanted[$2]++
}

BEGIN { TWINS = "twins" }

END {
  if (only == "raw") name_chains("PRE OUT")
  if (only == "filter") name_chains("EST NEW ANS ERR")
  if (task != "unload") choose_places()
  if (exit_code) exit exit_code
  if (task == "status") print_missing()
  if (task == "load") print_changes()
  if (task == "unload") print_removal("")
}

function name_chains(kinds,   list, i) {
  mine_count = split(kinds, list, " ")
  for (i = 1; i <= mine_count; i++) {
    mine[i] = "NT-" list[i] "-" name
    is_mine[mine[i]] = 1
  }
}

# Where the filter's own rules do not look at states, tracked and untracked packets are alike to them: nothing is needed,
# and our rules on states would only turn tracking on. Whether a place is right, a proof shows; here they are proposed:
#   1  what belongs to open connections before the first rule on states, or the first that leads to one; what opens one right
#      before the rule that has it accepted, in the chain where that is
#   2  both right before that rule
#   3  as 1, but before the last such rule
#   4  both at the head
#   5  both before each rule that has it accepted, and for those alone whom that rule is for
# Errors about connections have one place, for they do not come the way of connections: before the first rule on states; and
# none where the filter lets no errors in, for then ours would let in more than today.
# A place that an earlier proposal has is not proposed again.
function choose_places(   wanted, opening, open, seen) {
  if (only == "raw") {
    place_raw()
    return
  }
  wanted = proposal
  for (proposal = 1; proposal <= 5; proposal++) {
    opening = proposal == 5 ? find_twins() : find_opening(proposal == 3)
    open = find_stateful("INPUT", "d")
    if (proposal == 2 || proposal == 5) open = opening
    if (proposal == 4) open = open == "" ? "" : "INPUT" SUBSEP 1
    if (proposal == 4 && opening != "") opening = open
    if (tried[open, opening]++) continue
    if (--wanted == 0) break
  }
  if (wanted > 0) exit_code = 3
  if (opening == TWINS) place_twins()
  else if (opening != "") place_at(opening, mine[2])
  if (open != "" && open != TWINS) place_at(open, mine[1])
  if (accepts_errors("INPUT", seen)) place_first("INPUT", "d", mine[4], 1)
  place_first("OUTPUT", "s", mine[3], 0)
}

# Helpers have no chain for what goes out.
function place_raw(   i) {
  for (i = 1; i <= owns; i++) place(own[i] == mine[1] ? "PREROUTING" : "OUTPUT", own[i], 1)
}

function place_first(hook, side, chain, is_of_errors,   at) {
  at = find_stateful(hook, side, is_of_errors)
  if (at != "") place_at(at, chain)
}

function place_at(at, chain,   part) {
  split(at, part, SUBSEP)
  place(part[1], chain, part[2])
}

# The first rule of a hook that matches state, or leads to one that does: for packets of served ports, or ICMP errors as well.
function find_stateful(hook, side, is_of_errors,   i, spec) {
  for (i = 1; i <= count["filter", hook]; i++) {
    spec = bare("filter", hook, i)
    if (!concerns(spec, side) && !(is_of_errors && word(spec, "-p") ~ /^(icmp|ipv6-icmp|icmpv6|1|58)$/)) continue
    if (is_stateful(spec) || leads_to_state(target(spec))) return hook SUBSEP i
  }
  return ""
}

function is_stateful(spec) { return spec ~ / -m (state|conntrack) / }

# Each chain is looked at once.
function leads_to_state(chain,   i, spec) {
  if (!is_chain("filter", chain)) return 0
  if (chain in leads) return leads[chain]
  leads[chain] = 0
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (is_stateful(spec) || leads_to_state(target(spec))) return leads[chain] = 1
  }
  return 0
}

# Whether a chain accepts ICMP errors of anybody about a tracked connection, which are RELATED.
function accepts_errors(chain, seen,   i, spec) {
  if (chain in seen) return 0
  seen[chain]
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (!matches_errors(spec)) continue
    if (target(spec) == "ACCEPT" || (is_chain("filter", target(spec)) && accepts_errors(target(spec), seen))) return 1
    if (spec ~ /^ -j (DROP|REJECT) /) return 0
  }
  return chain == "INPUT" && policy["filter", chain] == "ACCEPT"
}

function matches_errors(spec,   state) {
  if ((spec ~ / -i lo / && spec !~ / ! -i /) || spec ~ / -s / || word(spec, "-p") !~ /^(all|icmp|ipv6-icmp|icmpv6|1|58)?$/) return 0
  if (spec ~ / --icmp(v6)?-type / && spec !~ / --icmp(v6)?-type (any|[a-z-]*(unreachable|exceeded|problem|too-big)|1|2|3|3\/4|4|11|12) /) return 0
  state = "," word(spec, "--ctstate") word(spec, "--state") ","
  return state == ",," || (state ~ /,RELATED,/) != (spec ~ / ! --(ct)?state /)
}

# Where new connections to a served port are accepted by their state: the first rule on states on the way to that. Nothing
# where no state has a part in it.
function find_opening(is_last,   seen) {
  last_opening = ""
  walk("INPUT", "", is_last, seen)
  return last_opening
}

function walk(chain, by, is_last, seen,   i, spec, at) {
  if (chain in seen) return 0
  seen[chain]
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (!concerns(spec, "d") || (word(spec, "-i") == "lo" && spec !~ / ! -i /)) continue
    at = by == "" && is_stateful(spec) ? chain SUBSEP i : by
    if (target(spec) == "ACCEPT" && opens(spec)) {
      if (at == "") continue
      last_opening = at
      if (!is_last) return 1
    } else if (is_chain("filter", target(spec)) && walk(target(spec), at, is_last, seen)) return 1
  }
  return 0
}

# Rules that accept what opens a connection to a served port by its state, each with what it asks for beside that.
function find_twins() {
  twins = 0
  visit("INPUT")
  return twins ? TWINS : ""
}

function visit(chain,   i, spec) {
  if (visited[chain]++) return
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (!concerns(spec, "d") || (word(spec, "-i") == "lo" && spec !~ / ! -i /)) continue
    if (is_chain("filter", target(spec))) visit(target(spec))
    else if (target(spec) == "ACCEPT" && is_stateful(spec) && opens(spec) && spec !~ / ! --(ct)?state /) {
      sub(/ -j ACCEPT/, "", spec)
      gsub(/ -m (state|conntrack)| --(ct)?state [^ ]+/, "", spec)
      # What else it asks the tracker, and texts in quotes, which are gone, stay its own.
      if (spec ~ / --ct|"/) continue
      gsub(/^ +| +$/, "", spec)
      twin_chain[++twins] = chain
      twin_at[twins] = i
      twin_match[twins] = spec
    }
  }
}

# From the last to the first: a place counts the rules above it.
function place_twins(   t) {
  for (t = twins; t >= 1; t--) {
    place(twin_chain[t], mine[2], twin_at[t], twin_match[t])
    place(twin_chain[t], mine[1], twin_at[t], twin_match[t])
  }
}

# Whether a rule accepts what opens a connection: that of a port, or whatever is NEW.
function opens(spec,   state) {
  state = "," word(spec, "--ctstate") word(spec, "--state") ","
  if (spec ~ / ! --(ct)?state /) return state !~ /,NEW,/
  return state == ",," ? ports_of(spec, "d") != "" : state ~ /,NEW,/
}

# A place is the number of others' rules above it, so that it does not matter who else has jumps there.
function place(hook, chain, before, match_) {
  place_of[++places] = others_above(hook, before) " " hook " " chain
  position[places] = kept_above(hook, before) + 1
  if (position[places] > last_position) last_position = position[places]
  insert[places] = "-I " hook " " position[places] (match_ == "" ? "" : " " match_) " -j " chain
}

function others_above(hook, before,   i, n) {
  for (i = 1; i < before; i++) if (!is_ours(target(bare(only, hook, i)))) n++
  return n + 0
}

function kept_above(hook, before,   i, n) {
  for (i = 1; i < before; i++) if (!(target(bare(only, hook, i)) in is_mine)) n++
  return n + 0
}

# Every rule that leads to a chain of ours, wherever somebody has put it, as place_of would have it.
function find_jumps(   key, part, i) {
  for (key in count) {
    split(key, part, SUBSEP)
    for (i = 1; part[1] == only && i <= count[key]; i++) {
      if (!(target(bare(only, part[2], i)) in is_mine)) continue
      found[++jumps] = others_above(part[2], i) " " part[2] " " target(bare(only, part[2], i))
      delete_line[jumps] = "-D " part[2] " " rule[only, part[2], i]
    }
  }
}

function are_jumps_right(   i, right) {
  find_jumps()
  for (i = 1; i <= places; i++) right += times_found(place_of[i]) == 1
  return right == places && jumps == places
}

function times_found(where,   i, n) {
  for (i = 1; i <= jumps; i++) n += found[i] == where
  return n + 0
}

function is_wanted(where,   i) {
  for (i = 1; i <= places; i++) if (place_of[i] == where) return 1
  return 0
}

# In one transaction: chains are refilled, and jumps moved, without a moment in which either is missing.
function print_changes(   i, p) {
  if (places == 0) {
    print_removal("")
    return
  }
  print "*" only
  for (i = 1; i <= owns; i++) print ":" own[i] " - [0:0]"
  printf "%s", lines
  if (!are_jumps_right()) {
    for (i = 1; i <= jumps; i++) print delete_line[i]
    # From the last to the first, for positions count what is above.
    for (p = last_position; p >= 1; p--) for (i = 1; i <= places; i++) if (position[i] == p) print insert[i]
  }
  print "COMMIT"
}

function print_removal(text,   i) {
  find_jumps()
  for (i = 1; i <= jumps; i++) text = text delete_line[i] "\n"
  for (i = 1; i <= mine_count; i++)
    if ((only, mine[i]) in policy) text = text "-F " mine[i] "\n-X " mine[i] "\n"
  if (text != "") printf "*%s\n%sCOMMIT\n", only, text
}

function print_missing(   i) {
  for (i = 1; places && i <= owns; i++)
    if (!((only, own[i]) in policy)) print "chain " own[i] " is missing"
    else if (count[only, own[i]] + 0 != wanted[own[i]] + 0) print "chain " own[i] " does not hold its rules"
  for (i = 1; !places && i <= mine_count; i++)
    if ((only, mine[i]) in policy) print "chain " mine[i] " is there and has no use"
  find_jumps()
  for (i = 1; i <= places; i++) {
    if (times_found(place_of[i]) == 0) print "not in place: " insert[i]
    if (times_found(place_of[i]) > 1) print "more than once: " insert[i]
  }
  for (i = 1; i <= jumps; i++) if (!is_wanted(found[i])) print "should not be there: " delete_line[i]
}
