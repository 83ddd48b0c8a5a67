# The packet rules in a folder: by which tool they are loaded, and whether untracking by them is a lease.

# find_rules FOLDER: `folder`, `name`, `id` and `tool`. The folder bears the name of the profile.
find_rules() {
  folder=${1:-$(find_only_rules)} || exit 2
  folder=$(CDPATH='' cd -- "$folder" 2>/dev/null && pwd -P) || { echo "nettune: there is no folder $1" >&2; exit 2; }
  name=${folder##*/}
  id=$(printf '%s\n' "$name" | tr - _)
  if [ -e "$folder/rules.nft" ]; then
    tool=nftables rules=$folder/rules.nft
  elif [ -e "$folder/raw.rules" ]; then
    tool=iptables rules=$folder/raw.rules
  else
    echo "nettune: there are no packet rules in $folder" >&2
    exit 2
  fi
}

find_only_rules() {
  set --
  for file in /etc/nettune/*/raw.rules /etc/nettune/*/rules.nft; do
    [ ! -e "$file" ] || set -- "$@" "${file%/*}"
  done
  [ $# = 1 ] || { echo 'nettune: name the folder that the rules lie in, such as /etc/nettune/web-server' >&2; return 1; }
  echo "$1"
}

assigns_helpers() { grep -q -e ' -j CT --helper ' -e '^  ct helper ' "$rules"; }

# By its first rule, or by the set that holds it.
is_leased() { grep -q -e '^-[46] -A .* -m recent ! --rcheck ' -e '^  set lease {' "$rules"; }

# lease TASK: in a process of its own, for the names of its functions are those of others.
lease() {
  (
    if [ "$tool" = nftables ]; then use lease-nft; else use lease-recent; fi
    "$1"
  )
}
