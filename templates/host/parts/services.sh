# Units, servers, and packet rules. A unit of ours is one of systemd, or a script in init.d; where neither can be started,
# this program loads the rules.

has_systemd() {
  is_live && [ -d /run/systemd/system ] && command -v systemctl >/dev/null
}

# Of units, a line each, those that can be started here.
pick_startable() {
  while read -r unit; do
    case $unit in
      *.service) ! has_systemd || echo "$unit" ;;
      *) has_systemd || echo "$unit" ;;
    esac
  done
}

is_active() {
  if has_systemd; then
    systemctl is-active --quiet "$1"
  else
    [ -e "/var/lock/subsys/$1" ]
  fi
}

# control start|stop|reload UNIT
control() {
  if has_systemd; then
    systemctl "$1" "$2"
  else
    service "$2" "$1"
  fi
}

is_running() {
  if has_systemd; then
    systemctl is-active --quiet "$1"
  elif command -v service >/dev/null; then
    service "$1" status >/dev/null 2>&1
  else
    return 1
  fi
}

# Stopped and started: a reload keeps the listening sockets, and with them the old queue.
restart_service() {
  if has_systemd; then
    systemctl restart "$1"
  else
    service "$1" restart
  fi
}

# No server is stopped for a configuration with which it could not start again.
test_service() {
  output=$(test_configuration "$1" 2>&1) || { complain "$1 is not restarted, for its test of the configuration fails:"; complain_each "$output"; return 1; }
}

# A plan names servers; what is run for one is said here.
test_configuration() {
  case $1 in
    apache2 | httpd) apachectl configtest ;;
    squid) squid -k parse ;;
    nginx) nginx -t ;;
    haproxy) test_haproxy ;;
    *) echo "no test is known for a server called $1"; return 1 ;;
  esac
}

# It is given our file by name, and does without it when it is gone.
test_haproxy() {
  section=/etc/haproxy/nettune-$name.cfg
  set -- haproxy -c -f /etc/haproxy/haproxy.cfg
  [ ! -e "$section" ] || set -- "$@" -f "$section"
  "$@"
}

# run_rules TASK FOLDER: by this program, whichever is installed.
run_rules() {
  sh "$nettune_host" rules "$@"
}

holds_rules() {
  [ -e "$1/raw.rules" ] || [ -e "$1/rules.nft" ]
}

# Whether a unit keeps the ports untracked.
is_guarded() {
  [ -n "$(planned guard)" ]
}

# What of the rules that are on the host is not loaded (`rules`), and what of those that are leaves nothing untracked
# (`tracked`): a family in which nobody reaches a served port, say. The kind, a tab and a sentence for each.
list_rule_differences() {
  planned rules | while read -r rules; do
    holds_rules "/$rules" || { printf 'rules\tthere are no packet rules in /%s\n' "$rules"; continue; }
    kind=tracked
    lines=$(run_rules status "/$rules" 2>&1) || kind=rules
    print_rule_lines "$lines" | of_kind "$kind" cat
  done
}

find_missing_rules() {
  list_rule_differences | pick_kind rules
}

# What the loader says, but for its own name in front, and for what is no fault.
print_rule_lines() {
  print_lines "$1" | sed "s/^nettune $name: //; /^IPv4 only: /d"
}
