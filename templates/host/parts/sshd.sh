# Whoever administers the host is not to be locked out by a fault in the rules for their port.

find_untracked_sshd() {
  is_live && command -v ss >/dev/null || return 0
  ports=$(list_sshd_ports | sort -u)
  planned untracked | while IFS=- read -r first last; do
    print_lines "$ports" | while read -r port; do
      [ "$port" -lt "$first" ] || [ "$port" -gt "${last:-$first}" ] \
        || echo "sshd listens on port $port, which is to be left untracked"
    done
  done
}

# Before its processes, `ss` shows of a listener its port and the place of any sender; behind them its user, unless that is
# root: anybody can call a process sshd. Until the first connection comes, systemd may hold the port.
list_sshd_ports() {
  ss -ltnpe 2>/dev/null | sed -n '/"sshd",/{ / uid:[1-9]/d; s/ users:.*//; s/.*:\([0-9][0-9]*\)[ \t].*/\1/p; }'
  ! has_systemd || list_socket_units | tr ' ' '\n' | sed -n 's/^\([0-9]*\)=sshd*[.]socket$/\1/p'
}
