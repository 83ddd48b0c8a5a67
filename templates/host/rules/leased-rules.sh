# The packet rules in a folder: by which tool they are loaded, and whether untracking by them is a lease.

# find_rules [FOLDER]: `folder`, which bears the name of the profile, `name`, `id`, `tool` and `rules`. FOLDER is that of the rules, or
# that of a profile, as nettune has written it.
find_rules() {
  folder=$1
  [ -n "$folder" ] || folder=$(find_only_rules) || exit 2
  [ ! -f "$folder/plan" ] || folder=$folder/etc/nettune/$(sed -n 's/^profile \([a-z0-9-]*\)$/\1/p' "$folder/plan")
  # Not behind links: the name is that of the profile, whatever it leads to.
  folder=$(CDPATH='' cd -- "$folder" 2>/dev/null && pwd) || no_rules "there are no packet rules in $1"
  name=${folder##*/}
  case $name in '' | [!a-z]* | *[!a-z0-9-]*) no_rules "the folder of packet rules bears the name of no profile: $folder" ;; esac
  id=$(printf '%s\n' "$name" | tr - _)
  if [ -e "$folder/rules.nft" ]; then
    tool=nftables rules=$folder/rules.nft
  elif [ -e "$folder/raw.rules" ]; then
    tool=iptables rules=$folder/raw.rules
  else
    no_rules "there are no packet rules in ${1:-$folder}"
  fi
}

find_only_rules() {
  set --
  for file in /etc/nettune/*/raw.rules /etc/nettune/*/rules.nft; do
    [ ! -e "$file" ] || set -- "$@" "${file%/*}"
  done
  case $# in
    0) no_rules 'there are no packet rules of nettune on this host' ;;
    1) echo "$1" ;;
    *) no_rules "several profiles have packet rules on this host. Add the folder of one to the command: $*" ;;
  esac
}

no_rules() {
  echo "nettune: $1" >&2
  exit 2
}

# Not in the header, in which a summary may say anything.
assigns_helpers() { grep -q -e '^-[46A].* -j CT --helper ' -e '^  ct helper ' "$rules"; }

# By its first rule, or by the set that holds it.
is_leased() { grep -q -e '^-[46] -A .* -m recent ! --rcheck ' -e '^  set lease {' "$rules"; }

# lease TASK: in a process of its own, for the names of its functions are those of others.
lease() {
  (
    if [ "$tool" = nftables ]; then use lease-nft; else use lease-recent; fi
    "$1"
  )
}
