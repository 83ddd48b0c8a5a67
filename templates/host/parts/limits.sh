# Reads how many files the processes of a server may open: each has kept the limit that it was started with.

find_low_limits() {
  limits=$(planned limit | leave_waiting_servers)
  [ -n "$limits" ] || return 0
  list_limits | limits=$limits awk '
    BEGIN { n = split(ENVIRON["limits"], word, /[ \n]/); for (i = 1; i < n; i += 2) least[word[i]] = word[i + 1] }
    $2 + 0 < least[$1] + 0 && $2 != "unlimited" { processes[$1 " " $2]++ }
    END {
      for (each in processes) {
        split(each, word, " ")
        print processes[each] (processes[each] == 1 ? " process" : " processes") " of " word[1] \
          " may open " word[2] " files, planned: " least[word[1]] "; it was not restarted since, or its limit is set elsewhere"
      }
    }
  '
}

# A line for every process of these servers: its name and its limit. Anybody can give a process the name of a server: one counts that
# is root's or in the server's unit, and what such a one has started. A container has a network of its own: its processes are not those of this host. A few programs
# for all of them: a server may have hundreds of processes.
list_limits() {
  pids=$(list_processes "$(print_lines "$limits" | sed 's/ .*//')")
  [ -n "$pids" ] || return 0
  {
    print_lines "$pids"
    list_in_processes "$pids" ns/net | xargs -0 ls -ln /proc/self/ns/net
    list_in_processes "$pids" cgroup | xargs -0 grep -s ':/system[.]slice/' /dev/null
    list_in_processes "$pids" limits | xargs -0 grep -s '^Max open files' /dev/null
  } 2>/dev/null | awk '
    /^[0-9]+ / { name[$1] = $2; parent[$1] = $3; is_trusted[$1] = $4 == 0; next }
    { pid = $(NF - 1) == "->" ? $(NF - 2) : $1; sub(/^.proc./, "", pid); sub(/\/.*/, "", pid) }
    $(NF - 1) == "->" { network[pid] = $NF; next }
    /:\/system[.]slice\// { if (index($0 "/", ":/system.slice/" name[pid] ".service/")) is_trusted[pid] = 1; next }
    network[pid] == network["self"] { for (by = pid; by in name && !is_trusted[by]; by = parent[by]); if (by in name) print name[pid], $4 }
  '
}

# list_in_processes PIDS FILE: the paths, each with a zero byte behind it.
list_in_processes() {
  print_lines "$1" | sed "s,^\([0-9]*\) .*,/proc/\1/$2," | tr '\n' '\0'
}

# list_processes NAMES: the number, the name, the parent and the user of each process that has one of these names, a line each.
list_processes() {
  printf '%s\n' /proc/[0-9]*/status | tr '\n' '\0' | xargs -0 grep -s -e '^Name:' -e '^PPid:' -e '^Uid:' /dev/null | names=$1 awk '
    BEGIN { n = split(ENVIRON["names"], word, "\n"); for (i = 1; i <= n; i++) wanted[word[i]] = 1 }
    /^[^:]*:Name:/ { name = $0; sub(/^[^:]*:Name:[ \t]*/, "", name); next }
    /^[^:]*:PPid:/ { parent = $2; next }
    name in wanted { split($0, part, "/"); print part[3], name, parent, $2 }
  '
}
