#!/bin/sh
#
# Prints why the served ports cannot be left untracked, found out by real connections. rules.sh calls it:
#   probe.sh COPY RULES PORTS
# COPY is a folder with a copy of the host's rules; here the families that may be untracked are written to, and notes.
#
# A network namespace gets the copy, a device with the name and the addresses of the one to the world, and a server on
# every port. From behind a router a client asks for an answer that is longer than a packet, and once more after the router
# can only pass on shorter ones and says so. All that happens twice, tracked and untracked, and what it shows is compared.
# Nothing of the host takes part, and all is gone when the processes are.

set -eu
folder=$1 rules=$2 ports=$3
bytes=20000
seconds=3

remedy='let it accept that without a state; for some filters a file beside this one has the lines'

# More would take minutes to try.
most=1000

list_ports() {
  printf '%s\n' "$ports" | tr , '\n' | awk -F: '{ for (port = $1; port <= $NF; port++) print port }'
}

# The device to the world; without a route yet, any.
find_device() {
  for family in -4 -6; do
    ip "$family" route show default 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p'
  done >"$folder/devices"
  awk -F: 'NR > 2 { gsub(/ /, "", $1); if ($1 != "lo") print $1 }' /proc/net/dev >>"$folder/devices"
  echo eth0 >>"$folder/devices"
  head -n 1 "$folder/devices"
}

find_address() {
  ip -o "$1" address show dev "$device" scope global 2>/dev/null | awk '{ sub("/.*", "", $4); print $4; exit }'
}

# The namespaces

wait_for_namespace() {
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(readlink "/proc/$1/ns/net")" = "$(readlink /proc/self/ns/net)" ] || return 0
    sleep 0.1
  done
  echo "no namespace after $attempt attempts" >&2
  return 1
}

on_router() { nsenter -t "$router" -n "$@"; }
on_client() { nsenter -t "$client" -n "$@"; }

build_network() {
  ip link set lo up
  unshare -n sleep 600 &
  router=$!
  unshare -n sleep 600 &
  client=$!
  listener=
  trap 'kill "$router" "$client" $listener 2>/dev/null' EXIT
  wait_for_namespace "$router"
  wait_for_namespace "$client"
  add_named_devices
  ip link add "$device" address 02:00:00:00:00:01 type veth peer name near address 02:00:00:00:00:02 netns "$router"
  on_router ip link add far type veth peer name client netns "$client"
  ip link set "$device" up
  on_router ip link set near up
  on_router ip link set far up
  on_client ip link set client up
  address_family -4 "$address" 32 192.0.2.1 198.51.100.1 198.51.100.2 24
  on_router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
  [ -n "$address6" ] || return 0
  address_family -6 "$address6" 128 2001:db8:1::1 2001:db8:2::1 2001:db8:2::2 64
  on_router sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
}

# Rules may name other devices, and some do not load without them.
add_named_devices() {
  sort -u "$folder/devices" | while read -r other; do
    [ "$other" != "$device" ] || continue
    ! grep -q -F "\"$other\"" "$folder/ruleset.nft" || ip link add "$other" type dummy || :
  done
}

# address_family FAMILY SERVER BITS NEAR FAR CLIENT BITS: neighbours are told, since a filter may not let them be asked for.
address_family() {
  nodad=
  [ "$1" = -4 ] || nodad=nodad
  ip "$1" address add "$2/$3" dev "$device" $nodad
  ip "$1" neighbour replace "$4" lladdr 02:00:00:00:00:02 dev "$device" nud permanent
  ip "$1" route add "$4/$3" dev "$device"
  ip "$1" route add default via "$4" dev "$device"
  on_router ip "$1" address add "$4/$3" dev near $nodad
  on_router ip "$1" neighbour replace "$2" lladdr 02:00:00:00:00:01 dev near nud permanent
  on_router ip "$1" route add "$2/$3" dev near
  on_router ip "$1" address add "$5/$7" dev far $nodad
  on_client ip "$1" address add "$6/$7" dev client $nodad
  on_client ip "$1" route add default via "$5"
}

load_copy() {
  [ ! -s "$folder/ipset" ] || ipset restore <"$folder/ipset"
  for saved in "$folder"/*.rules; do
    [ -e "$saved" ] || continue
    program=${saved##*/}
    "${program%.rules}-restore" <"$saved"
  done
  nft -f "$folder/ruleset.nft"
}

serve() {
  set --
  for port in $(list_ports); do set -- "$@" -l "$port"; done
  head -c "$bytes" /dev/zero >"$folder/page"
  : >"$folder/listening"
  systemd-socket-activate -a --inetd "$@" cat "$folder/page" >>"$folder/listening" 2>&1 &
  listener=$!
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ "$(grep -c 'Listening on' "$folder/listening")" -lt $(($# / 2)) ] || return 0
    sleep 0.1
  done
  echo "no server after $attempt attempts" >&2
  return 1
}

# fetches ADDRESS PORT [WHERE]: whether the whole answer comes; on the client, or on the server itself.
fetches() {
  received=$(${3-on_client} timeout "$seconds" bash -c "exec 3<>/dev/tcp/$1/$2 && cat <&3" 2>/dev/null | wc -c)
  [ "$received" -eq "$bytes" ]
}

# A line for each port whose answer comes, up to the first that does not; one if it comes over loopback, and one if it comes
# on a narrow path.
try_family() {
  on_router ip link set far mtu 1500
  for port in $(list_ports); do
    fetches "$2" "$port" || return 0
    echo "$1 $port"
  done
  ! fetches "$2" "$port" '' || echo "$1 loopback"
  on_router ip link set far mtu 1300
  ! fetches "$2" "$port" || echo "$1 narrow"
}

# Runs in the namespace that stands for the host. `$1`: our rules, or nothing.
try_all() {
  build_network
  load_copy
  # Without a lease our rules would leave nothing untracked, and the probe would show nothing.
  [ -z "$1" ] || { nft -f "$1" && nft 'add element inet nettune_@id@ lease { ipv4 timeout 1h, ipv6 timeout 1h }'; }
  serve
  try_family ipv4 "$address"
  [ -z "$address6" ] || try_family ipv6 "$address6"
}

# What both have shown

shown() { grep -q -x "$2" "$folder/$1"; }

# lost FAMILY WHAT: whether it worked tracked, and no longer does.
lost() { shown tracked "$1 $2" && ! shown untracked "$1 $2"; }

judge_family() {
  first=$(list_ports | head -n 1)
  if ! shown tracked "$1 $first"; then
    echo "$1: the filter does not accept port $first from everybody, so all ports stay tracked there" >>"$folder/notes"
    return 0
  fi
  echo "$1" >>"$folder/families"
  for port in $(list_ports); do
    if lost "$1" "$port"; then
      echo "$1: the filter would not accept port $port untracked; $remedy"
    elif ! shown tracked "$1 $port"; then
      echo "$1: the filter does not accept port $port, tracked as it is: open all served ports, or none"
    else
      continue
    fi
    return 0
  done
  ! lost "$1" loopback || echo "$1: the filter would not accept port $first untracked over loopback; $remedy"
  ! lost "$1" narrow || echo "$1: the filter would drop ICMP errors about untracked packets, so that long answers hang; $remedy"
}

judge() {
  : >"$folder/families"
  : >"$folder/notes"
  for family in ipv4 ipv6; do judge_family "$family"; done
  [ -s "$folder/families" ] || cat "$folder/notes"
}

# probe_as RESULT [RULES]
probe_as() {
  unshare -n sh "$0" "$folder" "${2-}" "$ports" "$device" "$address" "$address6" >"$folder/$1"
}

if [ $# -gt 3 ]; then
  device=$4 address=$5 address6=$6
  try_all "$rules"
elif [ "$(list_ports | wc -l)" -gt "$most" ]; then
  echo "more than $most ports are served: a probe would take too long"
else
  device=$(find_device)
  address=$(find_address -4)
  address=${address:-192.0.2.2}
  address6=
  if [ -e /proc/net/if_inet6 ]; then
    address6=$(find_address -6)
    address6=${address6:-2001:db8:1::2}
  fi
  probe_as tracked
  probe_as untracked "$rules"
  judge
fi
