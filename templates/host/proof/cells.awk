# Prints what each client tries: NUMBER FAMILY ADDRESS DEVICE STRAYS CELL..., see client.bash. Reads, in this order: `own`,
# addresses of this host; `named`, those that rules name; `ports`; `translated`, destinations of rules of translation; `peers`;
# `clients`, as NUMBER FAMILY ADDRESS DEVICE OWN KIND. All clients try all ports: those that no rule names at all addresses,
# others at the one that answers them and at those that rules name.

FILENAME ~ /own$/ { own[$1, ++owns[$1]] = $2 }
FILENAME ~ /named$/ { is_named[$1] }
FILENAME ~ /ports$/ { port[++ports] = $1 == "other" ? $2 : $1; if ($1 != "other") served = ports }
FILENAME ~ /translated$/ { goal[$1, ++goals[$1]] = $2 ">" $3 }
FILENAME ~ /peers$/ { peer[++peers] = $3 ">" $4 }
FILENAME ~ /clients$/ {
  strays = ""
  for (p = 1; p <= served && p <= 4 && $6 != "neighbour"; p++) strays = strays (p > 1 ? "," : "") $5 ">" port[p]
  # The first stranger opens nothing early: nobody has told the server how narrow the path to it is.
  is_newcomer = $6 == "stranger" && !strangers[$2]++
  cells = try($5, !is_newcomer && kept[$2, $6]++ < 1)
  for (o = 1; $6 != "neighbour" && o <= owns[$2]; o++) if (own[$2, o] != $5 && is_tried(own[$2, o], $6 == "stranger" ? o : 0)) cells = cells try(own[$2, o], 0)
  if ($6 == "stranger") cells = cells try_goals($2)
  print $1, $2, $3, $4, (strays == "" ? "-" : strays) cells
}
END {
  cells = try("127.0.0.1", 1)
  for (o = 1; o <= owns[4]; o++) if (is_tried(own[4, o], o)) cells = cells try(own[4, o], 0)
  cells = cells try_goals(4) try_goals(6)
  for (o = 1; o <= peers; o++) cells = cells " " peer[o] ">1"
  if (owns[6]) cells = cells try("::1", 1)
  for (o = 1; o <= owns[6]; o++) if (is_tried(own[6, o], o)) cells = cells try(own[6, o], 0)
  print "host", 4, "host", "-", "-" cells
}

# Of many addresses the first six, for strangers, and those that a rule names.
function is_tried(address, number) { return (number && number <= 6) || (address in is_named) }

function try(address, keep,   p, cells) {
  for (p = 1; p <= ports; p++) cells = cells " " address ">" port[p] ">" (keep && p == 1 ? 1 : 0)
  return cells
}

function try_goals(family,   g, cells) {
  for (g = 1; g <= goals[family]; g++) cells = cells " " goal[family, g] ">0"
  return cells
}
