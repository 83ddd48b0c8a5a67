# Ends entries of the connection table that would keep an old timer for days after a run that has lowered their timeout:
# those that are overdue, and no others. The rest takes the new timeout with its next packet.

# Seconds: the program reads the whole table to end one entry.
ending_limit=60

# A line for each: the seconds that it has left, and what the program knows it by.
find_overdue() {
  is_live || return 0
  timeouts=$(list_timeouts)
  [ -z "$timeouts" ] || { print_lines "$timeouts"; list_entries; } | awk "$(text entries.awk)"
}

# What the kernel has, what it had before this run, and what it is to have. Nothing, when the run changes no timeout; one
# that was cut short may have changed some.
list_timeouts() {
  old=$(cat "$undo/values" 2>/dev/null) new=$(print_lines "$changes" | sed -n 's/^set //p')
  print_lines "$old" "$new" | grep -q '_conntrack_[^ ]*timeout' || return 0
  list_files /proc/sys/net/netfilter/nf_conntrack_*timeout* /proc/sys/net/ipv4/netfilter/ip_conntrack_*timeout* \
    | tr '\n' '\0' | xargs -0 grep . /dev/null | sed 's,.*_conntrack_\([^:]*\):,now \1 ,'
  print_lines "$old" | sed -n 's/^[^ ]*_conntrack_\([^ ]*timeout[^ ]* \)/old \1/p'
  print_lines "$new" | sed -n 's/^[^ ]*_conntrack_\([^ ]*timeout[^ ]* \)/new \1/p'
}

# As the kernel shows it, or as the program does where the kernel has no such file.
list_entries() {
  for table in /proc/net/nf_conntrack /proc/net/ip_conntrack; do
    [ ! -r "$table" ] || { cat "$table"; return; }
  done
  for family in ipv4 ipv6; do conntrack -L -f "$family" -o extended 2>/dev/null; done
}

foretell_overdue() {
  [ -n "$dry_run" ] || return 0
  overdue=$(find_overdue)
  [ -z "$overdue" ] || say_why_they_stay || say "would end $(count_entries "$overdue")"
}

# Those of `overdue`, which was found while it was known what the timeouts were before.
end_overdue_entries() {
  [ -z "$overdue" ] || say_why_they_stay || end_within_limit
}

# Fails when nothing speaks against ending them.
say_why_they_stay() {
  why=$(find_why_they_stay)
  [ -n "$why" ] && say_left "$overdue" "$why"
}

say_left() {
  longest=$(print_lines "$1" | sort -rn | sed 's/ .*//; q')
  say "leaves $(count_entries "$1") alone, for up to $longest s: $2"
}

find_why_they_stay() {
  if [ "${end_overdue:-$(planned end-overdue)}" = no ]; then
    echo 'they end by --end-overdue yes alone'
  elif [ -z "$end_overdue" ] && is_forwarding; then
    echo 'this host forwards, and others may need them; --end-overdue yes ends them'
  elif has_own_timers; then
    echo 'rules give entries timers of their own, so that nobody knows how long they were idle'
  elif ! command -v conntrack >/dev/null; then
    echo 'the program conntrack is not here, which would end them'
  fi
}

is_forwarding() {
  list_files /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv6/conf/*/forwarding | tr '\n' '\0' \
    | xargs -0 cat | grep -q 1
}

# By `-j CT --timeout` or `ct timeout set`.
has_own_timers() {
  { iptables-save -t raw; ip6tables-save -t raw; nft list ruleset; } 2>/dev/null \
    | grep -q -e ' --timeout ' -e 'ct timeout set '
}

count_entries() {
  count=$(print_lines "$1" | grep -c .)
  [ "$count" = 1 ] && noun=entry || noun=entries
  echo "$count overdue $noun of the connection table"
}

# By now there is nothing to put back: an interruption may end this.
end_within_limit() {
  trap - INT TERM HUP
  deadline=$(($(uptime_seconds) + ending_limit))
  endings=$(print_lines "$overdue" | while read -r left words; do
    if [ "$(uptime_seconds)" -ge "$deadline" ]; then
      echo "late $left"
    elif end_entry "$left" "$words"; then
      echo ended
    fi
  done)
  late=$(print_lines "$endings" | sed -n 's/^late //p')
  say "ended $(count_entries "$(print_lines "$endings" | grep ended)")"
  [ -z "$late" ] || say_left "$late" "the table is too large to end more in $ending_limit s"
}

uptime_seconds() {
  sed 's/\..*//' /proc/uptime
}

# An entry that has more left than before has seen a packet since the table was read. Fails when it is not ended.
end_entry() {
  # Words of the kernel, without quotes.
  # shellcheck disable=SC2086
  {
    left_now=$(conntrack -G $2 2>/dev/null | awk '{ print $3; exit }')
    [ -n "$left_now" ] && [ "$left_now" -le "$1" ] && conntrack -D $2 >/dev/null 2>&1
  }
}
