# What the loaders of iptables and of nft have in common. They have set `rules`, the file with the rules that untrack, and have
# functions of their own:
#
#   examine       finds `reasons` why not, a line each, and `notes`
#   find_absent   prints what is not in place, a line each
#   remove_rules  takes away what is ours
#   is_loaded     says by its exit code whether anything of ours is in place
#   entries       has entries of open connections taken away or made (adopt)

# What a proof says, once there is one.
verdict=

# Who has become root by a plain su has none of these.
case ":$PATH:" in *:/usr/bin:* | *:/bin:*) PATH=$PATH:/usr/sbin:/sbin ;; esac

say() {
  # What somebody else wrote into a comment is not to command the terminal.
  printf '%s\n' "nettune $name: $*" | tr -c '\n -~' '?' >&2
}

# say_each LINES BEFORE: a message for each line.
say_each() {
  [ -n "$1" ] || return 0
  printf '%s\n' "$1" | while IFS= read -r line; do say "$2$line"; done
}

find_programs() {
  for program in "$@"; do
    command -v "$program" >/dev/null || { say "there is no $program"; exit 1; }
  done
}

# prove PORTS [PEERS [LOCAL-PORTS]]: `verdict` is what a proof says. By bash, where there is one: a busybox that is the shell
# would take its own programs for those that the proof needs.
prove() {
  verdict=$("$(command -v bash || echo sh)" "$nettune_host" prove "$folder" "$@") \
    || verdict='reason the proof itself failed on this host, so nothing is known of the ports: run nettune-host rules reasons again'
}

# told KIND: the lines of that kind in the verdict.
told() { printf '%s\n' "$verdict" | sed -n "s/^$1 //p"; }

# Without a proof nothing is left untracked, unless the profile says so (`conntrack.untracked.unproven`).
why_not_tried() { [ -n "$(why_unproven)" ] || told impossible; }

# Below the header, in which a summary may say anything.
why_unproven() { sed '1,/^$/d' "$rules" | sed -n 's/^# unproven: //p'; }

take_notes() {
  case $verdict in
    impossible*) notes="loaded without a proof, as the profile wants it: $(why_unproven)" ;;
    *) notes=$(told note) ;;
  esac
}

refuse() {
  say 'not loaded:'
  say_each "$reasons" '  '
  if is_loaded; then
    say 'rules of ours were loaded earlier and are removed: the served ports are tracked again'
    unload || :
  else
    say 'nothing was changed'
  fi
  say_way_out
  exit 1
}

give_up() {
  say 'loading failed: removing what is ours'
  unload || :
  exit 1
}

# What a proof has shown is kept: the host is as it was then.
keep_proof() {
  NETTUNE_KEEP=1
  export NETTUNE_KEEP
}

unload() {
  ! is_leased || end_lease
  remove_rules
}

# The guard, if one runs, renews nothing until it has proven everything again.
stop_renewing() {
  ! systemctl is-active --quiet "nettune-$name.service" 2>/dev/null \
    || say "nettune-$name.service runs, and will load the rules again: systemctl stop nettune-$name"
  rm -f "/run/nettune-$name.guard"
}

# The rules stay for a moment, in which the tracker takes up what was open and has no entry. A guard that had looked already
# renews the lease once more.
end_lease() {
  [ -n "${NETTUNE_GUARD-}" ] || stop_renewing
  for _ in 1 2 3; do
    lease begun || return 0
    track
    sleep 2
  done
}

# Open connections have their entries before tracking begins, and those that came meanwhile right after.
track() {
  entries adopt || :
  lease end || :
  entries adopt || :
}

forget() { entries forget; }

# Rules in place untrack nothing until the guard lets them; it is waited for, and may be about to place them.
status() {
  say_each "$(list_left_over)" ''
  untold=
  ! is_leased || untold=$(sh "$nettune_host" guard status "$folder") || :
  placed
  [ -z "$untold" ] || { say "$untold"; exit 1; }
  say_each "${notes-}" ''
}

# Rules of profiles that are not on this host: somebody has deleted the folder, or restored saved rules.
list_left_over() {
  for program in iptables ip6tables; do
    "$program-save" 2>/dev/null | sed -n 's/^:NT-[A-Z]*-\([a-z0-9-]*\) .*/\1/p' | sort -u | while read -r other; do
      is_here "$other" \
        || echo "chains of profile $other are left: $program-save | sed -E '/NT-[A-Z]+-$other( |\$)/d' | $program-restore"
    done
  done
  nft list tables 2>/dev/null | sed -n 's/^table inet nettune_\([a-z0-9_]*\)$/\1/p' | while read -r other; do
    is_here "$(printf '%s\n' "$other" | tr _ -)" || echo "a table of profile $other is left: nft delete table inet nettune_$other"
  done
}

is_here() { [ "$1" = "$name" ] || [ -e "/etc/nettune/$1" ]; }

# Whether everything is as load would leave it; for the guard, who has yet to renew the lease.
placed() {
  examine
  absent=$(find_absent) || exit 1
  [ -n "$absent$reasons" ] || return 0
  say_each "$absent" ''
  say_each "$reasons" 'would be refused now: '
  exit 1
}

reasons() {
  examine
  [ -n "$reasons" ] || { say_each "$(told sample)" ''; return 0; }
  say_each "$reasons" ''
  say_way_out
  exit 1
}

# Assigned helpers untrack nothing.
say_way_out() {
  # The backticks are for readers.
  # shellcheck disable=SC2016
  assigns_helpers \
    || say 'or go without untracking: set `conntrack.untracked` to `{ served: false, outbound: false }` in the profile, and render again'
}

# What lists tables tells everybody else that there are none.
check_root() {
  awk '/^Uid:/ { exit $3 != 0 }' /proc/self/status || { say 'this needs root'; exit 2; }
}
