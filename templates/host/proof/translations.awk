# With read.awk: prints FAMILY, PORT and the rule, with tabs between, of each rule that leads a port elsewhere. `tried`: the ports
# that a proof tries; `family`: that of the rules.

END {
  ports_count = split(tried, port, " ")
  for (key in count) {
    split(key, at, SUBSEP)
    if (at[1] != "nat") continue
    for (i = 1; i <= count[key]; i++) {
      spec = bare("nat", at[2], i)
      if (target(spec) !~ /^(DNAT|REDIRECT)$/ || !is_tcp(spec) || ports_of(spec, "d") == "") continue
      for (p = 1; p <= ports_count; p++)
        if (touches(spec, "d", port[p])) print family "\t" port[p] "\t-t nat -A " at[2] " " rule["nat", at[2], i]
    }
  }
}
