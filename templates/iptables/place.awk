
# Prints what iptables-restore has to do to one table. `task`: load, unload, or status, which prints what is not in place.
# `only`: the table; `family`: 4 or 6. Our rules may be absent when unloading.

part == "ours" && /^:/ { own[++owns] = substr($1, 2) }
part == "ours" && /^(-[46] )?-A / && !($1 ~ /^-[46]$/ && $1 != "-" family) {
  # iptables-restore knows them since 1.4.11; they have done their work here.
  sub(/^-[46] /, "")
  lines = lines $0 "\n"
  wanted[$2]++
}

END {
  if (only == "raw") name_chains("PRE OUT")
  if (only == "filter") name_chains("EST NEW ANS")
  if (task != "unload") choose_places()
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
# and our rules on states would only turn tracking on.
function choose_places(   i) {
  if (only == "raw") {
    # Helpers have no chain for what goes out.
    for (i = 1; i <= owns; i++) place(own[i] == mine[1] ? "PREROUTING" : "OUTPUT", own[i], 1)
    return
  }
  if (needs_opening()) place("INPUT", mine[2], first_refusal("INPUT"))
  place_established("INPUT", "d", mine[1])
  place_established("OUTPUT", "s", mine[3])
}

function place_established(hook, side, chain,   stateful, refusal) {
  stateful = first_stateful(hook, side)
  refusal = first_refusal(hook)
  if (stateful) place(hook, chain, stateful < refusal ? stateful : refusal)
}

# A place is the number of others' rules above it, so that it does not matter who else has jumps there.
function place(hook, chain, before) {
  place_of[++places] = others_above(hook, before) " " hook " " chain
  insert[places] = "-I " hook " " kept_above(hook, before) + 1 " -j " chain
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
function print_changes(   i) {
  if (places == 0) {
    print_removal("")
    return
  }
  print "*" only
  for (i = 1; i <= owns; i++) print ":" own[i] " - [0:0]"
  printf "%s", lines
  if (!are_jumps_right()) {
    for (i = 1; i <= jumps; i++) print delete_line[i]
    for (i = 1; i <= places; i++) print insert[i]
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
