
# Prints what each client tries: NUMBER FAMILY ADDRESS DEVICE STRAYS CELL..., see client.bash. Reads, in this order: `own`,
# addresses of this host; `named`, those that rules name; `ports`; `translated`, what rules of translation have for destinations; `peers`; `clients`, as NUMBER
# FAMILY ADDRESS DEVICE OWN KIND. A client that no rule names tries all addresses and ports, others their own way to them.

FILENAME ~ /own$/ { own[$1, ++owns[$1]] = $2 }
FILENAME ~ /named$/ { is_named[$1] }
FILENAME ~ /ports$/ { port[++ports] = $1 == "other" ? $2 : $1; if ($1 != "other") served = ports }
FILENAME ~ /translated$/ { goal[++goals] = $1 ">" $2 }
FILENAME ~ /peers$/ { peer[++peers] = $3 ">" $4 }
FILENAME ~ /clients$/ {
  strays = ""
  for (p = 1; p <= served && p <= 4 && $6 != "neighbour"; p++) strays = strays (p > 1 ? "," : "") $5 ">" port[p]
  # The first stranger opens nothing early: nobody has told the server how narrow the path to it is.
  is_newcomer = $6 == "stranger" && !strangers[$2]++
  cells = try($5, !is_newcomer && kept[$2, $6]++ < 1)
  for (o = 1; $6 == "stranger" && o <= owns[$2]; o++) if (own[$2, o] != $5 && is_tried(own[$2, o], o)) cells = cells try(own[$2, o], 0)
  for (o = 1; $6 == "stranger" && $2 == 4 && o <= goals; o++) cells = cells " " goal[o] ">0"
  print $1, $2, $3, $4, (strays == "" ? "-" : strays) cells
}
END {
  cells = try("127.0.0.1", 1)
  for (o = 1; o <= owns[4]; o++) if (is_tried(own[4, o], o)) cells = cells try(own[4, o], 0)
  for (o = 1; o <= goals; o++) cells = cells " " goal[o] ">0"
  for (o = 1; o <= peers; o++) cells = cells " " peer[o] ">1"
  if (owns[6]) cells = cells try("::1", 1)
  for (o = 1; o <= owns[6]; o++) if (is_tried(own[6, o], o)) cells = cells try(own[6, o], 0)
  print "host", 4, "host", "-", "-" cells
}

# Of many addresses the first six, and those that a rule names.
function is_tried(address, number) { return number <= 6 || (address in is_named) }

function try(address, keep,   p, cells) {
  for (p = 1; p <= ports; p++) cells = cells " " address ">" port[p] ">" (keep && p == 1 ? 1 : 0)
  return cells
}
