# Tries each line of COPY/CELLS in a copy of the host, and writes into COPY/RUN what came of it.
#
# Usage: nettune-host stage COPY RUN PROPOSAL CELLS FOLDER
#
# It is started in an empty network namespace, which becomes the host. Our rules are those of FOLDER; PROPOSAL says at which
# places, and 0 leaves them out.
#
#   far ── world ── host      far has the addresses of all clients; on the way from world to far only 1,300 bytes pass
#            │                link-local addresses are those of world itself
#            └── stand-in     has the host's addresses too, until clients are connected to it
#
# Devices know no neighbours: both ends of a cable have the same address, so that a frame for oneself is for the other.

set -eu
use leased-rules copy
find_rules "$5"
copy=$1 run=$1/$2 proposal=$3 cells=$1/$4
bytes=20000
mkdir -p "$run"
chmod 755 "$run"
results=$run/results
: >"$results"
mkfifo -m 666 "$run/never"
# Connections that are open before our rules are: of some clients, and of this host.
awk '{
  kept = ""
  for (i = 6; i <= NF; i++) if ($i ~ />1$/) kept = kept " " $i
  if (kept != "") print $1, $2, $3, $4, "-" kept
}' "$cells" >"$run/openers"

start_namespace() {
  unshare -n sleep 1000 &
  pid=$!
  until [ "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)" ] 2>/dev/null; do sleep 0.01; done
}

on() {
  where=$1
  shift
  nsenter -t "$where" -n "$@"
}

# Lines that fail are as good as absent: what they would be for is not shown then.
batch() { ip -force -batch - >/dev/null 2>&1 || :; }

cable() { echo "link add name $1 address 02:00:00:00:00:$3 mtu ${4-1500} type veth peer name $2 address 02:00:00:00:00:$3"; }

build_network() {
  ip link set lo up
  start_namespace; world=$pid
  start_namespace; far=$pid
  start_namespace; stand_in=$pid
  for key in ipv4/ip_forward ipv6/conf/all/forwarding; do on "$world" sh -c "echo 1 >/proc/sys/net/$key" 2>/dev/null || :; done
  # shellcheck disable=SC2016
  on "$world" sh -c 'for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >"$file"; done'
  number=0
  while read -r device; do
    number=$((number + 1))
    # Some kernels have devices for tunnels in each new namespace.
    echo "link set dev $device name other$number"
    echo "$(cable "$device" "w$number" "$(printf %02x "$number")") netns $world"
  done <"$copy/network/devices" | batch
  [ "$(on "$world" grep -c '^ *w[0-9]*:' /proc/net/dev)" = "$(wc -l <"$copy/network/devices")" ] \
    || echo 'void not all devices of this host can be made' >>"$results"
  { echo "$(cable out in fe 1300) netns $far"; echo "$(cable aside host fd) netns $stand_in"; } | on "$world" ip -force -batch - >/dev/null 2>&1
  write_sysctls "$copy/network/sysctls"
  echo 4096 >/proc/sys/net/core/somaxconn
  sed 's/.*/link set dev & arp off up/' "$copy/network/devices" | batch
  awk '{ print "address add " $3 " " $4 " " $5 " dev " $1 ($2 == 6 ? " nodad" : "") }' "$copy/network/addresses" | batch
  sed 's/\(.*\) \(.*\)/address add \2\/64 dev \1 nodad/' "$copy/network/link-local" | batch
  # Routes lead over others, which may come later in the list.
  for family in 4 6 4 6; do ip "-$family" -force -batch "$copy/network/routes-$family" >/dev/null 2>&1 || :; done
  for family in 4 6; do ip "-$family" -force -batch "$copy/network/policies-$family" >/dev/null 2>&1 || :; done
  build_world
  build_far
  build_stand_in
}

# Clients come in by the device by which the host answers them.
build_world() {
  {
    echo 'link set lo up'
    echo 'link set out arp off up'
    echo 'link set aside arp off up'
    awk '{ print "link set w" NR " arp off up"; print "address add 199.15.1.1/32 dev w" NR; print "address add 2600:1f14:f::1/128 dev w" NR " nodad" }' "$copy/network/devices"
    echo 'route add default dev out'
    echo '-6 route add default dev out' | sed 's/^-6 //; s/route add/route add/'
    echo 'rule add pref 10 lookup 5'
    while read -r _ address; do
      echo "route add $address dev w1"
      echo "route add $address dev aside table 5"
    done <"$copy/own"
    while read -r _ address _; do echo "route add $address dev w1"; done <"$copy/translated"
  } | on "$world" ip -force -batch - >/dev/null 2>&1 || :
  for family in 4 6; do
    {
      echo 'route add default dev out'
      echo 'rule add pref 10 lookup 5'
      awk '{ print "route add default dev w" NR " table " 1000 + NR }' "$copy/network/devices"
      awk -v family="$family" '
        $2 != family { next }
        $6 != "neighbour" { if ($4 > 1) print "rule add pref 100 from " $3 " lookup " 1000 + $4; next }
        {
          print "address add " $3 "/64 dev w" $4 " nodad"
          print "rule add pref 90 uidrange " 20000 + $1 "-" 20000 + $1 " lookup " 2000 + $1
          print "route add fe80::/10 dev w" $4 " src " $3 " table " 2000 + $1
        }' "$copy/clients"
    } | on "$world" ip "-$family" -force -batch - >/dev/null 2>&1 || :
  done
}

# Whose process asks decides from which address.
build_far() {
  {
    echo 'link set lo up'
    echo 'link set in arp off up'
    awk '$6 != "neighbour" { print "address add " $3 ($2 == 6 ? "/128 dev in nodad" : "/32 dev in") }' "$copy/clients" "$copy/peers"
  } | on "$far" ip -force -batch - >/dev/null 2>&1 || :
  for family in 4 6; do
    {
      echo 'route add default dev in'
      awk -v family="$family" '$2 == family && $6 != "neighbour" {
        print "rule add pref 100 uidrange " 20000 + $1 "-" 20000 + $1 " lookup " 2000 + $1
        print "route add default dev in src " $3 " table " 2000 + $1
      }' "$copy/clients"
    } | on "$far" ip "-$family" -force -batch - >/dev/null 2>&1 || :
  done
}

build_stand_in() {
  {
    echo 'link set lo up'
    echo 'link set host arp off up'
    awk '{ print "address add " $2 ($1 == 6 ? "/128 dev lo nodad" : "/32 dev lo") }' "$copy/own"
  } | on "$stand_in" ip -force -batch - >/dev/null 2>&1 || :
  for family in 4 6; do on "$stand_in" ip "-$family" route add default dev host 2>/dev/null || :; done
}

# serve WHERE PORTS PROGRAM...: returns when it listens.
serve() {
  where=$1 list=$2
  shift 2
  log=$run/listening-$where
  for port in $list; do set -- -l "$port" "$@"; done
  on "$where" systemd-socket-activate -a --inetd "$@" >"$log" 2>&1 &
  wanted=$(echo "$list" | wc -w)
  until [ "$(grep -c 'Listening on' "$log")" -ge "$wanted" ]; do
    kill -0 $! 2>/dev/null || { echo "void no server: $(tail -n 1 "$log")" >>"$results"; exit 0; }
    sleep 0.02
  done
}

# launch GO CELLS [LABEL]: a process for each client, which waits for GO.
launch() {
  while read -r number _ address _ strays tries; do
    [ "$1" = go ] || strays=-
    if [ "$number" = host ]; then where=$$ uid=0; else where=$far uid=$((20000 + number)); fi
    case $address in fe[89ab]?:*) where=$world ;; esac
    # Cells are words without blanks.
    # shellcheck disable=SC2086
    nsenter -t "$where" -n -S "$uid" -G "$uid" bash "$copy/client.bash" "$bytes" "$run" "${3-}$address" "$1" "$strays" $tries \
      >>"$results" 2>/dev/null &
  done <"$2"
}

# Hundredths of a second since some time ago.
now() {
  read -r up _ </proc/uptime
  echo "${up%.*}${up#*.}"
}

# wait_for WORD COUNT TURNS: until there are as many results of a kind, or nothing has come for TURNS naps: who is refused
# waits in vain. The longer nothing comes, the longer are the naps: each costs two processes.
wait_for() {
  before=-1 quiet=0
  while [ "$quiet" -lt "$3" ]; do
    # shellcheck disable=SC2046 # two numbers
    set -- "$1" "$2" "$3" $(awk -v "word=$1 " 'index($0, word) == 1 { found++ } END { print NR, found + 0 }' "$results")
    [ "$5" -lt "$2" ] || return 0
    if [ "$4" = "$before" ]; then naps=$((1 + quiet / 4)); else before=$4 quiet=0 naps=1; fi
    quiet=$((quiet + naps))
    sleep "$((nap * naps / 10)).$((nap * naps % 10))"
  done
}

# count_cells FILE...
count_cells() { awk '{ n += NF - 5 } END { print n + 0 }' "$@"; }

# Those that are to be kept, of what has arrived whole.
count_kept() {
  awk '
    FILENAME ~ /results$/ { if ($1 == "whole") n += $2 in kept; next }
    { for (i = 6; i <= NF; i++) if ($i ~ />1$/) { cell = $3 ">" substr($i, 1, length($i) - 2); kept[cell]; kept["early-" cell] } }
    END { print n + 0 }' "$cells" "$results"
}

# Our rules come and go as they do on the host, by the same program.
change() {
  [ "$proposal" != 0 ] || return 0
  sh "$nettune_host" rules "$1" "$folder" "$proposal" >"$run/$1" 2>&1 || { echo "void $1: $(tail -n 1 "$run/$1")" >>"$results"; return 1; }
}

# Without a lease our rules would leave nothing untracked, and the run would show nothing. It outlasts any run.
hold_lease() {
  [ "$proposal" != 0 ] && is_leased || return 0
  NETTUNE_LEASE=1h lease renew 2>"$run/lease" || { echo "void no lease: $(tail -n 1 "$run/lease")" >>"$results"; return 1; }
}

build_network
restore_rules "$copy/rules" >"$run/restored" 2>&1 || { echo "void not restored: $(head -n 1 "$run/restored")" >>"$results"; exit 0; }
# Once: all copies are made in one way.
if [ "${run##*/}" = a ]; then
  save_rules "$run/rules" "$copy/rules/engines"
  compare_rules "$copy/rules" "$run/rules" | head -n 1 | sed 's/^/void /' >>"$results"
  ! grep -q '^void' "$results" || exit 0
fi
# Only then: a copy with members of its own is none.
[ ! -s "$copy/fill-sets" ] || ipset -exist restore <"$copy/fill-sets"
[ ! -s "$copy/fill-tables" ] || nft -f "$copy/fill-tables"
head -c "$bytes" /dev/zero | tr '\0' x >"$run/page"
served=$(sed '/other/d' "$copy/ports")
serve "$$" "$served" cat "$run/page" -
serve "$stand_in" "$served $(sed -n 's/other //p' "$copy/ports")" cat
if [ -s "$copy/peers" ]; then serve "$far" "$(awk '{ print $4 }' "$copy/peers" | sort -u)" cat "$run/page" -; fi

start=$(now)
launch early "$run/openers" early-
launch go "$cells"
# Tenths of a second that mean something on this machine: to start a process for each client takes as long as it is slow.
nap=$((1 + ($(now) - start) / 200))
[ "$nap" -le 9 ] || nap=9
echo "$nap" >"$run/nap"
wait_for ready "$(cat "$cells" "$run/openers" | wc -l)" 20
for family in 4 6; do on "$world" ip "-$family" rule del pref 10 2>/dev/null || :; done
: >"$run/early"
wait_for whole "$(count_cells "$run/openers")" 15
change place && hold_lease || exit 0
: >"$run/wake"
: >"$run/go"
wait_for trying "$(count_cells "$run/openers" "$cells")" 60
wait_for whole "$(count_cells "$run/openers" "$cells")" 15
wait_for kept "$(count_kept)" 15
sed -n -e 's/::ffff://g; s/[][]//g' -e 's/^Connection from \(.*\):[0-9]* to \(.*\):\([0-9]*\)$/seen \1>\2>\3/p' "$run"/listening-* | sort -u >>"$results"
