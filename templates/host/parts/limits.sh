# Reads how many files the processes of a server may open: each has kept the limit that it was started with.

find_low_limits() {
  planned limit | while read -r service least; do
    ! is_waiting "$service" || continue
    list_limits "$service" | awk -v service="$service" -v least="$least" '
      $1 < least && $1 != "unlimited" { processes[$1]++ }
      END {
        for (limit in processes)
          print processes[limit] (processes[limit] == 1 ? " process" : " processes") " of " service \
            " may open " limit " files, planned: " least "; it was not restarted since, or its limit is set elsewhere"
      }
    '
  done
}

# Of every process of that name; those of a container, whose network is another, are not of this host.
list_limits() {
  network=$(readlink /proc/self/ns/net)
  list_files /proc/[0-9]*/status | tr '\n' '\0' | xargs -0 grep -ls "^Name:[[:blank:]]$1\$" /dev/null \
    | sed 's,/status$,,' | while read -r process; do
      [ "$(readlink "$process/ns/net")" != "$network" ] || sed -n 's/^Max open files *\([^ ]*\).*/\1/p' "$process/limits"
    done 2>/dev/null
}
