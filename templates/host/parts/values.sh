# Parameters of the kernel, by name (net.core.somaxconn) or by path (/sys/module/...), and its modules.

# In a name a slash stands for a dot that is none of the separators, as in net.ipv4.conf.eth0/100.rp_filter.
path_of() {
  # shellcheck disable=SC2086
  case $1 in
    /*) printf '%s\n' "$1" ;;
    */*) printf '/proc/sys/%s\n' "$(printf '%s' "$1" | tr './' '/.')" ;;
    *) (IFS=. && set -f && set -- $1 && IFS=/ && printf '/proc/sys/%s\n' "$*") ;;
  esac
}

# Numbers that belong together have a blank between them, where the kernel prints a tab. Fails for what is not there.
read_value() {
  path=$(path_of "$1")
  [ -r "$path" ] || return 1
  # shellcheck disable=SC2046
  (set -f && set -- $(print_as_planned "$1") && printf '%s\n' "$*")
}

# The kernel prints a list of names in the order in which it came by them; a plan has it sorted.
print_as_planned() {
  case $1 in
    net.ipv4.tcp_allowed_congestion_control) tr ' ' '\n' <"$path" | sort ;;
    *) cat "$path" ;;
  esac 2>/dev/null
}

show_value() {
  read_value "$1" || echo missing
}

# The kernel's own answer counts: a write may fail in silence.
write_value() {
  { printf '%s\n' "$2" >"$(path_of "$1")"; } 2>/dev/null
  [ "$(show_value "$1")" = "$2" ]
}

# What the kernel changes along with a parameter, by path: forwarding in every interface, and with IPv4 whether
# redirects are taken, which comes on again when forwarding goes off (inet_forward_change in devinet.c).
list_companions() {
  case $1 in
    net.ipv4.ip_forward | net.ipv4.conf.all.forwarding)
      list_files /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/accept_redirects
      ;;
    net.ipv6.conf.all.forwarding) list_files /proc/sys/net/ipv6/conf/*/forwarding ;;
  esac
}

list_files() {
  for file in "$@"; do
    [ ! -e "$file" ] || printf '%s\n' "$file"
  done
}

# recorded FILE NAME: the value in a file of lines with a name and its value. Fails when the name is not there.
recorded() {
  [ -e "$1" ] || return 1
  key=$2 awk '$1 == ENVIRON["key"] { sub(/^[^ ]+ ?/, ""); print; found = 1; exit } END { exit !found }' "$1"
}

# A module may be built in, or have become part of another one; then that name is only an alias.
is_loaded() {
  [ -d "/sys/module/$1" ] || modprobe --show-depends "$1" 2>/dev/null | tail -n 1 | {
    read -r how file _
    file=${file##*/}
    case $how in
      builtin) ;;
      insmod) [ -d "/sys/module/$(printf '%s' "${file%%.ko*}" | tr - _)" ] ;;
      *) false ;;
    esac
  }
}
