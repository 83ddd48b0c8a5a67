# Prints what a proof has shown: lines `family`, `note` and `reason`. Reads what judge.awk has printed, of the
# first try and of the last, and before that which rules translate a port. `owned`: families in which this host has an address;
# `ports`: those tried; `best_4`, `best_6`.

FILENAME ~ /translations$/ { translation[$1, $2] = $3; next }
# Where nothing is served, the servers of this host's own connections count instead.
FILENAME ~ /first$/ {
  if ($1 == "reached") { reached[$2, $3]; if ($3 != "peer" || ports == "") is_family[$2] }
  if ($1 != "void") next
}
$1 == "void" { void = $3 ~ /[^ ]/ ? $3 : "a program failed. Run nettune-host rules reasons again" }
$1 == "reason" { object($2, $4) }
$1 == "unsteady" { object($2, $4 ", even without nettune's rules: a rate limit, or a busy machine. Try again") }

END {
  if (void != "") {
    print "reason connections could not be tried in a copy of this host: " void
    exit
  }
  split(owned, own, " ")
  ports_count = split(ports, port, " ")
  for (i = 1; i in own; i++) say(own[i], own[i] == 4 ? best_4 : best_6)
  if (!is_any) print "reason " nothing_reached() " in a copy of this host: " remedy(own[1])
}

function nothing_reached() {
  return ports == "" ? "this host reaches no server of `traffic.outbound`" : "nobody reaches a served port"
}

# Who is refused early and late is one reason, and who is refused at several ports is named once.
function object(family, text,   kind) {
  if ((family, text) in is_said) return
  kind = text
  sub(/ port [0-9]+/, " port", kind)
  if ((family, kind) in is_said) more[family]++
  else reason[family, ++reasons[family]] = text
  is_said[family, text]
  is_said[family, kind]
  if (is_let_in(family, text)) lets_in[family] = 1
}

# Somebody whom a rule names, and not because the port is translated.
function is_let_in(family, text) {
  if (text !~ / would reach port [0-9]+ .* does not today/ || text ~ /^(this host|a client that no rule names)/) return 0
  match(text, / would reach port [0-9]+/)
  return !((family, substr(text, RSTART + 18, RLENGTH - 18)) in translation)
}

function say(family, best,   p, i, missing, named, said) {
  if (!(family in is_family)) {
    print "note IPv" family ": " nothing_reached() " in a copy of this host, so connections stay tracked there"
    return
  }
  is_any = 1
  for (p = 1; p <= ports_count; p++) if (!((family, port[p]) in reached)) missing = missing (missing == "" ? "" : ", ") port[p]
  if (missing != "") {
    print "reason IPv" family ": nobody reaches port " missing " in a copy of this host: " remedy(family)
    return
  }
  # Strangers first: they are most of the clients there are.
  for (named = 0; named <= 1; named++)
    for (i = 1; i <= reasons[family]; i++)
      if ((reason[family, i] !~ /that no rule names/) == named) {
        if (++said <= 6) print "reason " reason[family, i]
        else more[family]++
      }
  if (more[family]) print "reason and " more[family] " more like these over IPv" family
  if (lets_in[family]) print "reason untracked packets are not NEW, so these rules would not match them: write `NEW,UNTRACKED` for `NEW` (nft: `ct state { new, untracked }`) in them, and in rules that jump to their chains"
  for (p = 1; reasons[family] && p <= ports_count; p++)
    if ((family, port[p]) in translation) print "reason port " port[p] " over IPv" family ": " translates(family, port[p])
  if (!reasons[family]) print "family", family, best
}

function translates(family, port) {
  return "a rule of yours translates it, and what is translated needs the connection table: " translation[family, port] "; name it in `firewall.translated`, and take it out of `traffic.ports`"
}

# Of ports that are not reached the first one with a rule that leads it elsewhere.
function remedy(family,   p) {
  for (p = 1; p <= ports_count; p++)
    if (!((family, port[p]) in reached) && (family, port[p]) in translation)
      return translates(family, port[p])
  if (ports == "") return "let these connections out in your filter, or take them out of `traffic.outbound`"
  return "accept it in your filter, or take it out of `traffic.ports`"
}
