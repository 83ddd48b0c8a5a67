# Routes and addresses of IPv6 that a change of routing costs. An interface that begins to forward drops the default route
# that a router advertised to it, unless its accept_ra is 2, and does not renew its address any more; `disable_ipv6` drops
# everything, what was set by hand too. (net/ipv6/addrconf.c; what networkd and NetworkManager manage stays: they set
# accept_ra to 0 and listen themselves.)

# A sentence for each interface that would lose its advertised route or address, in silence and for good.
find_lost_routes() {
  begins_to_forward || return 0
  command -v ip >/dev/null || return 0
  {
    show_routes default | sed -n '/ proto ra /s/.* dev \([^ ]*\) .*/\1/p'
    ip -6 -o address show dynamic 2>/dev/null | awk '{ print $2 }'
  } | sort -u | while read -r device; do
    [ "$(planned_accept_ra "$device")" = 1 ] || continue
    print_lines "$device has its IPv6 route or address by router advertisement, and would lose it as soon as this host forwards. Name $device in gateway.wan; or set both by hand, and net.ipv6.conf.$(print_lines "$device" | tr . /).accept_ra to 0"
  done
}

begins_to_forward() {
  forwarding=net.ipv6.conf.all.forwarding
  planned value | grep -qx "$forwarding 1" && [ "$(read_value "$forwarding")" = 0 ]
}

# As it will be: by the plan, or as it is.
planned_accept_ra() {
  path=/proc/sys/net/ipv6/conf/$1/accept_ra
  planned value | while read -r key value; do
    case $key in *accept_ra) [ "$(path_of "$key")" != "$path" ] || print_lines "$value" ;; esac
  done | grep . || cat "$path" 2>/dev/null
}

# One line each, as `ip -6 route add` takes it.
show_routes() {
  ip -6 -o route show "$@" 2>/dev/null \
    | sed -e '/ proto kernel /d' -e 's/\\/ /g' -e 's/ expires \([0-9]*\)sec/ expires \1/' -e 's/ error [-0-9]*//' -e 's/ linkdown//g' -e 's/ dead//g'
}

# Those that were not advertised.
show_addresses() {
  ip -6 -o address show scope global permanent 2>/dev/null | awk '{ print $4, "dev", $2 }'
}

record_routes() {
  [ ! -e "$undo/routes" ] && may_cut_off && command -v ip >/dev/null || return 0
  { show_addresses | sed 's/^/address /'; show_routes | sed 's/^/route /'; echo end; } >"$undo/routes.new" && flush && put_list "$undo/routes"
}

# After the values; a line for each that could not be brought back. Addresses come first: routes may name one.
put_back_routes() {
  listed "$undo/routes" | while read -r kind what; do
    ! is_missing "$kind" "$what" || add_again "$kind" "$what" || echo "the IPv6 $kind $what is gone, and could not be set again"
  done
}

# The lifetime runs down meanwhile.
is_missing() {
  ! case $1 in address) show_addresses ;; *) show_routes ;; esac | sed 's/ expires [0-9]*//' \
    | grep -qxF -e "$(print_lines "$2" | sed 's/ expires [0-9]*//')"
}

# Names of interfaces may hold what a shell expands.
add_again() {
  # shellcheck disable=SC2086
  (set -f && ip -6 "$1" add $2) >/dev/null 2>&1 </dev/null
}
