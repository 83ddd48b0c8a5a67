# Prints what differs between runs without our rules (folders a… and b…, or a… alone) and one with them (c…), tabs between words:
#   void RUN WHY      nothing is known of that run
#   reached FAMILY PORT            somebody reaches a served port; or `peer`: this host reaches a server of its own connections
#   unsteady FAMILY SOURCE TEXT    the two runs without our rules differ
#   reason FAMILY SOURCE TEXT      our rules make a difference
# Reads first `sources`, where a line says why somebody tries, `peers`, `translated` and `ports`.

BEGIN { OFS = "\t" }

# Fields of ours have tabs between them.
FILENAME ~ /sources$/ { gsub(/\t/, " "); why[$2] = substr($0, length($1) + length($2) + 3); next }
FILENAME ~ /translated$/ { is_goal[$2, $3]; next }
FILENAME ~ /peers$/ { is_peer[$3, $4]; next }
FILENAME ~ /ports$/ { if ($1 == "other") is_other[$2] = 1; else port[++ports] = $1; next }
FNR == 1 { run = FILENAME; sub(/\/results$/, "", run); sub(/.*\//, "", run); run = substr(run, 1, 1); runs[run] }
$1 == "void" { why_void = substr($0, 6); gsub(/[ \t]+/, " ", why_void); print "void", run, why_void; failed = 1 }
$1 == "stray" { stray[run, $2] = 1; strays[$2] }
$1 == "open" { reach($2, 1) }
$1 == "whole" { reach($2, 2) }
$1 == "kept" { reach($2, 3) }
$1 == "seen" { seen[run, $2] = 1; looks[$2] }

function reach(cell, level) {
  cells[cell]
  if (reached[run, cell] < level) reached[run, cell] = level
}

END {
  if (failed) exit
  for (cell in cells) compare(cell)
  for (id in strays) compare_stray(id)
  for (id in looks) compare_look(id)
  for (p = 1; p <= ports; p++) for (f = 4; f <= 6; f += 2) if ((f, port[p]) in is_reached) print "reached", f, port[p]
  for (f = 4; f <= 6; f += 2) if ((f, "peer") in is_reached) print "reached", f, "peer"
}

function compare(cell,   end, a, b, c) {
  split(cell, end, ">")
  a = reached["a", cell] + 0
  b = "b" in runs ? reached["b", cell] + 0 : a
  c = reached["c", cell] + 0
  if (a && end[1] !~ /^host|^early-|^fe[89ab]/ && !(end[3] in is_other)) is_reached[family(end[2]), end[3]] = 1
  if (a && end[1] ~ /^host/ && (end[2], end[3]) in is_peer) is_reached[family(end[2]), "peer"] = 1
  if (a != b) print "unsteady", family(end[2]), plain(end[1]), name(end[1]) " reaches " port_of(end[2], end[3]) " at one time and not at another"
  else if (c != a) print "reason", family(end[2]), plain(end[1]), closed(describe(end[1], port_of(end[2], end[3]), a, c))
}

# Whoever is let in may send what he likes.
function compare_stray(id,   end, cell) {
  if ((("a", id) in stray) || (("b", id) in stray) || !(("c", id) in stray)) return
  split(id, end, ">")
  for (cell in cells) if (index(cell, end[1] ">") == 1 && cell ~ (">" end[2] "$") && reached["a", cell]) return
  print "reason", family(end[1]), end[1], "segments of " name(end[1]) " to port " end[2] ", which your rules refuse, would reach the server"
}

# Who is translated on the way in or out looks like another.
function compare_look(id,   end, to) {
  if ((("a", id) in seen) || (("b", id) in seen) || !(("c", id) in seen)) return
  split(id, end, ">")
  if (end[1] in why) return
  # Who did not get there at all looked like nobody, and that is said.
  to = ">" end[2] ">" end[3]
  if (!reached["a", "host" to] && reached["c", "host" to]) return
  print "reason", family(end[2]), end[1], "port " end[3] " would see connections from " end[1] ", and today does not: your rules translate them"
}

function family(address) { return address ~ /:/ ? 6 : 4 }

function port_of(destination, port) {
  sub(/%.*/, "", destination)
  return "port " port (destination ~ /^(127\.|::1$)/ ? " over loopback" : " of " destination) \
    (port in is_other || (destination, port) in is_goal ? ", which your rules translate to a served port," : "")
}

function describe(source, what, a, c,   who) {
  who = name(source)
  if (a == 0) return who " would reach " what ", and does not today"
  if (source ~ /^early-/ && c == 2) return "an open connection of " who " to " what " would end when our rules are loaded"
  if (c == 0) return who " would no longer reach " what
  if (c == 1) return who " would get only the beginning of long answers from " what
  if (a == 1) return who " would get long answers from " what " whole, and today gets only their beginning"
  if (c > a) return "connections of " who " to " what " would live longer than today"
  return "an open connection of " who " to " what " would end"
}

# A clause in commas needs the second one only where a sentence goes on.
function closed(text) {
  sub(/,$/, "", text)
  return text
}

function plain(source) {
  sub(/^early-/, "", source)
  return source
}

function name(source) {
  source = plain(source)
  if (source ~ /^host/) return "this host"
  if (why[source] == "no rule names it") return "a client that no rule names, such as " source ","
  return source (why[source] == "" ? "" : " (" why[source] ")")
}
