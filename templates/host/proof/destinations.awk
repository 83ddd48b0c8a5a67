# Prints FAMILY ADDRESS PORT of destinations that rules of translation name: clients may come by them, and no device of this host
# need have them. Of a network, one address inside it; of a list of ports the first and the last; without a port, the first that
# is served. `served`: that one. Reads copies of rules; maps of nft by destination count as well. More than can be tried are
# `many NUMBER`, and who is named as a client too is `both ADDRESS`: a copy has room for one of them.

BEGIN { most = 100 }

/^\*/ { is_nat = $1 == "*nat" }
/^table / { is_nat = 0; table = $2 " " $3 }
is_nat && / -d / && !/ ! -d / && / -[jg] / && !/ -j (SNAT|MASQUERADE|ACCEPT|RETURN|MARK|LOG)( |$)/ {
  list = ""
  if (match($0, / --dports? [0-9:,]+/)) { list = substr($0, RSTART, RLENGTH); sub(/.* /, "", list) }
  if (list == "" && !/ -j (DNAT|REDIRECT|NETMAP) /) next
  match($0, / -d [^ ]+/)
  name(substr($0, RSTART + 4, RLENGTH - 4), list)
}

!is_nat && / -s [0-9a-fA-F.:]+/ { match($0, / -s [0-9a-fA-F.:]+/); is_client[substr($0, RSTART + 4, RLENGTH - 4)] }
/^add / { is_client[$3] }
/ saddr [0-9a-f.:]+/ && !/nat|masquerade/ { match($0, / saddr [0-9a-f.:]+/); is_client[substr($0, RSTART + 7, RLENGTH - 7)] }

/^\t(map|set|chain) / { map = $1 == "map" ? table " " $2 : "" }
map != "" { elements[map] = elements[map] " " $0; next }
/ daddr / { list = match($0, / dport (\{[^}]*\}|[0-9-]+)/) ? substr($0, RSTART + 7, RLENGTH - 7) : ""; gsub(/[{} ]/, "", list) }
/ip6? daddr( \. [a-z0-9 ]+)? v?map / && !/saddr \. ip6? daddr/ {
  match($0, / daddr( \. [a-z0-9 ]+)? v?map (@[^ ]+|\{[^}]*\})/)
  keyed = substr($0, RSTART, RLENGTH)
  sub(/.* v?map /, "", keyed)
  if (keyed ~ /^@/) by_destination[table " " substr(keyed, 2)] = list
  else keys(keyed, list)
}
/ daddr / && /dnat|redirect/ {
  if (match($0, / daddr (\{[^}]*\}|[0-9a-f.:\/]+)/)) {
    count = split(substr($0, RSTART + 7, RLENGTH - 7), address, /[^0-9a-f.:\/]+/)
    for (a = 1; a <= count; a++) name(address[a], list)
  }
}

END {
  for (each in by_destination) keys(elements[each], by_destination[each])
  if (said > most) print "many", said
  for (each in is_goal) if (each in is_client) print "both", each
}

# What a map leads elsewhere: ADDRESS : …, or ADDRESS . PORT : …; `list`: ports that its rule asks for.
function keys(text, list,   count, element, e, part) {
  count = split(text, element, /[{},]/)
  for (e = 1; e <= count; e++) {
    if (!match(element[e], / : /)) continue
    element[e] = substr(element[e], 1, RSTART)
    gsub(/.*elements =|[ \t]+/, " ", element[e])
    split(element[e], part, " ")
    if (part[2] == "" || part[2] == ".") name(part[1], part[3] == "" ? list : part[3])
  }
}

function name(address, list,   ends, count) {
  if (address !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|^[0-9a-fA-F]*:[0-9a-fA-F:]*:/) return
  count = split(list == "" ? served : list, ends, /[^0-9]+/)
  say(inside(address), ends[1])
  if (count > 1) say(inside(address), ends[count])
}

function say(address, port) {
  if (port == "" || (address, port) in is_said || ++said > most) return
  is_said[address, port]
  is_goal[address]
  print (address ~ /:/ ? 6 : 4), address, port
}

function inside(network,   part, octet) {
  split(network, part, "/")
  if (part[1] ~ /:/) return part[1] (part[1] ~ /::$/ && part[2] != "128" ? "a5" : "")
  split(part[1], octet, ".")
  if (part[2] != "" && part[2] + 0 < 31 && octet[4] % 2 == 0) octet[4]++
  return octet[1] "." octet[2] "." octet[3] "." octet[4]
}
