# Tries whether our packet rules change who reaches the served ports.
#
# Usage: nettune-host prove FOLDER PORTS [PEER>PORT,... [LOCAL-PORTS]]
#
# In a copy of this host, connections are made from every source that its rules name, from some that they do not, and from
# itself: without the rules of FOLDER, and with them at the places that their loader proposes. What differs once is tried again, by itself. Prints
#   family 4 N, family 6 N   with the places of proposal N nothing changes in that family
#   reason TEXT              what would change, or why nobody can know
#   impossible TEXT          what is missing here for a proof
#   note TEXT                what is worth knowing
#   sample TEXT              of what the proof has tried a few only
#
# Nothing of the host takes part, and no module is loaded that it lacks. All of it, files included, lives in namespaces that end
# with this process, however it ends. With NETTUNE_KEEP=1 what was shown is kept, and holds for as long as all that it rests on.

set -eu
LC_ALL=C
export LC_ALL
use leased-rules copy

# What is missing here for a proof; nothing, mostly.
find_obstacle() {
  for program in awk bash cmp diff ip mkfifo mount nsenter readlink sha256sum systemd-socket-activate unshare; do
    command -v "$program" >/dev/null || { echo "there is no $program: install $(package_of "$program")"; return; }
  done
  unshare --help 2>&1 | grep -q -e --kill-child || { echo 'unshare is older than util-linux 2.32'; return; }
  unshare -n -m -p -f true 2>/dev/null || { echo 'no network namespace can be made here'; return; }
  if ! command -v nft >/dev/null && has_nft_tables; then
    echo 'there is no nft, and the kernel may hold tables that only nft shows. Install the package nftables; its service may stay off'
    return
  fi
  for family in ip ip6; do
    # Where iptables has no companion for IPv6, that stays tracked.
    ! command -v iptables >/dev/null || command -v "${family}tables" >/dev/null || continue
    ! grep -q . "/proc/net/${family}_tables_names" 2>/dev/null || list_engines | grep -q "^${family}tables.* legacy$" \
      || { echo "there is no ${family}tables-legacy, and the kernel holds tables that only it shows"; return; }
  done
}

package_of() {
  case $1 in
    cmp | diff) echo diffutils ;;
    ip) echo 'iproute2 (Red Hat: iproute)' ;;
    mount | nsenter | unshare) echo util-linux ;;
    mkfifo | readlink | sha256sum) echo coreutils ;;
    systemd-socket-activate) echo 'systemd 230 or later' ;;
    *) echo "$1" ;;
  esac
}

# Whose they are, and whether of this namespace, only nft could tell. A kernel may have nft for nothing, or built in.
has_nft_tables() { [ "$(cat /sys/module/nf_tables/refcnt 2>/dev/null)" != 0 ] && grep -q ' nft_do_chain' /proc/kallsyms; }

if [ "${NETTUNE_STAGE-}" != inside ]; then
  obstacle=$(find_obstacle)
  if [ -n "$obstacle" ]; then
    echo "impossible nothing can be tried on this host: $obstacle"
    exit 0
  fi
  NETTUNE_STAGE=inside exec unshare -m -p -f --kill-child --mount-proc sh "$nettune_host" prove "$@"
fi

# Of the first process of a namespace nobody thinks that it ends by itself.
trap 'exit 1' INT TERM HUP
find_rules "$1"
ports=$2 peers=${3-} local_ports=${4-}
umask 022
mount -t tmpfs -o mode=755 nettune /run
copy=/run/nettune
tab=$(printf '\t')

# Addresses of this host; made up where it has none yet. A family in which it has none is not tried, and stays tracked.
find_own() {
  awk '{ sub(/\/.*/, "", $3); print $2, $3 }' "$copy/network/addresses" >"$copy/own"
  read -r first <"$copy/network/devices"
  if [ ! -s "$copy/own" ]; then
    invent 4 151.101.129.5/24
    [ ! -e /proc/net/if_inet6 ] || [ "$(cat /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null)" = 1 ] || invent 6 2600:1f16::5/64
  fi
  cut -d ' ' -f 1 "$copy/own" | sort -u | while read -r family; do
    grep -q '^route replace default' "$copy/network/routes-$family" \
      || echo "route replace default dev $first" >>"$copy/network/routes-$family"
  done
}

# invent FAMILY ADDRESS
invent() {
  echo "$first $1 $2" >>"$copy/network/addresses"
  echo "$1 ${2%/*}" >>"$copy/own"
}

# NUMBER FAMILY ADDRESS DEVICE OWN KIND: by which device the host answers each source, and with which address. A link-local one
# tries each such address of this host.
find_clients() {
  awk '{ print "route get " $2 }' "$copy/sources" | ip -force -o -batch - 2>/dev/null >"$copy/ways" || :
  awk '
    FILENAME ~ /devices$/ { index_of[$1] = FNR; next }
    FILENAME ~ /own$/ { if (!($1 in first)) first[$1] = $2; is_own[$2]; next }
    FILENAME ~ /link-local$/ { link[++links] = index_of[$1]; local[links] = $2 "%w" index_of[$1]; next }
    FILENAME ~ /ways$/ { for (i = 2; i < NF; i++) { if ($i == "dev") device[$1] = $(i + 1); if ($i == "src") source[$1] = $(i + 1) }; next }
    !($1 in first) || /^[46] [^ ]+ from elsewhere, by / { next }
    $2 ~ /^fe[89ab]/ {
      for (l = 1; l <= links; l++) print ++number, 6, $2, link[l], local[l], "neighbour"
      next
    }
    device[$2] == "lo" { next }
    {
      d = device[$2] == "" ? 1 : index_of[device[$2]]
      o = source[$2] == "" || !(source[$2] in is_own) ? first[$1] : source[$2]
      if (d) print ++number, $1, $2, d, o, (/^[46] [^ ]+ no rule names it$/ ? "stranger" : "named")
    }
    END { while ((getline <entrants) > 0) print ++number, $1, $2, $3, $4, "entrant" }' "entrants=$copy/entrants" \
    "$copy/network/devices" "$copy/own" "$copy/network/link-local" "$copy/ways" "$copy/sources" >"$copy/clients"
}

# Who is a destination is no client: nobody connects to himself.
without_goals() { awk 'FILENAME != "-" { is_goal[$2]; next } !($2 in is_goal)' "$copy/own" "$copy/translated" -; }

prepare() {
  rm -rf "$copy"
  mkdir -p "$copy"
  text client.bash >"$copy/client.bash"
  save_rules "$copy/rules"
  save_network "$copy/network"
  find_own
  # Sets are saved before those that hold them.
  awk '{ line[NR] = $0 } END { for (i = NR; i; i--) print line[i] }' "$copy/rules/sets" >"$copy/sets"
  set -- "$copy"/rules/*tables.* "$copy/rules/tables" "$copy/sets"
  awk -v "own=$(awk '{ print $2 }' "$copy/own" "$copy/network/link-local" | tr '\n' ' ')" "$(text sources.awk)" "$@" >"$copy/found"
  awk '$1 == "own" { print $2 }' "$copy/found" >"$copy/named"
  list_fills <"$copy/found"
  awk -v "served=${ports%%[,:]*}" "$(text destinations.awk)" "$@" >"$copy/destinations"
  grep '^[46] ' "$copy/destinations" >"$copy/translated" || :
  { inside_networks; grep '^[46] ' "$copy/found"; } | without_goals >"$copy/sources"
  find_entrants >"$copy/entrants"
  awk -v "ports=$ports" "$(text ports.awk)" "$@" >"$copy/asked"
  sed '/^many/d' "$copy/asked" >"$copy/ports"
  echo "$peers" | tr ',' '\n' | awk -F '>' 'NF == 2 { print 9000 + NR, $1 ~ /:/ ? 6 : 4, $1, $2 }' >"$copy/peers"
  find_clients
  awk "$(text cells.awk)" "$copy/own" "$copy/named" "$copy/ports" "$copy/translated" "$copy/peers" "$copy/clients" >"$copy/cells"
}

# Somebody from elsewhere who comes in by each device but the first, whichever way the answers go: FAMILY ADDRESS DEVICE-NUMBER OWN.
find_entrants() {
  awk '
    FILENAME ~ /devices$/ { name[++devices] = $1; next }
    FILENAME ~ /own$/ { if (!($1 in first)) first[$1] = $2; next }
    { address = $3; sub(/\/.*/, "", address); if (!(($1, $2) in own)) own[$1, $2] = address }
    END {
      for (d = 2; d <= devices; d++) for (f = 4; f <= 6; f += 2)
        if (f in first) print f, (f == 4 ? "62.210." d ".9" : "2a02:c207:" d "::9"), d, ((name[d], f) in own ? own[name[d], f] : first[f])
    }' "$copy/network/devices" "$copy/own" "$copy/network/addresses"
  awk 'FNR == NR { name[FNR] = $1; next } { print $1, $2, "from elsewhere, by " name[$3] }' "$copy/network/devices" "$copy/entrants" >>"$copy/sources"
}

# Members for empty sets, in the words of ipset and of nft.
list_fills() {
  awk -v "ipset=$copy/fill-sets" -v "nft=$copy/fill-tables" '
    $1 == "fill" && NF == 3 { print "add", $2, $3 >ipset }
    $1 == "fill" && NF == 5 { print "add element", $2, $3, $4, "{", $5, "}" >nft }'
}

# Somebody in the network of each device.
inside_networks() {
  awk '$2 == 4 && $3 !~ /\/3[12]$/ { split($3, part, "/"); n = split(part[1], octet, "."); octet[4] = octet[4] % 2 ? octet[4] + 1 : octet[4] - 1
    print 4, octet[1] "." octet[2] "." octet[3] "." octet[4], "in the network of " $1 }' "$copy/network/addresses"
}

# try RUN PROPOSAL CELLS
try() {
  mkdir -p "$copy/$1"
  unshare -n sh "$nettune_host" stage "$copy" "$1" "$2" "$3" "$folder" 2>"$copy/$1/log" ||
    echo "void $(tail -n 1 "$copy/$1/log")" >>"$copy/$1/results"
}

# judge NUMBER [SUFFIX]: compares the runs without our rules with the one at the places of a proposal.
judge() {
  awk "$(text judge.awk)" "$copy/sources" "$copy/peers" "$copy/translated" "$copy/ports" "$copy"/[ab]"${2-}/results" "$copy/c$1${2-}/results" \
    | sort >"$copy/judged-$1${2-}"
}

is_void() { grep -q '^void' "$copy/judged-$1"; }
# Whether there are no places of that number in a family: its rules were not there, and nothing differs without them.
is_absent() { grep -qsx "$1" "$copy/absent-$2"; }
# count_differences FAMILY RUN
count_differences() {
  if is_absent "$1" "$2"; then echo 1000000; else grep -c -E "^(reason|unsteady)$tab$1$tab" "$copy/judged-$2" || :; fi
}
is_alike() { [ "$(count_differences 4 "$1")$(count_differences 6 "$1")" = 00 ]; }

# Tries the places that the loader proposes, until with some nothing differs; for each family, whose rules have nothing to do
# with the other's, the number of those with which least does.
find_place() {
  best_4=1 best_6=1
  try a 0 cells &
  try c1 1 cells &
  wait
  judge 1
  # Where nothing differs, nothing was chance either.
  if is_void 1 || is_alike 1; then return; fi
  try b 0 cells &
  for number in 2 3 4 5; do try "c$number" "$number" cells & done
  wait
  judge 1
  for number in 2 3 4 5; do
    judge "$number"
    ! is_void "$number" || continue
    [ "$(count_differences 4 "$number")" -ge "$(count_differences 4 "$best_4")" ] || best_4=$number
    [ "$(count_differences 6 "$number")" -ge "$(count_differences 6 "$best_6")" ] || best_6=$number
  done
}

# What differs at the best places.
list_differences() {
  for family in 4 6; do
    eval "number=\$best_$family"
    ! is_absent "$family" "$number" || printf 'reason\t%s\t-\tno place for accept rules was found in your IPv%s filter\n' "$family" "$family"
    grep -E "^(void|reached$tab$family|(reason|unsteady)$tab$family)$tab" "$copy/judged-$number$1" || :
  done
}

# Whether each difference at the best places was seen twice: in the round with proposal 1, and in the one with all others. Nothing that
# came and went, as a limit does, is so. A machine that is slow to start its clients may be too slow in both rounds.
was_seen_twice() {
  ! cat "$copy"/*/nap | grep -q '[^1]' || return 1
  for family in 4 6; do
    eval "number=\$best_$family"
    if [ "$number" = 1 ]; then others='2 3 4 5'; else others=1; fi
    for other in $others; do grep "^reason$tab$family$tab" "$copy/judged-$other" || :; done >"$copy/elsewhere"
    grep -E "^(reason|unsteady)$tab$family$tab" "$copy/first" \
      | awk -F '\t' 'FILENAME != "-" { is_seen[$0]; next } $3 != "-" && !($0 in is_seen) { exit 1 }' "$copy/elsewhere" - || return 1
  done
}

# What differs is tried once more, by itself: with nobody else there, a limit or a busy machine makes no difference. Who was
# reached at first has to be reached again: on a machine so busy that nobody is, nothing differs either.
confirm() {
  awk -F '\t' '$1 != "reached" { print $3 }' "$copy/first" | sort -u >"$copy/doubtful"
  awk 'FILENAME ~ /doubtful$/ { doubtful[$1]; next } $3 in doubtful' "$copy/doubtful" "$copy/cells" >"$copy/cells-again"
  try a-again 0 cells-again &
  try b-again 0 cells-again &
  for number in $(printf '%s\n' "$best_4" "$best_6" | sort -u); do try "c$number-again" "$number" cells-again & done
  wait
  awk 'FILENAME ~ /doubtful$/ { doubtful[$1]; next } { split($2, end, ">"); sub(/^early-/, "", end[1]) } end[1] in doubtful' \
    "$copy/doubtful" "$copy/a/results" >"$copy/first-a"
  cat "$copy/first-a" >>"$copy/a-again/results"
  for number in $best_4 $best_6; do judge "$number" -again; done
}

# say_verdict FIRST LAST: what was reached at first, and what the last word is on the differences. A family in which no served
# port is reached does not count.
say_verdict() {
  tried=$(grep -v other "$copy/ports" | tr '\n' ' ')
  list_translations >"$copy/translations"
  awk -F '\t' -v "owned=$(cut -d ' ' -f 1 "$copy/own" | sort -u | tr '\n' ' ')" -v "ports=$tried" \
    -v "best_4=$best_4" -v "best_6=$best_6" "$(text verdict.awk)" "$copy/translations" "$1" "$2"
}

list_translations() {
  for saved in "$copy"/rules/*tables.*; do
    case ${saved##*/} in ip6*) family=6 ;; *) family=4 ;; esac
    [ ! -e "$saved" ] || awk -v "tried=$tried" -v "family=$family" "$(text read.awk; text translations.awk)" part=theirs "$saved"
  done
}

# What no copy shows, whatever is tried in it.
list_unseen() {
  routes_by_mark=$(cat "$copy"/network/policies-* | grep -c fwmark || :)
  for saved in "$copy"/rules/*tables.*; do
    [ ! -e "$saved" ] || awk -v "ports=$ports" -v "local_ports=$local_ports" -v "routes_by_mark=$((routes_by_mark))" \
      "$(text read.awk; text unseen.awk)" part=theirs "$saved"
  done
  cat "$copy/network/strange" 2>/dev/null || :
  ipset list -n 2>/dev/null | sed -n 's/.* .*/your set "&" has a blank in its name, and ipset cannot restore such a set: rename it (ipset rename)/p'
  sed -n -e 's/^many /your rules translate more destinations than a proof tries (100): /p' \
    -e 's/^both \(.*\)/your rules name \1 as a client and as a destination to translate, and a proof cannot try both/p' "$copy/destinations"
  sed -n 's/^many /your rules translate more ports than a proof tries (60): /p' "$copy/asked"
  [ "$(wc -l <"$copy/clients")" -le 900 ] || echo "your rules, addresses and devices make more clients than a proof tries (900): $(wc -l <"$copy/clients")"
  sed -n -e 's/^many /your rules name more kinds of clients than a proof tries (400): /p' \
    -e 's/^pairs /your rules name more pairs of a client and an address of this host than a proof tries (2,000): /p' "$copy/found"
  far_ports=$(awk '{ print $4 }' "$copy/peers" | tr '\n' ',')
  awk -v "ports=$ports,$far_ports$local_ports" -v "routes_by_mark=$((routes_by_mark))" "$(text unseen-nft.awk)" "$copy/rules/tables"
  list_programs
  if [ "$(cat /proc/sys/net/ipv4/vs/conntrack 2>/dev/null)" = 1 ] && [ "$(wc -l </proc/net/ip_vs 2>/dev/null)" -gt 3 ]; then
    echo 'IPVS passes connections on and tracks them (net.ipv4.vs.conntrack is 1)'
  fi
}

# Programs and filters at devices, which see packets before our rules do, or after.
list_programs() {
  ip -o link show | sed -n 's/^[0-9]*: \([^:@]*\).* mtu [0-9]* xdp.*/XDP program on \1: may ask the connection table, in which untracked connections are not/p'
  if ! command -v tc >/dev/null; then
    for module in cls_bpf act_bpf act_ct act_connmark; do
      [ ! -e "/sys/module/$module" ] || echo "there is no tc, and filters of it may ask the connection table ($module is loaded): install iproute-tc or iproute2"
    done
    return 0
  fi
  tc qdisc show 2>/dev/null | sed -n 's/^qdisc \(clsact\|ingress\) .* dev \([^ ]*\) .*/\2/p' | while read -r device; do
    for way in ingress egress; do
      ! tc filter show dev "$device" "$way" 2>/dev/null \
        | grep -q -E '^filter .* bpf |action order [0-9]*: *(bpf|ct|ctinfo|connmark|ipt|xt)( |$)|ct_(state|zone|mark|label)|nfct-' \
        || echo "filter of tc on $device, $way: may ask the connection table, in which untracked connections are not"
    done
  done
}

# Everything that a proof rests on; sets change by the minute, and what they are for does not.
fingerprint() {
  { cat "$copy"/rules/engines "$copy"/rules/*tables* "$copy"/network/*; sed '/^add /d' "$copy/rules/sets"; cat "$nettune_host" "$folder"/*.*; uname -r; echo "$ports $peers"; } 2>/dev/null | sha256sum | cut -d ' ' -f 1
}

prepare
list_unseen | sort -u | sed 's/^/reason /' >"$copy/unseen"
if [ -s "$copy/unseen" ]; then
  cat "$copy/unseen"
  exit 0
fi
kept=/var/cache/nettune/$name/$(fingerprint)
if [ -s "$kept" ]; then
  cat "$kept"
  exit 0
fi
find_place
list_differences '' >"$copy/first"
cp "$copy/first" "$copy/last"
if ! grep -q '^void' "$copy/first" && grep -q -v '^reached' "$copy/first" && ! was_seen_twice; then
  confirm
  list_differences -again >"$copy/last"
fi
say_verdict "$copy/first" "$copy/last" >"$copy/verdict"
grep '^sample ' "$copy/found" >>"$copy/verdict" || :
cat "$copy/verdict"
# A refusal is found anew each time: what was in its way may have been chance.
if [ "${NETTUNE_KEEP-}" = 1 ] && ! grep -q '^reason' "$copy/verdict"; then
  # Where it cannot be written, the next one proves again.
  { mkdir -p "${kept%/*}" && rm -f "${kept%/*}"/* && cp "$copy/verdict" "$kept.new" && mv "$kept.new" "$kept"; } 2>/dev/null \
    || rm -f "$kept.new" 2>/dev/null || :
fi
