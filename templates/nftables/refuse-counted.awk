
# Prints which rules of iptables would treat packets of served ports otherwise for being untracked, where a probe does not
# see it: bans by state NEW, and counts of packets.

END {
  if (held != "") print "a rule has no end, so the rules cannot be read: " held
  for (i = 1; i <= count["filter", "INPUT"]; i++) refuse_blind("INPUT", i, 0)
  find_counts("INPUT", "d")
  find_counts("OUTPUT", "s")
}

# Above these, the filter has let open connections through by their state: now every packet would count.
function find_counts(chain, side,   i, spec) {
  for (i = 1; i <= count["filter", chain]; i++) {
    spec = bare("filter", chain, i)
    if (!concerns(spec, side) || states(spec) == "INVALID") continue
    if (spec ~ / -m (limit|hashlimit|recent|quota|statistic) / && decides(target(spec)))
      untrustworthy(chain, i, "counts packets, of which it saw only those that open connections, or may have")
    else if (is_chain("filter", target(spec))) find_counts(target(spec), side)
  }
}

# Whether a packet may be accepted or refused by a target.
function decides(name,   i) {
  if (name == "ACCEPT" || is_refusal(name)) return 1
  for (i = 1; is_chain("filter", name) && i <= count["filter", name]; i++)
    if (decides(target(bare("filter", name, i)))) return 1
  return 0
}
