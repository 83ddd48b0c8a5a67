# Finds entries of the connection table that are overdue: idle for longer than their timeout is by now. Reads timeouts
# (`now`, `old` or `new`, a name, seconds) and then the table. Prints the seconds that each has left, and the words by
# which the program conntrack knows it.

$1 ~ /^(now|old|new)$/ {
  if ($1 != "new") before[$2] = $3
  if ($1 != "old") after[$2] = $3
  next
}

# A table from before IPv6 was tracked does not name the family.
$1 !~ /^ipv[46]$/ { $0 = "ipv4 2 " $0 }

# An entry without a time is with the network card. Of other protocols, none stays for longer than minutes.
$5 !~ /^[0-9]+$/ || $3 !~ /^(tcp|udp)$/ { next }
{
  read_ends()
  words = "-p " $3 " -s " first["src"] " -d " first["dst"] " --sport " first["sport"] " --dport " first["dport"]
  # The program would end the entry in the zone along with its namesake.
  if (/ zone(-orig|-reply)?=[1-9]/) elsewhere[words] = 1
  else if (is_overdue(timer(), $5 + 0) && !is_translated()) overdue[words] = $5
}
END { for (words in overdue) if (!(words in elsewhere)) print overdue[words], words }

# What the packets of both directions say.
function read_ends(   i, part) {
  split("", first)
  split("", second)
  for (i = 6; i <= NF; i++) {
    if (split($i, part, "=") != 2) continue
    if (part[1] in first) second[part[1]] = part[2]
    else first[part[1]] = part[2]
  }
}

# A translated connection cannot do without its entry: nothing else knows where its packets have to go.
function is_translated() {
  return first["src"] != second["dst"] || first["dst"] != second["src"] \
    || first["sport"] != second["dport"] || first["dport"] != second["sport"]
}

function timer() {
  if ($3 == "udp") return / \[ASSURED\]/ ? "udp_timeout_stream" : "udp_timeout"
  return "tcp_timeout_" tolower($6)
}

# Nobody knows when one was set that has more left than the old timeout, or no more than the new one; the latter is gone
# soon. What is left is cut to whole seconds: the entry may have been idle for almost one less.
function is_overdue(name, left) {
  return left > after[name] && before[name] - left - 1 > after[name] && !(name ~ /^tcp/ && left <= shorter_timer())
}

# For TCP with data that was not acknowledged, or with a closed window, the kernel takes the lesser of two timeouts
# (tcp_packet in nf_conntrack_proto_tcp.c): with so little left, the entry of a busy connection looks idle for days.
function shorter_timer() {
  return greatest(greatest(before["tcp_timeout_unacknowledged"], after["tcp_timeout_unacknowledged"]),
    greatest(before["tcp_timeout_max_retrans"], after["tcp_timeout_max_retrans"]))
}

function greatest(one, other) {
  return one + 0 > other + 0 ? one + 0 : other + 0
}
