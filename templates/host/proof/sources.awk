# Prints who is to try: FAMILY ADDRESS WHY, from all rules there are. Each address that a rule or a set names is one client;
# of a network, one inside it. Of many members of a set, and of many rules that differ by the address alone, the first ones,
# every one at twice the distance, and the last; of thousands that is said, `sample TEXT`.
# `own`: addresses of this host, which are no clients; those that rules name come out as `own ADDRESS`. A set that a rule asks
# for and that is empty gets a member in the copy, `fill SET ADDRESS` or `fill TABLE SET ADDRESS` with nft: bans come later.
# More clients than can be tried are `many NUMBER`, and clients times own addresses `pairs NUMBER`. Reads copies of rules: the
# file name says which kind; sets of ipset come last, and those that hold others first.

BEGIN {
  first_ones = 6
  most = 400
  most_pairs = 2000
  thousands = 1000
  split(own, list, " ")
  for (i in list) is_own[list[i]] = 1
  # Public addresses, far apart, that hardly anybody names; nothing of this leaves the namespace.
  strangers = split("45.33.32.156 81.2.69.142 2600:1f14::a5 2a00:1450:4001::a5", stranger, " ")
  for (i = 1; i <= strangers; i++) add(stranger[i], "no rule names it")
  add("fe80::5eed:a5", "on the link")
}

FNR == 1 { owner = ""; is_sets = FILENAME ~ /sets$/ }
is_sets && /^create / && / hash:(ip|net) / { hollow[$2] = / family inet6 / ? 6 : 4; words_of[$2] = $2 }
is_sets && /^add / && ($2 in is_used) { is_used[$3]; member($2, $3) }
is_sets { next }
/--match-set / { rest_of = $0; while (match(rest_of, /--match-set [^ ]+/)) { is_used[substr(rest_of, RSTART + 12, RLENGTH - 12)]; rest_of = substr(rest_of, RSTART + RLENGTH) } }
/^table / { nft_table = $2 " " $3 }

# nft: a set's members may fill many lines, between braces.
/^[ \t]*(set|map) [^ ]+ \{/ { owner = nft_table " " $2; is_set = $1 == "set" }
is_set && owner != "" && /^[ \t]*type ipv[46]_addr$/ { hollow[owner] = / ipv6/ ? 6 : 4; words_of[owner] = owner; is_used[owner] }
/^[ \t]*chain / { owner = "" }
owner != "" { count = split($0, words, /[ ,{}]+/); for (w = 1; w <= count; w++) member(owner, words[w]); next }
/[.:]/ { scan($0) }

END {
  for (set in total) if (total[set] > first_ones) see(last[set], "in set " set)
  for (kind in alike) if (alike[kind] > first_ones) see_all(last_rule[kind])
  for (set in total) if (total[set] >= thousands) print "sample of the " total[set] " members of set " set " the proof tries " count_chosen(total[set])
  for (kind in alike) if (alike[kind] >= thousands) print "sample of the " alike[kind] " rules like `" last_rule[kind] "` the proof tries " count_chosen(alike[kind])
  for (set in hollow) if ((set in is_used) && !total[set]) fill(set)
  for (i = 1; i <= named; i++) print line[i]
  for (address in is_named) { print "own", address; owns++ }
  if (named > most) print "many", named
  else if (named * owns > most_pairs) print "pairs", named * owns
}

function member(set, text) {
  if (!match(text, /^[0-9]+\.[0-9]+\.|^[0-9a-fA-F]*:[0-9a-fA-F:]*:/)) return
  total[set]++
  last[set] = text
  if (is_chosen(total[set])) see(text, "in set " set)
}

function fill(set,   address) {
  filled++
  address = hollow[set] == 6 ? "2a02:c207:fffe::" filled : "62.210.254." filled
  if (filled > 99 || !add(address, "in set " words_of[set] ", if it were")) return
  print "fill", words_of[set], address
}

function is_chosen(n) {
  if (n <= first_ones) return 1
  while (n % 2 == 0) n /= 2
  return n == 1
}

# Of more than the first ones: those, every power of two above them, and the last.
function count_chosen(all,   n, at) {
  n = first_ones + 1
  for (at = 8; at < all; at *= 2) n++
  return n
}

function scan(text,   kind) {
  gsub(/^[ \t]+/, "", text)
  kind = text
  gsub(/"([^"\\]|\\.)*"/, "", kind)
  gsub(/[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+(\/[0-9]+|-[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)?/, "*", kind)
  gsub(/[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F]*(\/[0-9]+)?/, "*", kind)
  last_rule[kind] = text
  if (is_chosen(++alike[kind])) see_all(text)
}

# What lies in a comment is no address, but harms nobody.
function see_all(text,   rest) {
  rest = text
  while (match(rest, /[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+(\/[0-9]+|-[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)?/)) {
    see(substr(rest, RSTART, RLENGTH), text)
    rest = substr(rest, RSTART + RLENGTH)
  }
  rest = text
  while (match(rest, /[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F]*(\/[0-9]+)?/)) {
    see(substr(rest, RSTART, RLENGTH), text)
    rest = substr(rest, RSTART + RLENGTH)
  }
}

function see(text, why,   ends) {
  sub(/[,%].*/, "", text)
  if (text ~ /:/) see6(text, why)
  else if (split(text, ends, "-") == 2) { add(ends[1], why); add(ends[2], why) }
  else see4(text, why)
}

# The second address of a network rather than the first, which is often a router.
function see4(text, why,   part, length_, base, size, n) {
  split(text, part, "/")
  length_ = part[2] == "" ? 32 : part[2] + 0
  base = number(part[1])
  if (length_ > 30) { add(part[1], why); return }
  size = 2 ^ (32 - length_)
  base -= base % size
  for (n = 2; n < size && n < 9; n++) if (add(dotted(base + n), why)) return
}

# A network's own address is that of any router in it.
function see6(text, why,   part, colons) {
  split(text, part, "/")
  colons = gsub(/:/, ":", part[1])
  if (part[1] !~ /::/ && colons != 7) return
  if (part[2] != "" && part[2] + 0 < 127 && part[1] ~ /::$/) part[1] = part[1] "a5"
  add(part[1], why)
}

function number(text,   octet) {
  split(text, octet, ".")
  return ((octet[1] * 256 + octet[2]) * 256 + octet[3]) * 256 + octet[4]
}

function dotted(n) { return int(n / 16777216) "." int(n / 65536) % 256 "." int(n / 256) % 256 "." n % 256 }

# 6to4 (RFC 3964) of an IPv4 address that is nobody's or private: firewalld names them all, and answers none of them.
function is_false_6to4(address) {
  return tolower(address) ~ /^2002:(:|0*:|a..:|0a..:|7f..:|a9fe:|ac1.:|c0a8:|[ef]...:)/
}

# Whether an address can be a client's, or is one already.
function add(address, why,   first) {
  if (address in is_client) return 1
  if (address in is_own) { is_named[address]; return 0 }
  if (address !~ /:/) {
    first = address + 0
    if (first < 1 || first == 127 || first > 223) return 1
  } else if (address ~ /^(::|[fF][fF])/ || is_false_6to4(address)) return 1
  is_client[address] = 1
  line[++named] = (address ~ /:/ ? 6 : 4) " " address " " why
  return 1
}
