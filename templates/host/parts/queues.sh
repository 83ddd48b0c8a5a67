# Finds queues that are shorter than planned, and what makes them so.

# A queue has the length that the kernel granted when the server called listen(). `ss` alone shows it, in a column that
# older ones print further left; a kernel that does not tell shows 0. Of a server that does not run there is none.
find_short_queues() {
  planned_queues=${planned_queues-$(list_planned_queues)}
  print_lines "$planned_queues" | while read -r _ _ length planned_length; do
    [ "$length" = 0 ] || [ "$length" = "$planned_length" ] || echo short
  done | grep -q short || return 0
  socket_units=$(list_socket_units)
  planned queue | while read -r service ports length; do
    ! is_waiting "$service" || continue
    ss -ltnp 2>/dev/null | awk -v service="$service" -v ports="$ports" -v length_planned="$length" \
      -v other="$(name_other_cause "$service")" -v socket_units="$socket_units" '
      BEGIN { n = split(socket_units, part, /[ =]/); for (i = 1; i < n; i += 2) unit[part[i]] = part[i + 1] }
      NR == 1 { for (i = 1; i <= NF; i++) if ($i == "Send-Q") column = i; next }
      { is_by_systemd = index($0, "(\"systemd\",pid=1,") }
      / users:/ && !is_by_systemd && !index($0, "((\"" service "\",") { next }
      {
        port = $(column + 1)
        sub(/.*:/, "", port)
        last = split(ports, range, "-")
        if (port + 0 < range[1] + 0 || port + 0 > range[last] + 0 || !$column || $column == length_planned) next
        print "the listen queue on " $(column + 1) " is " $column ", planned: " length_planned "; " \
          (is_by_systemd && port in unit ? remedy(unit[port]) : service " was not restarted since, or " other)
      }
      function remedy(name) {
        return name " opens it: set Backlog=" length_planned " under [Socket] by `systemctl edit " name "`, stop " service \
          ", restart " name ", start " service
      }
    '
  done
}

# A line for each queue on a planned port: its address and port, how many connections wait in it, its length, and the planned one.
# Without the processes, which `ss` would look for among all open files of the host.
list_planned_queues() {
  queues=$(planned queue)
  [ -n "$queues" ] && command -v ss >/dev/null || return 0
  ss -ltn 2>/dev/null | queues=$queues awk '
    BEGIN { count = split(ENVIRON["queues"], queue, "\n") }
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "Send-Q") column = i; next }
    {
      port = $(column + 1)
      sub(/.*:/, "", port)
      for (i = 1; i <= count; i++) {
        split(queue[i], word, " ")
        last = split(word[2], range, "-")
        if (port + 0 < range[1] + 0 || port + 0 > range[last] + 0) continue
        print $(column + 1), $(column - 1), $column, word[3]
        break
      }
    }
  '
}

# PORT=UNIT of each port that systemd opens and hands over to a server, which takes it as it is.
list_socket_units() {
  systemctl list-sockets --no-legend --full 2>/dev/null | awk '{ sub(/.*:/, "", $1); print $1 "=" $2 }' | tr '\n' ' '
}

# What else a server takes the length of its queue from.
name_other_cause() {
  case $1 in
    haproxy) echo 'its frontend, or the sections defaults and global, have another maxconn or backlog' ;;
    nginx) echo 'no listen directive of this address and port has this backlog' ;;
    squid) echo 'its number of descriptors is set elsewhere, of which the queue is a quarter' ;;
    *) echo 'ListenBacklog is set elsewhere' ;;
  esac
}

# What its own file, which HAProxy reads first, says in sections that count for all frontends. One of a single frontend may be
# about another port: there the running queue tells.
find_haproxy_limits() {
  file=etc/haproxy/haproxy.cfg
  [ -f "$root/$file" ] || return 0
  planned queue | sed -n 's/^haproxy .* //p' | sort -u | while read -r length; do
    awk -v file="/$file" -v length_planned="$length" '
      /^[ \t]*(global|defaults|frontend|backend|listen)([ \t\r#]|$)/ { section = $1; sub(/[\r#].*/, "", section); next }
      $2 + 0 >= length_planned + 0 || $2 !~ /^[0-9]/ { next }
      section == "global" && $1 == "maxconn" || section == "defaults" && ($1 == "maxconn" || $1 == "backlog") {
        print file " line " FNR ": in the section " section ", " $1 " is " $2 + 0 ", planned: at least " length_planned
      }
    ' "$root/$file"
  done
}
